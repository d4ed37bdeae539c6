"""/signup: the page where people make an account of their own (endpoints.md §10.3)."""

from collections.abc import Mapping

from msgspec.structs import replace

from poolhouse.asgi import Request, Response
from poolhouse.browser import fields, flow, forms, kept_password, render
from poolhouse.browser.pool_page import pool_page
from poolhouse.browser.words import words
from poolhouse.code_points import has_unseen
from poolhouse.errors import CognitoError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import authorization_requests, machine
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest
from poolhouse.pool.users import form_problems, sign_up
from poolhouse.wire import exceptions as errors

USERNAME_NOT_USABLE = "Choose a name of at most 128 characters, without blanks."  # ours: the API answers with a pattern
CODE_NOT_SENT = Text(
    "Your account was created, but no code could be sent to confirm it. Please contact an administrator."  # GUESS
)


async def get_signup(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    if not sign_up.is_open(call.user_pool):
        return render.error_page(call, Text(texts.SIGN_UP_NOT_PERMITTED))
    username = authorization_request.login_hint or _mistyped(call, request)
    return _page(call, request, authorization_request, username=username, values={})


def _mistyped(call: ClientCall, request: Request) -> str:
    """What whoever comes back from the page that asks for the code has typed, to be mended there.

    A name that is no address stays with the account that was made, so it is not offered again.
    """
    page_flow = flow.read(call, request, "confirm") if call.user_pool.username_attributes else None
    return "" if page_flow is None else page_flow.username


async def post_signup(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    # 1. Did our own page send this?
    refusal = forms.refuse_foreign(call, request)
    if refusal is not None:
        return refusal
    forms.take_context(call, request)
    username, attributes = forms.username(call, request), forms.attributes(request)
    if not forms.is_csrf_token_right(call, request):
        call.note = forms.why_expired(call, request)
        # The password is not kept: who knows whose it is.
        return _page(call, request, authorization_request, username=username, values=attributes, is_expired=True)
    # 2. Make the user.
    is_typed = bool(request.form.get("password"))
    password = forms.password(request) if is_typed else kept_password.read(call, request)
    try:
        # Where a name is an address or a number, the pool's own refusal says so.
        if has_unseen(username) or not (username or call.user_pool.username_attributes):
            raise errors.InvalidParameterException(USERNAME_NOT_USABLE)
        signed_up = await sign_up.sign_up(call, username, password, attributes)
        # 3. Confirmed by a trigger: the password that was just chosen signs in.
        if signed_up.is_confirmed:
            outcome = await machine.by_password(call, username, password)
            return await flow.next_page(call, request, authorization_request, outcome)
    except CognitoError as error:
        text, wrong = render.public_text(call, error), _wrong_fields(call, error, username, password, attributes)
        return _page(
            call,
            request,
            authorization_request,
            username=username or request.form.get("username", "")[: forms.MOST_USERNAME],
            values=attributes,
            error=text,
            wrong=wrong,
            password="" if "password" in wrong else password,
        )
    # 4. A code was sent: the page that asks for it.
    if signed_up.delivery is None:
        return _page(
            call, request, authorization_request, username=username, values=attributes, error=words(CODE_NOT_SENT)
        )
    page_flow = flow.begin(call, "confirm", username, proven=signed_up.user, sent=signed_up.delivery)
    return flow.go_to(call, authorization_request, page_flow)


def _wrong_fields(
    call: ClientCall, refusal: CognitoError, username: str, password: str, attributes: dict[str, str]
) -> dict[str, str]:
    """Name of field -> what is wrong with it; every field, though the refusal names only the first."""
    problems = form_problems.of_sign_up(call, username, password, attributes)
    wrong = {name: fields.advice(name, text) for name, text in problems.attributes.items()}
    if problems.password:
        wrong["password"] = fields.password_advice(call.user_pool, problems.password)
    if refusal.template == USERNAME_NOT_USABLE:
        wrong["username"] = words(refusal.text)
    elif problems.username is not None:
        wrong["username"] = fields.advice("username", problems.username)
    elif isinstance(refusal, errors.UsernameExistsException):
        taken = next((name for name in attributes if refusal.text == Text(texts.ALIAS_EXISTS, (name,))), "username")
        wrong[taken] = fields.advice(taken, refusal.text)
    return wrong


def _page(  # noqa: PLR0913  what the page shows
    call: ClientCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    *,
    username: str,
    values: dict[str, str],
    error: str = "",
    wrong: Mapping[str, str] | None = None,
    password: str = "",
    is_expired: bool = False,
) -> Response:
    """wrong: name of field -> what is wrong with it.  password: one that is good, to be kept."""
    asked = [
        replace(fields.username_field(call.user_pool, is_sign_up=True), value=username),
        *fields.sign_up_fields(call.user_pool, values),
        fields.Field("password", "password", "Password"),
    ]
    shown = fields.marked(asked, wrong or {})
    return pool_page(
        call,
        request,
        authorization_request,
        "signup.html",
        status=403 if is_expired else 200,
        csp=render.CSP_FORM_LEAVES,
        title="Create an account",
        error=fields.heading(shown, error),
        notice=forms.EXPIRED if is_expired else "",
        notice_kind="plain",
        username=shown[0],
        fields=shown[1:-1],
        password=shown[-1],
        kept=kept_password.seal(call, request, password) if password else "",
        rules=fields.password_rules(call.user_pool),
    )
