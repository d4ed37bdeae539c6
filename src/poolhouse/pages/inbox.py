"""The inbox: every e-mail and SMS of this server with its code, as a page for a person and as JSON for a test."""

import asyncio
import base64
import binascii
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec

from poolhouse import clock
from poolhouse.asgi import Request, Response
from poolhouse.call import Call
from poolhouse.delivery import inbox
from poolhouse.delivery.inbox import InboxMessage
from poolhouse.pages import render
from poolhouse.pool import access_keys

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
    to, html_id = request.query.get("to", "").strip(), request.query.get("html")
    messages = await inbox.messages(call.house, to or None)
    if html_id is not None:
        letter = next((message for message in messages if message.id == html_id), None)
        return _letter(letter) if letter is not None else _no_message(call)
    opened = None
    if "id" in request.query:
        opened = next((message for message in messages if message.id == request.query["id"]), None)
        if opened is None:
            return _no_message(call)
    return render.page(
        "inbox.html",
        csp=render.CSP_FRAMES_OWN,
        title=(opened.subject or "Text message") if opened else "Inbox",
        section="inbox",
        to=to,
        messages=[_shown(message, to) for message in messages],
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
        username=message.username,
        user_pool_id=message.user_pool_id,
        query=urlencode({"to": to, "id": message.id} if to else {"id": message.id}),
        at=at.isoformat(),
        clock=at.strftime("%H:%M"),
        long_clock=at.strftime("%d %B %Y, %H:%M:%S UTC"),
        has_markup="<" in message.html,
    )


def _no_message(call: Call) -> Response:
    return render.error_page(call, "There is no such message. The inbox keeps messages for a limited time.", 404)


async def get_api_inbox(call: Call, request: Request) -> Response:
    """?to=ADDRESS&wait=SECONDS: newest first; with `wait`, as soon as there is one, or none when the time is over.

    after: wait for a message that is newer than this id.
    """
    refusal = await _refuse(call, request)
    if refusal is not None:
        return refusal
    wait = _seconds(request.query.get("wait", "0"))
    if wait is None:
        return Response(400, b'{"message":"wait is a number of seconds."}', _JSON_HEADERS.copy())
    to, after = request.query.get("to", "").strip(), request.query.get("after", "")
    until = clock.monotonic() + wait
    messages = await inbox.messages(call.house, to or None)
    while not (messages and messages[0].id > after) and clock.monotonic() < until:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        messages = await inbox.messages(call.house, to or None)
    if after:
        messages = [message for message in messages if message.id > after]
    return Response(200, msgspec.json.encode({"messages": messages}), _JSON_HEADERS.copy())


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text or 0)
    except ValueError:
        return None
    return min(seconds, LONGEST_WAIT_SECONDS) if seconds >= 0 else None


async def _refuse(call: Call, request: Request) -> Response | None:
    """Who may not read other people's mail: everybody but the operator, who shows an access key. Open in `dev`."""
    if call.settings.delivery != "inbox":
        return render.error_page(call, "This server sends its messages; it has no inbox.", 404)
    if call.settings.mode == "dev" or await _is_operator(call, request):
        return None
    response = render.error_page(call, "The inbox opens with an access key of this server.", 401)
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
    key = await access_keys.find(call, access_key_id)
    return key is not None and key.is_secret(secret)
