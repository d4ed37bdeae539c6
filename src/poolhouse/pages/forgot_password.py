"""/forgotPassword and /confirmforgotPassword: a new password for somebody who has a code (endpoints.md §10.3)."""

from collections.abc import Mapping

from poolhouse.asgi import Request, Response
from poolhouse.browser import fields, flow, forms, kept_password, render, sso_session
from poolhouse.browser.flow import PageFlow
from poolhouse.browser.pool_page import pool_page
from poolhouse.browser.words import words
from poolhouse.errors import CognitoError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import authorization_requests
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest
from poolhouse.pool.users import form_problems, recovery
from poolhouse.wire import exceptions as errors


async def get_forgot_password(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    if not recovery.is_self_service(call.user_pool):
        return render.error_page(call, Text(texts.CONTACT_ADMINISTRATOR))
    return _page(call, request, authorization_request, username=authorization_request.login_hint)


async def post_forgot_password(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = forms.refuse_foreign(call, request)
    if refusal is not None:
        return refusal
    forms.take_context(call, request)
    username = forms.username(call, request)
    if not forms.is_csrf_token_right(call, request):
        call.note = forms.why_expired(call, request)
        return _page(call, request, authorization_request, username=username, is_expired=True)
    if forms.lacks_country_code(call, request):
        typed = request.form["username"][: forms.MOST_USERNAME].strip()
        call.note = str(fields.NUMBER_NEEDS_COUNTRY_CODE)
        error = words(fields.NUMBER_NEEDS_COUNTRY_CODE)
        return _page(call, request, authorization_request, username=typed, error=error)
    try:
        sent = await recovery.forgot_password(call, username)
    except CognitoError as error:
        return _page(call, request, authorization_request, username=username, error=render.public_text(call, error))
    is_again = flow.read(call, request, "reset") is not None and "flow" in request.form
    page_flow = flow.begin(call, "reset", username, sent=sent)
    return flow.go_to(call, authorization_request, page_flow, flow.CODE_SENT if is_again else "")


async def get_confirm_forgot_password(call: PoolCall, request: Request) -> Response:
    """Only reached by redirect."""
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    page_flow = flow.read(call, request, "reset")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, why=flow.NOTHING_CARRIED)
    is_resent = flow.flashed(call, request) == flow.CODE_SENT
    response = _confirm_page(
        call, request, authorization_request, page_flow, error=page_flow.error, is_resent=is_resent
    )
    if is_resent:
        flow.forget_flash(call, response)
    return response


async def post_confirm_forgot_password(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = flow.read(call, request, "reset") or flow.begin(call, "reset", forms.username(call, request))
    is_typed = bool(request.form.get("password") or request.form.get("confirmPassword"))
    password = forms.password(request) if is_typed else kept_password.read(call, request)
    code = forms.code(request)
    try:
        if is_typed and password != request.form.get("confirmPassword", password):
            raise errors.InvalidParameterException(fields.PASSWORDS_DIFFER)
        cookie = sso_session.cookie(call, request)
        await recovery.confirm_forgot_password(call, page_flow.username, code, password, cookie=cookie)
    except CognitoError as error:
        text, wrong = render.public_text(call, error), _wrong_fields(call, error, password)
        # A field that was not refused is not typed again: a password that will not do has not spent the code.
        return _confirm_page(
            call,
            request,
            authorization_request,
            page_flow,
            error=text,
            wrong=wrong,
            good_code="" if "code" in wrong else code,
            password="" if wrong.keys() & {"password", "confirmPassword"} else password,
        )
    signs_in = flow.begin(call, "sign-in", page_flow.username)
    return flow.go_to(call, authorization_request, signs_in, "password-changed")


def _wrong_fields(call: ClientCall, refusal: CognitoError, password: str) -> dict[str, str]:
    """Name of field -> what is wrong with it; also of the password, though the API looks at the code first."""
    objections = form_problems.of_new_password(call, password, {}).password
    wrong = fields.wrong_passwords(call.user_pool, objections, refusal.text)
    if isinstance(refusal, errors.InvalidPasswordException | errors.PasswordHistoryPolicyViolationException):
        return wrong or {"password": words(refusal.text)}
    return wrong if refusal.template == fields.PASSWORDS_DIFFER else {"code": words(refusal.text), **wrong}


def _page(  # noqa: PLR0913  what the page shows
    call: PoolCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    *,
    username: str,
    error: str = "",
    is_expired: bool = False,
) -> Response:
    return pool_page(
        call,
        request,
        authorization_request,
        "forgot_password.html",
        status=403 if is_expired else 200,
        title="Forgot your password?",
        username=username,
        error=error,
        notice=forms.EXPIRED if is_expired else "",
        notice_kind="plain",
        username_field=fields.username_field(call.user_pool),
    )


def _confirm_page(  # noqa: PLR0913  what the page shows
    call: ClientCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    page_flow: PageFlow,
    *,
    error: str,
    wrong: Mapping[str, str] | None = None,
    good_code: str = "",
    password: str = "",
    is_resent: bool = False,
) -> Response:
    """wrong: name of field -> what is wrong with it.  password: one that is good, to be kept."""
    asked = [
        fields.Field("code", "code", "Code", value=good_code),
        fields.Field("new_password", "password", "New password"),
        fields.Field("confirm_password", "confirmPassword", "Confirm new password"),
    ]
    shown = fields.marked(asked, wrong or {})
    return pool_page(
        call,
        request,
        authorization_request,
        "confirm_forgot_password.html",
        title="Set a new password",
        inbox=render.has_open_inbox(call),
        error=fields.heading(shown, error),
        notice=flow.sent_notice(page_flow, "code") if is_resent else "",
        is_resent=is_resent,
        code=shown[0],
        password=shown[1],
        again=shown[2],
        kept=kept_password.seal(call, request, password) if password else "",
        username=page_flow.username,
        medium=page_flow.medium,
        destination=page_flow.destination,
        rules=fields.password_rules(call.user_pool),
        flow=flow.seal(call, page_flow),
    )
