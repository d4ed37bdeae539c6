"""Queries of access_keys, on both engines; their life is tested in tests/unit/pool/configuration/test_access_keys.py."""

from pathlib import Path

from poolhouse.config import Settings
from poolhouse.storage import access_keys
from poolhouse.storage.engine import open_database


async def test_round_trip(database_url: str, tmp_path: Path):
    db = await open_database(Settings(data=tmp_path, database_url=database_url))
    try:
        newer = access_keys.AccessKeyRow("AKIA1", b"\x00\xff", "newer é", 2)
        older = access_keys.AccessKeyRow("AKIA2", b"sealed", "", 1)

        async def insert(tx):
            await access_keys.insert(tx, newer)
            await access_keys.insert(tx, older)

        await db.write(insert)
        assert await access_keys.get(db, "AKIA1") == newer
        assert await access_keys.get(db, "akia1") is None
        assert await access_keys.list_all(db) == [older, newer]
        assert await db.write(lambda tx: access_keys.delete(tx, "AKIA1")) == 1
        assert await db.write(lambda tx: access_keys.delete(tx, "AKIA1")) == 0
        assert await access_keys.list_all(db) == [older]
    finally:
        await db.close()
