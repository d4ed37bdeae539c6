"""What a CreateUserPoolClient or UpdateUserPoolClient request makes of a client: defaults and rules (user-pools-api.md §4.1)."""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from poolhouse import discretion
from poolhouse.errors import Text
from poolhouse.pool import texts
from poolhouse.pool.configuration import client_rules
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

ClientRequest = shapes.CreateUserPoolClientRequest | shapes.UpdateUserPoolClientRequest

REFRESH_TTL = range(3_600, 315_360_000 + 1)  # DOC: 60 minutes to 10 years, seconds
ACCESS_TTL = range(300, 86_400 + 1)  # DOC: 5 minutes to one day, seconds
SYSTEM_SCOPES = frozenset({"openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})  # DOC: the hosts that may be called back over plain HTTP
_REFRESH = "ALLOW_REFRESH_TOKEN_AUTH"
_ALLOW = "ALLOW_"
_CLIENT_TOKEN = "ALLOW_CLIENT_TOKEN_AUTH"


class Surroundings(NamedTuple):
    """What of the pool a client refers to."""

    user_pool: shapes.UserPoolType
    resource_servers: Sequence[shapes.ResourceServerType]
    identity_providers: Sequence[shapes.IdentityProviderType] = ()


def settings(request: ClientRequest, surroundings: Surroundings, *, has_secret: bool) -> shapes.UserPoolClientType:
    """The settings that the request describes, with defaults for whatever it leaves out; an empty list is left out.

    Raises InvalidParameterException, InvalidOAuthFlowException, ScopeDoesNotExistException.
    """
    made = shapes.UserPoolClientType(
        RefreshTokenValidity=_refresh_validity(request),
        AccessTokenValidity=request.AccessTokenValidity,
        IdTokenValidity=request.IdTokenValidity,
        TokenValidityUnits=request.TokenValidityUnits or shapes.TokenValidityUnitsType(),
        ReadAttributes=request.ReadAttributes or None,
        WriteAttributes=request.WriteAttributes or None,
        ExplicitAuthFlows=request.ExplicitAuthFlows or None,
        SupportedIdentityProviders=request.SupportedIdentityProviders or None,
        CallbackURLs=request.CallbackURLs or None,
        LogoutURLs=request.LogoutURLs or None,
        DefaultRedirectURI=request.DefaultRedirectURI,
        AllowedOAuthFlows=request.AllowedOAuthFlows or None,
        AllowedOAuthScopes=request.AllowedOAuthScopes or None,
        AllowedOAuthFlowsUserPoolClient=bool(request.AllowedOAuthFlowsUserPoolClient),
        AnalyticsConfiguration=request.AnalyticsConfiguration,
        PreventUserExistenceErrors=request.PreventUserExistenceErrors,
        EnableTokenRevocation=request.EnableTokenRevocation is not False,
        EnablePropagateAdditionalUserContextData=bool(request.EnablePropagateAdditionalUserContextData),
        AuthSessionValidity=request.AuthSessionValidity or client_rules.AUTH_SESSION_MINUTES,
        RefreshTokenRotation=_rotation(request.RefreshTokenRotation),
        ClientType="REGULAR",
    )
    _check_lifetimes(made)
    _check_auth_flows(made, has_secret=has_secret)
    verb = "creating" if isinstance(request, shapes.CreateUserPoolClientRequest) else "updating"
    _check_attributes(made, surroundings.user_pool, verb)
    if made.EnablePropagateAdditionalUserContextData and not has_secret:
        raise errors.InvalidParameterException(texts.CONTEXT_DATA_NEEDS_SECRET)
    _check_identity_providers(made, surroundings)
    _check_urls(made)
    _check_oauth(made, surroundings.resource_servers, has_secret=has_secret)
    return made


# -- lifetimes


def _refresh_validity(request: ClientRequest) -> int:
    """In the unit of the request; absent and 0 mean 30 days (DOC), whatever the unit."""
    if request.RefreshTokenValidity:
        return request.RefreshTokenValidity
    units = request.TokenValidityUnits
    unit = (units.RefreshToken if units is not None else None) or "days"
    return client_rules.REFRESH_TTL_SECONDS // client_rules.UNIT_SECONDS[unit]


def _check_lifetimes(made: shapes.UserPoolClientType) -> None:
    refresh = client_rules.refresh_ttl_seconds(made)
    others = (client_rules.access_ttl_seconds(made), client_rules.id_ttl_seconds(made))
    if refresh not in REFRESH_TTL or any(ttl not in ACCESS_TTL or ttl > refresh for ttl in others):
        raise errors.InvalidParameterException(texts.INVALID_TOKEN_VALIDITY)


def _rotation(sent: shapes.RefreshTokenRotationType | None) -> shapes.RefreshTokenRotationType | None:
    """One that is turned off shows a grace period of 0 (OBS hashicorp/terraform-provider-aws#45650)."""
    if sent is not None and sent.Feature == "DISABLED" and sent.RetryGracePeriodSeconds is None:
        sent.RetryGracePeriodSeconds = 0
    return sent


# -- API sign-in


def _check_auth_flows(made: shapes.UserPoolClientType, *, has_secret: bool) -> None:
    flows = made.ExplicitAuthFlows or []
    allowed = [flow for flow in flows if flow.startswith(_ALLOW)]
    if 0 < len(allowed) < len(flows):
        raise errors.InvalidParameterException(texts.AUTH_FLOWS_MIXED)
    if _CLIENT_TOKEN in allowed and (len(allowed) > 1 or not has_secret):
        raise errors.InvalidParameterException(
            texts.CLIENT_TOKEN_NOT_ALONE if len(allowed) > 1 else texts.CLIENT_TOKEN_NEEDS_SECRET
        )
    is_rotating = made.RefreshTokenRotation is not None and made.RefreshTokenRotation.Feature == "ENABLED"
    if is_rotating and _REFRESH in allowed:
        raise errors.InvalidParameterException(texts.REFRESH_FLOW_WITH_ROTATION)
    is_for_machines = made.AllowedOAuthFlows == ["client_credentials"]
    signs_users_in = any("TOKEN_EXCHANGE" not in flow and flow != _CLIENT_TOKEN for flow in allowed)
    if signs_users_in and _REFRESH not in allowed and not is_rotating and not is_for_machines:
        raise errors.InvalidParameterException(texts.REFRESH_FLOW_MISSING)


def _check_attributes(made: shapes.UserPoolClientType, user_pool: shapes.UserPoolType, verb: str) -> None:
    schema = {attribute.Name or "": attribute for attribute in user_pool.SchemaAttributes or ()}
    if made.ReadAttributes is not None and not schema.keys() >= set(made.ReadAttributes):
        raise errors.InvalidParameterException(texts.INVALID_READ_ATTRIBUTES, verb)
    if made.WriteAttributes is None:
        return
    writable = {name for name in schema if not name.startswith("dev:")} - client_rules.NEVER_WRITABLE
    required = {name for name, attribute in schema.items() if attribute.Required} & writable
    if not required <= set(made.WriteAttributes) <= writable:
        raise errors.InvalidParameterException(texts.INVALID_WRITE_ATTRIBUTES, verb)


# -- browser sign-in


def _check_identity_providers(made: shapes.UserPoolClientType, surroundings: Surroundings) -> None:
    """Each has to exist."""
    named = made.SupportedIdentityProviders or ()
    known = {provider.ProviderName: provider for provider in surroundings.identity_providers}
    for name in named:
        if name != "COGNITO" and name not in known:
            raise errors.InvalidParameterException(texts.PROVIDER_DOES_NOT_EXIST, name, surroundings.user_pool.Id or "")
    check_idp_initiated(named, surroundings.identity_providers)


def begins_sign_ins(provider: shapes.IdentityProviderType) -> bool:
    """Whether a SAML provider may send users who did not come from here."""
    return (provider.ProviderDetails or {}).get("IDPInit") == "true"


def check_idp_initiated(named: Sequence[str], providers: Sequence[shapes.IdentityProviderType]) -> None:
    """One that begins sign-ins by itself goes only with its like (DOC). Raises InvalidParameterException."""
    known = {provider.ProviderName: provider for provider in providers}
    supported = [known.get(name) for name in named]
    begins = any(each is not None and begins_sign_ins(each) for each in supported)
    if begins and any(each is None or each.ProviderType != "SAML" for each in supported):
        raise errors.InvalidParameterException(texts.IDP_INIT_WITH_OTHERS)


def _check_urls(made: shapes.UserPoolClientType) -> None:
    for url in [*(made.CallbackURLs or ()), *(made.LogoutURLs or ())]:
        check_redirect_url(url)
    if made.DefaultRedirectURI is not None and made.DefaultRedirectURI not in (made.CallbackURLs or ()):
        raise errors.InvalidParameterException(texts.DEFAULT_REDIRECT_URI_UNKNOWN)


def check_redirect_url(url: str) -> None:
    """Absolute, without a fragment, https unless on loopback; schemes of native apps are fine (DOC).

    Raises InvalidParameterException.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # Raises on a port that is none.
    except ValueError:
        raise _bad_address(texts.URL_NOT_ABSOLUTE, url) from None
    # A backslash is a slash to browsers and a host character to nobody: "https://good\@evil" goes elsewhere than it reads.
    if not parts.scheme or "\\" in url or (parts.scheme in ("http", "https") and not host):
        raise _bad_address(texts.URL_NOT_ABSOLUTE, url)
    if "#" in url:
        raise _bad_address(texts.URL_HAS_FRAGMENT, url)
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise _bad_address(texts.URL_IS_HTTP, url)
    # Schemes that a browser runs or reads by itself, instead of handing the code to an application.
    if parts.scheme in ("javascript", "data", "vbscript", "file", "blob", "about"):
        raise _bad_address(texts.URL_NOT_ABSOLUTE, url)


def _bad_address(template: str, url: str) -> errors.InvalidParameterException:
    return errors.InvalidParameterException(template, url, detail=str(Text(template, (discretion.address(url),))))


def _check_oauth(
    made: shapes.UserPoolClientType, resource_servers: Sequence[shapes.ResourceServerType], *, has_secret: bool
) -> None:
    flows, scopes = set(made.AllowedOAuthFlows or ()), made.AllowedOAuthScopes or []
    if made.AllowedOAuthFlowsUserPoolClient and not (flows and scopes):
        raise errors.InvalidParameterException(texts.OAUTH_FLOWS_AND_SCOPES_REQUIRED)
    if "client_credentials" in flows and len(flows) > 1:
        raise errors.InvalidOAuthFlowException(texts.CLIENT_CREDENTIALS_NOT_ALONE)
    if "client_credentials" in flows and not has_secret:
        raise errors.InvalidOAuthFlowException(texts.CLIENT_CREDENTIALS_NEEDS_SECRET)
    if flows & {"code", "implicit"} and not made.CallbackURLs:
        raise errors.InvalidOAuthFlowException(texts.CALLBACK_URLS_EMPTY)
    known = SYSTEM_SCOPES.union(
        f"{server.Identifier}/{scope.ScopeName}" for server in resource_servers for scope in server.Scopes or ()
    )
    for scope in scopes:
        if scope not in known:
            raise errors.ScopeDoesNotExistException(texts.INVALID_SCOPE_REQUESTED, scope)
