"""What is promised of time, measured: medians of interleaved samples, on a machine that has nothing else to do.

Busy machines lie about time, so no test of `make test` asserts any. There it is shown that the same work is done; here what it takes.

    make timing
    python -m tests.timing enumeration patterns
"""

import argparse
import asyncio
import json
import random
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from math import erfc
from pathlib import Path
from statistics import median
from typing import NamedTuple

from poolhouse.api import constraints
from poolhouse.config import Settings
from poolhouse.crypto import password_hash
from poolhouse.storage.engine import open_database
from poolhouse.storage.generation import SharedCounters
from poolhouse.wire.constraints import PATTERNS
from tests.support import hostile
from tests.support.arithmetic import done, power
from tests.support.pools import Pools, unique
from tests.support.postgres import Cluster
from tests.support.server import JSON_11, TARGET, Server
from tests.support.srp import SRPClient
from tests.support.writers import Writers

WRONG = "Wrong-Horse-1"
LEAST_P = 0.01
CROWD = 8
INSERT = "INSERT INTO spent (user_pool_id, value_hash, expires_at) VALUES ('p', $1, 1)"


class Figure(NamedTuple):
    """One line of the report: `seconds` may not be more than `limit`."""

    what: str
    seconds: float
    limit: float

    def line(self) -> str:
        holds = "" if self.holds else "   TOO MUCH"
        return f"{self.what:<72} {self.seconds * 1000:9.3f} ms   limit {self.limit * 1000:9.3f} ms{holds}"

    @property
    def holds(self) -> bool:
        return self.seconds <= self.limit


class Likeness(NamedTuple):
    """One line of the report: how likely two samples of one distribution lie as far apart as these, by Mann and Whitney's test."""

    what: str
    p: float

    def line(self) -> str:
        return f"{self.what:<72} p = {self.p:7.3f}   limit {LEAST_P:12.3f}{'' if self.holds else '   TOLD APART'}"

    @property
    def holds(self) -> bool:
        return self.p > LEAST_P


def likeness(one: list[float], other: list[float]) -> float:
    """The two-sided p of Mann and Whitney's test, by the normal approximation."""
    u = sum((other_time < time) + (other_time == time) / 2 for time in one for other_time in other)
    n, m = len(one), len(other)
    spread = (n * m * (n + m + 1) / 12) ** 0.5
    return erfc(abs(u - n * m / 2) / spread / 2**0.5)


# ------------------------------------------------------------------------------------------------ enumeration


def enumeration() -> Iterator[Figure | Likeness]:
    """security.md §3.4: the medians of a user and a stranger are less than 2 ms apart, and chance alone would part them as far.

    Alone on the server, and in a crowd, whose requests are computed together with theirs.
    """
    for engine in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory(prefix="poolhouse-timing-") as folder:
            cluster = Cluster().start() if engine == "postgresql" else None
            server = Server(Path(folder), database_url=cluster.create_database() if cluster else "")
            try:
                server.start()
                pools = Pools(server.client())
                pool_id = pools.user_pool()
                client_id = pools.client_id(pool_id, PreventUserExistenceErrors="ENABLED")
                for flow in ("password", "srp challenge", "srp answer"):
                    for crowd in (0, CROWD):
                        known, unknown = _times(server, pools, pool_id, client_id, flow, crowd)
                        what = f"{engine}: {flow} of a user and of a stranger, {'in a crowd' if crowd else 'alone'}"
                        if not crowd:
                            yield Figure(f"{what}, apart", abs(median(known) - median(unknown)), 0.002)
                        p = likeness(known, unknown)
                        if p <= LEAST_P:  # Of a dozen lines one in nine times by chance; not twice.
                            what += ", again"
                            p = likeness(*_times(server, pools, pool_id, client_id, flow, crowd))
                        yield Likeness(what, p)
            finally:
                server.stop()
                if cluster is not None:
                    cluster.stop()


def _times(
    server: Server, pools: Pools, pool_id: str, client_id: str, flow: str, crowd: int
) -> tuple[list[float], list[float]]:
    """Seconds that the sign-ins of users and of strangers take. crowd: so many others sign in all the time."""
    samples = 60 if flow == "srp answer" else 150  # whose own arithmetic takes the client 50 ms
    # Each name has four free failures, so many of both kinds are needed; made before anything is measured.
    known = [pools.user(pool_id).username for _ in range(samples // 3)]
    unknown = [unique() for _ in known]
    taken: dict[str, list[float]] = {"known": [], "unknown": []}
    draw = random.Random(samples)
    with Crowd(server, client_id, crowd):
        for n in range(samples):
            # In no order: the second finds the caches warm, and one request in eight makes what the next seven use.
            turns = [("known", known), ("unknown", unknown)]
            draw.shuffle(turns)
            for kind, names in turns:
                taken[kind].append(_attempt(server, pool_id, client_id, flow, names[n % len(names)]))
    return taken["known"], taken["unknown"]


class Crowd:
    """Others who sign in all the time, each with a name that nobody has."""

    def __init__(self, server: Server, client_id: str, size: int) -> None:
        self._server, self._client_id = server, client_id
        self._threads = [threading.Thread(target=self._sign_in_again_and_again) for _ in range(size)]
        self._is_over = False

    def _sign_in_again_and_again(self) -> None:
        with self._server.browser() as http:
            while not self._is_over:
                body = {
                    "ClientId": self._client_id,
                    "AuthFlow": "USER_PASSWORD_AUTH",
                    "AuthParameters": {"USERNAME": unique(), "PASSWORD": WRONG},
                }
                headers = {"Content-Type": JSON_11, "X-Amz-Target": TARGET + "InitiateAuth"}
                http.post("/", content=json.dumps(body), headers=headers)

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_: object) -> None:
        self._is_over = True
        for thread in self._threads:
            thread.join()


def _attempt(server: Server, pool_id: str, client_id: str, flow: str, username: str) -> float:
    srp = SRPClient(pool_id, username, WRONG)
    operation, body = "InitiateAuth", {"ClientId": client_id, "AuthFlow": "USER_SRP_AUTH"}
    body["AuthParameters"] = srp.parameters
    if flow == "password":
        body |= {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": username, "PASSWORD": WRONG}}
    elif flow == "srp answer":
        responses = srp.responses(server.call(operation, body, sign=False).json())
        operation = "RespondToAuthChallenge"
        body = {"ClientId": client_id, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses}
    return _seconds(lambda: server.call(operation, body, sign=False))


# ------------------------------------------------------------------------------------------------ the rest


def passwords() -> Iterator[Figure]:
    """A record that is not there costs what one costs that is."""
    salt = bytes(range(16))
    records = {
        "verifier": done(password_hash.srp_record(power, "Ab1Cd2Ef3", "alice", "correct horse", salt)),
        "argon2id": password_hash.argon2id_record("correct horse", salt),
    }
    for kind, record in records.items():
        known, unknown = [], []
        nobodys = password_hash.nobodys_record(password_hash.kind(record), secrets.token_bytes)
        for _ in range(101):
            known.append(_seconds(partial(_compare, kind, record, "alice"), time.thread_time))
            unknown.append(_seconds(partial(_compare, kind, nobodys, "nobody"), time.thread_time))
        yield Figure(f"{kind}: a record and none, apart", abs(median(known) - median(unknown)), 0.1 * median(known))


def _compare(kind: str, record: bytes, username: str) -> None:
    if kind == "argon2id":
        password_hash.verify_argon2id(record, "wrong")
    else:
        done(password_hash.verify_srp(power, record, "Ab1Cd2Ef3", username, "wrong"))


def patterns() -> Iterator[Figure]:
    """Acceptance 75: no string takes an expression of the model longer than 5 ms."""
    worst, culprit = 0.0, ""
    for pattern in PATTERNS:
        matches = constraints._matcher(pattern)
        matches("é")  # The table is made once.
        for value in hostile.strings():
            taken = min(_seconds(partial(matches, value), time.thread_time) for _ in range(3))
            worst, culprit = max((worst, culprit), (taken, pattern))
    yield Figure(f"the slowest of {len(PATTERNS)} patterns, {culprit[:30]}", worst, 0.005)


def counters() -> Iterator[Figure]:
    """Every request looks whether the configuration is still the newest."""
    with tempfile.TemporaryDirectory(prefix="poolhouse-timing-") as folder:
        shared = SharedCounters(Path(folder) / "counters")

        def look() -> None:
            for _ in range(10_000):
                shared.generation  # noqa: B018

        yield Figure("a look at the shared counters", min(_seconds(look) for _ in range(20)) / 10_000, 1e-6)
        shared.close()


def waits() -> Iterator[Figure]:
    """Three processes write to SQLite without a pause; a fourth comes now and then."""
    found = asyncio.run(_waits())
    yield Figure("a write beside three busy processes, median", median(found), 0.1)
    yield Figure("a write beside three busy processes, longest", max(found), 1.0)


async def _waits() -> list[float]:
    found = []
    with tempfile.TemporaryDirectory(prefix="poolhouse-timing-") as folder:
        db = await open_database(Settings(data=Path(folder)))
        writers = Writers(Path(folder))
        for number in range(40):
            before = time.perf_counter()
            await db.write(lambda tx, key=b"%d" % number: tx.execute(INSERT, key))
            found.append(time.perf_counter() - before)
            await asyncio.sleep(0.05)
        await asyncio.to_thread(writers.stop)
        await db.close()
    return found


def _seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


PROGRAMMES = {each.__name__: each for each in (enumeration, passwords, patterns, counters, waits)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.timing", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("programmes", nargs="*", metavar="PROGRAMME", help=f"of {', '.join(PROGRAMMES)}; all")
    chosen = parser.parse_args().programmes or list(PROGRAMMES)
    if unknown := set(chosen) - set(PROGRAMMES):
        parser.error(f"no programme {', '.join(sorted(unknown))}")
    failed = 0
    for name in chosen:
        for figure in PROGRAMMES[name]():
            sys.stdout.write(figure.line() + "\n")
            sys.stdout.flush()
            failed += not figure.holds
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
