"""/error and every refusal that may not be sent to a client (endpoints.md §2, §11)."""

from poolhouse.asgi import Request, Response, redirect
from poolhouse.browser import developer, render
from poolhouse.errors import PageError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import Call, PoolCall


async def get_error(call: PoolCall, request: Request) -> Response:
    text = texts.PAGE_ERRORS.get(request.query.get("error", ""))
    if request.query and "error" not in request.query:
        # OBS streamlit#14601: /error?client_id=... after a /logout not understood
        text = Text(texts.PAGE_PARAMETER_MISSING, ("redirect_uri",))
    note = await developer.note(call, text, developer.sent(request))
    return render.error_page(call, text, developer=note)


async def refused(call: Call, request: Request, refusal: PageError) -> Response:
    """The answer to a refusal that a page has raised."""
    if refusal.moves_to is not None:
        response = redirect(f"{call.site}/error?{refusal.moves_to}")
        developer.remember(call, request, response)
        return response
    note = await developer.note(call, refusal.text, request.query)
    return render.error_page(call, refusal.text, refusal.status, developer=note)
