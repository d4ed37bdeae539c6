"""/eventFeedback: the links of a mail about a risky sign-in. GUESS: where Cognito has it; a press is ours.

Mail scanners open links before people do. What they open must not make a stranger's device look like the user's, so the link
only asks, and the button answers.
"""

from poolhouse.asgi import Request, Response
from poolhouse.browser import forms, render
from poolhouse.browser.words import words
from poolhouse.errors import PageError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.users import auth_events
from poolhouse.wire import exceptions as errors

_FIELDS = ("username", "event_id", "feedback_token", "feedback_value")
_VALUES = ("Valid", "Invalid")
NOT_GOOD = Text("It is too old, or not complete. If you do not know this sign-in, change your password.")
THANKS = Text("Thank you. This helps to tell your sign-ins from those of others.")
CHANGE_IT = Text("Thank you. Change your password now, if you have not done so.")
_NO_LONGER_GOOD = (
    errors.NotAuthorizedException,
    errors.ResourceNotFoundException,
    errors.UserPoolAddOnNotEnabledException,
)


async def get_event_feedback(call: PoolCall, request: Request) -> Response:
    given = _given(request.query)
    csrf = forms.csrf_token(call, request)
    response = render.page(
        "event_feedback.html",
        title="Do you know this sign-in?",
        **render.brand(call),
        base=call.base_path,
        csrf=csrf,
        carried=list(given.items()),
        is_valid=given["feedback_value"] == "Valid",
    )
    forms.set_csrf_token(call, response, csrf)
    return response


async def post_event_feedback(call: PoolCall, request: Request) -> Response:
    refusal = forms.refuse(call, request)
    if refusal is not None:
        return refusal
    given = _given(request.form)
    value = given["feedback_value"]
    username = forms.clean_username(given["username"])
    try:
        if not username:
            raise errors.NotAuthorizedException(texts.INVALID_FEEDBACK_TOKEN)
        await auth_events.user_feedback(call, username, given["event_id"], given["feedback_token"], value)
    except _NO_LONGER_GOOD as error:
        call.refusal = error
        return _message(call, "This link is no longer good", NOT_GOOD, 400)
    return _message(call, "All done", THANKS if value == "Valid" else CHANGE_IT)


def _given(fields: dict[str, str]) -> dict[str, str]:
    """Raises PageError."""
    given = {name: fields.get(name, "") for name in _FIELDS}
    for name, value in given.items():
        if not value or (name == "feedback_value" and value not in _VALUES):
            raise PageError(texts.PAGE_PARAMETER_MISSING, name)
    return given


def _message(call: PoolCall, title: str, text: Text, status: int = 200) -> Response:
    return render.page("message.html", status=status, title=title, **render.brand(call), text=words(text), sign_in="")
