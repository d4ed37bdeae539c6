"""PASSWORD_VERIFIER: the second half of USER_SRP_AUTH (user-pools-api.md §6.3)."""

import hmac
from datetime import UTC, datetime

from poolhouse.crypto import srp
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import candidates, secret_blocks
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import PASSWORD_VERIFIER
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.wire import exceptions as errors

# DOC says "within a few seconds" of the challenge; clocks of phones differ by minutes. GUESS.
TIMESTAMP_WINDOW_SECONDS = 300
_MONTHS = {
    name: i
    for i, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}


async def answer(call: ClientCall, _session: str | None, responses: Parameters) -> Attempt:
    """The attempt of who knows the password. USERNAME: USER_ID_FOR_SRP of the challenge.

    Raises NotAuthorizedException (wrong password, forged or stale answer, locked), PasswordResetRequiredException.
    """
    username, signature = responses["USERNAME"], required(responses, "PASSWORD_CLAIM_SIGNATURE")
    secret_block, timestamp = required(responses, "PASSWORD_CLAIM_SECRET_BLOCK"), required(responses, "TIMESTAMP")
    block, raw_block = secret_blocks.read(call, secret_block)
    if block.user_id != username or block.expires_at < call.now or not is_recent(timestamp, call.now):
        detail = "the answer is for another user, or too old"
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)
    async with candidates.guess(call, block.user_id if block.is_known else block.name) as candidate:
        user = candidate.user if block.is_known else None
        _, v = secret_blocks.verifier(call, user, block.user_id if block.is_known else block.name)
        a_pub, b, u = (int.from_bytes(number, "big") for number in (block.a_pub, block.b, block.u))
        key = await srp.session_key(call.house.batches.power, a_pub, b, v, u)
        expected = srp.signature(key, call.user_pool.name, block.user_id, raw_block, timestamp)
        is_right = hmac.compare_digest(expected, secret_blocks.decode(signature))
        if not is_right or user is None:
            raise await candidates.refuse(call, candidate)
    return candidate.proven(user, block.flow, PASSWORD_VERIFIER, secret_blocks.spend(block))


def is_recent(timestamp: str, now: float) -> bool:
    """Of a client's `Tue May 7 00:09:40 UTC 2025`, English; the day may be padded."""
    try:
        _, month, day, clock, _, year = timestamp.split()
        hour, minute, second = clock.split(":")
        moment = datetime(int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except (ValueError, KeyError, OverflowError):
        return False
    return abs(moment.timestamp() - now) <= TIMESTAMP_WINDOW_SECONDS
