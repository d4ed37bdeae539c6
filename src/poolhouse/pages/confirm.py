"""/confirm and /resendcode: the code that proves a new account (endpoints.md §10.3)."""

from msgspec.structs import replace

from poolhouse.asgi import Request, Response
from poolhouse.browser import flow, forms, render
from poolhouse.browser.flow import PageFlow
from poolhouse.browser.pool_page import pool_page
from poolhouse.errors import CognitoError
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import authorization_requests, machine
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest
from poolhouse.pool.sign_in.machine import Proof
from poolhouse.pool.triggers.invocation import REFUSALS
from poolhouse.pool.users import sign_up


async def get_confirm(call: PoolCall, request: Request) -> Response:
    """Only reached by redirect; who comes otherwise signs in first, and is sent here if need be."""
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    page_flow = flow.read(call, request, "confirm")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, why=flow.NOTHING_CARRIED)
    is_resent = flow.flashed(call, request) == flow.CODE_SENT
    response = _page(call, request, authorization_request, page_flow, error=page_flow.error, is_resent=is_resent)
    if is_resent:
        flow.forget_flash(call, response)
    return response


async def post_confirm(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = _page_flow(call, request)
    try:
        user = await sign_up.confirm_sign_up(call, page_flow.username, forms.code(request))
    except CognitoError as error:
        return _page(call, request, authorization_request, page_flow, error=render.public_text(call, error))
    # Sealed when the password was right: another user who took the name meanwhile, or another password, does not profit from it.
    proof = Proof(page_flow.sub, page_flow.browser_epoch, flow.spend(page_flow))
    try:
        outcome = await machine.resume(call, user, proof)
    except REFUSALS as refused:  # which the user is told at the sign-in that follows
        call.refusal = refused
        outcome = None
    if outcome is None:
        return flow.back_to_login(call, authorization_request, "confirmed")
    return await flow.next_page(call, request, authorization_request, outcome)


async def post_resend_code(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = _page_flow(call, request)
    try:
        sent = await sign_up.resend_confirmation_code(call, page_flow.username)
    except CognitoError as error:
        return _page(call, request, authorization_request, page_flow, error=render.public_text(call, error))
    again = flow.begin(call, "confirm", page_flow.username, sent=sent)
    proof = {"sub": page_flow.sub, "browser_epoch": page_flow.browser_epoch}
    return flow.go_to(call, authorization_request, replace(again, **proof), flow.CODE_SENT)


def _page_flow(call: ClientCall, request: Request) -> PageFlow:
    """What was carried here; a form without it, or with an old one, still confirms, but proves no password."""
    page_flow = flow.read(call, request, "confirm")
    username = forms.username(call, request)
    if page_flow is None or (username and page_flow.username != username):
        return flow.begin(call, "confirm", username)
    return page_flow


def _page(  # noqa: PLR0913  what the page shows
    call: ClientCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    page_flow: PageFlow,
    *,
    error: str,
    is_resent: bool = False,
) -> Response:
    is_link = page_flow.medium == "EMAIL" and sign_up.sends_links(call.user_pool)
    return pool_page(
        call,
        request,
        authorization_request,
        "confirm.html",
        csp=render.CSP_FORM_LEAVES,
        title="Confirm your account",
        inbox=render.has_open_inbox(call),
        error=error,
        notice=flow.sent_notice(page_flow, "link" if is_link else "code") if is_resent else "",
        is_resent=is_resent,
        username=page_flow.username,
        sub=page_flow.sub,
        medium=page_flow.medium,
        destination=page_flow.destination,
        flow=flow.seal(call, page_flow),
        is_link=is_link,
        may_sign_up=sign_up.is_open(call.user_pool),
    )
