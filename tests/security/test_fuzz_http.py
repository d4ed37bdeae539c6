"""A seeded share of `make fuzz`: odd requests cost the worker next to no memory and nobody else an answer (attack-0.1 no. 07)."""

import asyncio
import time
from collections.abc import Callable

from tests.fuzz import http_requests
from tests.fuzz.http_requests import MOST_GROWTH_BYTES, Wire
from tests.support.server import Server

SEQUENCES = 400
PIPELINED_BYTES = 3_000_000


def test_memory_stays_within_20_mb_of_idle_and_every_proper_request_is_answered(
    start_local_server: Callable[..., Server],
) -> None:
    """attack-0.1 no. 07."""
    report = http_requests.run(start_local_server(), SEQUENCES, seed=5)
    assert (report.unanswered, report.failures) == (0, 0), str(report)
    assert report.growth <= MOST_GROWTH_BYTES, str(report)


def test_requests_sent_ahead_and_never_read_are_not_answered_into_memory(
    start_local_server: Callable[..., Server],
) -> None:
    """attack-0.1 no. 07: three megabytes of them held 543 MB."""
    server = start_local_server()
    assert server.process is not None
    pid = server.process.pid
    page = b"GET /login?client_id=poolhousedemoapplication01&response_type=code HTTP/1.1\r\nhost: localhost\r\n\r\n"

    async def attack() -> int:
        for number in range(8):
            await http_requests.probe(server.port, number)
        idle = http_requests.memory(pid)
        wires = [await Wire.open(server.port) for _ in range(3)]
        for wire in wires:
            wire.stop_reading()
            wire.writer.write(page * (PIPELINED_BYTES // len(page)))
        most, until = idle, time.monotonic() + 3
        while time.monotonic() < until:
            assert await http_requests.probe(server.port, 0)
            most = max(most, http_requests.memory(pid))
        for wire in wires:
            wire.reset()
        return most - idle

    growth = asyncio.run(attack())
    assert growth <= MOST_GROWTH_BYTES, growth
