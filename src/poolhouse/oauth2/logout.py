"""/logout: the cookie goes whatever follows; only registered URLs are redirected to (endpoints.md §9).

In the profile `oidc` also RP-initiated (OpenID Connect RP-Initiated Logout 1.0), where no parameter of Cognito's is sent.
"""

from urllib.parse import urlencode

from poolhouse import discretion
from poolhouse.asgi import Request, Response, redirect
from poolhouse.browser import flow, forms, render, sso_session
from poolhouse.errors import PageError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.configuration.snapshots import Client
from poolhouse.pool.sign_in.authorization_responses import with_query
from poolhouse.pool.tokens import tokens
from poolhouse.pool.users import sso_sessions
from poolhouse.wire import exceptions as errors

_LOGIN_PARAMETERS = ("response_type", "client_id", "redirect_uri", "state", "scope", "nonce")


async def get_logout(call: PoolCall, request: Request) -> Response:
    await sso_sessions.delete(call, sso_session.cookie(call, request))
    client = await call.configuration.find_client(request.query.get("client_id", ""), call.user_pool.id)
    if call.user_pool.is_oidc and not {"logout_uri", "redirect_uri"} & request.query.keys():
        response = await _initiated_by_client(call, request, client)
    else:
        response = redirect(_target(call, request, client))
    sso_session.drop(call, response)
    return response


async def post_logout(call: PoolCall, request: Request) -> Response:
    return forms.as_address(call, request, "/logout")


async def _initiated_by_client(call: PoolCall, request: Request, client: Client | None) -> Response:
    hint, back_to = request.query.get("id_token_hint"), request.query.get("post_logout_redirect_uri")
    try:
        hinted = None if hint is None else await tokens.client_of_id_token(call, hint)
    except errors.NotAuthorizedException as error:
        return _signed_out_all_the_same(call, texts.PAGE_ID_TOKEN_HINT_INVALID, error.detail)
    if hinted is not None and request.query.get("client_id", hinted.id) != hinted.id:
        return _signed_out_all_the_same(call, texts.PAGE_ID_TOKEN_HINT_INVALID, "it is another client's")
    if back_to is None:
        client = hinted or client
        sign_in = "" if client is None else flow.sign_in_query(client)
        return render.page(
            "message.html",
            title="Signed out",
            text="You are signed out.",
            **render.brand(call),
            sign_in=f"{call.site}/login?{sign_in}" if sign_in else "",
        )
    if hinted is None or back_to not in hinted.logout_urls:
        why = "no id_token_hint" if hinted is None else f"the client has {len(hinted.logout_urls)} logout URLs"
        detail = f"post_logout_redirect_uri {discretion.address(back_to)}: {why}"
        return _signed_out_all_the_same(call, texts.PAGE_LOGOUT_URI_UNKNOWN, detail)
    state = request.query.get("state")
    return redirect(back_to if state is None else with_query(back_to, {"state": state}))


def _signed_out_all_the_same(call: Call, template: str, detail: str) -> Response:
    call.refusal = PageError(template, detail=detail)
    return render.error_page(call, Text(template))


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
