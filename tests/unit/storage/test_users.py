"""storage.users and what hangs on a user: aliases, codes, sign-ins, sessions, attempts: what they promise, and what they cost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from msgspec.structs import replace

from poolhouse.storage import (
    aliases,
    attempts,
    authorization_codes,
    confirmation_codes,
    refresh_tokens,
    sso_sessions,
    tables,
    users,
)
from poolhouse.storage.authorization_codes import AuthorizationCodeRow
from poolhouse.storage.confirmation_codes import ConfirmationCodeRow
from poolhouse.storage.engine import Database, Transaction
from poolhouse.storage.refresh_tokens import RefreshTokenRow
from poolhouse.storage.sso_sessions import SSOSessionRow
from poolhouse.storage.users import User

POOL = "us-east-1_AAAAAAAAA"


def a_user(username: str, **changes: Any) -> User:
    plain = User(
        POOL, username, f"sub-{username}", "CONFIRMED", True, {"email": f"{username}@x.de"}, {}, b"r", None, 0, 5, 6
    )
    return replace(plain, **changes)


async def insert(tx: Transaction, user: User) -> bool:
    """Into a pool of which there is no more than what users need."""
    await tx.execute(
        "INSERT INTO user_pools (user_pool_id, settings, pool_key, generation, created_at) VALUES ($1, '{}', $2, 0, 1) "
        "ON CONFLICT DO NOTHING",
        user.user_pool_id,
        b"",
    )
    return await users.insert(tx, user, 1)


async def write(db: Database, function: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    async def work(tx: Transaction) -> Any:
        return await function(tx, *arguments)

    return await db.write(work)


async def test_a_user_comes_back_as_inserted(db: Database) -> None:
    user = a_user("bob", pending_attributes={"email": "new@x.de"}, attributes={"name": 'B"ö\\b\n'}, password=None)
    assert await write(db, insert, user)
    assert await users.get(db, POOL, "bob") == user
    assert await users.get_by_sub(db, POOL, "sub-bob") == user
    assert await users.get(db, "us-east-1_BBBBBBBBB", "bob") is None


async def test_a_taken_username_is_not_inserted(db: Database) -> None:
    assert await write(db, insert, a_user("bob"))
    assert not await write(db, insert, a_user("bob", sub="another"))


async def test_update_and_delete_say_whether_there_was_somebody(db: Database) -> None:
    await write(db, insert, a_user("bob"))
    changed = a_user(
        "bob", status="RESET_REQUIRED", is_enabled=False, password=None, password_expires_at=7, updated_at=9
    )
    assert await write(db, users.update, changed)
    assert await users.get(db, POOL, "bob") == changed
    assert not await write(db, users.update, a_user("nobody"))
    assert not await write(db, users.update, replace(changed, sub="who had the name before"))
    assert not await write(db, users.delete, POOL, "who had the name before")
    assert await write(db, users.delete, POOL, "sub-bob")
    assert not await write(db, users.delete, POOL, "sub-bob")


async def test_users_are_counted_without_counting_them(db: Database) -> None:
    assert await users.count(db, POOL) == 0
    for n in range(40):
        await write(db, users.change_count, POOL, f"user{n}", 1)
    await write(db, users.change_count, POOL, "user7", -1)
    assert await users.count(db, POOL) == 39


async def test_an_alias_has_one_owner(db: Database) -> None:
    await write(db, insert, a_user("bob"))
    assert await write(db, aliases.insert, POOL, "email", "bob@x.de", "bob")
    assert not await write(db, aliases.insert, POOL, "email", "bob@x.de", "eve")
    assert await aliases.get_owner(db, POOL, "email", "bob@x.de") == "bob"
    found = await users.find(db, POOL, "bob@x.de", "", ["email", "preferred_username"])
    assert found is not None
    assert found.username == "bob"
    await write(db, aliases.delete, POOL, "email", "bob@x.de", "eve")
    assert await aliases.get_owner(db, POOL, "email", "bob@x.de") == "bob"
    await write(db, tables.delete_of_username, POOL, "bob")
    assert await aliases.get_owner(db, POOL, "email", "bob@x.de") is None


def a_code(code_hash: bytes = b"h" * 32, expires_at: int = 100) -> ConfirmationCodeRow:
    return ConfirmationCodeRow(POOL, "sub-bob", "sign_up", code_hash, "email", expires_at)


async def find(db: Database, purpose: str, now_ms: int) -> ConfirmationCodeRow | None:
    found = await confirmation_codes.get_with_user(db, POOL, "sub-bob", purpose, now_ms)
    return None if found is None else found[0]


async def test_a_code_is_taken_once_though_sixteen_try(db: Database) -> None:
    await write(db, insert, a_user("bob"))
    assert await write(db, confirmation_codes.put, a_code())
    taken = await asyncio.gather(*(write(db, confirmation_codes.take, a_code()) for _ in range(16)))
    assert sorted(taken) == [False] * 15 + [True]


async def test_an_expired_code_is_not_found(db: Database) -> None:
    await write(db, insert, a_user("bob"))
    await write(db, confirmation_codes.put, a_code())
    assert await find(db, "sign_up", 99) == a_code()
    assert await find(db, "sign_up", 100) is None
    assert await find(db, "forgot_password", 99) is None


async def test_a_new_code_replaces_the_old_one(db: Database) -> None:
    await write(db, insert, a_user("bob"))
    await write(db, confirmation_codes.put, a_code())
    await write(db, confirmation_codes.put, a_code(b"n" * 32, 200))
    assert not await write(db, confirmation_codes.take, a_code())
    assert await find(db, "sign_up", 150) == a_code(b"n" * 32, 200)


async def test_a_code_is_kept_for_a_living_user_or_for_nobody(db: Database) -> None:
    assert not await write(db, confirmation_codes.put, a_code())
    assert await find(db, "sign_up", 0) is None
    assert await write(db, confirmation_codes.put_for_nobody, a_code())
    assert await find(db, "sign_up", 0) == a_code()


async def test_codes_to_an_attribute_are_deleted_alone(db: Database) -> None:
    await write(db, insert, a_user("bob"))
    await write(db, confirmation_codes.put, a_code())
    await write(db, confirmation_codes.put, replace(a_code(), purpose="forgot_password", attribute="phone_number"))
    await write(db, confirmation_codes.delete_sent_to, POOL, "sub-bob", "email")
    assert await find(db, "sign_up", 0) is None
    assert await find(db, "forgot_password", 0) is not None


SIGN_IN = RefreshTokenRow(POOL, "sub-bob", 0, "jti", "client", b"t", "openid", 1, "api", "", 1, 2, 3)
SESSION = SSOSessionRow(POOL, b"s", "sub-bob", 0, "COGNITO", 1, 2)
CODE = AuthorizationCodeRow(POOL, b"c", "sub-bob", 0, "{}", 2)


@pytest.mark.parametrize(
    "change",
    [{"is_enabled": False}, {"status": "RESET_REQUIRED"}, {"token_epoch": 1}, {"browser_epoch": 1}],
    ids=lambda change: next(iter(change)),
)
async def test_nothing_is_stored_for_a_user_who_has_changed(db: Database, change: dict[str, Any]) -> None:
    """attack-0.1 no. 02, 03, 19: what a sign-in depends on is compared inside the write that stores it."""
    user = a_user("bob")
    await write(db, insert, user)
    await write(db, users.update, replace(user, **change))
    assert await write(db, refresh_tokens.insert, SIGN_IN, user) is None
    assert not await write(db, sso_sessions.insert, SESSION, user)
    assert not await write(db, authorization_codes.insert, CODE, user)
    await write(db, users.delete, POOL, user.sub)
    await write(db, insert, a_user("bob", sub="another"))
    assert await write(db, refresh_tokens.insert, SIGN_IN, user) is None


async def test_what_was_stored_ends_with_its_epoch(db: Database) -> None:
    user = a_user("bob")
    await write(db, insert, user)
    assert await write(db, refresh_tokens.insert, SIGN_IN, user) is False  # in no group
    assert await write(db, sso_sessions.insert, SESSION, user)
    assert await write(db, authorization_codes.insert, CODE, user)
    assert await refresh_tokens.get_user_and_liveness(db, POOL, user.sub, "jti") == (user, True)
    assert await sso_sessions.get_with_user(db, POOL, b"s") == (user, SESSION)
    assert await authorization_codes.get_with_user(db, POOL, b"c") == (CODE, user)
    later = replace(user, token_epoch=1, browser_epoch=1)
    await write(db, users.update, later)
    assert await refresh_tokens.get_user_and_liveness(db, POOL, user.sub, "jti") == (later, False)
    assert await sso_sessions.get_with_user(db, POOL, b"s") is None
    await write(db, refresh_tokens.move_on, user, "jti", 1)
    await write(db, sso_sessions.move_on, user, b"s", 1)
    assert await refresh_tokens.get_user_and_liveness(db, POOL, user.sub, "jti") == (later, True)
    assert await sso_sessions.get_with_user(db, POOL, b"s") == (later, replace(SESSION, browser_epoch=1))


async def test_attempts_of_a_fixed_window_begin_anew_when_it_ends(db: Database) -> None:
    assert [await write(db, attempts.count, POOL, "bob", "k", now, now + 100) for now in (1, 50, 100)] == [1, 2, 3]
    assert await write(db, attempts.count, POOL, "bob", "k", 101, 201) == 1


async def test_failures_prolong_their_window(db: Database) -> None:
    assert [await write(db, attempts.count_failure, POOL, "bob", "k", now, now + 100) for now in (1, 90, 180)] == [
        1,
        2,
        3,
    ]
    assert await write(db, attempts.count_failure, POOL, "bob", "k", 280, 380) == 1
    found = await attempts.get(db, POOL, "bob", "k")
    assert found == attempts.Attempts(1, 280, 380)


async def test_parallel_attempts_are_all_counted(db: Database) -> None:
    counts = await asyncio.gather(*(write(db, attempts.count, POOL, "bob", "k", 1, 100) for _ in range(20)))
    assert sorted(counts) == list(range(1, 21))


# -- pages


async def fill(db: Database) -> None:
    async def work(tx: Transaction) -> None:
        for n in range(10):
            user = a_user(f"u{n}", status="UNCONFIRMED" if n % 2 else "CONFIRMED", is_enabled=n != 3)
            await insert(tx, user)
            await aliases.insert_search(tx, POOL, user.username, {("name", f"n{n // 4}"), ("email", f"{n}@x.de")})

    await db.write(work)


def names(found: list[User]) -> list[str]:
    return [user.username for user in found]


async def test_pages_continue_behind_their_key(db: Database) -> None:
    await fill(db)
    assert names(await users.list_page(db, POOL, "", "", 3)) == ["u0", "u1", "u2"]
    assert names(await users.list_page(db, POOL, "", "u2", 100)) == [f"u{n}" for n in range(3, 10)]
    assert names(await users.list_page(db, POOL, "u7", "", 5)) == ["u7"]
    assert names(await users.list_page_by_sub(db, POOL, "sub-u", "sub-u8", 5)) == ["u9"]
    assert names(await users.list_page_by_status(db, POOL, "UNCONFIRMED", "u3", 2)) == ["u5", "u7"]
    assert names(await users.list_page_by_enabled(db, POOL, is_enabled=False, after="", limit=2)) == ["u3"]
    assert names(await users.list_page_by_attribute(db, POOL, "name", "n0", "u1", 5)) == ["u2", "u3"]
    page = await users.list_page_by_prefix(db, POOL, "name", "n", None, 5)
    assert [(value, user.username) for value, user in page] == [
        ("n0", "u0"), ("n0", "u1"), ("n0", "u2"), ("n0", "u3"), ("n1", "u4"),
    ]  # fmt: skip
    page = await users.list_page_by_prefix(db, POOL, "name", "n", ("n1", "u6"), 5)
    assert [user.username for _, user in page] == ["u7", "u8", "u9"]
    assert await users.list_page_by_prefix(db, POOL, "name", "x", None, 5) == []


UNION_STEPS = {"COMPOUND QUERY", "LEFT-MOST SUBQUERY", "UNION ALL"}


class Recorder:
    """A reader that only notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    async def one(self, sql: str, *args: Any) -> None:
        self.asked.append((sql, args))

    async def all(self, sql: str, *args: Any) -> list[Any]:
        self.asked.append((sql, args))
        return []


@pytest.mark.parametrize("engine", ["sqlite"], scope="session")  # EXPLAIN QUERY PLAN is SQLite's
async def test_every_query_walks_an_index_and_sorts_nothing(db: Database) -> None:
    asked = Recorder()
    await users.get(asked, POOL, "a")
    await users.get_by_sub(asked, POOL, "a")
    await users.find(asked, POOL, "a", "s", ["email", "preferred_username"])
    await users.count(asked, POOL)
    await users.list_page(asked, POOL, "a", "", 9)
    await users.list_page(asked, POOL, "a", "ab", 9)
    await users.list_page_by_sub(asked, POOL, "a", "", 9)
    await users.list_page_by_sub(asked, POOL, "a", "ab", 9)
    await users.list_page_by_status(asked, POOL, "CONFIRMED", "", 9)
    await users.list_page_by_enabled(asked, POOL, is_enabled=True, after="", limit=9)
    await users.list_page_by_attribute(asked, POOL, "email", "a", "", 9)
    await users.list_page_by_prefix(asked, POOL, "email", "a", None, 9)
    await aliases.get_owner(asked, POOL, "email", "a")
    await attempts.get(asked, POOL, "a", "k")
    await confirmation_codes.get_with_user(asked, POOL, "a", "sign_up", 1)
    assert len(asked.asked) == 15
    for sql, arguments in asked.asked:
        plan = [row[3] for row in await db.all(f"EXPLAIN QUERY PLAN {sql}", *arguments) if row[3] not in UNION_STEPS]
        assert all(step.startswith("SEARCH ") and "USING" in step for step in plan), (sql, plan)
    prefix_plan = [row[3] for row in await db.all(f"EXPLAIN QUERY PLAN {asked.asked[11][0]}", *asked.asked[11][1])]
    assert "(value,username)>(?,?) AND value<?" in prefix_plan[0], prefix_plan
