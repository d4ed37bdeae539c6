"""One line for each request: what was asked, what was answered and why.

A refusal often has to hide its reason from the caller: whether a password was wrong or nobody has that name must look the
same. Who runs the server may know, so the errors carry it in `detail` and it ends here. Never in a line: a query string, a
header, a body, and with them every code, token and password. So whoever raises an error whose text quotes the caller gives it
a `detail` that does not (discretion.py).
"""

import logging
import time
from collections.abc import Awaitable
from urllib.parse import urlsplit

import msgspec

from poolhouse import discretion
from poolhouse.asgi import Request, Response
from poolhouse.errors import CognitoError, OAuthError, PageError, PoolhouseError
from poolhouse.pool.call import SIGNED_IN, Call, ClientCall, PoolCall
from poolhouse.wire.operations import OPERATIONS

log = logging.getLogger("poolhouse.requests")

# What pages and tests ask again and again is told only when it fails.
_UNTOLD = ("/_poolhouse/static/", "/_poolhouse/health", "/_poolhouse/inbox", "/_poolhouse/api/inbox", "/favicon.ico")
MOST_CHARACTERS = 200  # of one part of a line; a path or a name may be as long as a client likes


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a line says.

    asked: method and operation, or method and path.  location: where a redirect leads, without its query.
    error, reason: of a refusal; the reason is the private one where there is one. A reason alone: of an answer that
    hides that nothing was done, or of a step back.  milliseconds: until the answer was made.
    """

    asked: str
    status: int
    milliseconds: float
    request_id: str
    remote_ip: str = ""
    operation: str = ""
    user_pool_id: str = ""
    client_id: str = ""
    user_pool: str = ""
    client: str = ""
    location: str = ""
    error: str = ""
    reason: str = ""

    @property
    def is_refused(self) -> bool:
        return self.status >= 400 or bool(self.reason)

    def where(self) -> str:
        """The names of pool and client."""
        return "/".join(name for name in (self.user_pool, self.client) if name)

    def answered(self) -> str:
        """Status, where to, and why: `302 -> /error · redirect_mismatch · http://localhost:3000 is not among the 3 of ...`."""
        said = [f"{self.status} -> {self.location}" if self.location else str(self.status)]
        if self.error:
            said[0] += f" {self.error}" if not self.location else ""
            said += [self.error] if self.location else []
        if self.reason and self.reason != self.error:
            said.append(self.reason)
        return " · ".join(said)

    def __str__(self) -> str:
        parts = [f"{self.asked:<28}", self.where(), self.answered(), f"{self.milliseconds:.0f} ms"]
        return "  ".join(part for part in parts if part)


async def told(call: Call, request: Request, answer: Awaitable[Response]) -> Response:
    """The answer, with its line written."""
    began = time.perf_counter()
    response = await answer
    if log.isEnabledFor(logging.INFO) and (response.status >= 400 or not request.path.startswith(_UNTOLD)):
        log.info(entry(call, request, response, (time.perf_counter() - began) * 1000))
    call.forget_refusal()
    return response


def entry(call: Call, request: Request, response: Response, milliseconds: float) -> Entry:
    """What there is to say about a request and its answer."""
    user_pool = call.user_pool if isinstance(call, PoolCall) else None
    client = call.client if isinstance(call, ClientCall) else None
    refusal = getattr(call, "refusal", None)
    error, reason = ("", "") if refusal is None else _told_of(refusal)
    # What was proven is no sign-in when a trigger or a rule has said no after all.
    if call.note and not (refusal is not None and call.note.startswith(SIGNED_IN)):
        reason = " · ".join(filter(None, (reason, _clean(call.note))))
    return Entry(
        asked=_clean(f"{request.method} {_target(request) or discretion.path(request.path)}"),
        status=response.status,
        milliseconds=round(milliseconds, 1),
        request_id=call.request_id,
        remote_ip=call.remote_ip,
        operation=call.operation,
        user_pool_id="" if user_pool is None else user_pool.id,
        client_id="" if client is None else client.id,
        user_pool="" if user_pool is None else _clean(user_pool.settings.Name or user_pool.id),
        client="" if client is None else _clean(client.settings.ClientName or client.id),
        location=_location(call, response),
        error=error,
        reason=reason,
    )


def _target(request: Request) -> str:
    """The operation that an AWS JSON call names, built or not."""
    name = request.headers.get("x-amz-target", "").rpartition(".")[2] if request.path == "/" else ""
    return name if name in OPERATIONS else ""


def _told_of(refusal: PoolhouseError) -> tuple[str, str]:
    """(public name, reason) of a refusal."""
    match refusal:
        case CognitoError():
            return refusal.code, _clean(refusal.detail or refusal.message or "")
        case OAuthError():
            return refusal.error, _clean(refusal.detail or refusal.description)
        case PageError():
            return "", _clean(" · ".join(filter(None, (refusal.message, refusal.detail))))
        case _:
            return type(refusal).__name__, ""


def _location(call: Call, response: Response) -> str:
    """Where a redirect leads: the path on this site, the address elsewhere; never the query, which carries codes."""
    for name, value in response.headers:
        if name == "location":
            parts = urlsplit(value)
            origin = f"{parts.scheme}://{parts.netloc}"
            return _clean(parts.path if not parts.netloc or origin == call.origin else f"{origin}{parts.path}")
    return ""


def _clean(text: str) -> str:
    """On one line and without control characters, which a terminal would obey; cut where it is very long."""
    short = text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"
    return (
        short if short.isprintable() else "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in short)
    )
