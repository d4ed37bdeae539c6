"""GET /logout: the cookie goes whatever follows; only registered URLs are redirected to (endpoints.md §9)."""

from urllib.parse import urlencode

from poolhouse import discretion
from poolhouse.asgi import Request, Response, redirect
from poolhouse.browser import sso_session
from poolhouse.errors import PageError
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.configuration.snapshots import Client
from poolhouse.pool.users import sso_sessions

_LOGIN_PARAMETERS = ("response_type", "client_id", "redirect_uri", "state", "scope", "nonce")


async def get_logout(call: PoolCall, request: Request) -> Response:
    await sso_sessions.delete(call, sso_session.cookie(call, request))
    client = await call.configuration.find_client(request.query.get("client_id", ""), call.user_pool.id)
    response = redirect(_target(call, request, client))
    sso_session.drop(call, response)
    return response


def _target(call: Call, request: Request, client: Client | None) -> str:
    query = request.query
    logout_uri = query.get("logout_uri")
    if client is not None and logout_uri is not None and logout_uri in client.logout_urls:
        return logout_uri
    if (
        client is not None
        and logout_uri is None
        and query.get("response_type")
        and query.get("redirect_uri") in client.callback_urls
    ):
        parameters = {name: query[name] for name in _LOGIN_PARAMETERS if name in query}
        parameters.setdefault("scope", " ".join(client.scopes))
        return f"{call.site}/login?{urlencode(parameters)}"
    if not query:
        return f"{call.site}/login"  # OBS jenkinsci/oic-auth-plugin#620: to the page that misses client_id
    registered = "no client is named" if client is None else f"the client has {len(client.logout_urls)} logout URLs"
    sent = discretion.address(logout_uri or "(none)")
    call.refusal = PageError("", detail=f"logout_uri {sent} is not registered: {registered}")
    # OBS: the session is gone all the same; what is left is the page that misses redirect_uri.
    return f"{call.site}/error?{urlencode(request.query_pairs)}"
