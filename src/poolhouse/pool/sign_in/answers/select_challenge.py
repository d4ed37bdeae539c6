"""SELECT_CHALLENGE, PASSWORD and PASSWORD_SRP: the user picks a first factor and begins with it (user-pools-api.md §6.5)."""

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import choices, sessions
from poolhouse.pool.sign_in.answers import web_authn
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import PASSWORD, PASSWORD_SRP, SELECT_CHALLENGE, WEB_AUTHN, Challenged
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.triggers import authentication
from poolhouse.wire import exceptions as errors


async def answer(call: ClientCall, session: str | None, responses: Parameters) -> Attempt | Challenged:
    """Raises NotAuthorizedException (session), InvalidParameterException (not one of the choices) and what the factor raises."""
    return await _begin(call, session, responses, required(responses, "ANSWER"))


async def password(call: ClientCall, session: str | None, responses: Parameters) -> Attempt | Challenged:
    return await _begin(call, session, responses, PASSWORD)


async def password_srp(call: ClientCall, session: str | None, responses: Parameters) -> Attempt | Challenged:
    return await _begin(call, session, responses, PASSWORD_SRP)


async def _begin(call: ClientCall, session: str | None, responses: Parameters, factor: str) -> Attempt | Challenged:
    opened = sessions.read(call, session, SELECT_CHALLENGE)
    user = await sessions.anybody_of(call, opened, responses["USERNAME"])
    if factor not in choices.available(call.user_pool, user):
        raise errors.InvalidParameterException(texts.MFA_CHOICE_INVALID, "ANSWER")
    if factor == WEB_AUTHN and user is not None and "CREDENTIAL" in responses:
        await authentication.before(call, user, user.username)
        return await web_authn.prove(call, opened, user, responses["CREDENTIAL"])
    return await choices.begin(call, responses["USERNAME"], factor, responses, lambda: (sessions.spend(opened),))
