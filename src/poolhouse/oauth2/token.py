"""POST /oauth2/token (endpoints.md §4)."""

from collections.abc import Awaitable, Callable, Mapping

from poolhouse.asgi import FORM, Request, Response
from poolhouse.errors import OAuthError
from poolhouse.oauth2 import answers, client_auth
from poolhouse.oauth2.grants import authorization_code, client_credentials, refresh_token, token_exchange
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.tokens.tokens import TokenSet
from poolhouse.pool.triggers.invocation import REFUSALS

_GRANTS: dict[str, Callable[[ClientCall, Mapping[str, str]], Awaitable[TokenSet]]] = {
    "authorization_code": authorization_code.grant,
    "refresh_token": refresh_token.grant,
    "client_credentials": client_credentials.grant,
    token_exchange.GRANT_TYPE: token_exchange.grant,
}


async def post_token(call: PoolCall, request: Request) -> Response:
    try:
        form = read_form(request)  # 1. parse
        call = call.as_client(await client_auth.authenticate(call, request, form))  # 2. who
        grant = _grant(form)  # 3. what
        issued = await grant(call, form)  # 4. run
    except OAuthError as refusal:
        return answers.error(call, refusal)
    except REFUSALS as refusal:  # GUESS: what a trigger refuses (endpoints.md §4.7)
        return answers.error(call, OAuthError("invalid_request", *refusal.args))
    return _write(issued)  # 5. write


def read_form(request: Request) -> dict[str, str]:
    """The fields of a form body. Raises OAuthError(invalid_request): another content type, or a field twice."""
    if request.content_type != FORM:
        raise OAuthError("invalid_request", detail=f"the content type is not {FORM}")
    try:
        pairs = request.form_pairs
    except ValueError as error:
        raise OAuthError("invalid_request", detail="the form cannot be read") from error
    form = dict(pairs)
    if len(form) != len(pairs):
        raise OAuthError("invalid_request", detail="a parameter is repeated")
    return form


def _grant(form: Mapping[str, str]) -> Callable[[ClientCall, Mapping[str, str]], Awaitable[TokenSet]]:
    grant_type = form.get("grant_type", "")
    if not grant_type:
        raise OAuthError("invalid_request", detail="no grant_type")
    if grant_type not in _GRANTS:
        raise OAuthError("unsupported_grant_type", detail=f"grant_type is none of {', '.join(_GRANTS)}")
    return _GRANTS[grant_type]


def _write(issued: TokenSet) -> Response:
    body: dict[str, object] = {}
    if issued.id_token is not None:
        body["id_token"] = issued.id_token
    body["access_token"] = issued.access_token
    if issued.refresh_token is not None:
        body["refresh_token"] = issued.refresh_token
    body["expires_in"] = issued.expires_in
    is_id_token = issued.issued_token_type.endswith(":id_token")
    body["token_type"] = "N_A" if is_id_token else "Bearer"
    if issued.issued_token_type:
        body["issued_token_type"] = issued.issued_token_type
        body["scope"] = issued.scope
    return answers.json(body)
