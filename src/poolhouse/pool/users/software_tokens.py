"""Authenticator apps: the secret that an app is given, and the codes that prove it (user-pools-api.md §2.3, §6.9)."""

from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from poolhouse.crypto import totp
from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.configuration.mfa_rules import SOFTWARE_TOKEN_MFA
from poolhouse.pool.users import code_guesses, mfa, users
from poolhouse.pool.users.mfa import Wish
from poolhouse.storage import software_tokens as stored
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.engine import Transaction
from poolhouse.storage.software_tokens import SoftwareTokenRow, State
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

Step = Callable[[Transaction], Awaitable[None]]


def secret_context(user_pool_id: str, sub: str, state: str) -> str:
    """What a secret is sealed for."""
    return f"software_tokens/{user_pool_id}/{sub}/{state}"


def _row(call: Call, user: User, state: State, secret: bytes, last_step: int) -> SoftwareTokenRow:
    sealed = call.keyring.seal(secret, secret_context(user.user_pool_id, user.sub, state))
    return SoftwareTokenRow(user.user_pool_id, user.sub, state, sealed, last_step, call.now_ms)


def _secret(call: Call, row: SoftwareTokenRow) -> bytes:
    return call.keyring.open(row.secret, secret_context(row.user_pool_id, row.sub, row.state))


async def associate(call: PoolCall, user: User) -> str:
    """A new secret, as text for the app; it serves once `verify` has seen a code of it, and an earlier one until then.

    Raises SoftwareTokenMFANotFoundException (not a factor of the pool), UserNotFoundException.
    """
    if SOFTWARE_TOKEN_MFA not in call.user_pool.mfa.factors:
        raise errors.SoftwareTokenMFANotFoundException(texts.SOFTWARE_TOKEN_NOT_IN_POOL)
    secret = call.random(totp.SECRET_BYTES)
    row = _row(call, user, "pending", secret, -1)

    async def work(tx: Transaction) -> None:
        if not await stored.put(tx, row):
            raise errors.NotAuthorizedException(texts.REVOKED_ACCESS_TOKEN, detail="the user is gone")

    await call.write(work)
    return totp.secret_code(secret)


async def verify(  # noqa: PLR0913  whose app, and what follows
    call: PoolCall, user: User, code: str, friendly_name: str, *, becomes_active: bool, then: Step | None = None
) -> User:
    """The app has the secret: it replaces the one before. The code is used up by this.

    becomes_active: turned on and preferred at once, as in MFA_SETUP, for who has no factor yet.
    then: what else is taken in the same write.
    Returns the user as of now.
    Raises EnableSoftwareTokenMFAException (wrong code), SoftwareTokenMFANotFoundException (none waits), NotAuthorizedException (too
    many guesses; a factor came meanwhile).
    """

    async def judge(tx: Transaction) -> tuple[SoftwareTokenRow, int] | CognitoError:
        row = await stored.get(tx, user.user_pool_id, user.sub, "pending")
        if row is None:
            return errors.SoftwareTokenMFANotFoundException(texts.SOFTWARE_TOKEN_NOT_ASSOCIATED)
        step = totp.step_of(_secret(call, row), code, call.now)
        return errors.EnableSoftwareTokenMFAException(texts.SOFTWARE_TOKEN_MISMATCH) if step is None else (row, step)

    async def use(tx: Transaction, found: tuple[SoftwareTokenRow, int]) -> User:
        row, step = found
        before = await users.reload(tx, user)
        if becomes_active:
            mfa.check_has_none(call.user_pool, before)
        had = replace(before.mfa, has_software_token=True, software_token_name=friendly_name)
        after = replace(before, mfa=had, updated_at=call.now_ms)
        if becomes_active:
            wish = {SOFTWARE_TOKEN_MFA: Wish(is_enabled=True, is_preferred=True)}
            after = replace(after, mfa=mfa.preferring(call.user_pool, after, wish))
        await users.update(tx, call, before, after)
        if then is not None:
            await then(tx)
        if not await stored.delete(tx, user.user_pool_id, user.sub, "pending"):
            raise errors.EnableSoftwareTokenMFAException(texts.SOFTWARE_TOKEN_MISMATCH)
        await stored.put(tx, _row(call, user, "active", _secret(call, row), step))
        return after

    return await code_guesses.guess(call, user, judge, use)


async def prove(call: PoolCall, user: User, code: str, event: AuthEvent | None = None) -> None:
    """A code of the app that serves; it is used up by this, with every earlier one. event: of the sign-in.

    Raises CodeMismatchException, ExpiredCodeException (used before), NotAuthorizedException (too many guesses).
    """

    async def judge(tx: Transaction) -> tuple[SoftwareTokenRow, int] | CognitoError:
        row = await stored.get(tx, user.user_pool_id, user.sub, "active")
        step = None if row is None else totp.step_of(_secret(call, row), code, call.now)
        if row is None or step is None:
            return errors.CodeMismatchException(texts.SOFTWARE_TOKEN_CODE_WRONG)
        return row, step

    async def use(tx: Transaction, found: tuple[SoftwareTokenRow, int]) -> None:
        if not await stored.take_step(tx, *found):
            raise errors.ExpiredCodeException(texts.SOFTWARE_TOKEN_CODE_USED)

    await code_guesses.guess(call, user, judge, use, event=event)


async def delete(call: PoolCall, user: User) -> None:
    """The app serves no more, and is no factor of the user. Raises UserNotFoundException."""

    async def work(tx: Transaction) -> None:
        before = await users.reload(tx, user)
        without = mfa.preferring(call.user_pool, before, {SOFTWARE_TOKEN_MFA: Wish(is_enabled=False)})
        kept = replace(without, has_software_token=False, software_token_name="")
        await users.update(tx, call, before, replace(before, mfa=kept, updated_at=call.now_ms))
        await stored.delete(tx, user.user_pool_id, user.sub, "active")
        await stored.delete(tx, user.user_pool_id, user.sub, "pending")

    await call.write(work)
