"""Owns HTTP/1.1 on one connection: bytes in, a whole Request to the application, a whole Response out in one write.

It stands in the place of uvicorn's own protocol class and keeps to uvicorn's side of the contract (connections, tasks, graceful
stop). ASGI would cut every request and response into messages, and send head and body in two packets: 28 us more for each
request, as much as half of what GetUser may cost (docs/performance.md).
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Sized
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import unquote

import httptools
from uvicorn.config import Config
from uvicorn.server import ServerState

from poolhouse.asgi import Request, Response

log = logging.getLogger("poolhouse")

MAX_HEAD_BYTES = 65_536  # Far above any real one: a URL of 8 KB, cookies of 4 KB each, tokens of 16 KB.
MAX_HEADERS = 200
MAX_WAITING = 64  # Requests sent ahead of their turn. Browsers and SDKs send none; each costs some KB while it waits.
# A refused body is read to its end, so that the client gets to see the answer and can go on; but not without end.
MAX_DISCARDED_BYTES = 16 * 1_048_576
LINGER_SECONDS = 30.0  # How long a closed connection may take to deliver its last answers.
LAST_CALL_SECONDS = 0.2  # How long an idle connection stays at a graceful stop: a request may be on its way.
READ_SECONDS = 30.0  # A whole request must arrive within this, so that a slow sender cannot hold a connection for ever,
SLOWEST_BYTES_PER_SECOND = 262_144  # and a long one at least so fast.

_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Application(Protocol):
    """What the protocol asks of the server."""

    def watch(self, tasks: Sized) -> None:
        """Told once for each connection: one task for each request that is being answered."""
        ...

    def new_request(self, method: str, path: str, query_string: str, headers: dict[str, str], peer: str) -> Request: ...

    def body_limit(self, request: Request) -> int:
        """How many bytes of body this request, whose head alone is there, may have."""
        ...

    def refuse_body(self, request: Request, limit: int) -> Response:
        """The answer to a request whose body is larger."""
        ...

    def dispatch(self, request: Request) -> Awaitable[Response]:
        """The answer to a whole request; never raises."""
        ...


class _Refused(Exception):
    """The bytes are no request that can be answered otherwise than by this status; the connection ends."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Turn:
    """A request that waits for its answer, or the answer itself where that is known already."""

    __slots__ = ("answer", "is_head", "keeps_alive", "request", "task")

    task: "asyncio.Task[None]"

    def __init__(self, request: Request, answer: Response | None, *, is_head: bool, keeps_alive: bool) -> None:
        self.request = request
        self.answer = answer
        self.is_head = is_head
        self.keeps_alive = keeps_alive


class HTTPProtocol(asyncio.Protocol):
    """One connection. Its constructor is called by uvicorn."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],  # noqa: ARG002  the signature is uvicorn's
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self._app: Application = config.loaded_app  # our App, which is an ASGI application too
        self._idle_seconds: float = config.timeout_keep_alive
        self._state = server_state
        self._app.watch(server_state.tasks)
        self._loop = _loop or asyncio.get_running_loop()
        self._parser: Any = httptools.HttpRequestParser(self)
        self._transport: asyncio.Transport
        self._request: Request  # the one being read, once its head is complete
        self._peer = ""
        self._timer: asyncio.TimerHandle
        self._deadline = 0.0
        # Answers leave in the order of their requests: the one being made, then those that came meanwhile.
        self._current: _Turn | None = None
        self._waiting: deque[_Turn] = deque()
        self._is_stopping = False  # Nothing more is read.
        self._is_last_call = False  # The next answer is the last one.
        self._is_reading_paused = False
        self._is_writing_paused = False

        # Between the beginning of a head, or of what follows a chunk, and its end: the parser itself keeps what it reads.
        self._is_open_ended = False

    def _begin(self) -> None:
        self._is_open_ended = True
        self._loose_bytes = -1
        self._url = b""
        self._headers: dict[str, str] = {}
        self._head_bytes = 0
        self._header_count = 0
        self._body: bytes | bytearray = b""
        self._body_bytes = 0
        self._limit = 0
        self._is_head_complete = False
        self._is_head = False
        self._is_refused = False

    # ---------------------------------------------------------------- called by the event loop

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._peer = peer[0] if isinstance(peer, tuple) else ""
        self._state.connections.add(self)  # type: ignore[arg-type]  # uvicorn asks it for nothing but shutdown()
        self._deadline = self._loop.time() + self._idle_seconds
        self._tick()

    def connection_lost(self, _error: Exception | None) -> None:
        self._state.connections.discard(self)
        self._is_stopping = True
        self._waiting.clear()
        self._parser = None  # It refers to us: without this the connection would wait for the collector of cycles.
        self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self._is_stopping:
            return
        try:
            self._parser.feed_data(data)
            if self._is_open_ended:
                self._count_loose(len(data))
        except httptools.HttpParserUpgrade:
            self._is_stopping = True  # We speak HTTP/1.1 only: the request is answered, what follows it is not read.
        except httptools.HttpParserCallbackError as error:
            # The parser wraps what its callbacks raise.
            status = error.__context__.status if isinstance(error.__context__, _Refused) else 400
            self._refuse_connection(status)
        except httptools.HttpParserError:
            self._refuse_connection(400)
        except _Refused as refusal:
            self._refuse_connection(refusal.status)

    def _count_loose(self, size: int) -> None:
        """Bound what the parser holds of one header, which it shows us only when it is whole. Raises _Refused."""
        if self._loose_bytes < 0:
            self._loose_bytes = 0  # It began somewhere in this read.
            return
        self._loose_bytes += size
        if self._loose_bytes > MAX_HEAD_BYTES:
            raise _Refused(431)

    def eof_received(self) -> bool:
        """A client that has sent all it wants to send still gets its answers."""
        self._is_stopping = True
        return self._is_busy

    def pause_writing(self) -> None:
        """The client does not read its answers: until it does, nothing more is read from it and no other answer is made."""
        self._is_writing_paused = True
        self._update_reading()

    def resume_writing(self) -> None:
        self._is_writing_paused = False
        if self._current is None and self._waiting:
            self._start_next()
        else:
            self._update_reading()

    def shutdown(self) -> None:
        """Called by uvicorn at a graceful stop: finish what has begun.

        Closed at once, an idle connection would reset a request that the client is just sending; a POST is not sent again.
        """
        if self._is_busy:
            self._is_stopping = True
            return
        self._is_last_call = True
        if not self._transport.is_closing():
            self._timer.cancel()
            self._timer = self._loop.call_later(LAST_CALL_SECONDS, self._end_last_call)

    def _end_last_call(self) -> None:
        if self._is_busy:
            self._tick()
            return
        self._close()
        if self._transport.get_write_buffer_size():
            self._tick()
            return
        # It has its answers. With TLS its good-bye would be waited for, too, and browsers say none.
        self._timer = self._loop.call_later(LAST_CALL_SECONDS, self._transport.abort)

    # ---------------------------------------------------------------- called by the parser

    def on_message_begin(self) -> None:
        self._begin()
        self._deadline = self._loop.time() + READ_SECONDS

    def on_url(self, url: bytes) -> None:
        self._url += url
        self._head_bytes += len(url)
        if self._head_bytes > MAX_HEAD_BYTES:
            raise _Refused(431)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_head_complete:
            # A trailer must not pass for a header that a proxy has looked at (RFC 9110 §6.5.1).
            self._count_head(len(name) + len(value))
            return
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        headers = self._headers
        if key in headers:
            if key == "host":
                raise _Refused(400)  # RFC 9112 §3.2
            text = f"{headers[key]}, {text}"
        headers[key] = text
        self._header_count += 1  # as _count_head, without a call for every header
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > MAX_HEAD_BYTES or self._header_count > MAX_HEADERS:
            raise _Refused(431)

    def _count_head(self, size: int) -> None:
        self._header_count += 1
        self._head_bytes += size
        if self._head_bytes > MAX_HEAD_BYTES or self._header_count > MAX_HEADERS:
            raise _Refused(431)

    def on_headers_complete(self) -> None:
        self._is_head_complete = True
        self._is_open_ended = False
        headers = self._headers
        path, query = _split(self._url)
        method = self._parser.get_method().decode("latin-1")
        self._is_head = method == "HEAD"
        self._request = self._app.new_request("GET" if self._is_head else method, path, query, headers, self._peer)
        self._limit = self._app.body_limit(self._request)
        self._deadline += self._limit // SLOWEST_BYTES_PER_SECOND
        declared = headers.get("content-length")
        expects = "expect" in headers and headers["expect"].lower() == "100-continue"
        if declared is not None and int(declared) > self._limit:
            self._refuse_body(is_rest_sent=not expects and int(declared) <= MAX_DISCARDED_BYTES)
        elif expects and not self._is_busy:
            self._transport.write(_CONTINUE)

    def on_chunk_header(self) -> None:
        # Behind the last chunk come trailers, which may be as long as headers.
        self._is_open_ended = True
        self._loose_bytes = -1

    def on_body(self, data: bytes) -> None:
        self._is_open_ended = False
        self._body_bytes += len(data)
        if self._is_refused:
            if self._body_bytes > MAX_DISCARDED_BYTES:
                raise _Refused(413)
        elif self._body_bytes > self._limit:
            self._refuse_body(is_rest_sent=True)
        elif not self._body:
            self._body = data
        elif isinstance(self._body, bytearray):
            self._body += data
        else:
            # One buffer: a list of its pieces would be many times the size of a body that comes in chunks of two bytes.
            self._body = bytearray(self._body) + data

    def on_message_complete(self) -> None:
        self._is_open_ended = False
        # What comes next is another request: until then only the idle time counts.
        self._deadline = self._loop.time() + self._idle_seconds
        if not self._is_refused:
            self._request.body = bytes(self._body)
            self._take_turn(None)

    # ---------------------------------------------------------------- answers, one after the other

    def _refuse_body(self, *, is_rest_sent: bool) -> None:
        """Answer at once; is_rest_sent: the client sends the body all the same, and it is read and dropped."""
        self._is_refused = True
        self._body = b""
        if not is_rest_sent:
            self._is_stopping = True
        self._take_turn(self._app.refuse_body(self._request, self._limit))

    @property
    def _is_busy(self) -> bool:
        """Whether an answer is owed: one is being made, or waits because the client does not read the one before."""
        return self._current is not None or bool(self._waiting)

    def _take_turn(self, answer: Response | None) -> None:
        """Raises _Refused: the client sends far ahead of its answers. Those already owed are the last."""
        turn = _Turn(
            self._request,
            answer,
            is_head=self._is_head,
            keeps_alive=not self._is_stopping and not self._is_last_call and self._parser.should_keep_alive(),
        )
        if not self._is_busy:
            self._start(turn)
        elif len(self._waiting) >= MAX_WAITING:
            raise _Refused(429)
        else:
            self._waiting.append(turn)
            self._update_reading()

    def _start(self, turn: _Turn) -> None:
        self._current = turn
        if turn.answer is not None:
            self._finish(turn, turn.answer)
            return
        turn.task = self._loop.create_task(self._run(turn))
        self._state.tasks.add(turn.task)  # uvicorn waits for them at a graceful stop.

    async def _run(self, turn: _Turn) -> None:
        try:
            answer = await self._app.dispatch(turn.request)
            self._finish(turn, answer)
        except Exception:  # The application promises not to raise; the client must not wait for ever if it does.
            log.exception("request failed", extra={"request_id": turn.request.request_id})
            turn.keeps_alive = False
            self._finish(turn, Response(500, b"Internal Server Error", [("content-type", "text/plain")]))
        finally:
            self._state.tasks.discard(turn.task)  # A callback of the task would cost a turn of the event loop.

    def _finish(self, turn: _Turn, answer: Response) -> None:
        self._state.total_requests += 1
        closes = not turn.keeps_alive or (self._is_stopping and not self._waiting)
        if not self._transport.is_closing():
            self._transport.write(self._encode(turn, answer, closes=closes))
        self._current = None
        self._deadline = max(self._deadline, self._loop.time() + self._idle_seconds)
        if closes:
            self._close()
        elif self._waiting and not self._is_writing_paused:
            self._start_next()

    def _start_next(self) -> None:
        following = self._waiting.popleft()
        self._update_reading()
        self._start(following)

    def _encode(self, turn: _Turn, answer: Response, *, closes: bool) -> bytes:
        body = answer.body
        head = "".join([f"{name}: {value}\r\n" for name, value in answer.headers])
        # Values may carry what a client sent, such as `state` in a location: a line break in one would forge a header.
        if head.count("\n") != len(answer.headers) or head.count("\r") != len(answer.headers) or "\0" in head:
            raise ValueError("a header with a line break")
        length = "" if answer.status in (204, 304) else f"content-length: {len(body)}\r\n"
        last = "connection: close\r\n\r\n" if closes else "\r\n"
        start = f"{_STATUS_LINES[answer.status]}{_date(self._state)}{head}{length}{last}".encode("latin-1")
        return start if turn.is_head else start + body

    def _refuse_connection(self, status: int) -> None:
        """The stream of bytes cannot be understood any more."""
        self._is_stopping = True
        if not self._is_busy and not self._transport.is_closing():
            self._transport.write(f"{_STATUS_LINES[status]}content-length: 0\r\nconnection: close\r\n\r\n".encode())
            self._close()
        # Otherwise the answers that are owed are the last ones.

    # ---------------------------------------------------------------- flow and time

    def _update_reading(self) -> None:
        should_pause = self._is_writing_paused or bool(self._waiting)
        if should_pause and not self._is_reading_paused:
            self._is_reading_paused = True
            self._transport.pause_reading()
        elif self._is_reading_paused and not should_pause:
            self._is_reading_paused = False
            self._transport.resume_reading()

    def _close(self) -> None:
        """Close once the client has its answers; one that does not read them is not waited for without end."""
        self._is_stopping = True
        self._waiting.clear()
        self._transport.close()
        self._deadline = self._loop.time() + LINGER_SECONDS

    def _tick(self) -> None:
        """Looked at now and then instead of a timer for each request, which would cost more than the check."""
        if self._current is None and self._loop.time() >= self._deadline:
            if self._transport.is_closing():
                self._transport.abort()
                return
            self._close()
        self._timer = self._loop.call_later(max(self._idle_seconds / 2, 0.05), self._tick)


def _split(url: bytes) -> tuple[str, str]:
    """(path without percent signs, query string) of a request target. Raises _Refused."""
    try:
        if not url.startswith(b"/"):  # RFC 9112 §3.2.2: the absolute form
            parts = httptools.parse_url(url)
            url = (parts.path or b"/") + (b"?" + parts.query if parts.query else b"")
        path, _, query = url.decode("ascii").partition("#")[0].partition("?")
        return (unquote(path, errors="strict") if "%" in path else path), query
    except (httptools.HttpParserError, UnicodeDecodeError):
        raise _Refused(400) from None


_date_line: tuple[object, str] = (None, "")


def _date(state: ServerState) -> str:
    """The Date line, which uvicorn renews once a second as a new list."""
    global _date_line  # noqa: PLW0603  a cache of one line for all connections of the process
    if _date_line[0] is not state.default_headers:
        lines = "".join(
            f"{name.decode('latin-1')}: {value.decode('latin-1')}\r\n" for name, value in state.default_headers
        )
        _date_line = (state.default_headers, lines)
    return _date_line[1]
