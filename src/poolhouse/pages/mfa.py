"""/mfa: the code of a second factor (endpoints.md §10.2)."""

from poolhouse.asgi import Request, Response
from poolhouse.browser import flow, forms, render
from poolhouse.browser.flow import PageFlow
from poolhouse.browser.pool_page import pool_page
from poolhouse.errors import CognitoError
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import authorization_requests, machine
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest


async def get_mfa(call: PoolCall, request: Request) -> Response:
    """Only reached by redirect from the first factor."""
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    page_flow = flow.read(call, request, "mfa")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, why=flow.NOTHING_CARRIED)
    return _page(call, request, authorization_request, page_flow)


async def post_mfa(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = flow.read(call, request, "mfa")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, flow.EXPIRED, why=flow.NOTHING_CARRIED)
    given = {"USERNAME": page_flow.username, f"{page_flow.factor}_CODE": forms.code(request)}
    try:
        outcome = await machine.respond(call, page_flow.factor, page_flow.session, given)
        return await flow.next_page(call, request, authorization_request, outcome)
    except CognitoError as error:
        return _page(call, request, authorization_request, page_flow, error=render.public_text(call, error))


def _page(
    call: ClientCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    page_flow: PageFlow,
    *,
    error: str = "",
) -> Response:
    return pool_page(
        call,
        request,
        authorization_request,
        "mfa.html",
        csp=render.CSP_FORM_LEAVES,
        title="Confirm that it is you",
        inbox=bool(page_flow.destination) and render.has_open_inbox(call),
        error=error,
        medium=page_flow.medium,
        destination=page_flow.destination,
        flow=flow.seal(call, page_flow),
    )
