"""kill -9 while people sign up: whoever was told "you are signed up" is there after the restart."""

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

KILLS = {("sqlite", 1): 160, ("sqlite", 2): 40, ("postgresql", 1): 160, ("postgresql", 2): 40}  # By engine and workers.
SIGNING_UP = 8  # people at the same time
LIFE_SECONDS = (0.1, 0.5)
RESTART_SECONDS = 5.0  # Two on an idle machine; tests share theirs.
WRITER_KILLS = 15

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


async def test_a_killed_writer_has_kept_every_row_it_acknowledged(tmp_path: Path, database_url: str) -> None:
    acknowledged: list[str] = []
    for start in range(WRITER_KILLS):
        command = [sys.executable, "-c", WRITER, str(tmp_path), database_url, str(start)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: ASYNC220  starts in a millisecond
        assert process.stdout is not None
        acknowledged.append(process.stdout.readline().strip())
        await asyncio.sleep(random.uniform(0.01, 0.15))
        process.kill()
        rest = process.communicate()[0].split("\n")
        acknowledged += rest[:-1]  # The last line may be cut.
    db = await open_database(Settings(data=tmp_path, database_url=database_url))
    halves = [
        {bytes(row[0]).decode() for row in await db.all("SELECT value_hash FROM spent WHERE user_pool_id = $1", half)}
        for half in "ab"
    ]
    await db.close()
    assert set(acknowledged) <= halves[0]
    assert halves[0] == halves[1]  # A transaction is there whole or not at all.
    assert len(acknowledged) > WRITER_KILLS * 10


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


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
async def test_no_acknowledged_sign_up_is_lost(start_server: Callable[..., Server], engine: str, workers: int) -> None:
    kills = KILLS[engine, workers]
    server = start_server("--workers", str(workers))
    pools = Pools(server.client())
    user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
    client_id = pools.client_id(user_pool_id)
    acknowledged: list[str] = []
    restarts: list[float] = []
    for _ in range(kills):
        people = asyncio.gather(
            *(_sign_up_until_killed(server.port, client_id, acknowledged) for _ in range(SIGNING_UP))
        )
        await asyncio.sleep(random.uniform(*LIFE_SECONDS))
        assert server.process is not None
        os.killpg(server.process.pid, signal.SIGKILL)
        await people
        server.kill()
        before = time.monotonic()
        server.start()
        restarts.append(time.monotonic() - before)
        last = server.call("AdminGetUser", {"UserPoolId": user_pool_id, "Username": acknowledged[-1]})
        assert last.json()["UserStatus"] == "UNCONFIRMED"
    lost = set(acknowledged) - _names_in_pool(server, user_pool_id)
    assert not lost
    assert len(acknowledged) > kills * 5
    assert median(restarts) < RESTART_SECONDS
    estimate = server.client().describe_user_pool(UserPoolId=user_pool_id)["UserPool"]["EstimatedNumberOfUsers"]
    assert estimate == len(_names_in_pool(server, user_pool_id))  # Counted in the same transaction.
    server.stop()
    if engine == "sqlite":
        with sqlite3.connect(server.data / SQLITE_FILE) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        file.close()
    print(  # noqa: T201  the figures, with pytest -s
        f"\n{engine}, {workers} workers: {kills} kills, {len(acknowledged)} sign-ups, "
        f"restart {median(restarts):.2f} s, slowest {max(restarts):.2f} s"
    )
