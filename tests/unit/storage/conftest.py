"""An open, migrated database on each engine."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from poolhouse.config import Settings
from poolhouse.storage.engine import Database, open_database


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return Settings(data=tmp_path, database_url=database_url)


@pytest.fixture
async def open_db(settings: Settings) -> AsyncIterator[Callable[..., Awaitable[Database]]]:
    """Opens the same database once more, as another process would."""
    opened: list[Database] = []

    async def open_one(*, migrate: bool = True) -> Database:
        opened.append(await open_database(settings, migrate=migrate))
        return opened[-1]

    yield open_one
    for db in opened:
        await db.close()


@pytest.fixture
async def db(open_db: Callable[..., Awaitable[Database]]) -> Database:
    return await open_db()
