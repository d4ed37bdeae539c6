"""Guesses in parallel do not outrun the lock of a name."""

import asyncio
import json
from typing import Any

import pytest

from tests.faults.raw_http import Connection
from tests.support.pools import unique
from tests.support.server import JSON_11, TARGET
from tests.support.srp import SRPClient

GUESSES = 60
WRONG = "Incorrect username or password."
LOCKED = "Password attempts exceeded"


async def _ask(connection: Connection, operation: str, **members: Any) -> dict[str, Any]:
    body = json.dumps(members).encode()
    answer = await connection.ask("POST", "/", body, x_amz_target=TARGET + operation, content_type=JSON_11)
    return dict(json.loads(answer.body))


async def _at_once(port: int, operation: str, requests: list[dict[str, Any]]) -> list[str]:
    """What each answer says, or "" for a success."""
    connections = await asyncio.gather(*(Connection.open(port) for _ in requests))
    pairs = zip(connections, requests, strict=True)
    answers = await asyncio.gather(*(_ask(connection, operation, **members) for connection, members in pairs))
    for connection in connections:
        connection.close()
    return [answer.get("message", "") for answer in answers]


@pytest.fixture(scope="module")
def hiding_client_id(pools, user_pool_id) -> str:
    return pools.client_id(user_pool_id, PreventUserExistenceErrors="ENABLED")


@pytest.mark.parametrize("is_known", [True, False], ids=["known", "unknown"])
async def test_parallel_wrong_passwords_get_no_more_tries_than_one_after_the_other(
    server, user, hiding_client_id, is_known
):
    name = user.username if is_known else unique("nobody")
    guess = {
        "ClientId": hiding_client_id,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": name, "PASSWORD": "Wrong-Horse-1"},
    }
    said = await _at_once(server.port, "InitiateAuth", [guess] * GUESSES)
    assert set(said) == {WRONG, LOCKED}
    assert said.count(WRONG) == 5


async def test_parallel_wrong_srp_proofs_get_no_more_tries_than_one_after_the_other(
    server, cognito, user, user_pool_id, hiding_client_id
):
    srp = SRPClient(user_pool_id, user.username, "Wrong-Horse-1")
    challenge = cognito.initiate_auth(
        ClientId=hiding_client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=srp.parameters
    )
    proof = {
        "ClientId": hiding_client_id,
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": srp.responses(challenge),
    }
    said = await _at_once(server.port, "RespondToAuthChallenge", [proof] * GUESSES)
    assert set(said) == {WRONG, LOCKED}
    assert said.count(WRONG) == 5


async def test_parallel_right_passwords_all_sign_in(server, user, hiding_client_id):
    right = {
        "ClientId": hiding_client_id,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": user.username, "PASSWORD": user.password},
    }
    assert set(await _at_once(server.port, "InitiateAuth", [right] * GUESSES)) == {""}


async def test_parallel_guesses_of_a_code_stop_at_the_hourly_limit(server, pools, cognito):
    pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
    client_id, name = pools.client_id(pool_id), unique("user")
    cognito.sign_up(
        ClientId=client_id,
        Username=name,
        Password="Correct-Horse-1",
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )
    guesses = [
        {"ClientId": client_id, "Username": name, "ConfirmationCode": f"{number:06}"} for number in range(GUESSES)
    ]
    said = await _at_once(server.port, "ConfirmSignUp", guesses)
    assert sum(text.startswith("Attempt limit exceeded") for text in said) >= GUESSES - 15
