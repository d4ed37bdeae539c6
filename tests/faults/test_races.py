"""A seeded share of the race programme (races.py) in every run; `make races` runs it at full length."""

from collections.abc import Callable

from tests.faults import races
from tests.support.server import Server

SEED = 5
PAIRS_PER_RUN = 216  # each of them
ROUNDS = 1


async def test_nothing_outlives_the_change_that_it_crosses(start_server: Callable[..., Server]) -> None:
    """attack-0.1 no. 01, 02, 03, 04, 19 and 28: 27 things that are issued or stored x 8 changes of their user."""
    assert len(races.PAIRS) >= PAIRS_PER_RUN
    server = start_server("--workers", "2", start=False)
    races.prepare(server.data)
    server.start()
    assert await races.run(server, races.PAIRS, ROUNDS, SEED) == []
