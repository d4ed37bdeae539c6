"""What the settings of an app client mean at run time: lifetimes, flows, readable and writable attributes (user-pools-api.md §4.1)."""

from collections.abc import Mapping

from poolhouse.wire import shapes

ACCESS_TTL_SECONDS = 3_600  # DOC: access and ID tokens live one hour when nothing is set
REFRESH_TTL_SECONDS = 2_592_000  # DOC: 30 days
AUTH_SESSION_MINUTES = 3  # DOC
UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3_600, "days": 86_400}
# DOC: what an absent ExplicitAuthFlows acts as.
DEFAULT_AUTH_FLOWS = frozenset({"ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"})
# The names from before 2019, in today's words. They always allowed refresh; SRP was allowed unless custom-only.
_LEGACY_FLOWS = {
    "ADMIN_NO_SRP_AUTH": "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "USER_PASSWORD_AUTH": "ALLOW_USER_PASSWORD_AUTH",
    "CUSTOM_AUTH_FLOW_ONLY": "ALLOW_CUSTOM_AUTH",
}
NEVER_WRITABLE = frozenset({"sub", "email_verified", "phone_number_verified", "identities"})


def secret_context(user_pool_id: str, client_id: str, secret_id: str) -> str:
    """The seal's context of a client secret."""
    return f"user_pool_client_secrets/{user_pool_id}/{client_id}/{secret_id}"


def auth_flows(client: shapes.UserPoolClientType) -> frozenset[str]:
    """The client's flows as ALLOW_* names."""
    flows = frozenset(client.ExplicitAuthFlows or ())
    if not flows:
        return DEFAULT_AUTH_FLOWS
    if not flows & _LEGACY_FLOWS.keys():
        return flows
    translated = {_LEGACY_FLOWS[flow] for flow in flows if flow in _LEGACY_FLOWS} | {"ALLOW_REFRESH_TOKEN_AUTH"}
    if "CUSTOM_AUTH_FLOW_ONLY" not in flows:
        translated.add("ALLOW_USER_SRP_AUTH")
    return frozenset(translated)


def _unit(client: shapes.UserPoolClientType, member: str, default: str) -> int:
    units = client.TokenValidityUnits
    name = getattr(units, member, None) if units is not None else None
    return UNIT_SECONDS[name or default]


def access_ttl_seconds(client: shapes.UserPoolClientType) -> int:
    validity = client.AccessTokenValidity
    return validity * _unit(client, "AccessToken", "hours") if validity else ACCESS_TTL_SECONDS


def id_ttl_seconds(client: shapes.UserPoolClientType) -> int:
    validity = client.IdTokenValidity
    return validity * _unit(client, "IdToken", "hours") if validity else ACCESS_TTL_SECONDS


def refresh_ttl_seconds(client: shapes.UserPoolClientType) -> int:
    validity = client.RefreshTokenValidity
    return validity * _unit(client, "RefreshToken", "days") if validity else REFRESH_TTL_SECONDS


_ALWAYS_READABLE = frozenset({"identities"})  # which nobody can write


def readable(client: shapes.UserPoolClientType, schema: Mapping[str, shapes.SchemaAttributeType]) -> frozenset[str]:
    """Attributes that the client's users see; when nothing is set, all but the developer-only ones. Identities always are."""
    if client.ReadAttributes:
        return frozenset(client.ReadAttributes) | _ALWAYS_READABLE
    return frozenset(name for name in schema if not name.startswith("dev:")) | _ALWAYS_READABLE


def writable(client: shapes.UserPoolClientType, schema: Mapping[str, shapes.SchemaAttributeType]) -> frozenset[str]:
    """Attributes that the client's users may set."""
    if client.WriteAttributes:
        return frozenset(client.WriteAttributes) - NEVER_WRITABLE
    return frozenset(name for name in schema if not name.startswith("dev:")) - NEVER_WRITABLE
