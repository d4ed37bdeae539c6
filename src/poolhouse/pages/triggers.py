"""What triggers were told and said, in `dev`: as a page beside the inbox, and as JSON for `poolhouse triggers`.

A replay asks the function once more with the same event. What it answers then changes nobody: the flow that asked is long over.
"""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec

from poolhouse.asgi import Request, Response, redirect
from poolhouse.browser import forms, render
from poolhouse.errors import Text
from poolhouse.pool.call import Call
from poolhouse.triggers.failures import Failure
from poolhouse.triggers.records import Invocation

_HEADERS = [("content-type", "application/json"), ("cache-control", "no-store"), ("x-content-type-options", "nosniff")]


async def get_triggers(call: Call, request: Request) -> Response:
    """?id= opens one."""
    if call.settings.mode != "dev":
        return _nothing_here(call)
    records = call.house.invoker.records
    opened = None
    if "id" in request.query:
        opened = records.get(request.query["id"])
        if opened is None:
            return render.error_page(call, Text("There is no such invocation. The last 200 are kept."), 404)
    return render.house_page(
        call,
        "triggers.html",
        title=opened.trigger_source if opened else "Triggers",
        section="triggers",
        # Under no-referrer a browser sends `Origin: null` with the form, which could come from anywhere.
        referrer="same-origin",
        invocations=[_shown(each) for each in records.all()],
        invocation=_shown(opened) if opened else None,
    )


async def post_triggers(call: Call, request: Request) -> Response:
    """The Replay button."""
    if call.settings.mode != "dev":
        return _nothing_here(call)
    if forms.is_from_elsewhere(call, request):
        return render.error_page(call, Text("Not for pages of other sites."), 403)
    again = await _replay(call, request.form.get("id", "") if forms.is_form(request) else "")
    if again is None:
        return render.error_page(call, Text("There is no such invocation. The last 200 are kept."), 404)
    return redirect(f"/_poolhouse/triggers?id={again.id}")


async def get_api_triggers(call: Call, request: Request) -> Response:
    """All, the newest first."""
    if call.settings.mode != "dev":
        return _nothing_here(call)
    return _json({"invocations": call.house.invoker.records.all()}, 200)


async def post_api_triggers(call: Call, request: Request) -> Response:
    """{"replay": id}: the new invocation."""
    if call.settings.mode != "dev":
        return _nothing_here(call)
    if forms.is_from_elsewhere(call, request):
        return _json({"message": "Not for pages of other sites."}, 403)
    if request.content_type != "application/json":
        return _json({"message": "Send application/json."}, 415)
    try:
        asked = msgspec.json.decode(request.body, type=dict[str, str])["replay"]
    except (KeyError, msgspec.DecodeError):
        return _json({"message": 'Send {"replay": "<id>"}.'}, 400)
    again = await _replay(call, asked)
    return _json({"message": "There is no such invocation."}, 404) if again is None else _json(again, 200)


async def _replay(call: Call, invocation_id: str) -> Invocation | None:
    """Ask again, with the event of before; the new invocation."""
    invoker = call.house.invoker
    kept = invoker.records.get(invocation_id)
    if kept is None:
        return None
    event = msgspec.json.encode(kept.event)
    try:
        await invoker.invoke(
            kept.user_pool_id, kept.arn, event, call.log_extra, replay_of=kept.id, is_event=kept.is_event
        )
    except Failure as failure:
        call.note = str(failure)  # recorded, which is what was asked for
    return invoker.records.all()[0]


def _nothing_here(call: Call) -> Response:
    return render.error_page(call, Text("There is no page at this address."), 404)


def _json(body: object, status: int) -> Response:
    return Response(status, msgspec.json.encode(body), _HEADERS.copy())


class _Shown(msgspec.Struct, frozen=True):
    """An invocation as the template wants it. changes: (member of the response, before, after)."""

    id: str
    source: str
    user_name: str
    user_pool_id: str
    arn: str
    request_id: str
    error: str
    milliseconds: str
    event: str
    answer: str
    changes: list[tuple[str, str, str]]
    replay_of: str
    at: str
    clock: str
    long_clock: str


def _shown(invocation: Invocation) -> _Shown:
    at = datetime.fromtimestamp(invocation.at, UTC)
    return _Shown(
        id=invocation.id,
        source=invocation.trigger_source,
        user_name=str(invocation.event.get("userName", "")),
        user_pool_id=invocation.user_pool_id,
        arn=invocation.arn,
        request_id=invocation.request_id,
        error=invocation.error,
        milliseconds=f"{invocation.milliseconds:.1f} ms",
        event=_pretty(invocation.event),
        answer="" if invocation.error and invocation.answer is None else _pretty(invocation.answer),
        changes=_changes(invocation.event.get("response"), invocation.answer),
        replay_of=invocation.replay_of,
        at=at.isoformat(),
        clock=at.strftime("%H:%M:%S"),
        long_clock=at.strftime("%d %B %Y, %H:%M:%S UTC"),
    )


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _changes(before: Any, answer: Any) -> list[tuple[str, str, str]]:
    """What the function has set in `response`."""
    after = answer.get("response") if isinstance(answer, dict) else None
    if not isinstance(before, dict) or not isinstance(after, dict):
        return []
    return [
        (name, _pretty(before.get(name)), _pretty(value)) for name, value in after.items() if value != before.get(name)
    ]
