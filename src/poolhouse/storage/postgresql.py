"""PostgreSQL over asyncpg, with connections of our own keeping: asyncpg's pool costs three times the query it serves."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar, cast

import asyncpg

from poolhouse import clock
from poolhouse.errors import ConfigError
from poolhouse.storage.engine import DatabaseUnavailable, Row, Transaction, UniqueViolation, Value, WorkMisused

T = TypeVar("T")
Connection = Any  # asyncpg.Connection, whose stubs are not strict

COMMAND_TIMEOUT_SECONDS = 30.0
CONNECT_TIMEOUT_SECONDS = 5.0
WAIT_SECONDS = 10.0  # How long a request may wait for a free connection.
CONNECT_PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # Outlasts a restart of the server.
# Of N writers that meet on one row each round lets one through: tried again for as long as a request may wait.
AGAIN_SECONDS = 10.0
READ_ATTEMPTS = 3
# A migration rewrites whole tables, and who comes second waits for it: as long as it takes.
EXCLUSIVE_SECONDS = 86_400.0
# But it does not wait for ever behind a server of the earlier release, nor let everybody else queue up behind itself.
EXCLUSIVE_LOCK_SECONDS = 60.0
EXCLUSIVE_LOCK = 0x706F6F6C  # "pool": any number that other users of the same database do not take.

# Every write works on one snapshot, so that two read-modify-writes of a row cannot silently lose one of them.
BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ"

_AGAIN = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
_DEAD = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InternalClientError,  # Its farewell has arrived, but not yet been read.
    OSError,
    TimeoutError,
)
_NOT_YET = (asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError, OSError, TimeoutError)


class _DeadBeforeWork(DatabaseUnavailable):
    """The connection had died while it was idle: nothing has run."""


def _is_dead(connection: Connection, error: Exception) -> bool:
    """Whether the error is about the connection; asyncpg's InterfaceError may as well be a mistake in the arguments."""
    return isinstance(error, _DEAD) or connection.is_closed()


def _said(error: Exception) -> str:
    """Some, a timeout for one, have no text."""
    return str(error) or type(error).__name__


def _translated(connection: Connection, error: Exception) -> Exception:
    if isinstance(error, asyncpg.UniqueViolationError):
        return UniqueViolation(str(error))
    if isinstance(error, asyncpg.InsufficientResourcesError) or _is_dead(connection, error):
        return DatabaseUnavailable(f"PostgreSQL: {_said(error)}")
    return error  # A serialization failure, or a mistake in the SQL: let it be seen as it is.


class PostgreSQLTransaction:
    """One write on one connection. An error inside makes it useless."""

    __slots__ = ("_connection", "_timeout", "fault", "is_over", "noted")

    def __init__(self, connection: Connection, timeout: float | None) -> None:
        """timeout: of each statement, in seconds; None: the connection's."""
        self._connection = connection
        self._timeout = timeout
        self.fault: Exception | None = None
        self.is_over = False
        self.noted: list[Any] = []

    def _live(self) -> Connection:
        if self.is_over:
            raise WorkMisused("a transaction was used after its work had ended")
        if self.fault is not None:
            raise WorkMisused(f"work went on after an error that had ended its transaction: {self.fault}")
        return self._connection

    def _failed(self, error: Exception) -> Exception:
        if self.fault is None:
            self.fault = error
        return _translated(self._connection, error)

    async def one(self, sql: str, *args: Value) -> Row | None:
        try:
            return cast("Row | None", await self._live().fetchrow(sql, *args, timeout=self._timeout))
        except Exception as error:
            raise self._failed(error) from error

    async def all(self, sql: str, *args: Value) -> Sequence[Row]:
        try:
            return cast("Sequence[Row]", await self._live().fetch(sql, *args, timeout=self._timeout))
        except Exception as error:
            raise self._failed(error) from error

    async def execute(self, sql: str, *args: Value) -> int:
        try:
            status: str = await self._live().execute(sql, *args, timeout=self._timeout)
        except Exception as error:
            raise self._failed(error) from error
        count = status.rpartition(" ")[2]
        return int(count) if count.isdecimal() else 0


class PostgreSQLDatabase:
    """At most `limit` connections, opened when needed, kept free of session state; who waits is served in order."""

    def __init__(self, url: str, limit: int) -> None:
        self._url = url
        self._limit = max(1, limit)
        self._free: list[Connection] = []
        self._count = 0  # Connections that exist or are being opened.
        self._waiters: deque[asyncio.Future[Connection | None]] = deque()
        self._again = asyncio.Lock()
        self._drained = asyncio.Event()
        self._is_closed = False

    @classmethod
    async def open(cls, url: str, limit: int) -> "PostgreSQLDatabase":
        db = cls(url, limit)
        try:
            db._put_back(await db._take(), is_clean=True)
        except (DatabaseUnavailable, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise ConfigError(
                "database_url", f"cannot connect: {error}", "Check host, port, database, user and password."
            ) from error
        except (
            ValueError
        ) as error:  # Of Python's own readers; it may quote a password with an @ or / in it, so it is not told.
            problem = "its host is no name" if isinstance(error, UnicodeError) else "its host and port cannot be read"
            raise ConfigError(
                "database_url",
                problem,
                "Write postgresql://user:password@host:5432/database; @ : / ? # % in user or password as %40 %3A %2F %3F %23 %25.",
            ) from error
        return db

    async def one(self, sql: str, *args: Value) -> Row | None:
        return cast("Row | None", await self._read("fetchrow", sql, args))

    async def all(self, sql: str, *args: Value) -> Sequence[Row]:
        return cast("Sequence[Row]", await self._read("fetch", sql, args))

    async def _read(self, method: str, sql: str, args: tuple[Value, ...]) -> Any:
        attempt = 1
        while True:
            connection = await self._take()
            is_clean = False
            try:
                result = await getattr(connection, method)(sql, *args)
                is_clean = True
                return result
            except Exception as error:
                is_clean = not _is_dead(connection, error)
                if is_clean or attempt == READ_ATTEMPTS or isinstance(error, TimeoutError):
                    raise _translated(connection, error) from error
            finally:
                self._put_back(connection, is_clean=is_clean)
            attempt += 1

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """A caller that is cancelled leaves the whole write or nothing of it.

        A serialization failure, a deadlock or a connection that had died idle is tried again, whatever `work` made of it.
        """
        try:
            return await self._attempt(work)
        except (*_AGAIN, _DeadBeforeWork):
            async with self._again:  # One by one: who tries again does not also meet the others who do.
                return await self._repeat(work)

    async def _repeat(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        until = clock.monotonic() + AGAIN_SECONDS
        while True:
            try:
                return await self._attempt(work)
            except (*_AGAIN, _DeadBeforeWork) as error:
                if clock.monotonic() > until:
                    raise DatabaseUnavailable(f"PostgreSQL: gave up after {AGAIN_SECONDS:.0f} s: {error}") from error

    async def exclusive(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        return await self._attempt(work, is_exclusive=True)

    async def _attempt(self, work: Callable[[Transaction], Awaitable[T]], *, is_exclusive: bool = False) -> T:
        timeout = EXCLUSIVE_SECONDS if is_exclusive else None
        connection = await self._take()
        is_clean = False  # Outside of a transaction: the only state in which a connection may serve the next caller.
        try:
            await self._begin(connection, is_exclusive=is_exclusive)
            transaction = PostgreSQLTransaction(connection, timeout)
            try:
                result = await work(transaction)
            except Exception as error:
                is_clean = await self._roll_back(connection)
                if isinstance(transaction.fault, _AGAIN):  # Even when the work has turned it into an error of its own.
                    raise transaction.fault from error
                raise
            finally:
                transaction.is_over = True
            if transaction.fault is not None:
                is_clean = await self._roll_back(connection)
                if isinstance(transaction.fault, _AGAIN):
                    raise transaction.fault
                raise WorkMisused(f"work went on after an error that had ended its transaction: {transaction.fault}")
            await self._commit(connection, timeout)
            is_clean = True
            return result
        finally:
            self._put_back(connection, is_clean=is_clean and not is_exclusive)  # A lock ends with its connection.

    async def _begin(self, connection: Connection, *, is_exclusive: bool) -> None:
        try:
            if is_exclusive:
                # Before the transaction, so that its snapshot sees what the last holder wrote. The connection ends with it, and
                # with it these limits, which hold whatever the database or the role says.
                await connection.execute("SET statement_timeout = 0; SET lock_timeout = 0")
                await connection.execute("SELECT pg_advisory_lock($1)", EXCLUSIVE_LOCK, timeout=EXCLUSIVE_SECONDS)
                await connection.execute(f"SET lock_timeout = {EXCLUSIVE_LOCK_SECONDS * 1000:.0f}")
            await connection.execute(BEGIN)
        except Exception as error:
            if _is_dead(connection, error):
                raise _DeadBeforeWork(_said(error)) from error
            raise

    async def _roll_back(self, connection: Connection) -> bool:
        """Whether the connection can be used again."""
        try:
            await connection.execute("ROLLBACK")
        except Exception:  # Whatever it is, the server rolls back when the connection ends.
            return False
        return True

    async def _commit(self, connection: Connection, timeout: float | None) -> None:
        try:
            await connection.execute("COMMIT", timeout=timeout)
        except Exception as error:
            raise _translated(connection, error) from error

    def ddl(self, statement: str) -> str:
        return statement.replace("BLOB", "BYTEA").replace(" TEXT", ' TEXT COLLATE "C"')

    async def close(self) -> None:
        self._is_closed = True
        while self._waiters:
            _wake(self._waiters.popleft(), None)
        while self._count:
            while self._free:
                connection = self._free.pop()
                self._count -= 1
                with contextlib.suppress(
                    *_DEAD, asyncpg.PostgresError, asyncpg.InterfaceError
                ):  # Gone already is closed enough.
                    await connection.close(timeout=CONNECT_TIMEOUT_SECONDS)
            if self._count:
                self._drained.clear()
                await self._drained.wait()

    # --- the connections ---

    async def _take(self) -> Connection:
        while True:
            if self._is_closed:
                raise DatabaseUnavailable("the database is closed")
            while self._free:
                connection = self._free.pop()  # The warmest: its statements are prepared, its pages in cache.
                if not connection.is_closed():
                    return connection
                self._count -= 1
            if self._count < self._limit:
                self._count += 1
                try:
                    return await self._connect()
                except BaseException:
                    self._leave()
                    raise
            connection = await self._wait()
            if connection is not None:
                return connection

    async def _wait(self) -> Connection | None:
        """A connection from whoever gives one back; None: a place for a new one is free."""
        waiter: asyncio.Future[Connection | None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():  # Served in the moment of giving up: pass it on.
                connection = waiter.result()
                if connection is not None:
                    self._put_back(connection, is_clean=True)
                else:
                    self._wake_next(None)
            elif waiter in self._waiters:
                self._waiters.remove(waiter)
            if isinstance(error, TimeoutError):
                raise DatabaseUnavailable(f"PostgreSQL: no free connection within {WAIT_SECONDS:.0f} s") from error
            raise

    async def _connect(self) -> Connection:
        for pause in (*CONNECT_PAUSES_SECONDS, None):
            try:
                return await asyncpg.connect(
                    self._url,
                    timeout=CONNECT_TIMEOUT_SECONDS,
                    command_timeout=COMMAND_TIMEOUT_SECONDS,
                    statement_cache_size=512,
                    max_cached_statement_lifetime=0,  # Ours are constants of the code; none goes out of use.
                    server_settings={"application_name": "poolhouse"},
                )
            except _NOT_YET as error:
                if pause is None:
                    raise DatabaseUnavailable(f"PostgreSQL: {_said(error)}") from error
                await asyncio.sleep(pause)
        raise AssertionError  # The last round returns or raises.

    def _put_back(self, connection: Connection, *, is_clean: bool) -> None:
        if not is_clean or connection.is_closed():
            connection.terminate()
            self._leave()
        elif not self._wake_next(connection):
            self._free.append(connection)
            self._drained.set()

    def _leave(self) -> None:
        self._count -= 1
        self._drained.set()
        self._wake_next(None)

    def _wake_next(self, connection: Connection | None) -> bool:
        while self._waiters:
            if _wake(self._waiters.popleft(), connection):
                return True
        return False


def _wake(waiter: asyncio.Future[Connection | None], connection: Connection | None) -> bool:
    if waiter.done():
        return False
    waiter.set_result(connection)
    return True
