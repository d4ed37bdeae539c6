"""User pools: what deletion leaves, in batches and after a crash; what is in the database in clear."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from poolhouse.call import Call, House
from poolhouse.pool import clients, user_pools
from poolhouse.storage import user_pools as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.tables import Table
from poolhouse.wire import shapes
from tests.support.houses import new_call, new_pool, open_house


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url) as house:
        yield house


async def fill(house: House, user_pool_id: str, rows: int) -> None:
    async def work(tx: Transaction) -> None:
        for n in range(rows):
            await tx.execute(
                "INSERT INTO user_group_members (user_pool_id, group_id, username, sub, created_at) VALUES ($1, $2, $3, $3, 0)",
                user_pool_id,
                "staff",
                f"user{n}",
            )

    await house.db.write(work)


async def count(house: House, user_pool_id: str) -> int:
    row = await house.db.one("SELECT COUNT(*) FROM user_group_members WHERE user_pool_id = $1", user_pool_id)
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("rows", [0, 5, 6, 13])
async def test_a_pool_is_emptied_in_batches(house: House, monkeypatch: Any, rows: int) -> None:
    monkeypatch.setattr(user_pools, "DELETED_ROWS_PER_WRITE", 6)
    gone, other = await new_pool(house), await new_pool(house)
    await fill(house, gone, rows)
    await fill(house, other, 3)
    await user_pools.delete(await new_call(house, "DeleteUserPool", gone))
    assert (await count(house, gone), await count(house, other)) == (0, 3)
    assert await house.configuration.find_user_pool(gone) is None


async def test_a_pinned_id_begins_empty_after_a_crash_in_a_deletion(house: House) -> None:
    pinned = {"_custom_id_": "local_pinned"}
    user_pool_id = await new_pool(house, UserPoolTags=pinned)
    await fill(house, user_pool_id, 3)

    async def half_a_deletion(tx: Transaction) -> None:
        await stored.delete(tx, user_pool_id)

    await house.configuration.change(user_pool_id, half_a_deletion)
    assert await count(house, user_pool_id) == 3
    assert await new_pool(house, UserPoolTags=pinned) == user_pool_id
    assert await count(house, user_pool_id) == 0


async def test_a_deletion_leaves_the_pool_alone_that_has_its_pinned_id_by_now(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It still empties the tables of the old pool when the new one of the same id has rows of its own."""
    monkeypatch.setattr(user_pools, "DELETED_ROWS_PER_WRITE", 6)
    pinned = {"_custom_id_": "local_pinned"}
    user_pool_id = await new_pool(house, UserPoolTags=pinned)
    await fill(house, user_pool_id, 13)
    empty = user_pools._empty

    async def empty_after_the_new_one_is_made(call: Call, user_pool_id: str, table: Table) -> None:
        if await house.configuration.find_user_pool(user_pool_id) is None:
            assert await new_pool(house, UserPoolTags=pinned) == user_pool_id
            await fill(house, user_pool_id, 3)
        await empty(call, user_pool_id, table)

    monkeypatch.setattr(user_pools, "_empty", empty_after_the_new_one_is_made)
    await user_pools.delete(await new_call(house, "DeleteUserPool", user_pool_id))
    assert await count(house, user_pool_id) == 3


async def test_secrets_are_not_in_the_database_in_clear(house: House) -> None:
    user_pool_id = await new_pool(house)
    call = await new_call(house, "CreateUserPoolClient", user_pool_id)
    request = shapes.CreateUserPoolClientRequest(UserPoolId=user_pool_id, ClientName="x", GenerateSecret=True)
    made = await clients.create(call, request)
    assert made.ClientSecret
    for table in ("user_pools", "user_pool_clients", "user_pool_client_secrets", "signing_keys"):
        for row in await house.db.all(f"SELECT * FROM {table}"):
            assert made.ClientSecret not in repr(list(row))
    [secret] = await house.db.all("SELECT secret FROM user_pool_client_secrets")
    assert made.ClientSecret.encode() not in bytes(secret[0])


async def test_both_engines_page_in_the_same_order(house: House) -> None:
    wanted = ["Local_a", "local_A", "local_B", "local_a"]
    for pinned in reversed(wanted):
        await new_pool(house, UserPoolTags={"_custom_id_": pinned})
    call = await new_call(house, "ListUserPools")
    listed: list[str | None] = []
    token = None
    for _ in wanted:
        page, token = await user_pools.list_page(call, 1, token)
        listed += [pool.Id for pool in page]
    assert (listed, token) == (wanted, None)
