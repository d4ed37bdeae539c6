"""Groups: deletion in batches, and the order in tokens."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from poolhouse.pool.call import Call, House
from poolhouse.pool.users import groups
from poolhouse.storage import groups as stored
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from tests.support.houses import new_call, new_pool, open_house


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url) as house:
        yield house


async def add(house: House, call: Call, group: str, username: str) -> None:
    async def work(tx: Transaction) -> None:
        if await stored_users.get(tx, call.user_pool.id, username) is None:
            sub = f"sub-{username}"
            await stored_users.insert(
                tx,
                User(call.user_pool.id, username, sub, "CONFIRMED", True, {}, {}, None, None, 0, 1, 1),
                call.user_pool.created_at,
            )

    await house.db.write(work)
    await groups.add_user(call, group, username)


@pytest.mark.parametrize("members", [0, 2, 3])
async def test_a_group_is_emptied_in_batches(house: House, monkeypatch: Any, members: int) -> None:
    monkeypatch.setattr(groups, "DELETED_MEMBERS_PER_WRITE", 2)
    call = await new_call(house, "DeleteGroup", await new_pool(house))
    for name in ("gone", "other"):
        await groups.create(call, name, None, None, None)
    for n in range(members):
        await add(house, call, "gone", f"user{n}")
    await add(house, call, "other", "user0")
    await groups.delete(call, "gone")
    rows = await house.db.all("SELECT username FROM user_group_members")
    assert [row[0] for row in rows] == ["user0"]
    assert [group.name for group in await stored.list_for_user(house.db, call.user_pool.id, "sub-user0")] == ["other"]


async def test_a_membership_does_not_pass_to_the_next_group_of_that_name(house: House) -> None:
    call = await new_call(house, "DeleteGroup", await new_pool(house))
    before = await groups.create(call, "staff", None, None, None)
    await add(house, call, "staff", "user")
    await house.db.write(lambda tx: stored.delete(tx, before))  # and the server dies here
    await groups.create(call, "staff", None, None, None)
    assert await stored.list_for_user(house.db, call.user_pool.id, "sub-user") == []
    assert await groups.list_members_page(call, "staff", 10, None) == ([], None)


async def test_the_strongest_group_comes_first_and_none_is_weakest(house: House) -> None:
    call = await new_call(house, "CreateGroup", await new_pool(house))
    for name, precedence in {"b": None, "a": None, "d": 2**31 - 1, "c": 0, "B": 0}.items():
        await groups.create(call, name, None, None, precedence)
        await add(house, call, name, "user")
    found = await stored.list_for_user(house.db, call.user_pool.id, "sub-user")
    assert [group.name for group in found] == ["B", "c", "d", "a", "b"]
