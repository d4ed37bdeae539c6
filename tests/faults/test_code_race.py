"""1,000 authorization codes, each redeemed by 16 requests at once against two workers: one wins, nobody sees a 5xx.

`make test` races for 120 of them, `make long` for all.
"""

import asyncio
import base64
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.faults.raw_http import Connection
from tests.support.pools import Pools
from tests.support.server import Server

CODES = (120, 1000)  # In `make test`, in `make long`.
REDEMPTIONS = 16
GROUPS = 4  # Codes that are raced for at the same time; each has its own connections.
CALLBACK = "https://app.example.com/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
FORM = "application/x-www-form-urlencoded"


def _client(server: Server) -> str:
    settings = {
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["openid", "email"],
        "CallbackURLs": [CALLBACK],
        "SupportedIdentityProviders": ["COGNITO"],
    }
    return Pools(server.client()).client_id(server.demo_user_pool_id, **settings)


def _authorization_query(client_id: str) -> str:
    return urlencode(
        {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": CALLBACK,
            "scope": "openid email",
            "state": "s",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
    )


def _session_cookie(server: Server, query: str) -> str:
    """Sign in once on the page, as a browser does."""
    with server.browser() as browser:
        browser.get(f"/login?{query}").raise_for_status()
        form = {
            "_csrf": browser.cookies["XSRF-TOKEN"],
            "username": server.demo_username,
            "password": server.demo_password,
        }
        answer = browser.post(f"/login?{query}", data=form)
        assert answer.headers.get("location", "").startswith(CALLBACK), answer.text
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


async def _draw(connections: list[Connection], target: str, cookie: str, codes: int) -> list[str]:
    """So many codes, without a password each: the browser session is enough."""

    async def some(connection: Connection, count: int) -> list[str]:
        codes = []
        for _ in range(count):
            answer = await connection.ask("GET", target, cookie=cookie)
            assert answer.status == 302, answer
            codes += parse_qs(urlsplit(answer.headers["location"]).query)["code"]
        return codes

    parts = await asyncio.gather(*(some(connection, codes // 10) for connection in connections[:10]))
    return [code for part in parts for code in part]


async def _race(connections: list[Connection], client_id: str, code: str) -> Counter[str]:
    """All requests are on the wire before the first answer is read."""
    form = {"grant_type": "authorization_code", "client_id": client_id, "code": code}
    body = urlencode({**form, "redirect_uri": CALLBACK, "code_verifier": VERIFIER}).encode()
    for connection in connections:
        connection.send("POST", "/oauth2/token", body, content_type=FORM)
    answers = [await connection.receive() for connection in connections]
    outcomes = Counter(
        "tokens" if answer.status == 200 else f"{answer.status} {json.loads(answer.body).get('error')}"
        for answer in answers
    )
    for answer in answers:
        if answer.status == 200:
            assert {"access_token", "id_token", "refresh_token"} <= set(json.loads(answer.body))
    return outcomes


async def test_of_16_parallel_redemptions_exactly_one_wins(
    start_server: Callable[..., Server], share: Callable[[int, int], int]
) -> None:
    count = share(*CODES)
    server = start_server("--workers", "2")
    client_id = _client(server)
    query = _authorization_query(client_id)
    cookie = _session_cookie(server, query)
    connections = [await Connection.open(server.port) for _ in range(GROUPS * REDEMPTIONS)]
    codes = await _draw(connections, f"/oauth2/authorize?{query}", cookie, count)
    assert len(set(codes)) == count

    async def race_some(group: int) -> list[Counter[str]]:
        mine = connections[group::GROUPS]
        return [await _race(mine, client_id, code) for code in codes[group::GROUPS]]

    outcomes = [each for part in await asyncio.gather(*map(race_some, range(GROUPS))) for each in part]
    for connection in connections:
        connection.close()
    assert Counter(each["tokens"] for each in outcomes) == {1: count}
    assert sum(outcomes, Counter()) == {"tokens": count, "400 invalid_grant": count * (REDEMPTIONS - 1)}
