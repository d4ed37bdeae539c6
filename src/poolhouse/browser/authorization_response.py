"""How a browser carries an authorization response to the client: by a redirect, or by a form that sends itself."""

from msgspec import convert

from poolhouse.asgi import Response, redirect
from poolhouse.browser import render
from poolhouse.errors import OAuthError, PageError
from poolhouse.pool.call import Call
from poolhouse.pool.sign_in.authorization_responses import AuthorizationResponse, ResponseMode


def carry(call: Call, response: AuthorizationResponse) -> Response:
    if response.response_mode != "form_post":
        return redirect(response.location)
    return render.page(
        "form_post.html",
        csp=render.CSP_FORM_LEAVES,
        title="Back to the application",
        **render.brand(call),
        action=response.redirect_uri,
        parameters=response.parameters,
    )


def refuse(call: Call, refusal: OAuthError) -> Response:
    """Tell the client what was wrong. The order is Cognito's: description, state, error (OBS awscdk-minecraft#40)."""
    if refusal.redirect_uri is None:
        raise PageError(refusal.error)
    told = {"error_description": refusal.description} if refusal.description else {}
    if refusal.state is not None:
        told["state"] = refusal.state
    told["error"] = refusal.error
    if refusal.issuer:
        told["iss"] = refusal.issuer
    mode = convert(refusal.response_mode, ResponseMode)
    return carry(call, AuthorizationResponse(refusal.redirect_uri, told, mode))
