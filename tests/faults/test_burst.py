"""A thousand requests at once on two workers: what is signed together comes out with the right key for the right one
(docs/design/0007-eight-at-once.md), also when a third of those who asked are gone."""

import asyncio
import base64
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import KeySet

from tests.faults.raw_http import Connection
from tests.support.oauth import FORM
from tests.support.pools import PASSWORD, Pools
from tests.support.server import JSON_11, TARGET, Server
from tests.support.srp import SRPClient

POOLS = 20
SIGNERS = 6  # users of the first pool
MACHINES, REFRESHES, SIGN_INS, WRONG_SIGN_INS = 600, 250, 100, 50
GONE = 500  # more requests, whose connections are closed at once: a third of all
SECONDS = 120


@dataclass
class Asked:
    """One request of the burst. expected: claims of its access token; None: it is refused."""

    target: str
    body: bytes
    headers: dict[str, str]
    pool_id: str
    expected: dict[str, str] | None


class Site:
    """Twenty pools with a machine client each, and users in the first."""

    def __init__(self, server: Server) -> None:
        self.server = server
        cognito, pools = server.client(), Pools(server.client())
        self.machines = [self._machine(cognito, pools) for _ in range(POOLS)]
        self.pool_id = self.machines[0][0]
        self.client_id = pools.client_id(self.pool_id, PreventUserExistenceErrors="ENABLED")
        self.users = [pools.user(self.pool_id) for _ in range(SIGNERS)]
        sign_in = {"ClientId": self.client_id, "AuthFlow": "USER_PASSWORD_AUTH"}
        self.refresh_tokens = {
            user.sub: cognito.initiate_auth(
                **sign_in, AuthParameters={"USERNAME": user.username, "PASSWORD": PASSWORD}
            )["AuthenticationResult"]["RefreshToken"]
            for user in self.users
        }
        self.keys = {
            pool_id: KeySet.import_key_set(server.get_json(f"/{pool_id}/.well-known/jwks.json"))
            for pool_id, *_ in self.machines
        }

    def _machine(self, cognito: Any, pools: Pools) -> tuple[str, str, str]:
        pool_id = pools.user_pool()
        cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=pool_id.partition("_")[2].lower())
        scopes = [{"ScopeName": "read", "ScopeDescription": "read"}]
        cognito.create_resource_server(UserPoolId=pool_id, Identifier="r", Name="r", Scopes=scopes)
        client = pools.client(
            pool_id,
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=["r/read"],
        )
        return pool_id, client["ClientId"], client["ClientSecret"]

    # -- what is asked

    def machine(self, number: int) -> Asked:
        pool_id, client_id, secret = self.machines[number % POOLS]
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        headers = {"content_type": FORM, "authorization": f"Basic {basic}"}
        body = urlencode({"grant_type": "client_credentials"}).encode()
        return Asked(f"/{pool_id}/oauth2/token", body, headers, pool_id, {"client_id": client_id, "sub": client_id})

    def refresh(self, number: int) -> Asked:
        user = self.users[number % SIGNERS]
        parameters = {"REFRESH_TOKEN": self.refresh_tokens[user.sub]}
        body = {"ClientId": self.client_id, "AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": parameters}
        return self._api("InitiateAuth", body, {"sub": user.sub, "username": user.username})

    def sign_ins(self, count: int, password: str) -> list[Asked]:
        """Answers to SRP challenges that were asked for before. The client's numbers are the same, the server's are not."""
        found = []
        for number in range(count):
            user = self.users[number % SIGNERS]
            client = SRPClient(self.pool_id, user.username, password)
            begin = {"ClientId": self.client_id, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": client.parameters}
            challenge = self.server.call("InitiateAuth", begin, sign=False).json()
            body = {
                "ClientId": self.client_id,
                "ChallengeName": "PASSWORD_VERIFIER",
                "ChallengeResponses": client.responses(challenge),
            }
            expected = {"sub": user.sub, "username": user.username} if password == PASSWORD else None
            found.append(self._api("RespondToAuthChallenge", body, expected))
        return found

    def _api(self, operation: str, body: dict[str, Any], expected: dict[str, str] | None) -> Asked:
        headers = {"content_type": JSON_11, "x_amz_target": TARGET + operation}
        return Asked("/", json.dumps(body).encode(), headers, self.pool_id, expected)

    # -- what is answered

    def check(self, asked: Asked, status: int, body: dict[str, Any]) -> None:
        if asked.expected is None:
            assert (status, body.get("__type")) == (400, "NotAuthorizedException"), body
            return
        assert status == 200, body
        tokens = body.get("AuthenticationResult", body)
        keys = self.keys[asked.pool_id]
        access = jwt.decode(tokens.get("AccessToken") or tokens["access_token"], keys).claims
        assert asked.expected.items() <= access.items()
        assert access["iss"].endswith(asked.pool_id)
        if "IdToken" in tokens:
            assert jwt.decode(tokens["IdToken"], keys).claims["sub"] == asked.expected["sub"]


async def test_everybody_gets_their_own(start_server: Callable[..., Server]) -> None:
    site = await asyncio.to_thread(Site, start_server("--workers", "2"))
    wrong = await asyncio.to_thread(site.sign_ins, WRONG_SIGN_INS, "Wrong-Horse-1")
    right = await asyncio.to_thread(site.sign_ins, SIGN_INS, PASSWORD)
    burst = [*map(site.machine, range(MACHINES)), *map(site.refresh, range(REFRESHES)), *right]
    gone = [site.machine(number) if number % 2 else site.refresh(number) for number in range(GONE)]
    draw = random.Random(7)
    draw.shuffle(burst)
    port = site.server.port
    async with asyncio.timeout(SECONDS):
        left = [await Connection.open(port) for _ in gone]
        stay = [await Connection.open(port) for _ in burst]
        turns = [*zip(stay, burst, strict=True), *zip(left, gone, strict=True)]
        draw.shuffle(turns)
        for connection, asked in turns:
            connection.send("POST", asked.target, asked.body, **asked.headers)
        for connection in left:
            connection.close()
        answers = await asyncio.gather(*(connection.receive() for connection in stay))
        for asked, answer in zip(burst, answers, strict=True):
            site.check(asked, answer.status, json.loads(answer.body))
        # Wrong passwords lock their user for a while, so they come last, and at once.
        for asked, answer in zip(wrong, await asyncio.gather(*map(_ask, itertools.repeat(port), wrong)), strict=True):
            site.check(asked, *answer)
        for connection in stay:
            connection.close()
    assert site.server.http.get("/_poolhouse/health").status_code == 200
    assert "made together" not in site.server.read_log()


async def _ask(port: int, asked: Asked) -> tuple[int, dict[str, Any]]:
    connection = await Connection.open(port)
    answer = await connection.ask("POST", asked.target, asked.body, **asked.headers)
    connection.close()
    return answer.status, json.loads(answer.body)
