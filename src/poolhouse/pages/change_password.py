"""/changePassword: a temporary password gives way to one's own, and missing attributes are filled in (endpoints.md §10.1)."""

from poolhouse.asgi import Request, Response
from poolhouse.call import Call
from poolhouse.errors import CognitoError
from poolhouse.pages import fields, flow, forms, render
from poolhouse.pages.flow import PageFlow
from poolhouse.pages.forgot_password import PASSWORDS_DIFFER
from poolhouse.pool import authorization_requests
from poolhouse.pool.authorization_requests import AuthorizationRequest
from poolhouse.pool.challenges import new_password_required
from poolhouse.wire import exceptions as errors


async def get_change_password(call: Call, request: Request) -> Response:
    """Only reached by redirect from a sign-in with a temporary password."""
    authorization_request = await authorization_requests.read(call, request.query_pairs)
    page_flow = flow.read(call, request, "new-password")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request)
    return _page(call, request, authorization_request, page_flow, values={})


async def post_change_password(call: Call, request: Request) -> Response:
    authorization_request = await authorization_requests.read(call, request.query_pairs)
    refusal = flow.refuse(call, request, authorization_request)
    if refusal is not None:
        return refusal
    page_flow = flow.read(call, request, "new-password")
    if page_flow is None:
        return flow.back_to_login(call, authorization_request)
    password, attributes = forms.password(request), forms.attributes(request)
    try:
        if password != request.form.get("confirmPassword", password):
            raise errors.InvalidParameterException(PASSWORDS_DIFFER)
        outcome = await new_password_required.respond(call, page_flow.session, page_flow.username, password, attributes)
        return await flow.next_page(call, request, authorization_request, outcome)
    except CognitoError as error:
        text = render.public_text(call, error)
        return _page(call, request, authorization_request, page_flow, values=attributes, error=text)


def _page(  # noqa: PLR0913  what the page shows
    call: Call,
    request: Request,
    authorization_request: AuthorizationRequest,
    page_flow: PageFlow,
    *,
    values: dict[str, str],
    error: str = "",
) -> Response:
    csrf = forms.csrf_token(call, request)
    response = render.page(
        "change_password.html",
        csp=render.CSP_FORM_LEAVES,
        title="Choose a new password",
        pool_name=render.pool_name(call),
        base=call.base_path,
        query=authorization_request.query(),
        csrf=csrf,
        error=error,
        username=page_flow.username,
        fields=[fields.attribute_field(name, values.get(name, "")) for name in page_flow.missing_attributes],
        rules=fields.password_rules(call.user_pool),
        flow=flow.seal(call, page_flow),
    )
    forms.set_csrf_token(call, response, csrf)
    return response
