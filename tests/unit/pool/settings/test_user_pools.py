"""User pools: what deletion leaves, in batches and after a crash; what is in the database in clear."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from poolhouse.pool.call import Call, House, PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.settings import clients, user_pools
from poolhouse.pool.users import users
from poolhouse.storage import user_pools as stored
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.tables import Table
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes
from tests.support.houses import new_call, new_pool, open_house
from tests.support.postgres import Cluster


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

    await house.configuration.change(house.db.write, user_pool_id, half_a_deletion)
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


PINNED = {"_custom_id_": "local_pinned"}


async def make_anew(house: House, user_pool_id: str) -> None:
    await user_pools.delete(await new_call(house, "DeleteUserPool", user_pool_id))
    assert await new_pool(house, UserPoolTags=PINNED) == user_pool_id


async def old_pool_and_user(house: House) -> tuple[UserPool, User]:
    """A pool as a sign-up has looked at it, and whom it is about to insert."""
    pool = await house.configuration.user_pool(await new_pool(house, UserPoolTags=PINNED))
    return pool, User(pool.id, "ada", "s-1", "UNCONFIRMED", True, {}, {}, None, None, 0, 0, 0)


def signing_up(house: House, pool: UserPool) -> PoolCall:
    return Call(house, request_id="test", operation="SignUp").in_pool(pool)


async def users_of(house: House, user_pool_id: str) -> tuple[int, list[User]]:
    return await stored_users.count(house.db, user_pool_id), await stored_users.list_page(
        house.db, user_pool_id, "", "", 10
    )


@pytest.mark.parametrize("is_made_anew", [False, True])
async def test_a_user_is_born_into_the_pool_that_was_looked_at(house: House, is_made_anew: bool) -> None:
    """What a sign-up was checked against is gone: neither nowhere nor the next pool of the same id gets its user."""
    pool, user = await old_pool_and_user(house)
    await user_pools.delete(await new_call(house, "DeleteUserPool", pool.id))
    if is_made_anew:
        await new_pool(house, UserPoolTags=PINNED)
    with pytest.raises(errors.ResourceNotFoundException):
        await house.db.write(lambda tx: users.insert(tx, signing_up(house, pool), user))
    assert await users_of(house, pool.id) == (0, [])


async def test_a_sign_up_in_an_old_snapshot_does_not_reach_the_new_pool(tmp_path: Path, postgres: Cluster) -> None:
    """Only PostgreSQL lets two writes overlap."""
    async with open_house(tmp_path, postgres.create_database()) as house:
        pool, user = await old_pool_and_user(house)
        is_first = True

        async def work(tx: Transaction) -> None:
            nonlocal is_first
            assert await tx.one("SELECT 1") is not None  # the snapshot
            if is_first:
                is_first = False
                await make_anew(house, pool.id)
            await users.insert(tx, signing_up(house, pool), user)

        with pytest.raises(errors.ResourceNotFoundException):
            await house.db.write(work)
        assert await users_of(house, pool.id) == (0, [])


async def test_a_pool_made_anew_waits_for_the_sign_ups_of_the_old_one(tmp_path: Path, postgres: Cluster) -> None:
    """And empties itself of them. Only PostgreSQL lets two writes overlap."""
    async with open_house(tmp_path, postgres.create_database()) as house:
        pool, user = await old_pool_and_user(house)
        waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        making: list[asyncio.Task[None]] = []

        async def work(tx: Transaction) -> None:
            await users.insert(tx, signing_up(house, pool), user)
            making.append(asyncio.create_task(make_anew(house, pool.id)))
            while await house.db.one(waiting) is None and not making[0].done():  # noqa: ASYNC110  it is the database that tells
                await asyncio.sleep(0.01)

        await house.db.write(work)
        await making[0]
        assert await users_of(house, pool.id) == (0, [])


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
