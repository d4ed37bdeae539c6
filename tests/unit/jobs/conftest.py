"""Houses with an open database on each engine, whose mail goes to a mailbox of the test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from poolhouse.pool.call import House
from tests.support.houses import open_house
from tests.support.mailbox import Mailbox


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    with box.listening():
        yield box


@pytest.fixture
async def house(tmp_path: Path, database_url: str, mailbox: Mailbox) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url, **mailbox.settings()) as house:
        yield house
