"""The storage port: what a query file may ask of a database, the same on SQLite and PostgreSQL."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeVar

from poolhouse import clock
from poolhouse.config import Settings
from poolhouse.errors import ConfigError, PoolhouseError

Value = str | int | bytes | None
Row = Sequence[Any]  # access by position only: a tuple on SQLite, an asyncpg Record on PostgreSQL
T = TypeVar("T")

SQLITE_FILE = "poolhouse.db"


class UniqueViolation(PoolhouseError):
    """A unique key is taken already. The work that met it must end: its transaction can only roll back."""


class DatabaseUnavailable(PoolhouseError):
    """The database cannot answer now: gone, full, too busy, or closed. Nothing of the refused work is kept, unless the
    connection broke during COMMIT itself."""


class WorkMisused(PoolhouseError):
    """A programming error in a `work` function, such as awaiting the network inside a transaction."""


class Reader(Protocol):
    """Reads. SQL in the portable subset, with $1..$n.

    Inside a write, ` FOR SHARE` keeps the rows of a SELECT as they are until the write ends: whoever changes one of them waits,
    or meets a serialization failure and begins anew. ` FOR UPDATE SKIP LOCKED` reads only rows that nobody else is changing.
    """

    async def one(self, sql: str, *args: Value) -> Row | None: ...

    async def all(self, sql: str, *args: Value) -> Sequence[Row]: ...


class Transaction(Reader, Protocol):
    """What `work` sees. It must not be used after `work` has ended.

    noted: what has to happen once the write is committed, for who asked for it (pool/call.py). Here and not with the work, which
    may run again: of a try that came to nothing nothing leaves.
    """

    noted: list[Any]

    async def execute(self, sql: str, *args: Value) -> int:
        """Returns the number of rows affected."""
        ...


class Write(Protocol):
    """`Database.write`, or that of who writes for somebody."""

    async def __call__(self, work: Callable[[Transaction], Awaitable[T]]) -> T: ...


class Database(Reader, Protocol):
    """One open database of one process. Reads see every write of this process that has returned."""

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction; when this returns, the result is durable. Raising inside rolls back.

        `work` awaits nothing but its transaction, and may run again after a serialization failure. All of it sees one
        snapshot, so read-modify-write is safe.
        """
        ...

    async def exclusive(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As `write`, one at a time over all processes, and its statements may take hours; for migrations."""
        ...

    def ddl(self, statement: str) -> str:
        """CREATE and ALTER statements in the column types of this engine."""
        ...

    async def close(self) -> None:
        """Finish the writes that have begun, then close."""
        ...


async def ping(db: Reader) -> None:
    """Raises DatabaseUnavailable when the database does not answer."""
    await db.one("SELECT 1")


async def open_database(settings: Settings, *, migrate: bool = True) -> Database:
    """The database that the settings name, migrated. Raises ConfigError when it cannot be used.

    Imports only the engine that is used: asyncpg alone costs a tenth of a second of start-up.
    """
    from poolhouse.storage.migrate import migrate as run_migrations

    db: Database
    if not settings.database_url:
        from poolhouse.storage.sqlite import SQLiteDatabase

        db = SQLiteDatabase.open(settings.data / SQLITE_FILE)
    elif settings.database_url.startswith(("postgresql://", "postgres://")):
        from poolhouse.storage.postgresql import PostgreSQLDatabase

        db = await PostgreSQLDatabase.open(settings.database_url, settings.database_connections)
    else:
        raise ConfigError(
            "database_url",
            "only postgresql:// is known",
            "Leave it empty for SQLite in the data folder, or write postgresql://user:password@host:5432/database.",
        )
    if migrate:
        try:
            await run_migrations(db, int(clock.now() * 1000))
        except BaseException:
            await db.close()
            raise
    return db
