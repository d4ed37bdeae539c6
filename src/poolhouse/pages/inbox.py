"""The inbox: every e-mail and SMS of this server with its code, as a page for a person and as JSON for a test."""

import asyncio
import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlencode

import msgspec

from poolhouse import clock
from poolhouse.asgi import Request, Response
from poolhouse.browser import forms, render
from poolhouse.delivery import inbox
from poolhouse.delivery.inbox import InboxMessage
from poolhouse.errors import Text
from poolhouse.pool.call import Call

LONGEST_WAIT_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.1

# The letter itself, in a frame: it may look as its sender wants, but it runs nothing, asks nobody, and is no part of us.
_LETTER_CSP = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; frame-ancestors 'self'"
)
_LETTER_HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("content-security-policy", _LETTER_CSP),
    ("x-frame-options", "SAMEORIGIN"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
]
_ID = re.compile(r"[0-9a-f]{12}-[0-9a-f-]{1,40}")
_TIME = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_JSON_HEADERS = [
    ("content-type", "application/json"),
    ("cache-control", "no-store"),
    ("x-content-type-options", "nosniff"),
]


async def get_inbox(call: Call, request: Request) -> Response:
    """?to= shows one recipient's messages, ?id= opens one, ?html= is what the frame of an e-mail loads."""
    refusal = await _refuse(call, request)
    if refusal is not None:
        return refusal
    to, html_id = _address(request.query.get("to", "")), request.query.get("html")
    messages = await call.house.inbox.messages(to or None)
    if html_id is not None:
        letter = next((message for message in messages if message.id == html_id), None)
        return _letter(letter) if letter is not None else _no_message(call)
    opened = None
    if "id" in request.query:
        opened = next((message for message in messages if message.id == request.query["id"]), None)
        if opened is None:
            return _no_message(call)
    return render.house_page(
        call,
        "inbox.html",
        csp=render.CSP_FRAMES_OWN,
        title=(opened.subject or "Text message") if opened else "Inbox",
        section="inbox",
        to=to,
        messages=[_shown(message, to) for message in messages],
        newest=max((message.id for message in messages), default=""),
        message=_shown(opened, to) if opened else None,
    )


def _letter(message: InboxMessage) -> Response:
    """Its links open in a tab of their own, where a page that refuses frames can be seen."""
    return Response(200, f'<base target="_blank">{message.html}'.encode(), _LETTER_HEADERS.copy())


class _Shown(msgspec.Struct, frozen=True):
    """A message as the template wants it."""

    id: str
    channel: str
    to: str
    subject: str
    text: str
    code: str
    link: str
    username: str
    user_pool_id: str
    query: str
    at: str
    clock: str
    long_clock: str
    has_markup: bool


def _shown(message: InboxMessage, to: str) -> _Shown:
    at = datetime.fromtimestamp(message.created_at, UTC)
    return _Shown(
        id=message.id,
        channel=message.channel,
        to=message.to,
        subject=message.subject,
        text=message.text,
        code=message.code,
        link=message.link,
        username=message.username,
        user_pool_id=message.user_pool_id,
        query=urlencode({"to": to, "id": message.id} if to else {"id": message.id}),
        at=at.isoformat(),
        clock=at.strftime("%H:%M"),
        long_clock=at.strftime("%d %B %Y, %H:%M:%S UTC"),
        has_markup="<" in message.html,
    )


def _no_message(call: Call) -> Response:
    return render.error_page(call, Text("There is no such message. The inbox keeps messages for a limited time."), 404)


async def get_api_inbox(call: Call, request: Request) -> Response:
    """?to=ADDRESS&after=...&wait=SECONDS: newest first; docs/testing.md says what each means.

    With `wait`, the answer comes as soon as there is a message that it can hold, or empty when the time is over.
    """
    refusal = await _refuse(call, request)
    if refusal is not None:
        return refusal
    wait, is_newer = _seconds(request.query.get("wait", "0")), _newer_than(call, request.query.get("after", ""))
    if wait is None:
        return _api_error(400, "wait is a number of seconds.")
    if is_newer is None:
        return _api_error(400, "after is the id of a message, a time in epoch seconds, or now.")
    to = _address(request.query.get("to", ""))
    until = clock.monotonic() + wait
    found = list(filter(is_newer, await call.house.inbox.messages(to or None)))
    while not found and clock.monotonic() < until:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        found = list(filter(is_newer, await call.house.inbox.messages(to or None)))
    return Response(200, msgspec.json.encode({"messages": found}), _JSON_HEADERS.copy())


async def delete_api_inbox(call: Call, request: Request) -> Response:
    """?to=ADDRESS: throw its messages away; without an address, all. `dev` only, and not for other sites' pages."""
    refusal = await _refuse(call, request)
    if refusal is not None:
        return refusal
    if call.settings.mode != "dev":
        return _api_error(403, "Only `poolhouse dev` empties its inbox.")
    if forms.is_from_elsewhere(call, request):
        return _api_error(403, "Not for pages of other sites.")
    to = request.query.get("to")
    if to is not None and not _address(to):
        return _api_error(400, "to is an address; leave it out to throw all messages away.")
    await call.write(partial(inbox.empty, to=None if to is None else _address(to)))
    return Response(204, b"", _JSON_HEADERS[1:])


def _api_error(status: int, message: str) -> Response:
    return Response(status, msgspec.json.encode({"message": message}), _JSON_HEADERS.copy())


def _address(text: str) -> str:
    """An address as people put it into a query: a plus that nobody escaped arrives as a blank, and no address has one."""
    trimmed = text.rstrip()
    is_number = trimmed.startswith(" ") and trimmed[1:2].isdigit()
    return (trimmed if is_number else trimmed.lstrip()).replace(" ", "+")


def _newer_than(call: Call, after: str) -> Callable[[InboxMessage], bool] | None:
    """What `after` asks of a message; None when it cannot be read."""
    if not after:
        return lambda _message: True
    if _ID.fullmatch(after):
        return lambda message: message.id > after
    if after != "now" and not _TIME.fullmatch(after):
        return None
    moment = call.now if after == "now" else float(after)
    return lambda message: message.created_at > moment


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text or 0)
    except ValueError:
        return None
    return min(seconds, LONGEST_WAIT_SECONDS) if seconds >= 0 else None


async def _refuse(call: Call, request: Request) -> Response | None:
    """Who may not read other people's mail: everybody but the operator, who shows an access key. Open in `dev`."""
    if not call.settings.has_inbox:
        return render.error_page(call, Text("This server sends its messages; it has no inbox."), 404)
    if call.settings.mode == "dev" or await _is_operator(call, request):
        return None
    response = render.error_page(call, Text("The inbox opens with an access key of this server."), 401)
    response.headers.append(("www-authenticate", 'Basic realm="poolhouse inbox", charset="UTF-8"'))
    return response


async def _is_operator(call: Call, request: Request) -> bool:
    """HTTP Basic (RFC 7617) with an access key id and its secret."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return False
    try:
        access_key_id, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    key = await call.house.access_keys.find(access_key_id, call.now)
    return key is not None and key.is_secret(secret)
