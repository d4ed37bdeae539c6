"""Acceptance 47: keys are rotated in the middle of 10,000 verifications, by two workers and by strangers, and none fails.

`make test` has a share of 2,000 verifications; `make long` has them all.
"""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.faults.raw_http import Answer, Connection
from tests.support.oauth import header_of
from tests.support.pools import Pools
from tests.support.server import COMMAND, JSON_11, TARGET, Server

ISSUES = (200, 1_000)  # In `make test`, in `make long`; ten verifications each.
RESOURCE_SERVERS = 8
GET_USERS = 2  # With the eight above ten verifications of each token.
AFTER_SECONDS = 60
SEED = 47


class ResourceServer:
    """Verifies as the strictest do: keeps jwks.json for exactly as long as it may, and never asks again for an unknown kid."""

    def __init__(self, clock: "Clock", connection: Connection, pool_id: str) -> None:
        self._clock = clock
        self._connection = connection
        self._target = f"/{pool_id}/.well-known/jwks.json"
        self._fetched_at = float("-inf")
        self._keys = KeySet([])

    async def verify(self, token: str) -> None:
        """Raises JoseError or ValueError."""
        if self._clock.now() - self._fetched_at > AFTER_SECONDS:
            self._fetched_at = self._clock.now()
            answer = await self._connection.ask("GET", self._target)
            self._keys = KeySet.import_key_set(json.loads(answer.body))
        jwt.decode(token, self._keys, algorithms=["RS256"])


class Clock:
    """The server's, which runs ahead a second with every call of `tick`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._ahead = 0

    def now(self) -> float:
        return time.time() + self._ahead

    def tick(self) -> None:
        self._ahead += 1  # First, so that nobody here believes it to be earlier than it is there.
        self._server.advance_clock(1)


async def _call(connection: Connection, operation: str, body: dict[str, Any]) -> Answer:
    return await connection.ask(
        "POST", "/", json.dumps(body).encode(), content_type=JSON_11, x_amz_target=TARGET + operation
    )


async def _rotate(server: Server, pool_id: str) -> None:
    storage = ["--data", str(server.data), *(["--database-url", server.database_url] if server.database_url else [])]
    arguments = ["keys", "rotate", "--user-pool", pool_id, "--after", str(AFTER_SECONDS), *storage]
    process = await asyncio.create_subprocess_exec(COMMAND, *arguments, stdout=asyncio.subprocess.DEVNULL)
    assert await process.wait() == 0


async def test_no_verification_fails_while_keys_are_rotated(
    start_server: Callable[..., Server], share: Callable[[int, int], int]
) -> None:
    issues = share(*ISSUES)
    server = start_server("--workers", "2", "--no-demo")
    pools = Pools(server.client())
    pool_id = pools.user_pool()
    client_id = pools.client_id(pool_id)
    signed_in = pools.sign_in(client_id, pools.user(pool_id))
    old_kid = header_of(signed_in["AccessToken"])["kid"]
    refresh = {
        "ClientId": client_id,
        "AuthFlow": "REFRESH_TOKEN_AUTH",
        "AuthParameters": {"REFRESH_TOKEN": signed_in["RefreshToken"]},
    }
    draw, clock = random.Random(SEED), Clock(server)
    connections = [await Connection.open(server.port) for _ in range(8)]
    resource_servers = [ResourceServer(clock, draw.choice(connections), pool_id) for _ in range(RESOURCE_SERVERS)]
    rotate_at = draw.randrange(issues // 4, issues // 2)
    rotation: asyncio.Task[None] | None = None
    signed_by: Counter[str] = Counter()
    failures: list[str] = []
    issue = 0
    while issue < issues or signed_by.total() - signed_by[old_kid] < issues // 10:
        if issue == rotate_at:
            rotation = asyncio.create_task(_rotate(server, pool_id))
        elif rotation is not None and rotation.done() and issue % max(1, issues // 250) == 0:
            rotation.result()
            clock.tick()
        answer = await _call(draw.choice(connections), "InitiateAuth", refresh)
        assert answer.status == 200, answer
        token = json.loads(answer.body)["AuthenticationResult"][draw.choice(["AccessToken", "IdToken"])]
        access_token = json.loads(answer.body)["AuthenticationResult"]["AccessToken"]
        signed_by[header_of(access_token)["kid"]] += 1
        for connection in draw.sample(connections, GET_USERS):
            answer = await _call(connection, "GetUser", {"AccessToken": access_token})
            failures += [] if answer.status == 200 else [f"issue {issue}: GetUser {answer.status} {answer.body!r}"]
        for resource_server in resource_servers:
            try:
                await resource_server.verify(token)
            except (JoseError, ValueError) as error:
                failures.append(f"issue {issue}: {error!r}")
        issue += 1
    for connection in connections:
        connection.close()
    assert failures == [], f"seed {SEED}"
    assert len(signed_by) == 2  # The old key, then the new one.
