"""/mfa/option: which of several second factors (endpoints.md §10.2)."""

from poolhouse.asgi import Request, Response
from poolhouse.browser import flow, render
from poolhouse.browser.flow import PageFlow
from poolhouse.browser.pool_page import pool_page
from poolhouse.errors import CognitoError
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import authorization_requests, machine
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest
from poolhouse.pool.sign_in.challenges import EMAIL_OTP, SELECT_MFA_TYPE, SMS_MFA, SOFTWARE_TOKEN_MFA

_LABELS = {
    SMS_MFA: "A code by text message",
    SOFTWARE_TOKEN_MFA: "A code from my authenticator app",
    EMAIL_OTP: "A code by email",
}


async def get_mfa_option(call: PoolCall, request: Request) -> Response:
    """Only reached by redirect from the first factor."""
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    page_flow = flow.read(call, request, "mfa-option")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, why=flow.NOTHING_CARRIED)
    return _page(call, request, authorization_request, page_flow)


async def post_mfa_option(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = flow.read(call, request, "mfa-option")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, flow.EXPIRED, why=flow.NOTHING_CARRIED)
    given = {"USERNAME": page_flow.username, "ANSWER": request.form.get("mfa", "")}
    try:
        outcome = await machine.respond(call, SELECT_MFA_TYPE, page_flow.session, given)
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
        "mfa_option.html",
        csp=render.CSP_FORM_LEAVES,
        title="Confirm that it is you",
        error=error,
        options=[(factor, _LABELS[factor]) for factor in page_flow.choices],
        flow=flow.seal(call, page_flow),
    )
