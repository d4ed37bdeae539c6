"""Guesses at a one-time code of a sign-in: each is counted in the write that judges it, so that none can be made beside another."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from poolhouse.errors import CognitoError
from poolhouse.pool import events, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.threat_protection import auth_events
from poolhouse.pool.users.lockout import FORGET_AFTER_SECONDS, lock_seconds
from poolhouse.storage import attempts
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

P = TypeVar("P")
T = TypeVar("T")

_KIND = "sign_in_code"  # in the table of attempts


async def guess(  # noqa: PLR0913  whose guess at what
    call: PoolCall,
    user: User | None,
    judge: Callable[[Transaction], Awaitable[P | CognitoError]],
    use: Callable[[Transaction, P], Awaitable[T]],
    *,
    name: str = "",
    event: AuthEvent | None = None,
) -> T:
    """One guess. judge: what makes the code right, or the refusal.  use: what a right code does, in the same write.

    name: whom the guess is counted for where there is no user.  event: of the sign-in, where somebody watches.
    Raises the refusal, and NotAuthorizedException while the name is locked; DOC: five wrong codes begin a lock as wrong passwords do.
    """
    counted = name if user is None else user.username
    pool_id = call.user_pool.id

    async def work(tx: Transaction) -> T | CognitoError:
        recorded = await attempts.get(tx, pool_id, counted, _KIND)
        seconds = lock_seconds(recorded.count) if recorded is not None and recorded.expires_at > call.now_ms else 0
        if recorded is not None and seconds and call.now_ms < recorded.last_at + 1000 * seconds:
            detail = f"locked after {recorded.count} wrong codes"
            return errors.NotAuthorizedException(texts.PASSWORD_ATTEMPTS_EXCEEDED, detail=detail)
        judged = await judge(tx)
        if isinstance(judged, CognitoError):
            # Returned, not raised: raising would roll back the count, and guessing would be free.
            expires_at = call.now_ms + 1000 * FORGET_AFTER_SECONDS
            await attempts.count_failure(tx, pool_id, counted, _KIND, call.now_ms, expires_at)
            refused = events.CodeRefused(**events.whose_or_nobody(pool_id, user), purpose="sign_in")
            if event is not None:
                await auth_events.failed(tx, call, user, event, auth_events.MFA_WRONG)
            await call.record(tx, refused)
            return judged
        if recorded is not None:
            await attempts.delete(tx, pool_id, counted, _KIND)
        return await use(tx, judged)

    outcome = await call.write(work)
    if isinstance(outcome, CognitoError):
        raise outcome
    return outcome
