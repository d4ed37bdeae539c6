"""The Session string between InitiateAuth and RespondToAuthChallenge.

It carries the attempt, sealed under a key of the pool, so that asking for a challenge writes nothing; what makes it
single-use is the mark that the successful answer leaves in the table `spent`.
"""

import base64
import binascii
import hashlib

import msgspec

from poolhouse.crypto.seal import SealBroken
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.outcomes import Spend
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.wire import exceptions as errors

_LABEL = "challenge_session"


class ChallengeSession(msgspec.Struct, frozen=True, array_like=True):
    """What a Session remembers of its attempt. sub: who is asked.  expires_at: epoch seconds.

    browser_epoch: of the user when the last factor was proven; with another password the attempt is over.
    """

    challenge: str
    client_id: str
    sub: str
    browser_epoch: int
    flow: str
    proven: tuple[str, ...]
    expires_at: float
    nonce: bytes


def create(call: ClientCall, challenge: str, attempt: Attempt) -> str:
    """A new Session of call.client, valid for the client's AuthSessionValidity."""
    session = ChallengeSession(
        challenge=challenge,
        client_id=call.client.id,
        sub=attempt.user.sub,
        browser_epoch=attempt.user.browser_epoch,
        flow=attempt.flow,
        proven=attempt.proven,
        expires_at=call.now + call.client.auth_session_ttl_seconds,
        nonce=call.random(16),
    )
    sealed = call.user_pool.box(_LABEL).seal(msgspec.msgpack.encode(session), b"", call.random(12))
    return base64.urlsafe_b64encode(sealed).decode()


def read(call: ClientCall, session: str | None, challenge: str) -> ChallengeSession:
    """Open a Session that answers `challenge`.

    Raises NotAuthorizedException: forged, of another pool or client, or for another challenge; or expired.
    """
    if not session:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="no Session was sent")
    try:
        sealed = base64.b64decode(session.encode(), altchars=b"-_", validate=True)
        opened = msgspec.msgpack.decode(call.user_pool.box(_LABEL).open(sealed, b""), type=ChallengeSession)
    except (binascii.Error, ValueError, SealBroken) as error:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="not a Session of this pool") from error
    if opened.client_id != call.client.id or opened.challenge != challenge:
        detail = f"the Session is for {opened.challenge} of client {opened.client_id}"
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail=detail)
    if opened.expires_at < call.now:
        raise errors.NotAuthorizedException(texts.EXPIRED_SESSION)
    return opened


def spend(session: ChallengeSession) -> Spend:
    """The mark that lets this session be used once."""
    return Spend(
        value_hash=hashlib.sha256(b"challenge_session" + session.nonce).digest(),
        expires_at_ms=int((session.expires_at + 60) * 1000),
        refusal=texts.SPENT_SESSION,
    )
