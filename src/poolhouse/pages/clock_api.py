"""The clock of `dev`: /_poolhouse/api/clock moves it, so that a test need not wait."""

import msgspec

from poolhouse.asgi import Request, Response
from poolhouse.browser import forms, render
from poolhouse.errors import Text
from poolhouse.pool.call import Call

MOST_OFFSET_MS = 100 * 365 * 86_400_000  # a century; dates that cannot be printed would stop every page
_USAGE = 'send one of {"advance_seconds": a number}, {"offset_seconds": a number}, {"reset": true}'
_HEADERS = [("content-type", "application/json"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")]


async def get_clock(call: Call, request: Request) -> Response:
    """What time it is here, and how far that is from the machine's."""
    if call.settings.mode != "dev":
        return render.error_page(call, Text("There is no page at this address."), 404)
    return _told(call)


async def post_clock(call: Call, request: Request) -> Response:
    """Move the clock of every worker: from where it stands, to a distance from the machine's, or back."""
    if call.settings.mode != "dev":
        return render.error_page(call, Text("There is no page at this address."), 404)
    # A page of another site can send a form or plain text without asking first, but not JSON.
    if forms.is_from_elsewhere(call, request):
        return _json({"error": "not for pages of other sites"}, 403)
    if request.content_type != "application/json":
        return _json({"error": "send application/json"}, 415)
    try:
        offset_ms = _wanted(
            msgspec.json.decode(request.body, type=dict[str, object]), call.house.counters.clock_offset_ms
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return _json({"error": _USAGE}, 400)
    call.house.counters.clock_offset_ms = offset_ms
    return _told(call)


def _wanted(asked: dict[str, object], now_ms: int) -> int:
    """The offset that is asked for. Raises KeyError, TypeError, ValueError, OverflowError."""
    if asked.get("reset") is True:
        return 0
    is_absolute = "offset_seconds" in asked
    seconds = asked["offset_seconds" if is_absolute else "advance_seconds"]
    offset_ms = (0 if is_absolute else now_ms) + int(float(seconds) * 1000)  # type: ignore[arg-type]  # a TypeError says so
    if abs(offset_ms) > MOST_OFFSET_MS:
        raise ValueError
    return offset_ms


def _told(call: Call) -> Response:
    return _json({"now": call.house.clock.now(), "offset_seconds": call.house.counters.clock_offset_ms / 1000}, 200)


def _json(body: object, status: int) -> Response:
    return Response(status, msgspec.json.encode(body), _HEADERS.copy())
