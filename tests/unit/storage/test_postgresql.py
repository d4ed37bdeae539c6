"""What only PostgreSQL promises: connections that break, run out or conflict harm nobody else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from poolhouse.config import Settings
from poolhouse.errors import ConfigError
from poolhouse.storage import postgresql
from poolhouse.storage.engine import DatabaseUnavailable, Transaction, open_database
from poolhouse.storage.migrate import Migration, migrate, migrations
from tests.support.ports import free_port
from tests.support.postgres import Cluster
from tests.support.until import until

INSERT = "INSERT INTO spent (user_pool_id, value_hash, expires_at) VALUES ('p', $1, $2)"
LIMIT = 3


@pytest.fixture
async def db(postgres: Cluster) -> AsyncIterator[postgresql.PostgreSQLDatabase]:
    db = await open_database(Settings(database_url=postgres.create_database(), database_connections=LIMIT))
    assert isinstance(db, postgresql.PostgreSQLDatabase)
    yield db
    await db.close()


def insert(value: int) -> Callable[[Transaction], Awaitable[int]]:
    async def work(tx: Transaction) -> int:
        return await tx.execute(INSERT, value.to_bytes(8, "big"), value)

    return work


async def _count(db: postgresql.PostgreSQLDatabase) -> int:
    row = await db.one("SELECT COUNT(*) FROM spent")
    assert row is not None
    return int(row[0])


async def _others(db: postgresql.PostgreSQLDatabase, what: str) -> list[Any]:
    connection = await asyncpg.connect(db._url)
    try:
        return await connection.fetch(
            f"SELECT {what} FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()


async def test_many_callers_share_few_connections(db: postgresql.PostgreSQLDatabase) -> None:
    calls = [db.write(insert(value)) for value in range(50)]
    reads = [db.one("SELECT $1::bigint, pg_sleep(0.01)", value) for value in range(50)]
    results = await asyncio.gather(*calls, *reads)
    assert [row[0] for row in results[50:]] == list(range(50))  # type: ignore
    assert db._count <= LIMIT

    async def are_few() -> bool:  # one that has closed is listed a moment longer
        return len(await _others(db, "pid")) <= LIMIT

    await until(are_few)


async def test_who_waits_is_served_in_order(db: postgresql.PostgreSQLDatabase) -> None:
    order: list[int] = []

    async def read(number: int) -> None:
        await db.one("SELECT pg_sleep(0.005)")
        order.append(number)

    await asyncio.gather(*(db.one("SELECT 1") for _ in range(LIMIT)))
    db._free[1:] = [connection.terminate() for connection in db._free[1:]][:0]
    db._count = db._limit = 1
    await asyncio.gather(*(read(number) for number in range(20)))
    assert order == sorted(order)


async def test_a_caller_that_gives_up_waiting_costs_no_connection(db: postgresql.PostgreSQLDatabase) -> None:
    for _ in range(5):
        tasks = [asyncio.ensure_future(db.one("SELECT pg_sleep(0.01)")) for _ in range(20)]
        await asyncio.sleep(0.015)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.gather(*(db.one("SELECT pg_sleep(0.01)") for _ in range(LIMIT * 3)))
    assert db._count == len(db._free) <= LIMIT
    assert not db._waiters


async def test_waiting_for_a_connection_has_an_end(
    db: postgresql.PostgreSQLDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "WAIT_SECONDS", 0.05)
    busy = [asyncio.ensure_future(db.one("SELECT pg_sleep(0.3)")) for _ in range(LIMIT)]
    await asyncio.sleep(0.1)
    with pytest.raises(DatabaseUnavailable, match="no free connection"):
        await db.one("SELECT 1")
    await asyncio.gather(*busy)
    assert await db.one("SELECT 1") is not None


@pytest.mark.parametrize("pause", [0, 0.1])
async def test_connections_that_died_idle_are_replaced(db: postgresql.PostgreSQLDatabase, pause: float) -> None:
    await asyncio.gather(*(db.write(insert(value)) for value in range(20)))
    await _others(db, "pg_terminate_backend(pid)")
    await asyncio.sleep(pause)  # Without a pause the loop has not noticed yet.
    await asyncio.gather(*(db.write(insert(value)) for value in range(20, 40)))
    await _others(db, "pg_terminate_backend(pid)")
    await asyncio.sleep(pause)
    assert await asyncio.gather(*(_count(db) for _ in range(10))) == [40] * 10


async def test_a_connection_that_dies_during_the_work_is_an_error_and_not_run_twice(
    db: postgresql.PostgreSQLDatabase,
) -> None:
    runs: list[int] = []

    async def work(tx: Transaction) -> None:
        runs.append(1)
        await insert(1)(tx)
        await _others(db, "pg_terminate_backend(pid)")
        await insert(2)(tx)

    with pytest.raises(DatabaseUnavailable):
        await db.write(work)
    assert runs == [1]
    assert await _count(db) == 0


async def test_a_conflict_is_tried_again_whatever_the_work_made_of_it(db: postgresql.PostgreSQLDatabase) -> None:
    runs: list[int] = []

    async def work(tx: Transaction) -> int:
        runs.append(1)
        row = await tx.one("SELECT value FROM server_state WHERE name = 'generation'")
        assert row is not None
        if len(runs) == 1:
            other = await asyncpg.connect(db._url)
            await other.execute("UPDATE server_state SET value = 100 WHERE name = 'generation'")
            await other.close()
        try:
            await tx.execute("UPDATE server_state SET value = $1 WHERE name = 'generation'", row[0] + 1)
        except Exception as error:
            raise LookupError from error
        return int(row[0])

    assert await db.write(work) == 100
    assert len(runs) == 2


async def test_two_transactions_that_lock_each_other_both_succeed(db: postgresql.PostgreSQLDatabase) -> None:
    await asyncio.gather(db.write(insert(1)), db.write(insert(2)))
    touch = "UPDATE spent SET expires_at = expires_at + 10 WHERE value_hash = $1"

    def work(first: int, second: int) -> Callable[[Transaction], Awaitable[None]]:
        async def run(tx: Transaction) -> None:
            await tx.execute(touch, first.to_bytes(8, "big"))
            await asyncio.sleep(0.05)
            await tx.execute(touch, second.to_bytes(8, "big"))

        return run

    await asyncio.gather(db.write(work(1, 2)), db.write(work(2, 1)))
    rows = await db.all("SELECT expires_at FROM spent ORDER BY 1")
    assert [row[0] for row in rows] == [21, 22]


async def test_a_cancelled_write_leaves_no_open_transaction(db: postgresql.PostgreSQLDatabase) -> None:
    started = asyncio.Event()

    async def work(tx: Transaction) -> None:
        await insert(1)(tx)
        started.set()
        await tx.one("SELECT pg_sleep(10)")

    task = asyncio.ensure_future(db.write(work))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(db.write(insert(1)), 5)
    assert await _count(db) == 1


async def test_mistakes_in_sql_cost_no_connection(db: postgresql.PostgreSQLDatabase) -> None:
    for _ in range(LIMIT * 2):
        with pytest.raises(asyncpg.UndefinedTableError):
            await db.one("SELECT 1 FROM no_such_table")
        with pytest.raises(asyncpg.NotNullViolationError):
            await db.write(lambda tx: tx.execute(INSERT, None, 1))
    assert await _count(db) == 0


async def test_close_waits_for_who_is_at_work(postgres: Cluster) -> None:
    db = await open_database(Settings(database_url=postgres.create_database()))

    async def slow(tx: Transaction) -> int:
        await tx.one("SELECT pg_sleep(0.2)")
        return await insert(1)(tx)

    task = asyncio.ensure_future(db.write(slow))
    await asyncio.sleep(0.05)
    await db.close()
    assert await task == 1


async def test_text_columns_compare_by_code_point(db: postgresql.PostgreSQLDatabase) -> None:
    rows = await db.all(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
    )
    assert list(rows) == []


async def test_a_server_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "CONNECT_PAUSES_SECONDS", (0.01,))
    with pytest.raises(ConfigError, match="cannot connect"):
        await open_database(Settings(database_url=f"postgresql://postgres@127.0.0.1:{free_port()}/x"))


async def test_a_database_that_is_not_there_is_refused(postgres: Cluster) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        await open_database(Settings(database_url=postgres.url("nowhere")))


async def test_a_migration_may_take_longer_than_a_request(postgres: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the limit of a command nor one that the operator has set for the database ends it."""
    monkeypatch.setattr(postgresql, "COMMAND_TIMEOUT_SECONDS", 2.0)
    url = postgres.create_database()
    db = await open_database(Settings(database_url=url))
    operator = await asyncpg.connect(url)
    await operator.execute(f'ALTER DATABASE "{url.rpartition("/")[2].partition("?")[0]}" SET statement_timeout = 2000')
    await operator.close()
    slow = Migration(9000, "slow", "SELECT pg_sleep(2.5);")
    try:
        assert await migrate(db, 1, [*migrations(), slow]) == [slow]
    finally:
        await db.close()


async def test_a_migration_does_not_wait_for_ever_and_says_where_it_waited(
    db: postgresql.PostgreSQLDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "EXCLUSIVE_LOCK_SECONDS", 0.1)
    other = await asyncpg.connect(db._url)
    locked = Migration(9000, "locked", "ALTER TABLE spent ADD COLUMN more TEXT;")
    try:
        async with other.transaction():
            await other.execute("LOCK TABLE spent")
            with pytest.raises(ConfigError, match="9000 locked failed at `ALTER TABLE spent .*`: .*lock timeout"):
                await migrate(db, 1, [*migrations(), locked])
        assert await migrate(db, 1, [*migrations(), locked]) == [locked]
    finally:
        await other.close()


async def test_an_error_without_a_text_is_told_by_its_name(
    db: postgresql.PostgreSQLDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgresql, "EXCLUSIVE_SECONDS", 0.1)
    slow = Migration(9000, "slow", "SELECT pg_sleep(5);")
    with pytest.raises(ConfigError, match=r"9000 slow failed at `SELECT pg_sleep\(5\)`: PostgreSQL: TimeoutError"):
        await migrate(db, 1, [*migrations(), slow])
