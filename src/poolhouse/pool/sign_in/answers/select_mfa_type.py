"""SELECT_MFA_TYPE: the user picks one of several second factors (user-pools-api.md §6.9)."""

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import EMAIL_OTP, SELECT_MFA_TYPE
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.users import mfa
from poolhouse.wire import exceptions as errors

_ALSO = {"EMAIL_MFA": EMAIL_OTP}  # M prints this word too


async def answer(call: ClientCall, session: str | None, responses: Parameters) -> Attempt:
    return await respond(call, session, responses["USERNAME"], required(responses, "ANSWER"))


async def respond(call: ClientCall, session: str | None, username: str, chosen: str) -> Attempt:
    """The same attempt, with its factor chosen. Raises NotAuthorizedException (session), InvalidParameterException."""
    opened = sessions.read(call, session, SELECT_MFA_TYPE)
    user = await sessions.user_of(call, opened, username)
    factor = _ALSO.get(chosen, chosen)
    if factor not in opened.memory.choices or not mfa.has_means(user, factor):
        raise errors.InvalidParameterException(texts.MFA_CHOICE_INVALID, "ANSWER")
    return replace(sessions.resumed(opened, user), chosen=factor)
