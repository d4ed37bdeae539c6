"""kill -9 while people sign up: whoever was told "you are signed up" is there after the restart, and in the audit log.

`make test` kills 20 servers; `make kills` 200 on each engine, and prints its figures.
"""

import asyncio
import itertools
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest

from poolhouse.config import Settings
from poolhouse.storage.engine import SQLITE_FILE, open_database
from tests.faults.raw_http import Connection
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.server import JSON_11, TARGET, Server

# By engine and workers: (in `make test`, in `make kills`).
KILLS = {("sqlite", 1): (8, 160), ("sqlite", 2): (4, 40), ("postgresql", 1): (5, 160), ("postgresql", 2): (3, 40)}
SIGNING_UP = 8  # people at the same time
LIFE_SIGN_UPS = (
    5,
    150,
)  # A life is counted in what it did, so that a busy machine kills at the same moments as an idle one.
WRITER_KILLS = (5, 50)
LIFE_ROWS = (1, 300)

# Inserts rows one by one and in parallel, and says which are durable.
WRITER = """
import asyncio, sys
from pathlib import Path
from poolhouse.config import Settings
from poolhouse.storage.engine import open_database

async def main(data, url, first):
    db = await open_database(Settings(data=Path(data), database_url=url))
    async def client(number):
        count = 0
        while True:
            key = f"{first}-{number}-{count}"
            async def work(tx):
                for half in "ab":
                    await tx.execute("INSERT INTO spent (user_pool_id, value_hash, expires_at) VALUES ($1, $2, 1)", half, key.encode())
            await db.write(work)
            print(key, flush=True)
            count += 1
    await asyncio.gather(*(client(number) for number in range(8)))

asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3]))
"""


async def test_a_killed_writer_has_kept_every_row_it_acknowledged(
    tmp_path: Path, database_url: str, share: Callable[[int, int], int]
) -> None:
    acknowledged: list[str] = []
    for start in range(share(*WRITER_KILLS)):
        command = [sys.executable, "-c", WRITER, str(tmp_path), database_url, str(start)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220  starts in a millisecond
        assert process.stdout is not None
        acknowledged += [process.stdout.readline().strip() for _ in range(random.randint(*LIFE_ROWS))]
        process.kill()
        rest = process.communicate()[0].split("\n")
        acknowledged += rest[:-1]  # The last line may be cut.
    assert all(acknowledged)
    db = await open_database(Settings(data=tmp_path, database_url=database_url))
    halves = [
        {bytes(row[0]).decode() for row in await db.all("SELECT value_hash FROM spent WHERE user_pool_id = $1", half)}
        for half in "ab"
    ]
    await db.close()
    assert set(acknowledged) <= halves[0]
    assert halves[0] == halves[1]  # A transaction is there whole or not at all.


async def _sign_up_until_killed(port: int, client_id: str, acknowledged: list[str]) -> int:
    """Signs up one person after the other; returns how many, when the server is gone."""
    connection = await Connection.open(port)
    try:
        for count in itertools.count():
            name = unique("person")
            body = {
                "ClientId": client_id,
                "Username": name,
                "Password": PASSWORD,
                "UserAttributes": [{"Name": "email", "Value": f"{name}@example.com"}],
            }
            try:
                answer = await connection.ask(
                    "POST", "/", json.dumps(body).encode(), content_type=JSON_11, x_amz_target=TARGET + "SignUp"
                )
            except (OSError, EOFError):
                return count
            assert answer.status == 200, answer
            acknowledged.append(name)
    finally:
        connection.close()
    raise AssertionError


def _names_in_pool(server: Server, user_pool_id: str) -> set[str]:
    pages = server.client().get_paginator("list_users").paginate(UserPoolId=user_pool_id)
    return {user["Username"] for page in pages for user in page["Users"]}


@pytest.mark.parametrize("workers", [1, 2])
async def test_no_acknowledged_sign_up_is_lost(
    start_server: Callable[..., Server],
    tmp_path: Path,
    engine: str,
    workers: int,
    share: Callable[[int, int], int],
) -> None:
    kills = share(*KILLS[engine, workers])
    audit_log = tmp_path / "audit.jsonl"
    server = start_server("--workers", str(workers), "--audit-log", str(audit_log))
    pools = Pools(server.client())
    user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
    client_id = pools.client_id(user_pool_id)
    acknowledged: list[str] = []
    restarts: list[float] = []
    for _ in range(kills):
        enough = len(acknowledged) + random.randint(*LIFE_SIGN_UPS)
        people = asyncio.gather(
            *(_sign_up_until_killed(server.port, client_id, acknowledged) for _ in range(SIGNING_UP))
        )
        while len(acknowledged) < enough and not people.done():  # noqa: ASYNC110  what is waited for is a list
            await asyncio.sleep(0.001)
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGKILL)
        await people
        server.kill()
        before = time.monotonic()
        server.start()
        restarts.append(time.monotonic() - before)
        last = server.call("AdminGetUser", {"UserPoolId": user_pool_id, "Username": acknowledged[-1]})
        assert last.json()["UserStatus"] == "UNCONFIRMED"
    there = _names_in_pool(server, user_pool_id)
    lost = set(acknowledged) - there
    print(  # noqa: T201  the figures of `make kills`
        f"\n{engine}, {workers} workers: {kills} kills, {len(acknowledged)} sign-ups acknowledged, {len(lost)} lost, "
        f"restart {median(restarts):.2f} s, slowest {max(restarts):.2f} s"
    )
    assert not lost
    estimate = server.client().describe_user_pool(UserPoolId=user_pool_id)["UserPool"]["EstimatedNumberOfUsers"]
    assert estimate == len(there)  # Counted in the same transaction.
    server.stop()
    lines = [json.loads(line) for line in audit_log.read_text().splitlines()]
    told = {
        line["username"] for line in lines if (line["event"], line["user_pool_id"]) == ("UserCreated", user_pool_id)
    }
    assert told == there  # all of them, and nobody who was not
    if engine == "sqlite":
        with sqlite3.connect(server.data / SQLITE_FILE) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        file.close()
