"""Access keys: made, sealed, found, forgotten; on both engines."""

import os
from pathlib import Path

import pytest

from poolhouse.config import Settings
from poolhouse.crypto.seal import Keyring
from poolhouse.pool.configuration import access_keys
from poolhouse.pool.configuration.access_keys import AccessKeys
from poolhouse.storage import access_keys as stored
from poolhouse.storage.engine import Database, open_database


@pytest.fixture
async def db(database_url: str, tmp_path: Path):
    db = await open_database(Settings(data=tmp_path, database_url=database_url))
    yield db
    await db.close()


@pytest.fixture
def keyring() -> Keyring:
    return Keyring([bytes(32)])


async def make(db: Database, keyring: Keyring) -> access_keys.NewAccessKey:
    return await db.write(
        lambda tx: access_keys.create(tx, keyring, "for tests", now_ms=5, random=os.urandom),
    )


async def test_a_new_key_has_the_form_of_aws(db, keyring):
    key = await make(db, keyring)
    assert key.access_key_id.startswith("AKIA")
    assert len(key.access_key_id) == 20
    assert len(key.secret_access_key) == 40
    assert key.secret_access_key not in repr(key)


async def test_the_secret_is_stored_sealed_and_bound_to_its_id(db, keyring):
    key = await make(db, keyring)
    (row,) = await access_keys.list_all(db)
    assert (row.access_key_id, row.description, row.created_at) == (key.access_key_id, "for tests", 5)
    assert key.secret_access_key.encode() not in row.secret
    assert keyring.open(row.secret, access_keys.context(key.access_key_id)).decode() == key.secret_access_key


async def test_a_key_is_found_and_signs(db, keyring):
    key = await make(db, keyring)
    found = await AccessKeys(db, keyring).find(key.access_key_id, 1000.0)
    assert found is not None
    scope = "20150830/us-east-1/iam/aws4_request"
    assert found.signing_key(scope) == access_keys.AccessKey("x", key.secret_access_key).signing_key(scope)


async def test_an_unknown_key_is_none(db, keyring):
    assert await AccessKeys(db, keyring).find("AKIAUNKNOWN", 1000.0) is None


async def test_a_deleted_key_is_forgotten_after_a_second(db, keyring):
    key = await make(db, keyring)
    found = AccessKeys(db, keyring)
    assert await found.find(key.access_key_id, 1000.0)
    assert await db.write(lambda tx: access_keys.delete(tx, key.access_key_id))
    assert not await db.write(lambda tx: access_keys.delete(tx, key.access_key_id))
    assert await found.find(key.access_key_id, 1000.9)
    assert await found.find(key.access_key_id, 1001.0) is None


async def test_the_clock_may_step_back(db, keyring):
    found = AccessKeys(db, keyring)
    await found.find("AKIALATER", 5000.0)
    assert await found.find("AKIALATER", 1000.0) is None
    assert found._found["AKIALATER"][0] == 1000.0


async def test_invented_ids_do_not_fill_the_memory(db, keyring):
    found = AccessKeys(db, keyring)
    for number in range(access_keys.MOST_CACHED + 10):
        await found.find(f"AKIA{number}", 1000.0)
    assert len(found._found) <= access_keys.MOST_CACHED


async def test_reseal(db, keyring):
    key = await make(db, keyring)

    async def work(tx):
        return await stored.update_secret(tx, key.access_key_id, b"other")

    assert await db.write(work) == 1
    assert (await stored.get(db, key.access_key_id)).secret == b"other"
