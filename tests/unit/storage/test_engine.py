"""The promises of the storage port, the same on SQLite and PostgreSQL."""

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest

from poolhouse.config import Settings
from poolhouse.errors import ConfigError
from poolhouse.storage.engine import (
    Database,
    DatabaseUnavailable,
    Transaction,
    UniqueViolation,
    WorkMisused,
    open_database,
)

INSERT = "INSERT INTO spent (user_pool_id, value_hash, expires_at) VALUES ($1, $2, $3)"
COUNT = "SELECT COUNT(*) FROM spent"
SERVER_WIDE = {
    "outbox_events",
    "schema_migrations",
    "server_state",
    "access_keys",
    "jobs",
    "provisioned_limits",
    "request_rates",
}  # Documented in 0001_initial.sql, 0005_outbox.sql and 0010_limits.sql.


def insert(value: int, pool: str = "p") -> Callable[[Transaction], Awaitable[int]]:
    async def work(tx: Transaction) -> int:
        return await tx.execute(INSERT, pool, value.to_bytes(8, "big"), value)

    return work


async def count(db: Database) -> int:
    row = await db.one(COUNT)
    assert row is not None
    return int(row[0])


async def test_what_a_write_returns_is_what_its_work_returns(db: Database) -> None:
    assert await db.write(insert(1)) == 1


async def test_a_write_that_has_returned_is_read_at_once(db: Database) -> None:
    for value in range(50):
        await db.write(insert(value))
        row = await db.one("SELECT expires_at FROM spent WHERE value_hash = $1", value.to_bytes(8, "big"))
        assert row is not None
        assert row[0] == value


async def test_reads_give_none_rows_and_order(db: Database) -> None:
    assert await db.one("SELECT 1 FROM spent WHERE user_pool_id = $1", "nobody") is None
    assert list(await db.all("SELECT 1 FROM spent")) == []
    for value in (3, 1, 2):
        await db.write(insert(value))
    rows = await db.all("SELECT expires_at, user_pool_id FROM spent ORDER BY expires_at")
    assert [(row[0], row[1]) for row in rows] == [(1, "p"), (2, "p"), (3, "p")]


async def test_parameters_go_by_number_not_by_order(db: Database) -> None:
    async def work(tx: Transaction) -> int:
        sql = "INSERT INTO spent (expires_at, value_hash, user_pool_id) VALUES ($3, $2, $1)"
        return await tx.execute(sql, "p", b"x", 7)

    await db.write(work)
    row = await db.one("SELECT value_hash, expires_at FROM spent WHERE user_pool_id = $1 AND $1 = user_pool_id", "p")
    assert row is not None
    assert (bytes(row[0]), row[1]) == (b"x", 7)


async def test_every_kind_of_value_comes_back_as_it_went_in(db: Database) -> None:
    text = "Zoë \U0001f511 'quoted' \"twice\" $1 ?1"

    async def work(tx: Transaction) -> None:
        sql = "INSERT INTO user_groups (user_pool_id, group_name, description, precedence, created_at, updated_at)"
        await tx.execute(f"{sql} VALUES ($1, $2, $3, $4, $5, $5)", "p", text, None, None, 2**53)

    await db.write(work)
    row = await db.one("SELECT group_name, description, precedence, created_at FROM user_groups")
    assert row is not None
    assert tuple(row) == (text, None, None, 2**53)


async def test_text_sorts_by_code_point(db: Database) -> None:
    names = ["b", "B", "a", "_", "é", "Z", "z", "-", "10", "9"]

    async def work(tx: Transaction) -> None:
        for name in names:
            await tx.execute("INSERT INTO resource_servers VALUES ($1, $2, $3)", "p", name, "{}")

    await db.write(work)
    rows = await db.all("SELECT identifier FROM resource_servers WHERE user_pool_id = $1 ORDER BY identifier", "p")
    assert [row[0] for row in rows] == sorted(names)


async def test_execute_tells_rows_affected(db: Database) -> None:
    for value in range(5):
        await db.write(insert(value))

    async def work(tx: Transaction) -> tuple[int, int, int]:
        return (
            await tx.execute("UPDATE spent SET expires_at = 9 WHERE expires_at < $1", 3),
            await tx.execute("DELETE FROM spent WHERE expires_at = $1", 100),
            await tx.execute("DELETE FROM spent"),
        )

    assert await db.write(work) == (3, 0, 5)


async def test_returning_gives_the_row_and_does_the_work(db: Database) -> None:
    await db.write(insert(1))

    async def take(tx: Transaction) -> int | None:
        row = await tx.one("DELETE FROM spent WHERE user_pool_id = $1 RETURNING expires_at", "p")
        return row[0] if row else None

    assert await db.write(take) == 1
    assert await db.write(take) is None
    assert await count(db) == 0


async def test_a_transaction_sees_its_own_writes(db: Database) -> None:
    async def work(tx: Transaction) -> list[int]:
        await insert(1)(tx)
        await insert(2)(tx)
        return [row[0] for row in await tx.all("SELECT expires_at FROM spent ORDER BY 1")]

    assert await db.write(work) == [1, 2]


async def test_raising_rolls_back_and_reaches_the_caller(db: Database) -> None:
    async def work(tx: Transaction) -> None:
        await insert(1)(tx)
        raise LookupError("changed its mind")

    with pytest.raises(LookupError, match="changed its mind"):
        await db.write(work)
    assert await count(db) == 0
    await db.write(insert(1))
    assert await count(db) == 1


async def test_a_taken_key_is_a_unique_violation(db: Database) -> None:
    await db.write(insert(1))
    with pytest.raises(UniqueViolation):
        await db.write(insert(1))
    assert await count(db) == 1


async def test_a_unique_index_counts_too(db: Database) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute("INSERT INTO user_pool_domains VALUES ($1, $2, $3)", "p", "login", "{}")
        await tx.execute("INSERT INTO user_pool_domains VALUES ($1, $2, $3)", "q", "login", "{}")

    with pytest.raises(UniqueViolation):
        await db.write(work)
    assert list(await db.all("SELECT * FROM user_pool_domains")) == []


async def test_work_that_swallows_an_error_of_its_transaction_fails_loudly(db: Database) -> None:
    await db.write(insert(1))

    async def work(tx: Transaction) -> None:
        await insert(2)(tx)
        try:
            await insert(1)(tx)
        except UniqueViolation:
            return

    with pytest.raises(WorkMisused, match="ended its transaction"):
        await db.write(work)
    assert await count(db) == 1


async def test_writes_of_one_group_fail_independently(db: Database) -> None:
    async def fails(tx: Transaction) -> None:
        await insert(1000)(tx)
        raise LookupError

    works = [fails if value % 3 == 0 else insert(value) for value in range(300)]
    results = await asyncio.gather(*(db.write(work) for work in works), return_exceptions=True)
    assert sum(isinstance(result, LookupError) for result in results) == 100
    assert sum(result == 1 for result in results) == 200
    assert await count(db) == 200


async def test_reads_then_writes_of_one_row_never_lose_an_update(db: Database) -> None:
    async def increment(tx: Transaction) -> None:
        row = await tx.one("SELECT value FROM server_state WHERE name = 'generation'")
        assert row is not None
        await tx.execute("UPDATE server_state SET value = $1 WHERE name = 'generation'", row[0] + 1)

    await asyncio.gather(*(db.write(increment) for _ in range(40)))
    row = await db.one("SELECT value FROM server_state WHERE name = 'generation'")
    assert row is not None
    assert row[0] == 41


async def test_many_writers_of_one_row_all_succeed(db: Database, open_db: Callable[..., Awaitable[Database]]) -> None:
    other = await open_db()

    async def increment(tx: Transaction) -> int:
        return await tx.execute("UPDATE server_state SET value = value + 1 WHERE name = 'generation'")

    await asyncio.gather(*(database.write(increment) for _ in range(100) for database in (db, other)))
    row = await db.one("SELECT value FROM server_state WHERE name = 'generation'")
    assert row is not None
    assert row[0] == 201


async def test_a_cancelled_write_is_whole_or_absent_and_harms_nobody(db: Database) -> None:
    async def both(tx: Transaction, value: int) -> int:
        await insert(value, "left")(tx)
        return await insert(value, "right")(tx)

    tasks = []
    for value in range(100):
        tasks.append(asyncio.ensure_future(db.write(lambda tx, value=value: both(tx, value))))
        if value % 10 == 0:
            await asyncio.sleep(0.001)
        if value % 2:
            tasks[-1].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(result == 1 for result in results[::2])
    for value in range(100):
        rows = await db.all("SELECT user_pool_id FROM spent WHERE expires_at = $1", value)
        assert len(rows) in ((2,) if value % 2 == 0 else (0, 2))
    await db.write(insert(1000))


async def test_a_cancelled_read_harms_nobody(db: Database) -> None:
    tasks = [asyncio.ensure_future(db.one(COUNT)) for _ in range(30)]
    await asyncio.sleep(0.001)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await asyncio.gather(*(count(db) for _ in range(20))) == [0] * 20


async def test_close_finishes_the_writes_that_have_begun(settings: Settings) -> None:
    first = await open_database(settings)
    writes = [asyncio.ensure_future(first.write(insert(value))) for value in range(20)]
    await asyncio.sleep(0)
    await first.close()
    done = await asyncio.gather(*writes, return_exceptions=True)
    second = await open_database(settings)
    assert await count(second) == sum(result == 1 for result in done)
    await second.close()


async def test_a_closed_database_refuses(settings: Settings) -> None:
    db = await open_database(settings)
    await db.close()
    with pytest.raises(DatabaseUnavailable):
        await db.write(insert(1))
    await db.close()


async def test_a_transaction_cannot_be_used_later(db: Database, engine: str) -> None:
    kept: list[Transaction] = []

    async def work(tx: Transaction) -> None:
        kept.append(tx)

    await db.write(work)
    with pytest.raises(WorkMisused):
        await insert(1)(kept[0])
    assert await count(db) == 0


async def test_every_primary_key_begins_with_the_pool(db: Database, engine: str) -> None:
    keys = await _primary_keys(db, engine)
    assert len(keys) > 15
    wrong = {table: columns for table, columns in keys.items() if columns[:1] != ["user_pool_id"]}
    assert set(wrong) == SERVER_WIDE


async def _primary_keys(db: Database, engine: str) -> dict[str, list[str]]:
    if engine == "sqlite":
        tables = [row[0] for row in await db.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for table in tables:
            columns = await db.all(f"SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk")
            found[table] = [row[0] for row in columns]
        return found
    rows = await db.all(
        "SELECT c.relname, COALESCE(pg_get_indexdef(i.indexrelid), '') FROM pg_class c LEFT JOIN pg_index i"
        " ON i.indrelid = c.oid AND i.indisprimary WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
    )
    return {row[0]: re.findall(r"[a-z_]+", row[1].rpartition("(")[2]) for row in rows}


async def test_an_unknown_kind_of_database_is_refused_with_the_way_to_mend_it() -> None:
    with pytest.raises(ConfigError, match="postgresql://"):
        await open_database(Settings(database_url="mysql://localhost/x"))
