"""GetClientToken: the access token of a client itself, without a domain (user-pools-api.md §2.2)."""

from collections.abc import Mapping, Sequence

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.tokens import tokens
from poolhouse.pool.tokens.tokens import TokenSet
from poolhouse.wire import exceptions as errors

FLOW = "ALLOW_CLIENT_TOKEN_AUTH"


async def issue(
    call: ClientCall, secret: str | None, scopes: Sequence[str], metadata: Mapping[str, str] | None
) -> TokenSet:
    """scopes: of resource servers; all that the client has where none are named.

    Raises NotAuthorizedException (secret), InvalidParameterException (flow, scopes), and what the PreTokenGeneration trigger refuses.
    """
    client = call.client
    if not client.has_secret or not client.is_secret(secret or ""):
        raise errors.NotAuthorizedException(texts.UNAUTHORIZED_CLIENT)
    if FLOW not in client.auth_flows:
        raise errors.InvalidParameterException(texts.CLIENT_TOKEN_NOT_ENABLED)
    for scope in scopes:
        if scope not in client.resource_scopes:
            raise errors.InvalidParameterException(texts.INVALID_SCOPE_REQUESTED, scope)
    granted = tuple(dict.fromkeys(scopes)) or client.resource_scopes
    if not granted:
        raise errors.InvalidParameterException(texts.CLIENT_TOKEN_WITHOUT_SCOPE)
    return await tokens.sign_for_client(call, granted, metadata)
