"""/changePassword: a temporary password gives way to one's own, and missing attributes are filled in (endpoints.md §10.1)."""

from collections.abc import Mapping

from poolhouse.asgi import Request, Response
from poolhouse.browser import fields, flow, forms, kept_password, render
from poolhouse.browser.flow import PageFlow
from poolhouse.browser.pool_page import pool_page
from poolhouse.errors import CognitoError
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.sign_in import authorization_requests, machine
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest
from poolhouse.pool.users import form_problems
from poolhouse.wire import exceptions as errors


async def get_change_password(call: PoolCall, request: Request) -> Response:
    """Only reached by redirect from a sign-in with a temporary password."""
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    page_flow = flow.read(call, request, "new-password")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, why=flow.NOTHING_CARRIED)
    return _page(call, request, authorization_request, page_flow, values={})


async def post_change_password(call: PoolCall, request: Request) -> Response:
    call, authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = flow.read(call, request, "new-password")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request, why=flow.NOTHING_CARRIED)
    is_typed = bool(request.form.get("password") or request.form.get("confirmPassword"))
    password = forms.password(request) if is_typed else kept_password.read(call, request)
    attributes = forms.attributes(request)
    try:
        if is_typed and password != request.form.get("confirmPassword", password):
            raise errors.InvalidParameterException(fields.PASSWORDS_DIFFER)
        outcome = await machine.with_new_password(call, page_flow.session, page_flow.username, password, attributes)
        return await flow.next_page(call, request, authorization_request, outcome)
    except CognitoError as error:
        text, wrong = render.public_text(call, error), _wrong_fields(call, error, password, attributes)
        is_good = not wrong.keys() & {"password", "confirmPassword"}
        return _page(
            call,
            request,
            authorization_request,
            page_flow,
            values=attributes,
            error=text,
            wrong=wrong,
            password=password if is_good else "",
        )


def _wrong_fields(call: ClientCall, refusal: CognitoError, password: str, attributes: dict[str, str]) -> dict[str, str]:
    """Name of field -> what is wrong with it; every field, though the refusal names only the first."""
    problems = form_problems.of_new_password(call, password, attributes)
    wrong = {name: fields.advice(name, text) for name, text in problems.attributes.items()}
    return wrong | fields.wrong_passwords(call.user_pool, problems.password, refusal.text)


def _page(  # noqa: PLR0913  what the page shows
    call: ClientCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    page_flow: PageFlow,
    *,
    values: dict[str, str],
    error: str = "",
    wrong: Mapping[str, str] | None = None,
    password: str = "",
) -> Response:
    """wrong: name of field -> what is wrong with it.  password: one that is good, to be kept."""
    asked = [
        fields.Field("new_password", "password", "New password"),
        fields.Field("confirm_password", "confirmPassword", "Confirm new password"),
        *(fields.attribute_field(name, values.get(name, "")) for name in page_flow.missing_attributes),
    ]
    shown = fields.marked(asked, wrong or {})
    return pool_page(
        call,
        request,
        authorization_request,
        "change_password.html",
        csp=render.CSP_FORM_LEAVES,
        title="Set a new password",
        error=fields.heading(shown, error),
        username=page_flow.username,
        password=shown[0],
        again=shown[1],
        fields=shown[2:],
        kept=kept_password.seal(call, request, password) if password else "",
        rules=fields.password_rules(call.user_pool),
        flow=flow.seal(call, page_flow),
    )
