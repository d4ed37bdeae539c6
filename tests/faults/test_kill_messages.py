"""kill -9 while messages wait and jobs are under way: each message that somebody was told of arrives, and jobs go on.

`make test` kills a few servers; `make long` 200 on each engine, and prints its figures.
"""

import asyncio
import itertools
import json
import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Self

import pytest
from aiosmtpd.controller import Controller

from poolhouse.config import Settings
from poolhouse.storage.engine import Database, open_database
from tests.faults.raw_http import Connection
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.ports import free_port
from tests.support.server import JSON_11, TARGET, Server
from tests.support.until import until

KILLS = {1: (4, 120), 2: (3, 80)}  # by workers: (in `make test`, in `make long`)
SIGNING_UP = 6  # people at the same time
LIFE_SIGN_UPS = (3, 40)
LEASES_END = 0.4  # how often a restart finds that so much time has passed
CODE = re.compile(r"[0-9]{6}")
EXPIRED_ROWS = 60_000  # so that pruning is under way at most kills
ROWS_AT_ONCE = 1000


class Gateway:
    """A mail server that takes its time, and now and then asks to come again. accepted: (recipient, code, when)."""

    def __init__(self, seed: int) -> None:
        self.accepted: list[tuple[str, str, float]] = []
        self.port = free_port()
        self.busy = 0.3  # how often it asks to come again
        self._random = random.Random(seed)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        await asyncio.sleep(self._random.uniform(0, 0.05))
        if self._random.random() < self.busy:
            return "451 come again"
        code = CODE.search(envelope.content.decode().partition("Your verification code is ")[2])
        assert code is not None
        self.accepted.append((envelope.rcpt_tos[0], code[0], time.monotonic()))
        await asyncio.sleep(self._random.uniform(0, 0.02))  # accepted, but not yet said so
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()


class People:
    """Who signs up, and what they were told. answered: address → of SignUp; again: addresses that a second code was promised to."""

    def __init__(self, server: Server, client_id: str) -> None:
        self._server = server
        self._client_id = client_id
        self.answered: dict[str, int] = {}
        self.again: set[str] = set()

    async def sign_up_until_killed(self) -> None:
        connection = await Connection.open(self._server.port)
        try:
            for _ in itertools.count():
                await self._sign_up(connection)
        except (OSError, EOFError):
            return
        finally:
            connection.close()

    async def _sign_up(self, connection: Connection) -> None:
        name = unique("person")
        address = f"{name}@example.com"
        status = await self._ask(
            connection,
            "SignUp",
            {"Username": name, "Password": PASSWORD, "UserAttributes": [{"Name": "email", "Value": address}]},
        )
        assert status in (200, 400), status  # 400: signed up, and the mail server could not be reached just then
        self.answered[address] = status
        if status == 200:
            assert await self._ask(connection, "ResendConfirmationCode", {"Username": name}) == 200
            self.again.add(address)

    async def _ask(self, connection: Connection, operation: str, body: dict[str, Any]) -> int:
        sent = json.dumps({"ClientId": self._client_id, **body}).encode()
        answer = await connection.ask("POST", "/", sent, content_type=JSON_11, x_amz_target=TARGET + operation)
        if answer.status == 400:
            assert b"CodeDeliveryFailureException" in answer.body, answer
        return int(answer.status)


async def _expired_rows(db: Database) -> None:
    async def work(tx: Any) -> None:
        values = ", ".join(f"('p', ${place}, 1)" for place in range(1, ROWS_AT_ONCE + 1))
        for first in range(0, EXPIRED_ROWS, ROWS_AT_ONCE):
            hashes = (b"%d" % number for number in range(first, first + ROWS_AT_ONCE))
            await tx.execute(f"INSERT INTO spent (user_pool_id, value_hash, expires_at) VALUES {values}", *hashes)

    await db.write(work)


async def _end_leases(db: Database) -> None:
    """As if so much time had passed, while no server runs."""

    async def work(tx: Any) -> None:
        await tx.execute("UPDATE outbox_messages SET due_at = 1 WHERE due_at IS NOT NULL")
        await tx.execute("UPDATE jobs SET due_at = 1")

    await db.write(work)


@pytest.mark.parametrize("workers", [1, 2])
async def test_every_message_that_somebody_was_told_of_arrives(
    start_server: Callable[..., Server], engine: str, workers: int, share: Callable[[int, int], int]
) -> None:
    kills = share(*KILLS[workers])
    draw = random.Random(kills)
    with Gateway(kills) as gateway:
        mail = ("--delivery", "smtp", "--smtp-url", f"smtp://127.0.0.1:{gateway.port}", "--await-delivery")
        server = start_server("--workers", str(workers), *mail)
        pools = Pools(server.client())
        user_pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
        people = People(server, pools.client_id(user_pool_id, PreventUserExistenceErrors="ENABLED"))
        db = await open_database(Settings(data=server.data, database_url=server.database_url), migrate=False)
        try:
            await _expired_rows(db)
            killed_at, leased = await _kill(server, people, db, kills, draw)
            gateway.busy = 0.0
            await until(lambda: _is_all_done(db), seconds=180)
        finally:
            await db.close()
    arrived = Counter((address, code) for address, code, _ in gateway.accepted)
    codes = Counter(address for address, _ in arrived)
    lost = [address for address in people.answered if codes[address] < 1 + (address in people.again)]
    doubles = [key for key, count in arrived.items() if count > 1]
    print(  # noqa: T201  the figures of `make long`
        f"\n{engine}, {workers} workers: {kills} kills, {leased} of them while jobs or messages were held by the killed, "
        f"{len(people.answered)} sign-ups and {len(people.again)} second codes acknowledged, {len(lost)} messages lost, "
        f"{len(doubles)} arrived twice"
    )
    assert not lost
    first = {(address, code): when for address, code, when in reversed(gateway.accepted)}
    for key in doubles:  # handed over, and killed before it could be written down that it was accepted
        assert any(abs(killed - first[key]) < 1 for killed in killed_at), key
    # Who was answered only when it was accepted got it once: of their codes it is the first.
    awaited = {address: code for address, code, _ in reversed(gateway.accepted) if people.answered.get(address) == 200}
    assert not awaited.items() & set(doubles)


async def _kill(
    server: Server, people: People, db: Database, kills: int, draw: random.Random
) -> tuple[list[float], int]:
    """When each server was killed, and how many of them held something."""
    killed_at, leased = [], 0
    for number in range(1, kills + 1):
        enough = len(people.answered) + draw.randint(*LIFE_SIGN_UPS)
        crowd = asyncio.gather(*(people.sign_up_until_killed() for _ in range(SIGNING_UP)))
        await until(lambda enough=enough, crowd=crowd: len(people.answered) >= enough or crowd.done())
        assert server.process is not None
        killed_at.append(time.monotonic())
        os.killpg(server.process.pid, signal.SIGKILL)
        await crowd
        server.kill()
        held = "SELECT 1 FROM jobs WHERE holder <> '' UNION ALL SELECT 1 FROM outbox_messages WHERE holder <> ''"
        leased += bool(await db.all(held))
        if number == kills or draw.random() < LEASES_END:
            await _end_leases(db)
        server.start()
    return killed_at, leased


async def _is_all_done(db: Database) -> bool:
    """No message waits, nothing that has expired is left, and nobody holds a job."""
    counts = [
        await db.one("SELECT COUNT(*) FROM outbox_messages WHERE holder <> '' OR due_at IS NOT NULL"),
        await db.one("SELECT COUNT(*) FROM spent WHERE expires_at = 1"),
        await db.one("SELECT COUNT(*) FROM jobs WHERE holder <> ''"),
    ]
    return not any(count[0] for count in counts if count)
