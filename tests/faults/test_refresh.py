"""A refresh that fails half way leaves the client a token that works, without any grace period."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from poolhouse.crypto.jwt import SigningKey
from poolhouse.pool.call import Call, House
from poolhouse.pool.outcomes import Grant, Redeemed
from poolhouse.pool.settings import clients
from poolhouse.pool.tokens import tokens
from poolhouse.pool.users import sign_up
from poolhouse.storage import users as stored_users
from poolhouse.wire import shapes
from tests.support.houses import new_call, new_pool, open_house


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url) as house:
        yield house


async def signed_in(house: House) -> tuple[Call, str]:
    """A call of a client that rotates without grace, and a refresh token of it."""
    pool_id = await new_pool(house)
    call = await new_call(house, "SignUp", pool_id)
    request = shapes.CreateUserPoolClientRequest(
        UserPoolId=pool_id,
        ClientName="x",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation=shapes.RefreshTokenRotationType(Feature="ENABLED", RetryGracePeriodSeconds=0),
    )
    made = await clients.create(call, request)
    call = call.as_client(await house.configuration.client(made.ClientId or ""))
    user = (await sign_up.sign_up(call, "ada", "Correct-Horse-1", {})).user
    confirmed = replace(user, status="CONFIRMED")
    await house.db.write(lambda tx: stored_users.update(tx, confirmed))
    grant = Grant(scopes=tokens.API_SCOPES, auth_time=int(call.now), source="api")
    issued = await tokens.issue(call, Redeemed(confirmed, int(call.now)), grant)
    assert issued.refresh_token is not None
    return call, issued.refresh_token


class Lost(Exception):
    """What a machine that fails at this moment would do."""


async def test_a_refresh_whose_signing_fails_has_rotated_nothing(house: House, monkeypatch: Any) -> None:
    call, first = await signed_in(house)
    sign, calls = SigningKey.sign, iter([Lost("once")])

    def failing(key: SigningKey, data: bytes) -> bytes:
        for lost in calls:
            raise lost
        return sign(key, data)

    monkeypatch.setattr(SigningKey, "sign", failing)
    with pytest.raises(Lost):
        await tokens.refresh(call, first)
    second = (await tokens.refresh(call, first)).refresh_token
    assert second is not None
    assert (await tokens.refresh(call, second)).refresh_token


async def test_a_process_that_dies_between_signing_and_storing_has_rotated_nothing(
    house: House, monkeypatch: Any
) -> None:
    call, first = await signed_in(house)
    with monkeypatch.context() as dying:
        dying.setattr(type(house.db), "write", _dead)
        with pytest.raises(Lost):
            await tokens.refresh(call, first)
    assert (await tokens.refresh(call, first)).refresh_token


async def _dead(*_arguments: Any) -> None:
    raise Lost("killed")
