"""/error: where refusals end that may not be sent to a client (endpoints.md §11)."""

from poolhouse.asgi import Request, Response
from poolhouse.call import Call
from poolhouse.pages import render
from poolhouse.pool import texts


async def get_error(call: Call, request: Request) -> Response:
    text = request.query.get("error")
    if text is None and request.query:
        # OBS streamlit#14601: /error?client_id=... after a /logout not understood
        text = texts.PAGE_PARAMETER_MISSING.format("redirect_uri")
    return render.error_page(call, text)
