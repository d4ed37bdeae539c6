"""The Session string between InitiateAuth and RespondToAuthChallenge.

It carries the attempt, sealed under a key of the pool, so that asking for a challenge writes nothing; what makes it
single-use is the mark that the successful answer leaves in the table `spent`.
"""

import base64
import hashlib

import msgspec
from msgspec.structs import replace

from poolhouse.crypto.identifiers import uuid4
from poolhouse.crypto.seal import SealBroken
from poolhouse.pool import texts
from poolhouse.pool.call import Call, ClientCall
from poolhouse.pool.outcomes import Assessment, Spend
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import NO_MEMORY, Memory
from poolhouse.pool.users import users
from poolhouse.storage import users as stored_users
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.engine import Reader
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_LABEL = "challenge_session"
AUTO_SIGN_IN = "AUTO_SIGN_IN"  # what ConfirmSignUp gives for InitiateAuth; no challenge of the wire
SIGN_UP = "SIGN_UP"  # what SignUp gives for ConfirmSignUp


class ChallengeSession(msgspec.Struct, frozen=True, array_like=True):
    """What a Session remembers of its attempt. sub: who is asked; of nobody, a stand-in.  expires_at: epoch seconds.

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
    memory: Memory = NO_MEMORY
    is_decided: bool = False
    device_key: str = ""
    assessment: Assessment | None = None


def create(call: ClientCall, challenge: str, attempt: Attempt, memory: Memory = NO_MEMORY) -> str:
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
        memory=memory,
        is_decided=attempt.is_decided,
        device_key=attempt.device_key,
        assessment=attempt.assessment,
    )
    return _seal(call, session)


def begin(  # noqa: PLR0913  what a Session remembers
    call: ClientCall,
    challenge: str,
    user: User | None,
    typed: str,
    memory: Memory = NO_MEMORY,
    *,
    proven: tuple[str, ...] = (),
) -> str:
    """A Session of USER_AUTH, at its beginning; of the same length whether anybody has the typed name or not."""
    session = ChallengeSession(
        challenge=challenge,
        client_id=call.client.id,
        sub=nobodys_sub(call, typed) if user is None else user.sub,
        browser_epoch=0 if user is None else user.browser_epoch,
        flow="USER_AUTH",
        proven=proven,
        expires_at=call.now + call.client.auth_session_ttl_seconds,
        nonce=call.random(16),
        memory=memory,
    )
    return _seal(call, session)


def nobodys_sub(call: ClientCall, typed: str) -> str:
    """What stands for a name that nobody has."""
    return uuid4(call.user_pool.lasting_mac("nobodys_sub", call.user_pool.fold(typed))[:16])


def renewed(call: ClientCall, session: ChallengeSession, memory: Memory) -> str:
    """The next Session of the same challenge, which remembers something else; it ends when this one would."""
    return _seal(call, replace(session, nonce=call.random(16), memory=memory))


def _seal(call: ClientCall, session: ChallengeSession) -> str:
    # Two operations get nothing but a Session: the client stands in clear in it.
    client_id = call.client.id.encode()
    sealed = call.user_pool.box(_LABEL).seal(msgspec.msgpack.encode(session), client_id, call.random(12))
    return base64.urlsafe_b64encode(bytes([len(client_id)]) + client_id + sealed).decode()


def _parts(session: str) -> tuple[bytes, bytes]:
    """(client id, sealed). Raises ValueError."""
    raw = base64.b64decode(session.encode(), altchars=b"-_", validate=True)
    end = 1 + (raw[0] if raw else 0)
    return raw[1:end], raw[end:]


async def find_client(call: Call, session: str) -> ClientCall:
    """The call of the client that was given the Session. Raises NotAuthorizedException."""
    try:
        client_id = _parts(session)[0].decode()
    except ValueError as error:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="not a Session") from error
    client = await call.configuration.find_client(client_id)
    if client is None:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the Session is of no client")
    return call.as_client(client)


def read(call: ClientCall, session: str | None, challenge: str) -> ChallengeSession:
    """Open a Session that answers `challenge`.

    Raises NotAuthorizedException: forged, of another pool or client, or for another challenge; or expired.
    """
    if not session:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="no Session was sent")
    try:
        client_id, sealed = _parts(session)
        opened = msgspec.msgpack.decode(call.user_pool.box(_LABEL).open(sealed, client_id), type=ChallengeSession)
    except (ValueError, SealBroken) as error:
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


def event_of(session: ChallengeSession) -> AuthEvent | None:
    """Under which threat protection knows the sign-in; None: nobody watches."""
    return None if session.assessment is None else session.assessment.event


def resumed(session: ChallengeSession, user: User, *proven: str) -> Attempt:
    """The attempt that the Session carries, with what the answer has proven. The Session is taken when it goes on."""
    return Attempt(
        user=user,
        flow=session.flow,
        proven=(*session.proven, *proven),
        spends=(spend(session),),
        assessment=session.assessment,
        is_decided=session.is_decided,
        device_key=session.device_key,
    )


async def known(call: ClientCall, username: str) -> User:
    """Whoever an answer names. Raises NotAuthorizedException: nobody."""
    user = await users.find(call, username)
    if user is None:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="nobody has this name")
    return user


async def user_of(call: ClientCall, session: ChallengeSession, username: str) -> User:
    """Whom the Session is about, as they are now. username: as the answer names them.

    Raises NotAuthorizedException: somebody else, or no longer as when the last factor was proven.
    """
    user = await users.find(call, username)
    if user is None or user.sub != session.sub:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the Session is another user's")
    check_standing(session, user)
    return user


async def anybody_of(call: ClientCall, session: ChallengeSession, typed: str) -> User | None:
    """As `user_of`, for a Session that may be nobody's: None."""
    user = await users.find(call, typed)
    if (nobodys_sub(call, typed) if user is None else user.sub) != session.sub:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the Session is another user's")
    if user is not None:
        check_standing(session, user)
    return user


async def owner(call: ClientCall, db: Reader, session: ChallengeSession) -> User:
    """As `user_of`, where no name is given."""
    user = await stored_users.get_by_sub(db, call.user_pool.id, session.sub)
    if user is None:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the user of the Session is gone")
    check_standing(session, user)
    return user


def check_standing(session: ChallengeSession, user: User) -> None:
    """Raises NotAuthorizedException when what the Session stands on is no longer true."""
    if not user.is_enabled:
        raise errors.NotAuthorizedException(texts.USER_IS_DISABLED)
    if session.browser_epoch != user.browser_epoch:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the password was changed")
