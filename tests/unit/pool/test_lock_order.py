"""One order of locks (docs/design/0004-still-true.md): attempts, the user's row, what hangs on the user. Only PostgreSQL has locks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from poolhouse.pool.call import Call
from poolhouse.pool.outcomes import Grant
from poolhouse.pool.settings import clients
from poolhouse.pool.sign_in import authorization_codes
from poolhouse.pool.users import confirmation_codes as codes
from poolhouse.pool.users import lockout, password_changes, quotas, sign_up, users
from poolhouse.storage import authorization_codes as stored_authorization_codes
from poolhouse.storage import confirmation_codes as stored_codes
from poolhouse.storage.authorization_codes import AuthorizationCodeRow
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import shapes
from tests.support.houses import new_call, new_pool, open_house
from tests.support.postgres import Cluster

ATTEMPTS, USER, CODES = "attempts", "users", "confirmation_codes"
REDIRECT = "http://localhost/back"
PURPOSES: tuple[codes.Purpose, ...] = ("sign_up", "forgot_password")


@pytest.fixture
async def call(postgres: Cluster, tmp_path: Path) -> AsyncIterator[Call]:
    async with open_house(tmp_path, postgres.create_database()) as house:
        yield await new_call(house, "AdminDeleteUser", await new_pool(house))


@pytest.fixture
async def user(call: Call) -> User:
    """A user with a row in every table that is locked here."""
    pool = call.user_pool
    user = User(pool.id, "bob", "s-1", "UNCONFIRMED", True, {"email": "b@x.de"}, {}, None, None, 0, 0, 0)

    async def fill(tx: Transaction) -> None:
        assert await users.insert(tx, call, user)
        for purpose in PURPOSES:
            await stored_codes.put(tx, codes.row(call, user, purpose, "email", "b@x.de", "123456"))

    await call.db.write(fill)
    await lockout.failed(call, "bob", user)
    return user


async def check(call: Call, act: Coroutine[Any, Any, Any], held: str, free: str) -> None:
    """Whoever waits for a row of one table holds none of the other."""
    other = await asyncpg.connect(call.house.settings.database_url)
    begun = other.transaction()
    await begun.start()
    assert await other.fetch(f"SELECT * FROM {held} FOR UPDATE")
    acting = asyncio.create_task(act)
    try:
        await until_somebody_waits(call, acting)
        assert await other.fetch(f"SELECT * FROM {free} FOR UPDATE NOWAIT")  # raises where somebody holds one
    finally:
        await begun.rollback()
        await other.close()
        await acting


async def until_somebody_waits(call: Call, acting: asyncio.Task[Any]) -> None:
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while await call.db.one(waiting) is None:
        assert not acting.done()
        await asyncio.sleep(0.01)


async def remove(call: Call, user: User) -> None:
    await users.delete(call, user)


async def set_password(call: Call, user: User) -> None:
    await password_changes.set_by_admin(call, user.username, "Another-1!", is_permanent=True)


async def confirm(call: Call, user: User) -> None:
    await sign_up.admin_confirm_sign_up(call, user.username)


async def redeem(call: Call, user: User) -> None:
    async def use(tx: Transaction, before: User, _attribute: str) -> None:
        await users.update(tx, call, before, before)

    to = codes.addressee(call.user_pool, user, user.username)
    await codes.redeem(call, to, "sign_up", "123456", quotas.CONFIRM_SIGN_UP, use)


@pytest.mark.parametrize(
    ("act", "held", "free"),
    [
        (remove, ATTEMPTS, USER),
        (set_password, ATTEMPTS, USER),
        (set_password, USER, CODES),
        (confirm, USER, CODES),
        (redeem, USER, CODES),
    ],
)
async def test_who_waits_for_a_row_holds_none_that_comes_after_it(
    call: Call, user: User, act: Callable[[Call, User], Coroutine[Any, Any, None]], held: str, free: str
) -> None:
    await check(call, act(call, user), held, free)


async def test_who_redeems_a_code_and_waits_for_its_user_does_not_hold_it(call: Call, user: User) -> None:
    request = shapes.CreateUserPoolClientRequest(UserPoolId=user.user_pool_id, ClientName="x")
    client_id = (await clients.create(call, request)).ClientId or ""
    by_client = call.as_client(await call.configuration.client(client_id))
    grant = Grant(scopes=("openid",), auth_time=1, source="oauth")
    data = authorization_codes.AuthorizationGrant(client_id, REDIRECT, True, "", grant)
    row = AuthorizationCodeRow(
        user.user_pool_id,
        authorization_codes._hash("code"),
        user.sub,
        user.token_epoch,
        msgspec.json.encode(data).decode(),
        call.now_ms + 60_000,
    )
    await call.db.write(lambda tx: stored_authorization_codes.insert(tx, row, user))
    await check(call, authorization_codes.redeem(by_client, "code", REDIRECT, ""), USER, "authorization_codes")
