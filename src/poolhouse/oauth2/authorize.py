"""/oauth2/authorize: straight back with a code where a session lives, else on to /login (endpoints.md §3)."""

from poolhouse.asgi import Request, Response, redirect
from poolhouse.browser import authorization_response, forms, sso_session
from poolhouse.errors import PageError
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import identity_providers
from poolhouse.pool.sign_in import authorization_requests
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest


async def get_authorize(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    await _check_identity_provider(call, authorization_request)
    session = await sso_session.find(call, request)
    if session is not None and authorization_request.is_met_by(session, call.now):
        finished = await authorization_requests.finish(call, authorization_request, session)
        return authorization_response.carry(call, finished.response)
    if "none" in authorization_request.prompts:
        raise authorization_request.refusal("login_required")
    return redirect(f"{call.site}/login?{authorization_request.query()}")


async def post_authorize(call: PoolCall, request: Request) -> Response:
    """OIDC Core §3.1.2.1."""
    return forms.as_address(call, request, "/oauth2/authorize")


async def _check_identity_provider(call: PoolCall, request: AuthorizationRequest) -> None:
    """Raises PageError: the named provider is not one of the client's; OAuthError: it is, and is not the pool itself."""
    named = request.identity_provider
    if not named and (identifier := request.parameters.get("idp_identifier", "")):
        named = await identity_providers.find_name(call, identifier) or identifier
    if named and named != "COGNITO" and named not in request.client.identity_providers:
        text = texts.PAGE_LOGIN_OPTION_NOT_AVAILABLE
        raise PageError(text, moves_to=authorization_requests.error_query(text, request.client))
    if named and named != "COGNITO":
        raise request.refusal("invalid_request", texts.SIGN_IN_THROUGH_PROVIDER_NOT_BUILT, named)
