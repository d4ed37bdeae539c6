"""/forgotPassword and /confirmforgotPassword: a new password for somebody who has a code (endpoints.md §10.3)."""

from poolhouse import cookies
from poolhouse.asgi import Request, Response
from poolhouse.call import Call
from poolhouse.errors import CognitoError
from poolhouse.pages import fields, flow, forms, render
from poolhouse.pages.flow import PageFlow
from poolhouse.pool import authorization_requests, recovery, sso_sessions, texts
from poolhouse.pool.authorization_requests import AuthorizationRequest
from poolhouse.wire import exceptions as errors

PASSWORDS_DIFFER = "The two passwords are different."  # ours: the form has two fields, the API one


async def get_forgot_password(call: Call, request: Request) -> Response:
    authorization_request = await authorization_requests.read(call, request.query_pairs)
    if not recovery.is_self_service(call.user_pool):
        return render.error_page(call, texts.CONTACT_ADMINISTRATOR)
    return _page(call, request, authorization_request, username=authorization_request.login_hint)


async def post_forgot_password(call: Call, request: Request) -> Response:
    authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = forms.refuse_foreign(call, request)
    if refusal is not None:
        return refusal
    username = forms.username(request)
    if not forms.is_csrf_token_right(call, request):
        return _page(call, request, authorization_request, username=username, is_expired=True)
    try:
        sent = await recovery.forgot_password(call, username)
    except CognitoError as error:
        return _page(call, request, authorization_request, username=username, error=render.public_text(call, error))
    is_again = flow.read(call, request, "reset") is not None and "flow" in request.form
    page_flow = flow.begin(call, "reset", username, sent=sent)
    return flow.go_to(call, authorization_request, page_flow, flow.CODE_SENT if is_again else "")


async def get_confirm_forgot_password(call: Call, request: Request) -> Response:
    """Only reached by redirect."""
    authorization_request = await authorization_requests.read(call, request.query_pairs)
    page_flow = flow.read(call, request, "reset")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request)
    is_resent = flow.flashed(call, request) == flow.CODE_SENT
    response = _confirm_page(
        call, request, authorization_request, page_flow, error=page_flow.error, is_resent=is_resent
    )
    if is_resent:
        flow.forget_flash(call, response)
    return response


async def post_confirm_forgot_password(call: Call, request: Request) -> Response:
    authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = flow.read(call, request, "reset") or flow.begin(call, "reset", forms.username(request))
    password, code = forms.password(request), forms.code(request)
    try:
        if password != request.form.get("confirmPassword", password):
            raise errors.InvalidParameterException(PASSWORDS_DIFFER)
        cookie = cookies.get_cookie(call, request, sso_sessions.COOKIE)
        await recovery.confirm_forgot_password(call, page_flow.username, code, password, cookie=cookie)
    except CognitoError as error:
        text = render.public_text(call, error)
        # A password that will not do has not spent the code: nobody types it again, and the other field is marked.
        is_about_password = text == PASSWORDS_DIFFER or isinstance(error, errors.InvalidPasswordException)
        good_code = code if is_about_password else ""
        return _confirm_page(call, request, authorization_request, page_flow, error=text, good_code=good_code)
    return flow.back_to_login(call, authorization_request, "password-changed")


def _page(  # noqa: PLR0913  what the page shows
    call: Call,
    request: Request,
    authorization_request: AuthorizationRequest,
    *,
    username: str,
    error: str = "",
    is_expired: bool = False,
) -> Response:
    csrf = forms.csrf_token(call, request)
    response = render.page(
        "forgot_password.html",
        status=403 if is_expired else 200,
        title="Forgot your password?",
        pool_name=render.pool_name(call),
        base=call.base_path,
        query=authorization_request.query(),
        csrf=csrf,
        username=username,
        error=error,
        notice=forms.EXPIRED if is_expired else "",
        notice_kind="plain",
        username_field=fields.username_field(call.user_pool),
    )
    forms.set_csrf_token(call, response, csrf)
    return response


def _confirm_page(  # noqa: PLR0913  what the page shows
    call: Call,
    request: Request,
    authorization_request: AuthorizationRequest,
    page_flow: PageFlow,
    *,
    error: str,
    good_code: str = "",
    is_resent: bool = False,
) -> Response:
    csrf = forms.csrf_token(call, request)
    response = render.page(
        "confirm_forgot_password.html",
        title="Set a new password",
        pool_name=render.pool_name(call),
        inbox=render.has_open_inbox(call),
        base=call.base_path,
        query=authorization_request.query(),
        csrf=csrf,
        error=error,
        notice=flow.sent_notice(page_flow, "code") if is_resent else "",
        is_resent=is_resent,
        good_code=good_code,
        username=page_flow.username,
        medium=page_flow.medium,
        destination=page_flow.destination,
        rules=fields.password_rules(call.user_pool),
        flow=flow.seal(call, page_flow),
    )
    forms.set_csrf_token(call, response, csrf)
    return response
