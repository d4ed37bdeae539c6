"""USER_AUTH: the user chooses with what to begin, or has just confirmed the sign-up (user-pools-api.md §6.5, §6.7)."""

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import candidates, choices, sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import Challenged
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.wire import exceptions as errors

_STEP_UP = ("TARGET_ACR_VALUES", "ACCESS_TOKEN", "MAX_AGE")


async def begin(call: ClientCall, parameters: Parameters) -> Attempt | Challenged:
    """The preferred factor where the user has it, else the choice.

    Raises InvalidParameterException (a parameter is missing; step-up), NotAuthorizedException (Session) and what the factor raises.
    """
    username = required(parameters, "USERNAME")
    for name in _STEP_UP:
        if name in parameters:
            raise errors.InvalidParameterException(texts.FLOW_NOT_BUILT, name)
    session = call.client_context.session
    if session:
        return await _after_sign_up(call, session, username)
    candidate = await candidates.find(call, username)
    preferred = parameters.get("PREFERRED_CHALLENGE", "")
    if preferred in choices.available(call.user_pool, candidate.user):
        return await choices.begin(call, username, preferred, parameters)
    return await choices.offer(call, candidate.user, username)


async def _after_sign_up(call: ClientCall, session: str, username: str) -> Attempt:
    """The code that confirmed the sign-up is the factor, as long as it could be one."""
    opened = sessions.read(call, session, sessions.AUTO_SIGN_IN)
    user = await sessions.user_of(call, opened, username)
    if opened.proven[0] not in choices.available(call.user_pool, user):
        raise errors.NotAuthorizedException(
            texts.INVALID_SESSION, detail=f"{opened.proven[0]} is not available any more"
        )
    return sessions.resumed(opened, user)
