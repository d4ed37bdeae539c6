"""Failed passwords lock a name for a while. They are counted for unknown names too, so that no answer tells who exists."""

import asyncio

from poolhouse.pool import events, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.threat_protection import auth_events
from poolhouse.storage import attempts
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_PASSWORD = "password"  # the kind of attempt, not a secret
FREE_FAILURES = 5  # DOC: after five failures the lock begins with one second
LONGEST_LOCK_SECONDS = 900  # DOC: "approximately 15 minutes"
FORGET_AFTER_SECONDS = 900  # DOC: 15 minutes without an attempt


def turn(call: PoolCall, name: str) -> asyncio.Lock:
    """What to hold from `check` until the guess is counted or right.

    Parallel guesses at a name would else all be made before the first of them counts. Those of other processes still can be:
    each process adds one guess. To count before comparing instead would lock out whoever signs in several times at once.
    """
    key = (call.user_pool.id, name)
    found = call.house.turns.get(key)
    if found is None:
        found = call.house.turns[key] = asyncio.Lock()
    return found


def lock_seconds(failures: int) -> int:
    """How long a name is locked after its n-th failure: 2^(n-5), from the fifth on."""
    if failures < FREE_FAILURES:
        return 0
    return min(1 << min(failures - FREE_FAILURES, 30), LONGEST_LOCK_SECONDS)


async def check(call: PoolCall, name: str) -> bool:
    """Refuse while the name is locked; else tell whether failures are recorded that a success has to `clear`.

    name: the username of a known user, the folded typed name of an unknown one.
    Raises NotAuthorizedException; the refused attempt neither counts nor prolongs the lock.
    """
    recorded = await attempts.get(call.db, call.user_pool.id, name, _PASSWORD)
    if recorded is None or recorded.expires_at <= call.now_ms:
        return False
    seconds = lock_seconds(recorded.count)
    # Without a lock the times say nothing: a guess that came later may have had its turn before.
    if seconds and call.now_ms < recorded.last_at + 1000 * seconds:
        detail = f"locked for {seconds} s after {recorded.count} wrong passwords"
        raise errors.NotAuthorizedException(texts.PASSWORD_ATTEMPTS_EXCEEDED, detail=detail)
    return True


async def failed(call: PoolCall, name: str, user: User | None) -> None:
    """Count a wrong password; a write of its own, since it has to survive the refusal. user: whose the name is, or nobody's."""

    async def work(tx: Transaction) -> None:
        expires_at = call.now_ms + 1000 * FORGET_AFTER_SECONDS
        await attempts.count_failure(tx, call.user_pool.id, name, _PASSWORD, call.now_ms, expires_at)
        await auth_events.note(tx, call, user, "SignIn", "Fail", (auth_events.PASSWORD_WRONG,))
        await call.record(tx, events.PasswordRefused(**events.whose_or_nobody(call.user_pool.id, user)))

    await call.write(work)


async def clear(tx: Transaction, user_pool_id: str, name: str) -> None:
    """Forget the failed passwords of a name, in the write that signs the user in."""
    await attempts.delete(tx, user_pool_id, name, _PASSWORD)
