"""A value that may be used once is used once, however many try at the same time."""

import asyncio
from collections.abc import Awaitable, Callable

from poolhouse.storage import single_use
from poolhouse.storage.engine import Database


async def test_of_many_takers_one_wins(db: Database, open_db: Callable[..., Awaitable[Database]]) -> None:
    other = await open_db()
    for value in (b"one", b"two", b"three"):
        takes = [
            database.write(lambda tx, value=value: single_use.take(tx, "p", value, 9))
            for _ in range(16)
            for database in (db, other)
        ]
        assert sorted(await asyncio.gather(*takes)) == [False] * 31 + [True]


async def test_pools_do_not_share_values(db: Database) -> None:
    assert await db.write(lambda tx: single_use.take(tx, "p", b"x", 9))
    assert await db.write(lambda tx: single_use.take(tx, "q", b"x", 9))
    assert not await db.write(lambda tx: single_use.take(tx, "p", b"x", 9))
