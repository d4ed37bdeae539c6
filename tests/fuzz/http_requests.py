"""Sequences of odd requests against one worker, drawn from a seed, with a proper request between them that must be answered.

What is measured is the memory of the worker, over what it held when it stood idle and had answered everything once.
"""

import asyncio
import contextlib
import random
import socket
import struct
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.server import Server

AT_ONCE = 16  # sequences under way at a time
MOST_HELD = 60  # connections that neither read nor end, kept while others come
ANSWER_SECONDS = 20.0
MOST_GROWTH_BYTES = 20 * 1_048_576
PATHS = (
    "/",
    "/login?client_id=poolhousedemoapplication01&response_type=code&redirect_uri=http://localhost:3000",
    "/oauth2/token",
    "/oauth2/authorize",
    "/us-east-1_PoolHouse/.well-known/jwks.json",
    "/_poolhouse/health",
    "/nowhere",
    "/%00/%ff",
)
WRONG_SIGN_IN = (
    b'{"ClientId":"poolhousedemoapplication01","AuthFlow":"USER_PASSWORD_AUTH",'
    b'"AuthParameters":{"USERNAME":"nobody","PASSWORD":"x"}}'
)


class Wire:
    """One connection to the server. It is closed by `reset` or `close`, or kept open by whoever holds it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, port: int) -> "Wire":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def send(self, data: bytes) -> None:
        """As much as the server takes within a second; it may have hung up, which is its right."""
        with contextlib.suppress(OSError, TimeoutError):
            self.writer.write(data)
            async with asyncio.timeout(1):
                await self.writer.drain()

    def stop_reading(self) -> None:
        self.writer.transport.pause_reading()  # type: ignore[attr-defined]  # the socket's own transport has it

    async def read(self, seconds: float) -> bytes:
        """What comes until the server ends the connection, or nothing comes any more for this long."""
        parts = []
        with contextlib.suppress(OSError, TimeoutError):
            while True:
                async with asyncio.timeout(seconds):
                    part = await self.reader.read(65_536)
                if not part:
                    break
                parts.append(part)
        return b"".join(parts)

    def reset(self) -> None:
        """End with RST instead of FIN."""
        with contextlib.suppress(OSError):
            self.writer.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
        self.writer.transport.abort()

    def close(self) -> None:
        self.writer.close()


def request(chance: random.Random, path: str = "", **headers: str) -> bytes:
    lines = [f"GET {path or chance.choice(PATHS)} HTTP/1.1", "host: localhost"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()


CHUNKED = b"POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"

# ------------------------------------------------------------------------------------------------ what is odd
# Each of these is one sequence: it does its worst with a connection. True: the connection is left open and not read.


async def pipelined(wire: Wire, chance: random.Random) -> bool:
    await wire.send(request(chance) * chance.randint(1, 200))
    await wire.read(0.2)
    return False


async def pipelined_and_never_read(wire: Wire, chance: random.Random) -> bool:
    """What filled 182 MB with one megabyte (attack-0.1 no. 07)."""
    wire.stop_reading()
    one = request(chance)
    await wire.send(one * (chance.choice((1_000, 100_000, 1_000_000)) // len(one) + 1))
    return True


async def pipelined_large_answers(wire: Wire, chance: random.Random) -> bool:
    wire.stop_reading()
    for _ in range(chance.randint(1, 20)):
        await wire.send(request(chance, PATHS[1]) * 60)
    return chance.random() < 0.5


async def half_a_head(wire: Wire, chance: random.Random) -> bool:
    whole = request(chance, cookie="a=" + "x" * chance.randint(0, 3000))
    await wire.send(whole[: chance.randrange(len(whole))])
    return chance.random() < 0.5


async def many_headers(wire: Wire, chance: random.Random) -> bool:
    headers = {f"x-{number}": "y" * chance.choice((1, 300)) for number in range(chance.choice((50, 199, 250, 3000)))}
    await wire.send(request(chance, **headers))
    await wire.read(0.1)
    return False


async def a_huge_header(wire: Wire, chance: random.Random) -> bool:
    await wire.send(b"GET / HTTP/1.1\r\nhost: localhost\r\nx-long: ")
    for _ in range(chance.randint(1, 40)):
        await wire.send(b"a" * 100_000)
    return chance.random() < 0.3


async def a_huge_target(wire: Wire, chance: random.Random) -> bool:
    await wire.send(b"GET /" + b"%41a" * chance.choice((10_000, 100_000, 1_000_000)) + b" HTTP/1.1\r\n\r\n")
    await wire.read(0.1)
    return False


async def trailers(wire: Wire, chance: random.Random) -> bool:
    lines = b"".join(
        b"x-%d: %s\r\n" % (n, b"y" * chance.choice((1, 5000))) for n in range(chance.choice((3, 150, 400)))
    )
    await wire.send(CHUNKED + b"2\r\n{}\r\n0\r\n" + lines + (b"\r\n" if chance.random() < 0.7 else b""))
    await wire.read(0.1)
    return False


async def a_huge_trailer(wire: Wire, chance: random.Random) -> bool:
    await wire.send(CHUNKED + b"0\r\nx-long: ")
    for _ in range(chance.randint(1, 40)):
        await wire.send(b"a" * 100_000)
    return chance.random() < 0.3


async def bad_chunks(wire: Wire, chance: random.Random) -> bool:
    sizes = (b"-1", b"ffffffffffffffffff", b"0x2", b"2 ", b"2;" + b"e" * 5000, b"", b"g", b"7fffffffffffffff", b"2\n")
    for _ in range(chance.randint(1, 5)):
        await wire.send(CHUNKED + chance.choice(sizes) + b"\r\n{}" + chance.choice((b"\r\n", b"", b"\n", b"xx\r\n")))
    await wire.read(0.1)
    return False


async def tiny_chunks(wire: Wire, chance: random.Random) -> bool:
    await wire.send(CHUNKED)
    for _ in range(chance.randint(1, 10)):
        await wire.send(b"2\r\nab\r\n" * 20_000)
    return chance.random() < 0.3


async def a_body_too_large(wire: Wire, chance: random.Random) -> bool:
    length = chance.choice((1_048_577, 5_000_000, 10**12))
    expects = "100-continue" if chance.random() < 0.5 else ""
    head = f"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n"
    await wire.send((head + (f"expect: {expects}\r\n" if expects else "") + "\r\n").encode())
    await wire.send(b"x" * min(length, chance.choice((10, 300_000, 6_000_000))))
    await wire.read(0.1)
    return False


async def half_a_body(wire: Wire, chance: random.Random) -> bool:
    await wire.send(
        b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000000\r\n\r\n" + b"x" * chance.choice((0, 9, 99_999))
    )
    return chance.random() < 0.3


async def lying_lengths(wire: Wire, chance: random.Random) -> bool:
    lines = (b"content-length: 5", b"content-length: 6", b"content-length: -1", b"content-length: 5, 5", b"content-length: +5",
             b"content-length: 0x5", b"transfer-encoding: chunked", b"transfer-encoding: gzip", b"transfer-encoding : chunked",
             b"host: other", b"connection: close", b"connection: upgrade", b"upgrade: h2c", b" folded: yes", b"\x00: x")  # fmt: skip
    chosen = b"\r\n".join(chance.sample(lines, chance.randint(1, 4)))
    await wire.send(b"POST / HTTP/1.1\r\nhost: localhost\r\n" + chosen + b"\r\n\r\nhello" + request(chance))
    await wire.read(0.1)
    return False


async def nonsense(wire: Wire, chance: random.Random) -> bool:
    await wire.send(chance.randbytes(chance.choice((1, 100, 100_000))))
    await wire.read(0.1)
    return False


async def a_request_with_wrong_bytes(wire: Wire, chance: random.Random) -> bool:
    head = b"POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n"
    data = bytearray(head + b"content-length: %d\r\n\r\n" % len(WRONG_SIGN_IN) + WRONG_SIGN_IN)
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    await wire.send(bytes(data))
    await wire.read(0.1)
    return False


async def reset_in_the_middle(wire: Wire, chance: random.Random) -> bool:
    await wire.send(request(chance) * chance.randint(1, 70))
    await asyncio.sleep(chance.choice((0, 0.001, 0.02)))
    wire.reset()
    return False


async def half_closed(wire: Wire, chance: random.Random) -> bool:
    await wire.send(request(chance) * chance.randint(1, 30))
    with contextlib.suppress(OSError):
        wire.writer.write_eof()
    await wire.read(0.2)
    return False


async def read_byte_by_byte(wire: Wire, chance: random.Random) -> bool:
    await wire.send(request(chance, PATHS[1]) * chance.randint(1, 60))
    for _ in range(20):
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(0.5):
                await wire.reader.read(1)
    return chance.random() < 0.5


async def sent_byte_by_byte(wire: Wire, chance: random.Random) -> bool:
    for byte in request(chance)[: chance.randint(5, 60)]:
        await wire.send(bytes((byte,)))
        await asyncio.sleep(0)
    return chance.random() < 0.5


async def deep_json(wire: Wire, chance: random.Random) -> bool:
    body = chance.choice((b"[", b'{"a":')) * chance.choice((100, 10_000, 150_000))
    head = b"POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: AWSCognitoIdentityProviderService.ListUsers\r\n"
    await wire.send(head + b"content-length: %d\r\n\r\n" % len(body) + body)
    await wire.read(0.1)
    return False


async def nothing_at_all(_wire: Wire, chance: random.Random) -> bool:
    return chance.random() < 0.5


SEQUENCES: tuple[Callable[[Wire, random.Random], Awaitable[bool]], ...] = (
    pipelined,
    pipelined_and_never_read,
    pipelined_large_answers,
    half_a_head,
    many_headers,
    a_huge_header,
    a_huge_target,
    trailers,
    a_huge_trailer,
    bad_chunks,
    tiny_chunks,
    a_body_too_large,
    half_a_body,
    lying_lengths,
    nonsense,
    a_request_with_wrong_bytes,
    reset_in_the_middle,
    half_closed,
    read_byte_by_byte,
    sent_byte_by_byte,
    deep_json,
    nothing_at_all,
)

# ------------------------------------------------------------------------------------------------ what must be answered

# A request as it should be, and the status that it gets.
PROBES: tuple[tuple[bytes, int], ...] = (
    (b"GET /_poolhouse/health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", 200),
    (b"GET /us-east-1_PoolHouse/.well-known/jwks.json HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", 200),
    (f"GET {PATHS[1]} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n".encode(), 200),
    (
        b"POST / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/x-amz-json-1.1\r\n"
        b"x-amz-target: AWSCognitoIdentityProviderService.InitiateAuth\r\n"
        b"content-length: %d\r\n\r\n%s" % (len(WRONG_SIGN_IN), WRONG_SIGN_IN),
        400,
    ),
)


async def probe(port: int, number: int) -> bool:
    """Whether a proper request gets its proper answer."""
    text, status = PROBES[number % len(PROBES)]
    wire = await Wire.open(port)
    await wire.send(text)
    answer = await wire.read(ANSWER_SECONDS)
    wire.close()
    return answer.startswith(b"HTTP/1.1 %d " % status)


# ------------------------------------------------------------------------------------------------ the run


@dataclass
class Report:
    """What a run saw. Memory in bytes."""

    sequences: int
    idle: int = 0
    most: int = 0
    last: int = 0
    unanswered: int = 0
    failures: int = 0
    seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def growth(self) -> int:
        """The most that the worker ever held above what it held when idle."""
        return self.most - self.idle

    def __str__(self) -> str:
        mega = 1_048_576
        return (
            f"{self.sequences} sequences of {len(self.kinds)} kinds in {self.seconds:.0f} s: {self.unanswered} of as many "
            f"proper requests unanswered, {self.failures} failures in the log; memory idle {self.idle / mega:.1f} MB, "
            f"most {self.most / mega:.1f} MB (+{self.growth / mega:.1f}), at the end {self.last / mega:.1f} MB"
        )


def memory(pid: int) -> int:
    """The resident memory of a process, in bytes (Linux)."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


class Run:
    def __init__(self, server: Server, sequences: int, seed: int) -> None:
        self._port = server.port
        self._server = server
        assert server.process is not None
        self._pid = server.process.pid
        self._chance = random.Random(seed)
        self._held: list[Wire] = []
        self._numbers = iter(range(sequences))
        self.report = Report(sequences)

    async def run(self) -> Report:
        began = time.monotonic()
        await self._rest()
        self.report.idle = self.report.most = memory(self._pid)
        await asyncio.gather(*(self._work() for _ in range(AT_ONCE)))
        for wire in self._held:
            wire.reset()
        await self._rest()
        self.report.last = memory(self._pid)
        self.report.failures = self._server.read_log().count("Traceback")
        self.report.seconds = time.monotonic() - began
        return self.report

    async def _rest(self) -> None:
        """Everything answered once or more, so that what is made at first use is there."""
        for number in range(400):
            await probe(self._port, number)
        await asyncio.sleep(2)

    async def _work(self) -> None:
        for number in self._numbers:
            await self._sequence(random.Random(self._chance.getrandbits(64)))
            self.report.most = max(self.report.most, memory(self._pid))
            self.report.unanswered += not await probe(self._port, number)

    async def _sequence(self, chance: random.Random) -> None:
        kind = chance.choice(SEQUENCES)
        self.report.kinds[kind.__name__] += 1
        wire = await Wire.open(self._port)
        if await kind(wire, chance):
            self._held.append(wire)
            if len(self._held) > MOST_HELD:
                self._held.pop(chance.randrange(len(self._held))).reset()
        else:
            wire.reset() if chance.random() < 0.3 else wire.close()


def run(server: Server, sequences: int, seed: int) -> Report:
    """The whole programme against a running server of one worker."""
    return asyncio.run(Run(server, sequences, seed).run())


def main(arguments: Any, folder: Path) -> bool:
    """`make fuzz`: prints what was seen; False when it is not as promised."""
    server = Server(folder / "http").start()
    try:
        report = run(server, arguments.sequences, arguments.seed)
    finally:
        server.stop()
    print(f"odd requests, seed {arguments.seed}: {report}")
    return report.unanswered == 0 and report.failures == 0 and report.growth <= MOST_GROWTH_BYTES
