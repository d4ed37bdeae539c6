"""grant_type=client_credentials: the token of a machine (endpoints.md §4.5)."""

from collections.abc import Mapping

import msgspec

from poolhouse.errors import OAuthError
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration.snapshots import Client
from poolhouse.pool.tokens import tokens
from poolhouse.pool.tokens.tokens import TokenSet


async def grant(call: ClientCall, form: Mapping[str, str]) -> TokenSet:
    client = call.client
    if not client.is_oauth_enabled or "client_credentials" not in client.oauth_flows or not client.has_secret:
        raise OAuthError("unauthorized_client", detail="needs a secret and client_credentials in AllowedOAuthFlows")
    scopes = _scopes(client, form.get("scope", ""))
    return await tokens.sign_for_client(call, scopes, _metadata(form.get("aws_client_metadata", "")))


def _metadata(text: str) -> dict[str, str] | None:
    """What the client tells the PreTokenGeneration trigger: a JSON object of strings (DOC)."""
    if not text:
        return None
    try:
        return msgspec.json.decode(text, type=dict[str, str])
    except (msgspec.DecodeError, RecursionError) as error:
        raise OAuthError("invalid_request", detail="aws_client_metadata is no JSON object of strings") from error


def _scopes(client: Client, requested: str) -> tuple[str, ...]:
    """All or nothing (DOC): one bad scope fails the request. Nothing requested: every custom scope of the client."""
    names = tuple(dict.fromkeys(requested.split()))
    if not names:
        return client.resource_scopes
    if not frozenset(names) <= client.user_pool.resource_scopes:
        raise OAuthError("invalid_scope", detail="a scope is of no resource server of the pool")
    if not frozenset(names) <= frozenset(client.scopes):
        raise OAuthError(
            "invalid_grant", detail=f"scope {' '.join(names)!r}: the client holds {' '.join(client.scopes)}"
        )
    return names
