"""HTTP/1.1 on bare sockets: many requests at the same moment, at a tenth of the cost of a client library."""

import asyncio
from typing import NamedTuple


class Answer(NamedTuple):
    """headers: lower-case names; a cookie is also found under `set-cookie:<its name>`, by its value alone."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """One kept-alive connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str) -> None:
        self._reader = reader
        self._writer = writer
        self._host = host

    @classmethod
    async def open(cls, port: int) -> "Connection":
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        return cls(reader, writer, f"localhost:{port}")

    def send(self, method: str, target: str, body: bytes = b"", **headers: str) -> None:
        lines = [f"{method} {target} HTTP/1.1", f"host: {self._host}", f"content-length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)

    async def receive(self) -> Answer:
        """Raises EOFError or OSError when the server goes away."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookie, _, rest = value.strip().partition("=")
                headers[f"set-cookie:{cookie}"] = rest.partition(";")[0]
        body = await self._reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(head[0].split()[1]), headers, body)

    async def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Answer:
        self.send(method, target, body, **headers)
        return await self.receive()

    def close(self) -> None:
        self._writer.close()
