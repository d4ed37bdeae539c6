"""/mfa/register: a user of a pool that requires a second factor gets one (endpoints.md §10.2)."""

from urllib.parse import quote, urlencode

from msgspec.structs import replace

from poolhouse.asgi import Request, Response
from poolhouse.browser import cookies, flow, forms, render
from poolhouse.browser.flow import PageFlow
from poolhouse.browser.pool_page import pool_page
from poolhouse.errors import CognitoError
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import authorization_requests, machine
from poolhouse.pool.sign_in.answers import mfa_setup
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest
from poolhouse.pool.sign_in.challenges import EMAIL_OTP, MFA_SETUP, SOFTWARE_TOKEN_MFA
from poolhouse.pool.sign_in.machine import Outcome


async def get_mfa_register(call: PoolCall, request: Request) -> Response:
    """Only reached by redirect from the first factor. The first look makes the key; the same one is shown again after that."""
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    page_flow = flow.read(call, request, "mfa-register")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, why=flow.NOTHING_CARRIED)
    if SOFTWARE_TOKEN_MFA in page_flow.choices and not page_flow.secret:
        try:
            secret, session = await mfa_setup.associate(call, page_flow.session)
        except CognitoError as error:
            return _page(call, request, authorization_request, page_flow, error=render.public_text(call, error))
        page_flow = replace(page_flow, secret=secret, session=session)
    response = _page(call, request, authorization_request, page_flow)
    cookies.set_cookie(call, response, flow.FLOW_COOKIE, flow.seal(call, page_flow), max_age=flow.FLOW_TTL_SECONDS)
    return response


async def post_mfa_register(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = flow.read(call, request, "mfa-register")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, flow.EXPIRED, why=flow.NOTHING_CARRIED)
    try:
        outcome = await _set_up(call, request, page_flow)
        return await flow.next_page(call, request, authorization_request, outcome)
    except CognitoError as error:
        return _page(call, request, authorization_request, page_flow, error=render.public_text(call, error))


async def _set_up(call: ClientCall, request: Request, page_flow: PageFlow) -> Outcome:
    given, session = {"USERNAME": page_flow.username}, page_flow.session
    if "email" in request.form:
        given["email"] = request.form["email"].strip()
    else:
        session = await mfa_setup.verify(call, session, forms.code(request), "")
    return await machine.respond(call, MFA_SETUP, session, given)


def _page(
    call: ClientCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    page_flow: PageFlow,
    *,
    error: str = "",
) -> Response:
    secret = page_flow.secret
    return pool_page(
        call,
        request,
        authorization_request,
        "mfa_register.html",
        csp=render.CSP_FORM_LEAVES,
        title="Set up a second step",
        error=error,
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        app_link=_app_link(call, page_flow) if secret else "",
        takes_email=EMAIL_OTP in page_flow.choices,
        flow=flow.seal(call, page_flow),
    )


def _app_link(call: ClientCall, page_flow: PageFlow) -> str:
    """What an authenticator app on this device opens."""
    issuer = call.user_pool.settings.Name or call.user_pool.id
    label = quote(f"{issuer}:{page_flow.username}", safe=":")
    return f"otpauth://totp/{label}?{urlencode({'secret': page_flow.secret, 'issuer': issuer}, quote_via=quote)}"
