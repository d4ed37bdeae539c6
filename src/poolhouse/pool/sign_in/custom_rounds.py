"""The rounds of CUSTOM_AUTH: what DefineAuthChallenge wants next, and the Session between them (user-pools-api.md §6.4).

Somebody who does not exist goes the same way, to the same questions, and is never given tokens.
"""

import base64
import binascii
import hashlib
import zlib

import msgspec

from poolhouse.crypto.seal import SealBroken
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.outcomes import Spend
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import CUSTOM_CHALLENGE, Challenged, CustomChallenge
from poolhouse.pool.triggers import auth_challenges, invocation
from poolhouse.pool.triggers.auth_challenges import Round
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_LABEL = "custom_auth_session"
MOST_SESSION_CHARACTERS = 4096  # M: of a Session; what the triggers want remembered has to fit
MOST_ROUNDS = 50  # ours: a definition that never ends is one that will never end


class CustomSession(msgspec.Struct, frozen=True, array_like=True):
    """sub, browser_epoch: of a known user, or empty and 0; with another password the attempt is over.

    name: the username, or what somebody typed, folded.  private: for Verify.
    asked: the challenge that waits.  metadata: of it, for its Round.  expires_at: epoch seconds.
    """

    client_id: str
    sub: str
    browser_epoch: int
    name: str
    rounds: tuple[Round, ...]
    asked: str
    private: dict[str, str]
    metadata: str | None
    expires_at: float
    nonce: bytes

    def is_of(self, user: User | None) -> bool:
        """Whether it was begun by this user as they are now, or by nobody."""
        return (self.sub, self.browser_epoch) == (("", 0) if user is None else (user.sub, user.browser_epoch))

    @property
    def spend(self) -> Spend:
        """The mark that lets this session be answered once: a second guess needs the next session."""
        return Spend(
            value_hash=hashlib.sha256(_LABEL.encode() + self.nonce).digest(),
            expires_at_ms=int((self.expires_at + 60) * 1000),
            refusal=texts.SPENT_SESSION,
        )


def seal(call: ClientCall, user: User | None, name: str, rounds: tuple[Round, ...], **asked: object) -> str:
    """Raises InvalidLambdaResponseException: the triggers want more remembered than a Session holds."""
    session = CustomSession(
        client_id=call.client.id,
        sub="" if user is None else user.sub,
        browser_epoch=0 if user is None else user.browser_epoch,
        name=name,
        rounds=rounds,
        expires_at=call.now + call.client.auth_session_ttl_seconds,
        nonce=call.random(16),
        **{"asked": CUSTOM_CHALLENGE, "private": {}, "metadata": None, **asked},  # type: ignore[arg-type]
    )
    packed = zlib.compress(msgspec.msgpack.encode(session))
    sealed = call.user_pool.box(_LABEL).seal(packed, b"", call.random(12))
    text = base64.urlsafe_b64encode(sealed).decode()
    if len(text) > MOST_SESSION_CHARACTERS:
        detail = "privateChallengeParameters and challengeMetadata do not fit into a Session"
        raise errors.InvalidLambdaResponseException(texts.TRIGGER_ANSWER_UNKNOWN, detail=detail)
    return text


def read(call: ClientCall, session: str, asked: str) -> CustomSession | None:
    """None: no Session of CUSTOM_AUTH, or not of this client and challenge. Raises NotAuthorizedException: it has expired."""
    try:
        sealed = base64.b64decode(session.encode(), altchars=b"-_", validate=True)
        packed = zlib.decompress(call.user_pool.box(_LABEL).open(sealed, b""))
        opened = msgspec.msgpack.decode(packed, type=CustomSession)
    except (binascii.Error, ValueError, SealBroken, zlib.error):
        return None
    if opened.client_id != call.client.id or opened.asked != asked:
        return None
    if opened.expires_at < call.now:
        raise errors.NotAuthorizedException(texts.EXPIRED_SESSION)
    return opened


async def next_of(call: ClientCall, user: User | None, name: str, rounds: tuple[Round, ...]) -> Attempt | Challenged:
    """Ask DefineAuthChallenge, and do what it says.

    Raises NotAuthorizedException (it fails the sign-in, or nobody has the name), InvalidLambdaResponseException, and what triggers refuse.
    """
    decision = await auth_challenges.define(call, user, name, rounds)
    if decision.fail_authentication or (decision.issue_tokens and user is None):
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail="DefineAuthChallenge says so")
    if decision.issue_tokens and user is not None:
        proven = tuple(each.challenge_name for each in rounds if each.challenge_result)
        return Attempt(user=user, flow="CUSTOM_AUTH", proven=proven, is_decided=True)
    if decision.challenge_name != CUSTOM_CHALLENGE or len(rounds) >= MOST_ROUNDS:
        raise invocation.unrecognizable(
            call.user_pool.triggers.define_auth_challenge, f"no challenge here: {decision.challenge_name}"
        )
    created = await auth_challenges.create(call, user, name, CUSTOM_CHALLENGE, rounds)
    session = seal(
        call,
        user,
        name,
        rounds,
        private=created.private_challenge_parameters or {},
        metadata=created.challenge_metadata,
    )
    return Challenged(CustomChallenge(name, created.public_challenge_parameters or {}), session)


async def go_on(call: ClientCall, attempt: Attempt) -> Attempt | Challenged:
    """What the triggers want after the password, and after what the pool has asked for behind it: each was a round (DG).

    Raises as `next_of`.
    """
    proven = (Round(name, challenge_result=True) for name in ("SRP_A", *attempt.proven))
    return await next_of(call, attempt.user, attempt.user.username, tuple(proven))


def answered(session: CustomSession, *, is_right: bool) -> tuple[Round, ...]:
    """The rounds, with the one that the session has asked."""
    return (*session.rounds, Round(session.asked, is_right, session.metadata))
