"""/signup: the page where a person makes his own account (endpoints.md §10.3)."""

from poolhouse.asgi import Request, Response
from poolhouse.call import Call
from poolhouse.code_points import has_unseen
from poolhouse.errors import CognitoError
from poolhouse.pages import fields, flow, forms, render
from poolhouse.pool import authorization_requests, sign_up, texts
from poolhouse.pool.auth_flows import user_password_auth
from poolhouse.pool.authorization_requests import AuthorizationRequest
from poolhouse.wire import exceptions as errors

USERNAME_NOT_USABLE = "Choose a name of at most 128 characters, without blanks."  # ours: the API answers with a pattern
CODE_NOT_SENT = (
    "Your account was created, but no code could be sent to confirm it. Please contact an administrator."  # GUESS
)


async def get_signup(call: Call, request: Request) -> Response:
    authorization_request = await authorization_requests.read(call, request.query_pairs)
    if not sign_up.is_open(call.user_pool):
        return render.error_page(call, texts.SIGN_UP_NOT_PERMITTED)
    return _page(call, request, authorization_request, username=authorization_request.login_hint, values={})


async def post_signup(call: Call, request: Request) -> Response:
    authorization_request = await authorization_requests.read(call, request.query_pairs)
    # 1. Did our own page send this?
    refusal = forms.refuse(call, request)
    if refusal is not None:
        return refusal
    # 2. Make the user.
    username, password, attributes = forms.username(request), forms.password(request), forms.attributes(request)
    try:
        if not username or has_unseen(username):
            raise errors.InvalidParameterException(USERNAME_NOT_USABLE)
        signed_up = await sign_up.sign_up(call, username, password, attributes)
        # 3. Confirmed by a trigger: the password that was just chosen signs in.
        if signed_up.is_confirmed:
            outcome = await user_password_auth.authenticate(call, username, password)
            return await flow.next_page(call, request, authorization_request, outcome)
    except CognitoError as error:
        text = render.public_text(call, error)
        return _page(
            call, request, authorization_request, username=username, values=attributes, error=text, refusal=error
        )
    # 4. A code was sent: the page that asks for it.
    if signed_up.delivery is None:
        return _page(call, request, authorization_request, username=username, values=attributes, error=CODE_NOT_SENT)
    page_flow = flow.begin(call, "confirm", username, proven=signed_up.user, sent=signed_up.delivery)
    return flow.go_to(call, authorization_request, page_flow)


def _page(  # noqa: PLR0913  what the page shows
    call: Call,
    request: Request,
    authorization_request: AuthorizationRequest,
    *,
    username: str,
    values: dict[str, str],
    error: str = "",
    refusal: CognitoError | None = None,
) -> Response:
    csrf = forms.csrf_token(call, request)
    response = render.page(
        "signup.html",
        csp=render.CSP_FORM_LEAVES,
        title="Create an account",
        pool_name=render.pool_name(call),
        base=call.base_path,
        query=authorization_request.query(),
        csrf=csrf,
        username=username,
        error=error,
        is_username_wrong=error == texts.USER_ALREADY_EXISTS,
        is_password_wrong=isinstance(refusal, errors.InvalidPasswordException),
        username_field=fields.username_field(call.user_pool, is_sign_up=True),
        fields=fields.sign_up_fields(call.user_pool, values),
        rules=fields.password_rules(call.user_pool),
    )
    forms.set_csrf_token(call, response, csrf)
    return response
