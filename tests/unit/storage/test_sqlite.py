"""What only SQLite promises: group commit, fair turns between processes, a full disk, a foreign writer."""

import asyncio
import resource
import sqlite3
import stat
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from poolhouse.config import Settings
from poolhouse.errors import ConfigError
from poolhouse.storage import sqlite
from poolhouse.storage.engine import SQLITE_FILE, DatabaseUnavailable, Transaction, WorkMisused, open_database
from tests.support.writers import Writers

INSERT = "INSERT INTO spent (user_pool_id, value_hash, expires_at) VALUES ('p', $1, $2)"
COUNT = "SELECT COUNT(*) FROM spent"


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[sqlite.SQLiteDatabase]:
    db = await open_database(Settings(data=tmp_path))
    assert isinstance(db, sqlite.SQLiteDatabase)
    yield db
    await db.close()


@pytest.fixture(params=["in the loop", "in the thread"])
def commits(request: pytest.FixtureRequest, db: sqlite.SQLiteDatabase) -> str:
    """Where groups are committed; the disk of the test machine does not decide."""
    db._is_disk_slow_until = float("inf") if request.param == "in the thread" else 0.0
    return str(request.param)


def insert(value: int, size: int = 8) -> Callable[[Transaction], Awaitable[int]]:
    async def work(tx: Transaction) -> int:
        return await tx.execute(INSERT, value.to_bytes(size, "big"), value)

    return work


async def count(db: sqlite.SQLiteDatabase) -> int:
    row = await db.one(COUNT)
    assert row is not None
    return int(row[0])


async def test_writes_that_wait_together_share_commits(db: sqlite.SQLiteDatabase, commits: str) -> None:
    ends: list[int] = []
    end = db._end_transaction
    db._end_transaction = lambda: ends.append(1) or end()  # type: ignore
    await asyncio.gather(*(db.write(insert(value)) for value in range(1000)))
    assert await count(db) == 1000
    assert len(ends) == -(-1000 // sqlite.MAX_GROUP)


async def test_a_group_outlives_failures_and_cancellations(db: sqlite.SQLiteDatabase, commits: str) -> None:
    async def fails(tx: Transaction) -> None:
        await insert(5000)(tx)
        raise LookupError

    tasks = [asyncio.ensure_future(db.write(fails if value % 3 == 0 else insert(value))) for value in range(300)]
    await asyncio.sleep(0)  # All have queued; none has run.
    for task in tasks[1::3]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(result) for result in results[:3]] == [LookupError, asyncio.CancelledError, int]
    assert await count(db) == 100


async def test_a_write_cancelled_during_its_commit_is_complete(db: sqlite.SQLiteDatabase) -> None:
    db._is_disk_slow_until = float("inf")
    started = asyncio.Event()

    async def work(tx: Transaction) -> None:
        await insert(1)(tx)
        started.set()

    task = asyncio.ensure_future(db.write(work))
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await db.write(insert(2))
    assert await count(db) == 2


@pytest.mark.parametrize("seconds", [0, 0.01])
async def test_work_that_awaits_something_else_fails_loudly(db: sqlite.SQLiteDatabase, seconds: float) -> None:
    async def work(tx: Transaction) -> None:
        await insert(1)(tx)
        await asyncio.sleep(seconds)

    async def nested(tx: Transaction) -> None:
        await insert(2)(tx)
        await db.write(insert(3))

    for misused in (work, nested):
        with pytest.raises(WorkMisused, match="awaited something other than its transaction"):
            await db.write(misused)
    results = await asyncio.gather(db.write(insert(4)), db.write(work), db.write(insert(5)), return_exceptions=True)
    assert [type(result) for result in results] == [int, WorkMisused, int]
    await asyncio.sleep(0.05)
    assert {row[0] for row in await db.all("SELECT expires_at FROM spent")} <= {3, 4, 5}


async def test_a_full_disk_fails_the_write_cleanly_and_later_writes_recover(
    db: sqlite.SQLiteDatabase, commits: str
) -> None:
    await db.write(insert(1))
    with _disk_full_at(1 << 20):
        failed = await asyncio.gather(
            *(db.write(insert(value, 10_000)) for value in range(2, 202)), return_exceptions=True
        )
        assert {type(result) for result in failed} == {DatabaseUnavailable}
        assert await count(db) == 1
    await db.write(insert(500))
    assert await count(db) == 2


async def test_a_full_database_file_fails_only_what_does_not_fit(db: sqlite.SQLiteDatabase, commits: str) -> None:
    pages = db._writer.execute("PRAGMA page_count").fetchone()[0]
    db._writer.execute(f"PRAGMA max_page_count={pages + 20}")
    results = await asyncio.gather(*(db.write(insert(value, 10_000)) for value in range(30)), return_exceptions=True)
    assert {type(result) for result in results} <= {int, DatabaseUnavailable}
    assert await count(db) == sum(result == 1 for result in results) < 30
    db._writer.execute("PRAGMA max_page_count=1000000")
    await db.write(insert(500))


async def test_a_foreign_writer_is_waited_for(db: sqlite.SQLiteDatabase, tmp_path: Path) -> None:
    shell = sqlite3.connect(tmp_path / SQLITE_FILE, isolation_level=None)
    shell.execute("BEGIN IMMEDIATE")
    writes = [asyncio.ensure_future(db.write(insert(value))) for value in range(5)]
    await asyncio.sleep(0.1)
    assert await count(db) == 0  # Reads go on.
    assert not any(write.done() for write in writes)
    shell.execute("COMMIT")
    shell.close()
    assert await asyncio.gather(*writes) == [1] * 5


async def test_a_foreign_writer_that_never_ends_is_an_error(
    db: sqlite.SQLiteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
    shell = sqlite3.connect(tmp_path / SQLITE_FILE, isolation_level=None)
    shell.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseUnavailable, match="locked"):
        await db.write(insert(1))
    shell.close()
    assert await db.write(insert(1)) == 1


async def test_nobody_else_can_read_the_files(db: sqlite.SQLiteDatabase, tmp_path: Path) -> None:
    await db.write(insert(1))
    files = list(tmp_path.glob(f"{SQLITE_FILE}*"))
    assert len(files) >= 4
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


async def test_acknowledged_writes_are_synced(db: sqlite.SQLiteDatabase) -> None:
    assert db._writer.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert db._writer.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


async def test_the_write_ahead_log_does_not_grow_for_ever(db: sqlite.SQLiteDatabase, tmp_path: Path) -> None:
    for start in range(0, 20_000, 20):
        await asyncio.gather(*(db.write(insert(value)) for value in range(start, start + 20)))
    assert await count(db) == 20_000
    assert (tmp_path / f"{SQLITE_FILE}-wal").stat().st_size < 16 << 20


async def test_mistakes_in_sql_stay_what_they_are(db: sqlite.SQLiteDatabase) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        await db.one("SELECT 1 FROM no_such_table")
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        await db.write(lambda tx: tx.execute(INSERT, None, 1))


async def test_a_folder_that_cannot_be_used_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot open"):
        await open_database(Settings(data=tmp_path / "file" / "below"))


async def test_processes_share_the_one_writer_fairly(db: sqlite.SQLiteDatabase, tmp_path: Path) -> None:
    """Three processes that write without a pause get as much as one another, and a fourth has its turn whenever it comes.
    `make timing` says how long it waits."""
    writers = Writers(tmp_path)
    own = 0
    while await count(db) < own + 600:  # A write of ours that got no turn would be refused as locked.
        await db.write(insert(own))
        own += 1
        await asyncio.sleep(0.05)
    done = await asyncio.to_thread(writers.stop)
    assert await count(db) == sum(done) + own
    assert min(done) * 3 > max(done)


@contextmanager
def _disk_full_at(size: int) -> Iterator[None]:
    """No file of this process can grow past `size`: the same error as a full disk, at the same place."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("step", ["take_now", "take"])
async def test_a_lock_that_cannot_be_had_refuses_the_write_and_later_ones_go_on(
    db: sqlite.SQLiteDatabase, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail() -> None:
        raise OSError(37, "No locks available")

    with monkeypatch.context() as broken:
        if step == "take":
            broken.setattr(db._turn, "take_now", lambda: False)
        broken.setattr(db._turn, step, fail)
        async with asyncio.timeout(5):
            with pytest.raises(DatabaseUnavailable):
                await db.write(insert(1))
    async with asyncio.timeout(5):
        assert await db.write(insert(2)) == 1


def test_a_start_waits_for_another_that_opens_the_same_new_file(tmp_path: Path) -> None:
    """Of 600 that switched a new file to write-ahead logging together, SQLite refused 4 at once, as where it is told not to wait."""
    first, second = (sqlite._connect(tmp_path / SQLITE_FILE, busy_ms=0) for _ in range(2))
    first.execute("BEGIN EXCLUSIVE")
    end = threading.Timer(0.1, first.rollback)
    end.start()
    assert sqlite._log_ahead(second) == "wal"
    end.join()
    first.close()
    second.close()
