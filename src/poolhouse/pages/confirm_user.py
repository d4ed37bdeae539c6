"""/confirmUser: the link of a confirmation e-mail (endpoints.md §10.3)."""

from poolhouse.asgi import Request, Response
from poolhouse.call import Call
from poolhouse.errors import CognitoError, PageError
from poolhouse.pages import forms, render
from poolhouse.pool import sign_up, texts
from poolhouse.wire import exceptions as errors


async def get_confirm_user(call: Call, request: Request) -> Response:
    for name in ("client_id", "user_name", "confirmation_code"):
        if not request.query.get(name):
            raise PageError(texts.PAGE_PARAMETER_MISSING.format(name))
    client = await call.configuration.find_client(request.query["client_id"], call.user_pool.id)
    if client is None:
        raise PageError(texts.PAGE_CLIENT_DOES_NOT_EXIST)
    call.client = client
    username = forms.clean_username(request.query["user_name"])
    try:
        if not username:
            raise errors.ExpiredCodeException(texts.CODE_EXPIRED)
        await sign_up.confirm_sign_up(call, username, request.query["confirmation_code"])
    except CognitoError as error:
        return render.error_page(call, render.public_text(call, error))
    return render.page(
        "message.html", title="All done", pool_name=render.pool_name(call), text=texts.PAGE_REGISTRATION_CONFIRMED
    )
