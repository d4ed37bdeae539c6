"""/confirmUser: the link of a confirmation e-mail (endpoints.md §10.3)."""

from poolhouse.asgi import Request, Response
from poolhouse.browser import flow, forms, render
from poolhouse.browser.words import words
from poolhouse.errors import CognitoError, PageError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.users import sign_up
from poolhouse.wire import exceptions as errors

# One text for all of it. Mail scanners open links before people do, so most who read this are confirmed; but whether this
# account is, or exists, is not told to who makes up a link.
LINK_NOT_GOOD = Text(
    "It was used already, or it is too old. If it was used, your account is confirmed and you can sign in. If not, sign in "
    "as well: you will be sent a new one."
)
_NO_LONGER_GOOD = (
    errors.CodeMismatchException,
    errors.ExpiredCodeException,
    errors.NotAuthorizedException,
    errors.UserNotFoundException,
    errors.LimitExceededException,
)


async def get_confirm_user(call: PoolCall, request: Request) -> Response:
    for name in ("client_id", "user_name", "confirmation_code"):
        if not request.query.get(name):
            raise PageError(texts.PAGE_PARAMETER_MISSING, name)
    client = await call.configuration.find_client(request.query["client_id"], call.user_pool.id)
    if client is None:
        raise PageError(texts.PAGE_CLIENT_DOES_NOT_EXIST)
    call = call.as_client(client)
    username = forms.clean_username(request.query["user_name"])
    try:
        if not username:
            raise errors.ExpiredCodeException(texts.CODE_EXPIRED)
        await sign_up.confirm_sign_up(call, username, forms.clean_code(request.query["confirmation_code"]))
    except _NO_LONGER_GOOD:
        return _page(call, "This link is no longer good", LINK_NOT_GOOD, 400)
    except CognitoError as error:
        return render.error_page(call, render.public(call, error))
    return _page(call, "All done", Text(texts.PAGE_REGISTRATION_CONFIRMED))


def _page(call: ClientCall, title: str, text: Text, status: int = 200) -> Response:
    query = flow.sign_in_query(call.client)
    sign_in = f"{call.base_path}/login?{query}" if query else ""
    return render.page(
        "message.html", status=status, title=title, **render.brand(call), text=words(text), sign_in=sign_in
    )
