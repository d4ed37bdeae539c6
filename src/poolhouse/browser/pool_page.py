"""A page of a user pool with a form in it: whose page it is, which request it belongs to, which browser may send it."""

from typing import Any

from poolhouse.asgi import Request, Response
from poolhouse.browser import forms, render
from poolhouse.pool.call import PoolCall
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest


def pool_page(  # noqa: PLR0913  what every such page has
    call: PoolCall,
    request: Request,
    authorization_request: AuthorizationRequest,
    template: str,
    *,
    status: int = 200,
    csp: str = render.CSP,
    **values: Any,
) -> Response:
    """values: what this page shows beside its frame."""
    csrf = forms.csrf_token(call, request)
    response = render.page(
        template,
        status=status,
        csp=csp,
        **render.brand(call),
        base=call.base_path,
        query=authorization_request.query(),
        csrf=csrf,
        **values,
    )
    forms.set_csrf_token(call, response, csrf)
    return response
