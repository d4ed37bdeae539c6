"""App clients: ids of secrets, and what other workers see."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from poolhouse.pool.call import House
from poolhouse.pool.settings import clients
from poolhouse.wire import shapes
from tests.support.houses import new_call, new_pool, open_house


@pytest.fixture
async def house(tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with open_house(tmp_path, database_url) as house:
        yield house


async def new_client(house: House, user_pool_id: str) -> str:
    call = await new_call(house, "CreateUserPoolClient", user_pool_id)
    call.now = 1_700_000_000.0
    request = shapes.CreateUserPoolClientRequest(UserPoolId=user_pool_id, ClientName="x", GenerateSecret=True)
    return (await clients.create(call, request)).ClientId or ""


async def test_two_secrets_of_one_second_have_two_ids(house: House) -> None:
    """Both begin with the second, as the documented form has it; the rest is random."""
    user_pool_id = await new_pool(house)
    client_id = await new_client(house, user_pool_id)
    call = await new_call(house, "AddUserPoolClientSecret", user_pool_id)
    call.now = 1_700_000_000.9
    added = await clients.add_secret(call, client_id, None)
    first, second = [secret.ClientSecretId or "" for secret in await clients.list_secrets(call, client_id)]
    assert added.ClientSecretId == second != first
    assert all(re.fullmatch(rf"{client_id}--1700000000[0-9]{{9}}", each) for each in (first, second))


async def test_a_rotated_secret_is_known_to_the_next_call(house: House) -> None:
    user_pool_id = await new_pool(house)
    client_id = await new_client(house, user_pool_id)
    before = await house.configuration.client(client_id)
    call = await new_call(house, "AddUserPoolClientSecret", user_pool_id)
    added = await clients.add_secret(call, client_id, None)
    after = await house.configuration.client(client_id)
    assert after.secrets == (*before.secrets, added.ClientSecretValue)
