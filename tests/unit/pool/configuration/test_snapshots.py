"""Snapshots of configuration: what another worker sees of a change, and what changes while an answer is awaited."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from poolhouse.pool.call import House
from poolhouse.pool.configuration.snapshots import Configuration
from poolhouse.pool.settings import clients, domains, user_pools
from poolhouse.storage import domains as stored_domains
from poolhouse.storage import user_pools as stored_user_pools
from poolhouse.storage.generation import SharedCounters
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes
from tests.support.houses import new_call, new_pool, open_house


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url) as house:
        yield house


@pytest.fixture
async def other_worker(house: House) -> AsyncIterator[Configuration]:
    """A second process of the same host: its own cache, the same database and counters."""
    counters = SharedCounters(house.settings.data / "counters")
    yield Configuration(house.settings, house.db, house.keyring, counters, house.clock)
    counters.close()


async def new_client(house: House, user_pool_id: str, **settings: Any) -> str:
    call = await new_call(house, "CreateUserPoolClient", user_pool_id)
    request = shapes.CreateUserPoolClientRequest(UserPoolId=user_pool_id, ClientName="x", **settings)
    return (await clients.create(call, request)).ClientId or ""


async def test_an_update_replaces_the_snapshot_of_another_worker(house: House, other_worker: Configuration) -> None:
    user_pool_id = await new_pool(house, AutoVerifiedAttributes=["email"])
    assert (await other_worker.user_pool(user_pool_id)).auto_verified_attributes == {"email"}
    call = await new_call(house, "UpdateUserPool", user_pool_id)
    await user_pools.update(call, shapes.UpdateUserPoolRequest(UserPoolId=user_pool_id))
    assert (await other_worker.user_pool(user_pool_id)).auto_verified_attributes == frozenset()


async def test_what_was_read_before_the_first_look_at_the_generation_is_not_kept(house: House, tmp_path: Path) -> None:
    """A server of another host, which has not looked yet: what it reads may change before it does, and nothing tells it."""
    user_pool_id = await new_pool(house, AutoVerifiedAttributes=["email"])
    counters = SharedCounters(tmp_path / "other host")
    elsewhere = Configuration(house.settings, house.db, house.keyring, counters, house.clock)
    try:
        assert (await elsewhere.user_pool(user_pool_id)).auto_verified_attributes == {"email"}
        call = await new_call(house, "UpdateUserPool", user_pool_id)
        await user_pools.update(call, shapes.UpdateUserPoolRequest(UserPoolId=user_pool_id))
        await elsewhere.poll()
        assert (await elsewhere.user_pool(user_pool_id)).auto_verified_attributes == frozenset()
    finally:
        counters.close()


async def test_an_update_of_a_client_is_seen_by_another_worker(house: House, other_worker: Configuration) -> None:
    user_pool_id = await new_pool(house)
    client_id = await new_client(house, user_pool_id, AccessTokenValidity=2)
    assert (await other_worker.client(client_id)).access_ttl_seconds == 7_200
    call = await new_call(house, "UpdateUserPoolClient", user_pool_id)
    await clients.update(call, shapes.UpdateUserPoolClientRequest(UserPoolId=user_pool_id, ClientId=client_id))
    assert (await other_worker.client(client_id)).access_ttl_seconds == 3_600


async def test_a_deleted_pool_and_its_client_are_gone_for_another_worker(
    house: House, other_worker: Configuration
) -> None:
    user_pool_id = await new_pool(house)
    client_id = await new_client(house, user_pool_id)
    await other_worker.client(client_id)
    await user_pools.delete(await new_call(house, "DeleteUserPool", user_pool_id))
    with pytest.raises(errors.ResourceNotFoundException):
        await other_worker.user_pool(user_pool_id)
    with pytest.raises(errors.ResourceNotFoundException):
        await other_worker.client(client_id)


async def test_a_client_of_another_pool_is_not_found(house: House) -> None:
    one, another = await new_pool(house), await new_pool(house)
    client_id = await new_client(house, one)
    assert await house.configuration.find_client(client_id, another) is None
    assert await house.configuration.find_client(client_id, one) is not None
    assert await house.configuration.find_client(client_id, another) is None


async def test_a_change_during_the_look_up_of_a_domain(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    user_pool_id = await new_pool(house)
    may_go_on, began, find = asyncio.Event(), asyncio.Event(), stored_domains.find_user_pool_id

    async def find_slowly(db: Any, domain: str) -> str | None:
        found = await find(db, domain)
        began.set()
        await may_go_on.wait()
        return found

    monkeypatch.setattr(stored_domains, "find_user_pool_id", find_slowly)
    early = asyncio.create_task(house.configuration.find_domain("shop"))
    await began.wait()
    monkeypatch.setattr(stored_domains, "find_user_pool_id", find)
    request = shapes.CreateUserPoolDomainRequest(Domain="shop", UserPoolId=user_pool_id)
    await domains.create(await new_call(house, "CreateUserPoolDomain", user_pool_id), request)
    found = await house.configuration.find_domain("shop")
    assert found is not None
    assert found.id == user_pool_id
    may_go_on.set()
    assert await early is None
    assert await house.configuration.find_domain("shop") is not None


async def test_a_change_during_the_look_up_of_the_default_pool(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {await new_pool(house), await new_pool(house)}
    oldest = await stored_user_pools.oldest(house.db) or ""
    (next_oldest,) = made - {oldest}
    may_go_on, began, find = asyncio.Event(), asyncio.Event(), stored_user_pools.oldest

    async def find_slowly(db: Any) -> str | None:
        found = await find(db)
        began.set()
        await may_go_on.wait()
        return found

    call = await new_call(house, "DeleteUserPool", oldest)
    house.configuration._counters.bump()  # so that nobody knows the default pool yet
    monkeypatch.setattr(stored_user_pools, "oldest", find_slowly)
    early = asyncio.create_task(house.configuration.default_user_pool())
    await began.wait()
    monkeypatch.setattr(stored_user_pools, "oldest", find)
    await user_pools.delete(call)
    await house.configuration.find_domain("any")  # the directory of the new generation
    may_go_on.set()
    await early
    default = await house.configuration.default_user_pool()
    assert default is not None
    assert default.id == next_oldest
