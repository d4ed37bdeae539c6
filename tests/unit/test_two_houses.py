"""Two servers in one process, each in an event loop of its own: what one does, the other does not notice."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.in_process import House


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[House, House]]:
    first, second = House(tmp_path / "first"), House(tmp_path / "second")
    yield first, second
    first.stop()
    second.stop()


def test_the_clock_of_one_is_not_the_other_s(houses: tuple[House, House]) -> None:
    first, second = houses
    before = second.now()
    answer = first.ask("POST", "/_poolhouse/api/clock", {"advance_seconds": 3600}, content_type="application/json")
    assert answer.status == 200, answer.body
    assert first.now() - second.now() > 3500
    assert second.now() - before < 3000


def test_both_take_turns_at_the_same_name_and_one_stops_while_the_other_goes_on(houses: tuple[House, House]) -> None:
    """The same pool id and name in both: the lock of one belongs to its own loop."""
    first, second = houses
    refused: list[int] = []

    def guess(house: House) -> None:
        refused.extend(house.sign_in("Wrong-Horse-1").status for _ in range(3))

    threads = [threading.Thread(target=guess, args=(house,)) for house in houses for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [400] * 12
    first.stop()
    second.ask("POST", "/_poolhouse/api/clock", {"advance_seconds": 3600}, content_type="application/json")
    assert second.sign_in("Poolhouse-1").status == 200
