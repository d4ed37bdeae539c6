"""/error: where refusals end that may not be sent to a client (endpoints.md §11)."""

from poolhouse.asgi import Request, Response
from poolhouse.call import Call
from poolhouse.pages import render
from poolhouse.pool.authorization_requests import missing_parameter


async def get_error(call: Call, request: Request) -> Response:
    text = request.query.get("error")
    if text is None and request.query:
        text = missing_parameter(
            "redirect_uri"
        )  # OBS streamlit#14601: /error?client_id=... after a /logout not understood
    return render.error_page(call, text)
