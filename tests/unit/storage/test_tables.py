"""The one list of tables says what the schema says."""

import pytest

from poolhouse.storage import tables
from poolhouse.storage.engine import Database

EXPIRIES = {"expires_at", "prune_at"}
OWNERS = {"sub", "subject", "username"}


async def columns_of(db: Database, engine: str) -> dict[str, list[str]]:
    """Table → its columns, as the database has them."""
    if engine == "sqlite":
        rows = await db.all(
            "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        )
    else:
        rows = await db.all(
            "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns "
            "WHERE table_schema = 'public'"
        )
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


async def test_every_table_is_known_with_its_expiry_and_its_pool(db: Database, engine: str) -> None:
    found = await columns_of(db, engine)
    assert set(found) == {table.name for table in tables.TABLES}
    for table in tables.TABLES:
        columns = set(found[table.name])
        assert bool(columns & EXPIRIES) == bool(table.expiry), table.name
        assert ("user_pool_id" in columns) == (table.kind != "server"), table.name
        assert {*table.whole_key, *filter(None, (table.sealed, table.owner, table.expiry))} <= columns, table.name


async def test_every_table_that_names_a_user_says_whose_its_rows_are(db: Database, engine: str) -> None:
    """A new table with a sub in it is forgotten by no deletion."""
    for name, columns in (await columns_of(db, engine)).items():
        table = next(table for table in tables.TABLES if table.name == name)
        named = OWNERS & set(columns)
        if name != "users":
            assert bool(table.owner) == bool(named), name
            assert table.owner in ("sub", "subject") or not named & {"sub", "subject"}, name


@pytest.mark.parametrize("engine", ["sqlite"], scope="session")
async def test_the_keys_are_the_primary_keys(db: Database) -> None:
    for table in tables.TABLES:
        rows = await db.all("SELECT name FROM pragma_table_info($1) WHERE pk > 0 ORDER BY pk", table.name)
        assert tuple(row[0] for row in rows) == table.whole_key, table.name
