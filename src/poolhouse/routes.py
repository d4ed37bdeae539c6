"""The route table: every address but the JSON API's, with its handlers, its name and how its failures are told."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import msgspec

from poolhouse.api import import_upload
from poolhouse.asgi import Request, Response
from poolhouse.oauth2 import answers, authorize, logout, revoke, token, userinfo
from poolhouse.pages import (
    change_password,
    clock_api,
    confirm,
    confirm_user,
    customization_image,
    demo,
    error,
    event_feedback,
    forgot_password,
    inbox,
    login,
    mfa,
    mfa_option,
    mfa_register,
    signup,
    triggers,
)
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.settings import ui_customization
from poolhouse.storage.engine import ping
from poolhouse.well_known import jwks, openid_configuration

C = TypeVar("C", bound=Call)  # what is proven of the call when a handler gets it
Handler = Callable[[C, Request], Awaitable[Response]]

DATA_LOST = (
    "{} was deleted or replaced in the data folder: what is written now is lost at the next stop. Restart the server."
)


class Route(Generic[C]):
    """One address. handlers: by method, with what logs call such a request, in the form of CloudTrail (`Token_POST`).

    is_json: whether a program asked, so that a failure is JSON, too; else it is a page.
    """

    __slots__ = ("handlers", "is_json")

    def __init__(self, name: str, handlers: dict[str, Handler[C]], *, is_json: bool = False) -> None:
        self.handlers = {method: (handler, f"{name}_{method}") for method, handler in handlers.items()}
        self.is_json = is_json


async def _preflight(_call: Call, request: Request) -> Response:
    return answers.preflight(request)


async def _health(call: Call, _request: Request) -> Response:
    await ping(call.db)
    lost = call.house.files.lost  # as of the last second
    head = [("content-type", "application/json"), ("cache-control", "no-store")]
    if lost is None:
        return Response(200, b'{"status":"ok"}', head)
    return Response(503, msgspec.json.encode({"status": "failed", "reason": DATA_LOST.format(lost.name)}), head)


# On every user pool domain, for the default pool at the root of the public URL, and for every pool that has a domain
# under {public URL}/{user pool id} (endpoints.md §1.1, §1.2).
DOMAIN_ROUTES: dict[str, Route[PoolCall]] = {
    "/oauth2/authorize": Route("Authorize", {"GET": authorize.get_authorize, "POST": authorize.post_authorize}),
    "/authorize": Route("Authorize", {"GET": authorize.get_authorize, "POST": authorize.post_authorize}),
    "/oauth2/token": Route("Token", {"POST": token.post_token, "OPTIONS": _preflight}, is_json=True),
    "/oauth2/userInfo": Route(
        "UserInfo", {"GET": userinfo.userinfo, "POST": userinfo.userinfo, "OPTIONS": _preflight}, is_json=True
    ),
    "/oauth2/userinfo": Route(
        "UserInfo", {"GET": userinfo.userinfo, "POST": userinfo.userinfo, "OPTIONS": _preflight}, is_json=True
    ),
    "/oauth2/revoke": Route("Revoke", {"POST": revoke.post_revoke, "OPTIONS": _preflight}, is_json=True),
    "/login": Route("Login", {"GET": login.get_login, "POST": login.post_login}),
    "/oauth2/login": Route("Login", {"GET": login.get_login, "POST": login.post_login}),
    "/logout": Route("Logout", {"GET": logout.get_logout, "POST": logout.post_logout}),
    "/signup": Route("Signup", {"GET": signup.get_signup, "POST": signup.post_signup}),
    "/confirm": Route("Confirm", {"GET": confirm.get_confirm, "POST": confirm.post_confirm}),
    "/resendcode": Route("ResendCode", {"POST": confirm.post_resend_code}),
    "/confirmUser": Route("ConfirmUser", {"GET": confirm_user.get_confirm_user}),
    "/confirmUser/": Route("ConfirmUser", {"GET": confirm_user.get_confirm_user}),
    "/forgotPassword": Route(
        "ForgotPassword", {"GET": forgot_password.get_forgot_password, "POST": forgot_password.post_forgot_password}
    ),
    "/confirmforgotPassword": Route(
        "ConfirmForgotPassword",
        {
            "GET": forgot_password.get_confirm_forgot_password,
            "POST": forgot_password.post_confirm_forgot_password,
        },
    ),
    "/confirmForgotPassword": Route(
        "ConfirmForgotPassword",
        {
            "GET": forgot_password.get_confirm_forgot_password,
            "POST": forgot_password.post_confirm_forgot_password,
        },
    ),
    "/changePassword": Route(
        "ChangePassword", {"GET": change_password.get_change_password, "POST": change_password.post_change_password}
    ),
    "/mfa": Route("Mfa", {"GET": mfa.get_mfa, "POST": mfa.post_mfa}),
    "/mfa/option": Route("MfaOption", {"GET": mfa_option.get_mfa_option, "POST": mfa_option.post_mfa_option}),
    "/mfa/register": Route(
        "MfaRegister", {"GET": mfa_register.get_mfa_register, "POST": mfa_register.post_mfa_register}
    ),
    "/eventFeedback": Route(
        "Event_Feedback", {"GET": event_feedback.get_event_feedback, "POST": event_feedback.post_event_feedback}
    ),
    ui_customization.IMAGE_PATH: Route("CustomizationImage", {"GET": customization_image.get_image}),
    "/error": Route("Error", {"GET": error.get_error}),
}

# Under {public URL}/{user pool id} (endpoints.md §12).
ISSUER_ROUTES: dict[str, Route[PoolCall]] = {
    ".well-known/openid-configuration": Route(
        "OpenIDConfiguration", {"GET": openid_configuration.get_openid_configuration}, is_json=True
    ),
    ".well-known/jwks.json": Route("JWKS", {"GET": jwks.get_jwks}, is_json=True),
}

# Ours, on every host.
OWN_ROUTES: dict[str, Route[Call]] = {
    "/_poolhouse/health": Route("Health", {"GET": _health}, is_json=True),
    "/_poolhouse/inbox": Route("Inbox", {"GET": inbox.get_inbox}),
    "/_poolhouse/api/clock": Route("Clock", {"GET": clock_api.get_clock, "POST": clock_api.post_clock}, is_json=True),
    "/_poolhouse/api/inbox": Route(
        "InboxApi", {"GET": inbox.get_api_inbox, "DELETE": inbox.delete_api_inbox}, is_json=True
    ),
    import_upload.PATH: Route("UserImport", {"PUT": import_upload.put_import_file}, is_json=True),
    "/_poolhouse/triggers": Route("Triggers", {"GET": triggers.get_triggers, "POST": triggers.post_triggers}),
    "/_poolhouse/api/triggers": Route(
        "TriggersApi", {"GET": triggers.get_api_triggers, "POST": triggers.post_api_triggers}, is_json=True
    ),
    "/_poolhouse/demo": Route("Demo", {"GET": demo.get_demo, "POST": demo.post_demo}),
    "/_poolhouse/demo/sign-in": Route("DemoSignIn", {"GET": demo.get_sign_in}),
    "/_poolhouse/demo/callback": Route("DemoCallback", {"GET": demo.get_callback}),
}
