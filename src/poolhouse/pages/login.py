"""/login: the sign-in page (endpoints.md §10.1)."""

from urllib.parse import urlencode

from poolhouse.asgi import Request, Response
from poolhouse.browser import fields, flow, forms, render, sso_session
from poolhouse.browser.pool_page import pool_page
from poolhouse.browser.words import words
from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.outcomes import Remembered
from poolhouse.pool.sign_in import authorization_requests, machine
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest
from poolhouse.pool.sign_in.machine import Outcome
from poolhouse.pool.sign_in.refusals import NotConfirmed
from poolhouse.pool.users import recovery, sign_up
from poolhouse.wire import exceptions as errors

# Shown once after another page has done its work; the cookie carries only the name.
EXPIRED = flow.EXPIRED
NOTICES = {
    EXPIRED: "This page had expired. Please sign in again.",
    "confirmed": "Your account is confirmed. Sign in to continue.",
    "password-changed": "Your password has been changed. Sign in with the new one.",
}


async def get_login(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    session = await _session(call, request, authorization_request)
    if session is not None:
        return _continue_page(call, request, authorization_request, session)
    flash = flow.flashed(call, request)
    notice, username = NOTICES.get(flash, ""), authorization_request.login_hint
    if notice:
        kept = flow.read(call, request, "sign-in")
        username = username if kept is None else kept.username
    response = _page(call, request, authorization_request, username=username, notice=notice, is_bad=flash == EXPIRED)
    if notice:
        flow.forget_flash(call, response)
    return response


async def post_login(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    # 1. Did our own page send this?
    foreign = flow.refuse(call, request, authorization_request)
    if foreign is not None:
        return foreign
    # 2. "Sign in as ...": the session of this browser is the proof.
    if request.form.get("continue"):
        session = await _session(call, request, authorization_request)
        if session is None or not authorization_request.is_met_by(session, call.now):
            return flow.back_to_login(call, authorization_request, why="the session of this browser has ended")
        return await flow.reuse(call, authorization_request, session)
    # 3. The password, and where it leads.
    if forms.lacks_country_code(call, request):
        typed = request.form["username"][: forms.MOST_USERNAME].strip()
        call.note = str(fields.NUMBER_NEEDS_COUNTRY_CODE)
        error = words(fields.NUMBER_NEEDS_COUNTRY_CODE)
        return _page(call, request, authorization_request, username=typed, error=error, is_name_wrong=True)
    username = forms.username(call, request)
    try:
        outcome = await _sign_in(call, username, forms.password(request))
        return await flow.next_page(call, request, authorization_request, outcome)
    # 4. What the user has to do first, or what was wrong.
    except NotConfirmed as refusal:
        return await _to_confirm(call, request, authorization_request, username, refusal)
    except errors.PasswordResetRequiredException as refusal:
        call.note = refusal.detail
        return flow.go_to(call, authorization_request, flow.begin(call, "reset", username))
    except CognitoError as refusal:
        return _page(call, request, authorization_request, username=username, error=render.public_text(call, refusal))


async def _sign_in(call: ClientCall, username: str, password: str) -> Outcome:
    if not username or not password:
        detail = "the password is empty or too long"
        if not username:
            detail = "the username is empty or too long, or has a blank in it, or a character that cannot be seen"
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)
    return await machine.by_password(call, username, password)


async def _to_confirm(
    call: ClientCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    username: str,
    refusal: NotConfirmed,
) -> Response:
    """The page that asks for the code. Who has given the right password is sent a new one, and signed in by it."""
    error, sent = "", None
    if refusal.proven is not None:
        if not sign_up.can_be_sent_code(call.user_pool, refusal.proven):
            # No message can reach this user: only an administrator can confirm the account.
            return _page(
                call, request, authorization_request, username=username, error=render.public_text(call, refusal)
            )
        try:
            sent = await sign_up.resend_confirmation_code(call, username)
        except CognitoError as unsent:
            error = render.public_text(call, unsent)  # an earlier code may still be good
    call.note = refusal.detail
    page_flow = flow.begin(call, "confirm", username, proven=refusal.proven, sent=sent, error=error)
    return flow.go_to(call, authorization_request, page_flow)


async def _session(call: PoolCall, request: Request, authorization_request: AuthorizationRequest) -> Remembered | None:
    """The living session of this browser, if it is enough for the request."""
    session = await sso_session.find(call, request)
    return session if session is not None and authorization_request.is_met_by(session, call.now) else None


def _page(  # noqa: PLR0913  what the page shows
    call: PoolCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    *,
    username: str = "",
    error: str = "",
    notice: str = "",
    is_bad: bool = False,
    is_name_wrong: bool = False,
) -> Response:
    return pool_page(
        call,
        request,
        authorization_request,
        "login.html",
        csp=render.CSP_FORM_LEAVES,
        title="Sign in",
        username=username,
        error=error,
        error_id="loginErrorMessage",
        is_name_wrong=is_name_wrong,
        notice=notice,
        notice_kind="plain" if is_bad else "good",
        username_field=fields.username_field(call.user_pool),
        may_recover=recovery.is_self_service(call.user_pool),
        may_sign_up=sign_up.is_open(call.user_pool),
    )


def _continue_page(
    call: PoolCall, request: Request, authorization_request: AuthorizationRequest, session: Remembered
) -> Response:
    return pool_page(
        call,
        request,
        authorization_request,
        "login_continue.html",
        csp=render.CSP_FORM_LEAVES,
        title="Welcome back",
        query_login=urlencode({**authorization_request.parameters, "prompt": "login"}),
        username=session.user.attributes.get("email") or session.user.username,
    )
