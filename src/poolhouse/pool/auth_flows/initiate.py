"""Which AuthFlow runs: the matrix of InitiateAuth and AdminInitiateAuth (user-pools-api.md §2.2)."""

from collections.abc import Awaitable, Callable, Mapping

import msgspec

from poolhouse.call import Call
from poolhouse.pool import secret_hash, texts
from poolhouse.pool.auth_flows import refresh_token_auth, user_password_auth, user_srp_auth
from poolhouse.pool.outcomes import Outcome
from poolhouse.pool.tokens import TokenSet
from poolhouse.wire import exceptions as errors

Parameters = Mapping[str, str]
Result = Outcome | TokenSet


async def _srp(call: Call, parameters: Parameters) -> Result:
    return await user_srp_auth.challenge(call, required(parameters, "USERNAME"), required(parameters, "SRP_A"))


async def _password(call: Call, parameters: Parameters) -> Result:
    username, password = required(parameters, "USERNAME"), required(parameters, "PASSWORD")
    return await user_password_auth.authenticate(call, username, password)


async def _refresh(call: Call, parameters: Parameters) -> Result:
    return await refresh_token_auth.authenticate(
        call, required(parameters, "REFRESH_TOKEN"), parameters.get("SECRET_HASH")
    )


async def _custom(call: Call, _parameters: Parameters) -> Result:
    """Not built yet, which only a pool with the triggers notices."""
    triggers = call.user_pool.settings.LambdaConfig
    if triggers is None or not triggers.DefineAuthChallenge:
        raise errors.InvalidParameterException(texts.CUSTOM_FLOW_WITHOUT_TRIGGER)
    raise errors.InvalidParameterException(texts.FLOW_NOT_BUILT.format("CUSTOM_AUTH"))


class _Flow(msgspec.Struct, frozen=True):
    """allowed_by: what the client's ExplicitAuthFlows must hold. callers: who may ask for it. run: None while not built."""

    allowed_by: str
    callers: frozenset[str]
    run: Callable[[Call, Parameters], Awaitable[Result]] | None


_ANYBODY, _PUBLIC, _ADMIN = frozenset({"public", "admin"}), frozenset({"public"}), frozenset({"admin"})
_FLOWS = {
    "USER_SRP_AUTH": _Flow("ALLOW_USER_SRP_AUTH", _ANYBODY, _srp),
    "USER_PASSWORD_AUTH": _Flow("ALLOW_USER_PASSWORD_AUTH", _PUBLIC, _password),
    "ADMIN_USER_PASSWORD_AUTH": _Flow("ALLOW_ADMIN_USER_PASSWORD_AUTH", _ADMIN, _password),
    "ADMIN_NO_SRP_AUTH": _Flow("ALLOW_ADMIN_USER_PASSWORD_AUTH", _ADMIN, _password),
    "REFRESH_TOKEN_AUTH": _Flow("ALLOW_REFRESH_TOKEN_AUTH", _ANYBODY, _refresh),
    "REFRESH_TOKEN": _Flow("ALLOW_REFRESH_TOKEN_AUTH", _ANYBODY, _refresh),
    "CUSTOM_AUTH": _Flow("ALLOW_CUSTOM_AUTH", _ANYBODY, _custom),
    "USER_AUTH": _Flow("ALLOW_USER_AUTH", _ANYBODY, None),
}


async def initiate(call: Call, auth_flow: str, parameters: Parameters, *, is_admin: bool) -> Result:
    """Run a flow for call.client.

    Raises InvalidParameterException (flow unknown here, not allowed, not built; parameter missing) and what the flow raises.
    """
    flow = _FLOWS[auth_flow]
    if ("admin" if is_admin else "public") not in flow.callers:
        raise errors.InvalidParameterException(texts.FLOW_NOT_SUPPORTED)
    # Which flows a client allows is told to whoever knows its secret (user-pools-api.md §1.5). A refresh token has to be read first.
    if flow.run is not _refresh:
        username = required(parameters, "USERNAME")
        secret_hash.check(call.client, username, parameters.get("SECRET_HASH"), is_sign_in=True)
    if flow.allowed_by not in call.client.auth_flows:
        raise errors.InvalidParameterException(_not_enabled(auth_flow, is_admin=is_admin))
    if flow.run is None:
        raise errors.InvalidParameterException(texts.FLOW_NOT_BUILT.format(auth_flow))
    return await flow.run(call, parameters)


def _not_enabled(auth_flow: str, *, is_admin: bool) -> str:
    if is_admin:
        return texts.ADMIN_FLOW_NOT_ENABLED
    return texts.CUSTOM_FLOW_NOT_ENABLED if auth_flow == "CUSTOM_AUTH" else texts.FLOW_NOT_ENABLED.format(auth_flow)


def required(parameters: Parameters, name: str) -> str:
    """Raises InvalidParameterException when it is missing or empty."""
    value = parameters.get(name)
    if not value:
        raise errors.InvalidParameterException(texts.MISSING_PARAMETER.format(name))
    return value
