"""PasswordHistorySize: the password that a user has, and those of before, do not serve again (user-pools-api.md §3.2 Policies).

Comparing costs as much as that many sign-ins, so it is done before the write, one after the other, each with the bounds that
hold for a sign-in. What was compared is still all there is when the write finds the user in the same `browser_epoch`, which
every new password moves on.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.settings import password_policy
from poolhouse.pool.users import passwords, users
from poolhouse.storage import password_history as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.password_history import FormerPassword
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

T = TypeVar("T")

_ROUNDS = 4  # the first finds the user; a further one is for a password that somebody else set in those milliseconds


class _NotCompared(Exception):
    """Raised inside a write, so that it rolls back: the passwords of this user are not yet compared with the new one."""

    def __init__(self, user: User) -> None:
        super().__init__(user.username)
        self.user = user


class Compared:
    """A new password, and what it was compared with. epoch: the browser_epoch of the user then; None: with nothing yet."""

    def __init__(self, epoch: int | None) -> None:
        self._epoch = epoch

    def require(self, call: PoolCall, before: User) -> None:
        """To be called in the write, before anything is written. before: as read in it."""
        if size(call.user_pool) and before.browser_epoch != self._epoch:
            raise _NotCompared(before)


def size(user_pool: UserPool) -> int:
    """Of how many passwords none may come again, the one that serves now among them (DOC: "a maximum total of 24")."""
    return password_policy.of(user_pool).PasswordHistorySize or 0


def context(user_pool_id: str, sub: str, browser_epoch: int) -> str:
    """What a former password is sealed for."""
    return f"password_history/{user_pool_id}/{sub}/{browser_epoch}"


async def with_new_password(call: PoolCall, password: str, write: Callable[[Compared], Awaitable[T]]) -> T:
    """Run a write that gives a user this password, and which says by `Compared.require` whose.

    Raises PasswordHistoryPolicyViolationException; TooManyRequestsException when others change the password all the time, or
    too many Argon2id computations wait already.
    """
    compared = Compared(None)
    for _ in range(_ROUNDS):
        try:
            return await write(compared)
        except _NotCompared as missing:
            await _compare(call, missing.user, password)
            compared = Compared(missing.user.browser_epoch)
    raise errors.TooManyRequestsException(texts.TOO_MANY_REQUESTS)


async def _compare(call: PoolCall, user: User, password: str) -> None:
    record = passwords.open_record(call, user)
    if record is not None:
        await _refuse_same(call, user, record, password)
    for former in await stored.list_newest(call.db, user.user_pool_id, user.sub, size(call.user_pool) - 1):
        sealed_for = context(user.user_pool_id, user.sub, former.browser_epoch)
        await _refuse_same(call, user, call.keyring.open(former.password, sealed_for), password)


async def _refuse_same(call: PoolCall, user: User, record: bytes, password: str) -> None:
    if await passwords.matches(call, user.username, record, password):
        raise errors.PasswordHistoryPolicyViolationException(texts.PASSWORD_USED_BEFORE)


async def update_user(tx: Transaction, call: PoolCall, before: User, after: User) -> None:
    """Write a user with a new password, as `users.update` does; the one of before goes to the history where there is one."""
    await users.update(tx, call, before, after)
    former = size(call.user_pool) - 1
    record = passwords.open_record(call, before)
    if former > 0 and record is not None:
        sealed_for = context(before.user_pool_id, before.sub, before.browser_epoch)
        replaced = FormerPassword(before.browser_epoch, call.keyring.seal(record, sealed_for))
        await stored.insert(tx, before.user_pool_id, before.sub, replaced)
    await stored.keep_newest(tx, before.user_pool_id, before.sub, max(former, 0))
