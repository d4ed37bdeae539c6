"""What the machine itself can do: the floor under every operation, measured on the server's core while the server is idle."""

import asyncio
import os
import secrets
import sqlite3
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from poolhouse.crypto import jwt, modexp, password_hash

LABELS = {
    "rsa_sign": "RSA-2048 signature",
    "rsa_verify": "RSA-2048 verification",
    "modexp": "SRP exponentiation (3072 bit, exponent 256 bit)",
    "argon2id": "Argon2id (19 MiB, t=2, p=1)",
}
_SALT = bytes(range(16))


class Limits:
    """CPU microseconds of each primitive: medians over the rounds so far. Commits per second by the clock on the wall."""

    def __init__(self) -> None:
        self._key = jwt.SigningKey.load(jwt.generate_private_key())
        self._message = secrets.token_bytes(700)
        self._signature = self._key.sign(self._message)
        self._base = modexp.modexp(2, secrets.randbits(256))
        self._exponent = secrets.randbits(256) | 1 << 255
        self._seen: dict[str, list[float]] = {name: [] for name in LABELS}
        self.commits: dict[str, list[float]] = {}

    def measure(self, core: int, seconds: float) -> None:
        """One round, on that core."""
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {core})
        try:
            for name, work in self._primitives().items():
                self._seen[name].append(_cpu_microseconds(work, seconds))
        finally:
            os.sched_setaffinity(0, before)

    def _primitives(self) -> dict[str, Callable[[], object]]:
        public, verify = self._key.verifying_key.public_key, self._key.algorithm.verify
        return {
            "rsa_sign": lambda: self._key.sign(self._message),
            "rsa_verify": lambda: verify(public, self._signature, self._message),
            "modexp": lambda: modexp.modexp(self._base, self._exponent),
            "argon2id": lambda: password_hash.argon2id_record("Correct-Horse-1", _SALT),
        }

    def microseconds(self, name: str) -> float:
        return statistics.median(self._seen[name])

    def cost(self, parts: dict[str, int]) -> float:
        """CPU microseconds of so many of each primitive."""
        return sum(count * self.microseconds(name) for name, count in parts.items())

    def add_commits(self, engine: str, per_second: float) -> None:
        self.commits.setdefault(engine, []).append(per_second)

    def commits_per_second(self, engine: str) -> float:
        return statistics.median(self.commits[engine])


def _cpu_microseconds(work: Callable[[], object], seconds: float) -> float:
    work()
    count, end = 0, time.perf_counter() + seconds
    start = time.thread_time()
    while time.perf_counter() < end:
        work()
        count += 1
    return (time.thread_time() - start) / count * 1e6


def sqlite_commits(folder: Path, seconds: float) -> float:
    """Single-row commits per second, WAL, synchronous=FULL, one after the other."""
    path = folder / "commits.db"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, value BLOB)")
    count, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        database.execute("INSERT INTO t (value) VALUES (?)", (bytes(200),))
        count += 1
    rate = count / (time.perf_counter() - start)
    database.close()
    return rate


def postgresql_commits(url: str, seconds: float) -> float:
    """Single-row commits per second over one connection, one after the other."""

    async def run() -> float:
        import asyncpg

        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE IF NOT EXISTS bench_commits (id BIGSERIAL PRIMARY KEY, value BYTEA)")
        insert = await connection.prepare("INSERT INTO bench_commits (value) VALUES ($1)")
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            await insert.fetch(bytes(200))
            count += 1
        rate = count / (time.perf_counter() - start)
        await connection.execute("DROP TABLE bench_commits")
        await connection.close()
        return rate

    return asyncio.run(run())
