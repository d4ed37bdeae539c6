"""Numbered SQL migrations, forward only, the same text for both engines."""

import re
from importlib.resources import files
from typing import NamedTuple

from poolhouse.errors import ConfigError
from poolhouse.storage.engine import Database, Reader, Transaction

_NAME = re.compile(r"(\d{4})_(\w+)\.sql")
_PIECE = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|;|[^'\";-]+|-", re.DOTALL)

_MADE = "CREATE TABLE IF NOT EXISTS schema_migrations (number BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)"
_SHOWN_CHARACTERS = 200
_RECORD = "INSERT INTO schema_migrations (number, name, applied_at) VALUES ($1, $2, $3)"


class Migration(NamedTuple):
    number: int
    name: str
    sql: str


def migrations() -> list[Migration]:
    """All that this release knows, in order."""
    found = []
    for file in files("poolhouse.storage").joinpath("migrations").iterdir():
        match = _NAME.fullmatch(file.name)
        if match:
            found.append(Migration(int(match[1]), match[2], file.read_text("utf-8")))
    return sorted(found)


def statements(sql: str) -> list[str]:
    """The statements without comments. Semicolons in quotes do not split; triggers and $$ bodies are not supported."""
    pieces = [piece for piece in _PIECE.findall(sql) if not piece.startswith("--")]
    found, current = [], ""
    for piece in [*pieces, ";"]:
        if piece != ";":
            current += piece
            continue
        if current.strip():
            found.append(current.strip())
        current = ""
    return found


async def applied(db: Reader) -> list[int]:
    """The numbers that this database has had; none when it was never migrated."""
    try:
        rows = await db.all("SELECT number FROM schema_migrations ORDER BY number")
    except Exception as error:  # Both engines name the missing table, each in an error class of its own.
        if "schema_migrations" not in str(error):
            raise
        return []
    return [row[0] for row in rows]


async def _run(tx: Transaction, db: Database, migration: Migration, statement: str) -> None:
    """Raises ConfigError that names the statement, whatever has failed."""
    try:
        await tx.execute(db.ddl(statement) if statement.startswith(("CREATE", "ALTER")) else statement)
    except Exception as error:
        begins = " ".join(statement.split())[:_SHOWN_CHARACTERS]
        raise ConfigError(
            "database",
            f"migration {migration.number:04} {migration.name} failed at `{begins}`: {str(error) or type(error).__name__}",
            "Nothing of it was kept. Stop every server of the earlier release, then start this one again.",
        ) from error


async def migrate(db: Database, now_ms: int, known: list[Migration] | None = None) -> list[Migration]:
    """Apply what is missing, each migration in a transaction of its own, and return it.

    Safe when many processes start at once. Raises ConfigError for a database that a newer release has migrated, and for a
    migration that fails.
    """
    known = migrations() if known is None else known

    async def step(tx: Transaction) -> Migration | None:
        await tx.execute(db.ddl(_MADE))
        done = await applied(tx)
        if done and done[-1] > known[-1].number:
            raise ConfigError(
                "database",
                f"it is at migration {done[-1]}, this release knows {known[-1].number}",
                "A newer poolhouse has used this database: start that release, or restore the backup made before it.",
            )
        for migration in known:
            if migration.number not in done:
                for statement in statements(migration.sql):
                    await _run(tx, db, migration, statement)
                await tx.execute(_RECORD, migration.number, migration.name, now_ms)
                return migration
        return None

    new = []
    while (migration := await db.exclusive(step)) is not None:
        new.append(migration)
    return new
