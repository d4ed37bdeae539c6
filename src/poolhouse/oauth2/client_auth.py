"""The one place where a client of the OAuth endpoints is authenticated (RFC 6749 §2.3)."""

import base64
import hmac
from collections.abc import Mapping
from urllib.parse import unquote_plus

from poolhouse import discretion
from poolhouse.asgi import Request
from poolhouse.errors import OAuthError
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import Client

# Compared with when there is no such client, so that an unknown client takes as long as a wrong secret.
_NO_SECRET = "x" * 52


async def authenticate(call: PoolCall, request: Request, form: Mapping[str, str], *, status: int = 400) -> Client:
    """The client that is calling, by client_secret_basic, client_secret_post or, without a secret, by its id alone.

    status: of the refusal, which differs between token (400) and revoke (401).
    Raises OAuthError: invalid_client, or invalid_request when both methods are used or nothing names a client.
    """
    client_id, secret = _credentials(request, form, status)
    client = await call.configuration.find_client(client_id, call.user_pool.id)
    if client is None:
        hmac.compare_digest(_NO_SECRET, _NO_SECRET)
        # What stands in a header is never told: it may be the secret.
        named = discretion.client_id(form.get("client_id", ""))
        raise OAuthError(
            "invalid_client", status=status, detail=f"no client {named} in pool {call.user_pool.settings.Name}"
        )
    if not client.has_secret:
        if secret:
            raise OAuthError("invalid_client", status=status, detail="a secret was sent, and the client has none")
        return client
    if not client.is_secret(secret):
        detail = "wrong secret" if secret else "the client has a secret, and none was sent"
        raise OAuthError("invalid_client", status=status, detail=detail)
    return client


def _credentials(request: Request, form: Mapping[str, str], status: int) -> tuple[str, str]:
    authorization = request.headers.get("authorization", "")
    if not authorization:
        if not form.get("client_id"):
            raise OAuthError("invalid_request", detail="no client_id")
        return form["client_id"], form.get("client_secret", "")
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise OAuthError("invalid_client", status=status, detail="the authorization scheme is not Basic")
    if form.get("client_secret"):
        raise OAuthError("invalid_request", detail="two ways of client authentication")
    try:
        client_id, separator, secret = base64.b64decode(value.strip(), validate=True).decode().partition(":")
    except ValueError as error:
        raise OAuthError("invalid_client", status=status, detail="the Basic credentials cannot be read") from error
    if not separator:
        raise OAuthError("invalid_client", status=status, detail="the Basic credentials cannot be read")
    if "%" in client_id or "%" in secret:
        # RFC 6749 §2.3.1: both halves are form-encoded; Cognito's own ids and secrets never need it.
        client_id, secret = unquote_plus(client_id), unquote_plus(secret)
    if form.get("client_id", client_id) != client_id:
        raise OAuthError("invalid_client", status=status, detail="header and body name two client ids")
    return client_id, secret
