"""A lean HTTP/1.1 client: keep-alive, one request at a time, just enough parsing to check answers."""

import asyncio
import re
from typing import Any

import msgspec

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]*)", re.IGNORECASE)


class WrongAnswer(Exception):
    """An answer that does not count. The run ends: a figure over wrong answers means nothing."""


class Answer:
    __slots__ = ("body", "head", "status")

    def __init__(self, status: int, head: bytes, body: bytes) -> None:
        self.status = status
        self.head = head
        self.body = body

    def json(self) -> Any:
        return msgspec.json.decode(self.body)

    def expect(self, status: int) -> "Answer":
        if self.status != status:
            raise WrongAnswer(
                f"{self.status} instead of {status}:\n{self.head.decode()}\n{self.body[:2000].decode(errors='replace')}"
            )
        return self

    def cookies(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in _COOKIE.findall(self.head)}

    def location(self) -> str:
        found = _LOCATION.search(self.head)
        return found[1].decode() if found else ""


class Connection(asyncio.Protocol):
    """One connection to the server."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiter: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, port: int) -> "Connection":
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return connection

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(WrongAnswer(f"the server closed the connection: {error}"))

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = buffer[:end]
        found = _LENGTH.search(head)
        length = int(found[1]) if found else 0
        if not found and b"transfer-encoding" in head.lower():
            raise WrongAnswer("chunked answers are not understood here")
        if len(buffer) < end + 4 + length:
            return
        self._buffer = b""
        waiter, self._waiter = self._waiter, None
        if waiter is not None:
            waiter.set_result(Answer(int(buffer[9:12]), head, buffer[end + 4 : end + 4 + length]))

    async def send(self, request: bytes) -> Answer:
        assert self._transport is not None
        self._waiter = waiter = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await waiter


def build(method: str, target: str, host: str, headers: str, body: bytes = b"") -> bytes:
    """headers: whole lines, each with its line end."""
    length = f"Content-Length: {len(body)}\r\n" if body or method == "POST" else ""
    return f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{headers}{length}\r\n".encode() + body
