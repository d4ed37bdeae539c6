"""Groups: deletion in batches, and the order in tokens."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from poolhouse.call import House
from poolhouse.pool import groups
from poolhouse.storage import groups as stored
from poolhouse.storage.engine import Transaction
from tests.support.houses import new_call, new_pool, open_house


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url) as house:
        yield house


async def add(house: House, user_pool_id: str, group: str, username: str) -> None:
    async def work(tx: Transaction) -> None:
        await stored.insert_member(tx, user_pool_id, group, username, 0)

    await house.db.write(work)


@pytest.mark.parametrize("members", [0, 2, 3])
async def test_a_group_is_emptied_in_batches(house: House, monkeypatch: Any, members: int) -> None:
    monkeypatch.setattr(groups, "DELETED_MEMBERS_PER_WRITE", 2)
    call = await new_call(house, "DeleteGroup", await new_pool(house))
    for name in ("gone", "other"):
        await groups.create(call, name, None, None, None)
    for n in range(members):
        await add(house, call.user_pool.id, "gone", f"user{n}")
    await add(house, call.user_pool.id, "other", "user0")
    await groups.delete(call, "gone")
    rows = await house.db.all("SELECT group_name FROM user_group_members")
    assert [row[0] for row in rows] == ["other"]
    assert [group.name for group in await stored.list_for_user(house.db, call.user_pool.id, "user0")] == ["other"]


async def test_the_strongest_group_comes_first_and_none_is_weakest(house: House) -> None:
    call = await new_call(house, "CreateGroup", await new_pool(house))
    for name, precedence in {"b": None, "a": None, "d": 2**31 - 1, "c": 0, "B": 0}.items():
        await groups.create(call, name, None, None, precedence)
        await add(house, call.user_pool.id, name, "user")
    found = await stored.list_for_user(house.db, call.user_pool.id, "user")
    assert [group.name for group in found] == ["B", "c", "d", "a", "b"]
