"""POST /oauth2/revoke (RFC 7009; endpoints.md §6)."""

from poolhouse.asgi import Request, Response
from poolhouse.errors import OAuthError
from poolhouse.oauth2 import answers, client_auth
from poolhouse.oauth2.token import read_form
from poolhouse.pool.call import PoolCall
from poolhouse.pool.tokens import refresh_tokens


async def post_revoke(call: PoolCall, request: Request) -> Response:
    try:
        form = read_form(request)
        call = call.as_client(await client_auth.authenticate(call, request, form, status=401))
        token = form.get("token", "")
        if not token or not call.client.is_revocation_enabled:
            raise OAuthError("invalid_request")
        if refresh_tokens.is_jwt(token):
            raise OAuthError("unsupported_token_type")
    except OAuthError as refusal:
        return answers.error(call, refusal)
    await refresh_tokens.revoke(call, token)
    return answers.empty()
