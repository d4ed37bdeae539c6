"""SQLite in WAL mode: reads directly in the event loop, writes in groups that share one commit.

A read by key costs 7 us; a thread would cost more than the read. Statements of writes are as cheap, since nothing reaches
the disk before COMMIT, so they run in the event loop too and never fight it for the interpreter lock. What may block is
done by the writer thread: waiting for the other processes' turn, checkpoints, and COMMIT with its fsync unless the disk
is quick (a hop to the thread and back costs 70 us). Writes that arrive in the meantime form the next group; when one of
them fails, all run once more, each in a SAVEPOINT of its own, so that they fail independently.
"""

import asyncio
import contextlib
import fcntl
import os
import re
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar, cast

from poolhouse import clock
from poolhouse.errors import ConfigError
from poolhouse.storage.engine import DatabaseUnavailable, Row, Transaction, UniqueViolation, Value, WorkMisused

T = TypeVar("T")

MAX_GROUP = 256  # Writes per commit: at some 30 us each the loop is never held for more than 8 ms.
BUSY_SECONDS = 30.0  # How long a write waits for a foreign writer, such as the sqlite3 shell, that takes no turn.
BUSY_PAUSE_SECONDS = 0.005
SWITCH_SECONDS = 5.0  # How long a start waits for others that start on the same new file.
QUICK_COMMIT_SECONDS = 0.001  # While commits take less on average, the loop waits for them: a hop would cost more.
SLOW_COMMIT_FACTOR = (
    100  # After slow ones the thread commits for this many times as long: the loop is held a few % at worst.
)
CHECKPOINT_CHANGES = 500  # Rows between checkpoints: some 1,500 pages of write-ahead log.
CHECKPOINT_PAGES = 8000  # SQLite's own checkpoint inside COMMIT, should ours ever not suffice.
MEGABYTE = 1 << 20

_UNIQUE = {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
_PARAMETER = re.compile(r"\$(\d+)")
_ROW_LOCK = re.compile(" FOR (?:SHARE|UPDATE SKIP LOCKED)")  # PostgreSQL's; here only one write runs at a time.


@lru_cache(maxsize=4096)
def _adapted(sql: str) -> str:
    """$1 is ?1 here: SQLite knows $1 too, but as a name, numbered by first appearance. There are no row locks."""
    return _PARAMETER.sub(r"?\1", _ROW_LOCK.sub("", sql))


def _translated(error: sqlite3.Error) -> Exception:
    if isinstance(error, sqlite3.IntegrityError) and error.sqlite_errorcode in _UNIQUE:
        return UniqueViolation(str(error))
    if isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", 1) != sqlite3.SQLITE_ERROR:
        return DatabaseUnavailable(f"SQLite: {error}")
    return error  # A mistake in the SQL or its arguments: let it be seen as it is.


class SQLiteTransaction:
    """One write in its group. An error inside makes it useless, as it does on PostgreSQL."""

    __slots__ = ("_connection", "fault", "noted")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.fault = ""
        self.noted: list[Any] = []

    def _run(self, sql: str, args: tuple[Value, ...]) -> sqlite3.Cursor:
        if self.fault:
            raise WorkMisused(self.fault)
        return self._connection.execute(_adapted(sql), args)

    def _failed(self, error: sqlite3.Error) -> Exception:
        self.fault = f"work went on after an error that had ended its transaction: {error}"
        return _translated(error)

    async def one(self, sql: str, *args: Value) -> Row | None:
        try:
            return cast("Row | None", self._run(sql, args).fetchone())
        except sqlite3.Error as error:
            raise self._failed(error) from error

    async def all(self, sql: str, *args: Value) -> Sequence[Row]:
        try:
            return self._run(sql, args).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from error

    async def execute(self, sql: str, *args: Value) -> int:
        try:
            return self._run(sql, args).rowcount
        except sqlite3.Error as error:
            raise self._failed(error) from error


class _Job:
    __slots__ = ("future", "result", "work")

    def __init__(self, work: Callable[[Transaction], Awaitable[Any]], future: asyncio.Future[Any]) -> None:
        self.work = work
        self.future = future
        self.result: Any = None


class _Turn:
    """A fair turn between processes: SQLite's own busy handler sleeps and lets one process starve another (0.8 s seen).

    flock alone is not fair either: who releases and asks again at once may win again. Whoever waits holds the door, so
    the one that has just left queues behind it.
    """

    def __init__(self, path: Path) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC
        self._door = os.open(f"{path}.queue", flags, 0o600)
        self._lock = os.open(f"{path}.lock", flags, 0o600)

    def take_now(self) -> bool:
        """Take the turn if nobody has it or waits for it."""
        try:
            fcntl.flock(self._door, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)
        return True

    def take(self) -> None:
        fcntl.flock(self._door, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._door, fcntl.LOCK_UN)

    def release(self) -> None:
        fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._door)
        os.close(self._lock)


def _connect(path: Path, *, busy_ms: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.execute(f"PRAGMA busy_timeout={busy_ms}")
    connection.execute("PRAGMA synchronous=FULL")  # An acknowledged write survives a power cut.
    connection.execute(f"PRAGMA mmap_size={256 * MEGABYTE}")
    connection.execute(f"PRAGMA cache_size=-{16 * MEGABYTE // 1024}")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit={64 * MEGABYTE}")
    return connection


def _log_ahead(connection: sqlite3.Connection) -> str:
    """Switch to write-ahead logging; the mode that it has now.

    Of several that open a new file at once, SQLite refuses some in the same moment, whatever its busy timeout is.
    """
    until = time.monotonic() + SWITCH_SECONDS
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(BUSY_PAUSE_SECONDS)


def is_idle(path: Path) -> bool:
    """Whether no process has this database open. Only a connection that is alone may leave write-ahead logging."""
    connection = _connect(path, busy_ms=0)
    try:
        return bool(connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0] == "delete")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()


def delete(path: Path) -> None:
    """Remove the database with its log. The log first: a database without it is old but whole, the other way round is not."""
    for suffix in ("-wal", "-shm", ""):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


class SQLiteDatabase:
    """One read connection, one write connection and one writer thread; to be opened inside a running event loop."""

    def __init__(self, path: Path) -> None:
        self._loop = asyncio.get_running_loop()
        os.close(
            os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        )  # SQLite gives -wal and -shm the same mode.
        self._reader = _connect(path, busy_ms=5000)
        if _log_ahead(self._reader) != "wal":
            raise ConfigError("data", f"{path} cannot use write-ahead logging", "Put it on a local file system.")
        self._read = self._reader.execute
        # The write connection never waits by itself: that is the writer thread's work.
        self._writer = _connect(path, busy_ms=0)
        self._turn = _Turn(path)
        if self._turn.take_now():  # Finds out here, not at the first write, that a file system has no locks.
            self._turn.release()
        self._jobs: deque[_Job] = deque()
        self._is_busy = False  # A group is about to start, waits for its turn, or is being committed.
        self._commit_seconds = 0.0  # Moving average of those that the loop waited for.
        self._is_disk_slow_until = 0.0
        self._checkpoint_at = CHECKPOINT_CHANGES
        self._closing: asyncio.Future[None] | None = None
        self._orders: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="sqlite-writer", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, path: Path) -> "SQLiteDatabase":
        """Make the folder and the file when they are missing, readable by nobody else."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(path)
        except (OSError, sqlite3.Error) as error:
            raise ConfigError(
                "data", f"cannot open {path}: {error}", "Name a folder that this user may write."
            ) from error

    async def one(self, sql: str, *args: Value) -> Row | None:
        try:
            return cast("Row | None", self._read(_adapted(sql), args).fetchone())
        except sqlite3.Error as error:
            raise self._refused_read(error) from error

    async def all(self, sql: str, *args: Value) -> Sequence[Row]:
        try:
            return self._read(_adapted(sql), args).fetchall()
        except sqlite3.Error as error:
            raise self._refused_read(error) from error

    def _refused_read(self, error: sqlite3.Error) -> Exception:
        return _translated(error) if self._closing is None else DatabaseUnavailable("the database is closed")

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """A caller that is cancelled before its group starts leaves no trace; later, its write completes without it."""
        if self._closing is not None:
            raise DatabaseUnavailable("the database is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.append(_Job(work, future))
        if not self._is_busy:
            self._is_busy = True
            self._loop.call_soon(self._start_group)  # Whoever else is ready in this turn of the loop comes along.
        return await future

    async def exclusive(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self.write(work)

    def ddl(self, statement: str) -> str:
        return statement

    async def close(self) -> None:
        if self._closing is None:
            self._closing = self._loop.create_future()
            if not self._is_busy:
                self._closing.set_result(None)
        await asyncio.shield(self._closing)
        if self._thread.is_alive():
            self._orders.put(None)
            self._thread.join()
            self._writer.close()
            self._reader.close()
            self._turn.close()

    # --- in the event loop ---

    def _start_group(self) -> None:
        try:
            has_turn = self._turn.take_now()
        except OSError as error:
            self._fail_all(DatabaseUnavailable(f"SQLite: no turn to write: {error}"))
            return
        if has_turn:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.Error:
                self._turn.release()
            else:
                self._run_group()
                return
        self._orders.put(self._await_turn)

    def _run_group(self) -> None:
        changes = self._writer.total_changes
        jobs: list[_Job] = []
        while self._jobs and len(jobs) < MAX_GROUP:
            job = self._jobs.popleft()
            if not job.future.done():  # Else it was cancelled before it started.
                jobs.append(job)
        group = self._run_alone(jobs) if len(jobs) == 1 else self._run_together(jobs)
        if group is not None:
            self._end_group(group, is_written=self._writer.total_changes != changes)

    def _end_group(self, group: list[_Job], *, is_written: bool) -> None:
        """COMMIT here when it is quick, else in the thread."""
        started = clock.monotonic()
        if is_written and (started < self._is_disk_slow_until or self._writer.total_changes >= self._checkpoint_at):
            self._orders.put(partial(self._commit, group))
            return
        error = self._end_transaction()
        self._turn.release()
        took = clock.monotonic() - started
        if is_written:
            self._commit_seconds += (took - self._commit_seconds) / 8
        if self._commit_seconds > QUICK_COMMIT_SECONDS:
            self._is_disk_slow_until = started + SLOW_COMMIT_FACTOR * took
            self._commit_seconds = QUICK_COMMIT_SECONDS / 2
        self._finish_group(group, error)
        self._next_group()

    def _run_alone(self, jobs: list[_Job]) -> list[_Job]:
        """Of one job; those that are to be committed."""
        try:
            self._run(jobs[0])
        except BaseException as error:
            self._roll_back()
            _refuse(jobs[0], error)
            return []
        return jobs

    def _run_together(self, jobs: list[_Job]) -> list[_Job] | None:
        """Without a way back for each of them, which costs a copy of every page; when one fails, all once more with one.

        Those that are to be committed; None when the group has come to nothing and its jobs were told so.
        """
        self._writer.execute("SAVEPOINT jobs")
        try:
            for job in jobs:
                self._run(job)
        except BaseException as error:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK TO jobs")
                return self._run_nested(jobs)
            # A full disk may roll back the whole transaction, not only a statement.
            self._abandon(jobs, error)
            return None
        return jobs

    def _run_nested(self, jobs: list[_Job]) -> list[_Job] | None:
        """As _run_together; each fails alone."""
        group: list[_Job] = []
        for job in jobs:
            self._writer.execute("SAVEPOINT job")
            try:
                self._run(job)
            except BaseException as error:
                _refuse(job, error)
                if not self._writer.in_transaction:
                    self._abandon(group, error)
                    return None
                self._writer.execute("ROLLBACK TO job")
            else:
                group.append(job)
            self._writer.execute("RELEASE job")
        return group

    def _run(self, job: _Job) -> None:
        job.result = _drive(job, SQLiteTransaction(self._writer))

    def _abandon(self, group: list[_Job], error: BaseException) -> None:
        self._turn.release()
        self._finish_group(group, DatabaseUnavailable(f"SQLite rolled back the whole group: {error}"))
        self._next_group()

    def _finish_group(self, group: list[_Job], error: Exception | None) -> None:
        for job in group:
            if error is not None:
                # One each: a raised exception collects its own traceback.
                _refuse(job, DatabaseUnavailable(str(error)))
            elif not job.future.done():
                job.future.set_result(job.result)

    def _fail_all(self, error: Exception) -> None:
        """No transaction could begin: what has waited is refused, what comes later tries again."""
        group, self._jobs = list(self._jobs), deque()
        self._finish_group(group, error)
        self._next_group()

    def _next_group(self) -> None:
        if self._jobs:
            self._loop.call_soon(self._start_group)  # Behind the tasks just woken, whose next writes join this group.
            return
        self._is_busy = False
        if self._closing is not None and not self._closing.done():
            self._closing.set_result(None)

    # --- in the writer thread ---

    def _serve(self) -> None:
        while (order := self._orders.get()) is not None:
            order()

    def _report(self, callback: Callable[..., None], *args: Any) -> None:
        with contextlib.suppress(RuntimeError):  # The loop was closed without closing the database: nobody waits.
            self._loop.call_soon_threadsafe(callback, *args)

    def _await_turn(self) -> None:
        """Wait for the other processes, then begin; the loop goes on with the group."""
        try:
            self._turn.take()
        except OSError as error:  # No locks left, a share that is gone. The thread must live on: nobody else writes.
            self._report(self._fail_all, DatabaseUnavailable(f"SQLite: no turn to write: {error}"))
            return
        until = clock.monotonic() + BUSY_SECONDS
        while True:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY and clock.monotonic() < until:
                    time.sleep(BUSY_PAUSE_SECONDS)
                    continue
                self._turn.release()
                self._report(self._fail_all, DatabaseUnavailable(f"SQLite: {error}"))
            else:
                self._report(self._run_group)
            return

    def _commit(self, group: list[_Job]) -> None:
        self._report(self._finish_group, group, self._end_transaction())
        if self._writer.total_changes >= self._checkpoint_at:
            self._checkpoint_at = self._writer.total_changes + CHECKPOINT_CHANGES
            with contextlib.suppress(sqlite3.Error):  # It loses nothing, and a later one does the same work.
                self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        self._turn.release()
        self._report(self._next_group)

    # --- in either, never in both at once ---

    def _end_transaction(self) -> Exception | None:
        error: Exception | None = None
        try:
            if self._writer.in_transaction:
                self._writer.execute("COMMIT")
        except sqlite3.Error as failure:
            error = DatabaseUnavailable(f"SQLite could not commit: {failure}")
            self._roll_back()
        return error

    def _roll_back(self) -> None:
        if self._writer.in_transaction:
            with contextlib.suppress(sqlite3.Error):  # The next BEGIN reports a connection that cannot even roll back.
                self._writer.execute("ROLLBACK")


def _drive(job: _Job, transaction: SQLiteTransaction) -> Any:
    """Run the work to its end. The transaction's methods never suspend, so one step is enough."""
    steps = job.work(transaction).__await__()
    try:
        next(steps)
    except StopIteration as end:
        if transaction.fault:
            raise WorkMisused(transaction.fault) from None
        return end.value
    finally:
        transaction.fault = transaction.fault or "a transaction was used after its work had ended"
    close = getattr(steps, "close", None)
    if close is not None:
        close()
    raise WorkMisused("work awaited something other than its transaction; await network, locks and sleep outside of it")


def _refuse(job: _Job, error: BaseException) -> None:
    if not job.future.done():
        job.future.set_exception(error)
