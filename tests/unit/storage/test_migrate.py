"""Migrations: splitting, types, once and in order, many processes at once, refusing what is newer."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable

import pytest

from poolhouse.config import Settings
from poolhouse.errors import ConfigError
from poolhouse.storage import groups, refresh_tokens
from poolhouse.storage.engine import Database, Transaction, open_database
from poolhouse.storage.migrate import Migration, applied, migrate, migrations, statements
from poolhouse.storage.postgresql import PostgreSQLDatabase


def test_statements_are_split_at_semicolons_outside_of_quotes_and_comments() -> None:
    sql = """
    -- A comment; with a semicolon and a 'quote
    CREATE TABLE a (b TEXT); -- BLOB
    INSERT INTO a VALUES ('one; -- two', 'it''s');
    UPDATE "a;b" SET c = 3 - 2;;
    SELECT 1
    """
    assert statements(sql) == [
        "CREATE TABLE a (b TEXT)",
        "INSERT INTO a VALUES ('one; -- two', 'it''s')",
        'UPDATE "a;b" SET c = 3 - 2',
        "SELECT 1",
    ]


def test_types_are_substituted_for_postgresql() -> None:
    db = PostgreSQLDatabase("", 1)
    assert db.ddl("CREATE TABLE a (b TEXT NOT NULL, c BLOB)") == 'CREATE TABLE a (b TEXT COLLATE "C" NOT NULL, c BYTEA)'


def test_migrations_are_numbered_without_gaps() -> None:
    assert [migration.number for migration in migrations()] == list(range(1, len(migrations()) + 1))


async def test_a_second_start_has_nothing_to_do(open_db: Callable[..., Awaitable[Database]]) -> None:
    db = await open_db(migrate=False)
    assert await migrate(db, 1) == migrations()
    assert await migrate(db, 2) == []
    rows = await db.all("SELECT number, name, applied_at FROM schema_migrations")
    assert [tuple(row) for row in rows] == [(each.number, each.name, 1) for each in migrations()]


async def test_only_what_is_missing_is_applied(db: Database) -> None:
    new = Migration(migrations()[-1].number + 1, "more", "CREATE TABLE more (user_pool_id TEXT NOT NULL PRIMARY KEY);")
    assert await migrate(db, 1, [*migrations(), new]) == [new]
    assert list(await db.all("SELECT * FROM more")) == []


async def test_a_migration_that_fails_leaves_nothing(db: Database) -> None:
    bad = Migration(9000, "bad", "CREATE TABLE half (a TEXT); INSERT INTO no_such_table VALUES (1);")
    with pytest.raises(Exception, match="no_such_table"):
        await migrate(db, 1, [*migrations(), bad])
    assert await applied(db) == [each.number for each in migrations()]
    with pytest.raises(Exception, match="half"):
        await db.all("SELECT * FROM half")


async def test_a_database_of_a_newer_release_is_refused(db: Database, settings: Settings) -> None:
    future = Migration(9000, "future", "CREATE TABLE future (a TEXT);")
    await migrate(db, 1, [*migrations(), future])
    with pytest.raises(ConfigError, match="9000") as refusal:
        await open_database(settings)
    assert "newer poolhouse" in refusal.value.mend


async def test_many_can_start_at_once(open_db: Callable[..., Awaitable[Database]]) -> None:
    databases = [await open_db(migrate=False) for _ in range(6)]
    results = await asyncio.gather(*(migrate(db, 1) for db in databases))
    assert sorted(done for result in results for done in result) == migrations()


async def test_many_processes_can_start_at_once(
    settings: Settings, open_db: Callable[..., Awaitable[Database]]
) -> None:
    code = (
        "import asyncio, sys; from pathlib import Path; from poolhouse.config import Settings;"
        "from poolhouse.storage.engine import open_database\n"
        "async def main():\n"
        "    db = await open_database(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2]))\n"
        "    await db.close()\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", code, str(settings.data), settings.database_url]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]  # noqa: ASYNC220
    for process in processes:
        _, errors = await asyncio.to_thread(process.communicate)
        assert process.returncode == 0, errors.decode()
    assert await applied(await open_db()) == [each.number for each in migrations()]


async def test_what_belonged_to_a_name_belongs_to_its_sub_afterwards(
    open_db: Callable[..., Awaitable[Database]],
) -> None:
    """Migration 0002: sign-ins and memberships are carried over; those of an earlier owner of the name are not.

    Nor are sign-ins that a global sign-out of 0.1 missed, since they were on their way (attack-0.1 no. 19).
    """
    db = await open_db(migrate=False)
    await migrate(db, 1, [each for each in migrations() if each.number <= 1])

    async def fill(tx: Transaction) -> None:
        for username, signed_out_at in {"ada": 0, "bob": 0, "eve": 60, "fay": 59}.items():
            await tx.execute(
                "INSERT INTO users (user_pool_id, username, sub, status, is_enabled, attributes, signed_out_at, created_at, "
                "updated_at) VALUES ('p', $1, $2, 'CONFIRMED', 1, '{}', $3, 50, 50)",
                username,
                f"sub-{username}",
                signed_out_at,
            )
        for username, created_at in {"ada": 60, "bob": 40, "eve": 60, "fay": 60, "gone": 60}.items():
            await tx.execute(
                "INSERT INTO refresh_tokens (user_pool_id, origin_jti, username, client_id, token_hash, scope, auth_time, source, "
                "created_at, expires_at, prune_at) VALUES ('p', $1, $1, 'c', $2, 's', 1, 'api', $3, 90, 99)",
                username,
                b"h",
                created_at,
            )
            await tx.execute("INSERT INTO user_group_members VALUES ('p', 'staff', $1, $2)", username, created_at)
        await tx.execute("INSERT INTO user_groups VALUES ('p', 'staff', NULL, NULL, NULL, 1, 1)")
        await tx.execute(
            "INSERT INTO refresh_tokens (user_pool_id, origin_jti, username, client_id, token_hash, scope, auth_time, source, "
            "created_at, expires_at, revoked_at, prune_at) VALUES ('p', 'revoked', 'eve', 'c', $1, 's', 1, 'api', 59, 90, 60, 99)",
            b"h",
        )

    await db.write(fill)
    await migrate(db, 1)
    found = await refresh_tokens.get_user_and_liveness(db, "p", "sub-ada", "ada")
    assert found is not None
    assert found[1]
    assert await refresh_tokens.get(db, "p", "bob") is None
    rows = await db.all("SELECT origin_jti FROM refresh_tokens ORDER BY origin_jti")
    assert [row[0] for row in rows] == ["ada", "fay", "revoked"]
    assert [group.name for group in await groups.list_for_user(db, "p", "sub-ada")] == ["staff"]
    assert await groups.list_for_user(db, "p", "sub-bob") == []


async def test_search_values_of_an_earlier_release_are_cut(open_db: Callable[..., Awaitable[Database]]) -> None:
    """attack-0.1 no. 25: as they are written now, so that a later change finds them."""
    db = await open_db(migrate=False)
    await migrate(db, 1, [migration for migration in migrations() if migration.number == 1])

    async def insert(tx: Transaction) -> None:
        for value in ("x" * 2_000, "short"):
            await tx.execute("INSERT INTO user_search VALUES ('p', 'name', $1, 'bob')", value)

    await db.write(insert)
    await migrate(db, 2)
    rows = await db.all("SELECT value FROM user_search ORDER BY value")
    assert [row[0] for row in rows] == ["short", "x" * 256]
