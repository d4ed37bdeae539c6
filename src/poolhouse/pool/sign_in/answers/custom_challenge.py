"""CUSTOM_CHALLENGE: an answer that the pool's own trigger judges; and what follows a password in CUSTOM_AUTH."""

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import custom_rounds
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import CUSTOM_CHALLENGE, PASSWORD_VERIFIER, Challenged
from poolhouse.pool.sign_in.custom_rounds import CustomSession
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.tokens import tokens
from poolhouse.pool.triggers import auth_challenges
from poolhouse.pool.users import users
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


async def answer(call: ClientCall, session: str | None, responses: Parameters) -> Attempt | Challenged:
    """The next round. A Session is good for one answer, right or wrong, so that guesses are rounds that the triggers see.

    Raises NotAuthorizedException (session; the triggers fail the sign-in) and what the triggers refuse.
    """
    given = required(responses, "ANSWER")
    opened = custom_rounds.read(call, session or "", CUSTOM_CHALLENGE)
    if opened is None:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="no Session of CUSTOM_AUTH")
    user = await _user(call, opened, responses["USERNAME"])
    await call.write(lambda tx: tokens.spend(tx, call.user_pool.id, (opened.spend,)))
    is_right = await auth_challenges.verify(call, user, opened.name, opened.private, given)
    return await custom_rounds.next_of(call, user, opened.name, custom_rounds.answered(opened, is_right=is_right))


def after_password(call: ClientCall, session: str | None, attempt: Attempt) -> Attempt:
    """The attempt itself; where SRP was the first step of CUSTOM_AUTH, with its Session to be taken too.

    Raises NotAuthorizedException (session).
    """
    if attempt.flow != "CUSTOM_AUTH":
        return attempt
    opened = custom_rounds.read(call, session or "", PASSWORD_VERIFIER)
    if opened is None or not opened.is_of(attempt.user):
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the Session is another user's")
    return replace(attempt, spends=(*attempt.spends, opened.spend))


async def _user(call: ClientCall, opened: CustomSession, username: str) -> User | None:
    """Whom the session is about; None for nobody, who is asked all the same. Raises NotAuthorizedException."""
    user = await users.find(call, username)
    if not opened.is_of(user) or (user is None and call.user_pool.fold(username) != opened.name):
        detail = "the Session is another user's, or the password was changed"
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail=detail)
    return user
