"""CUSTOM_AUTH: the pool's own triggers say what is asked, alone or after SRP (user-pools-api.md §6.4)."""

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import candidates, custom_rounds
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import PASSWORD_VERIFIER, Challenged
from poolhouse.pool.sign_in.flows import user_srp_auth
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.sign_in.refusals import NotConfirmed
from poolhouse.pool.triggers import auth_challenges, authentication, invocation
from poolhouse.pool.triggers.auth_challenges import Round
from poolhouse.wire import exceptions as errors

_SRP_A = "SRP_A"


async def begin(call: ClientCall, parameters: Parameters) -> Attempt | Challenged:
    """Raises InvalidParameterException (the pool lacks a trigger), NotConfirmed, NotAuthorizedException, and what the triggers refuse."""
    triggers = call.user_pool.triggers
    if not triggers.has_custom_auth:
        raise errors.InvalidParameterException(texts.CUSTOM_FLOW_WITHOUT_TRIGGER)
    username = required(parameters, "USERNAME")
    # DG and the SDKs write the one, the model's text the other.
    is_srp = _SRP_A in (parameters.get("CHALLENGE_NAME"), parameters.get("ChallengeName"))
    a_pub = user_srp_auth.public_a(call, required(parameters, _SRP_A)) if is_srp else 0
    candidate = await candidates.find(call, username)
    user, name = candidate.user, candidate.name
    if user is not None and user.status == "UNCONFIRMED" and user.is_enabled:
        raise NotConfirmed(user, is_proven=False)  # as by every flow (user-pools-api.md §4.2)
    await authentication.before(call, user, name)
    if not is_srp:
        return await custom_rounds.next_of(call, user, name, ())
    rounds = (Round(_SRP_A, True),)
    decision = await auth_challenges.define(call, user, name, rounds)
    if decision.challenge_name != PASSWORD_VERIFIER:
        raise invocation.unrecognizable(triggers.define_auth_challenge, "SRP_A is followed by PASSWORD_VERIFIER alone")
    session = custom_rounds.seal(call, user, name, rounds, asked=PASSWORD_VERIFIER)
    return Challenged(user_srp_auth.challenge(call, candidate, username, a_pub, flow="CUSTOM_AUTH"), session)
