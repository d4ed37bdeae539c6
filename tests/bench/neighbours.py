"""What a pool whose trigger hangs costs its neighbours: sign-ins of another pool, while 30 clients wait for that trigger.

Phases of three kinds take turns in one run: nobody else is there; the clients ask a function that refuses at once; they ask one
that hangs. The clients are a process of their own, and each tries again one second after its last call has ended.
"""

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from multiprocessing.synchronize import Event
from pathlib import Path

import httpx

from tests.support import functions
from tests.support.functions import arn
from tests.support.pools import PASSWORD, Pools
from tests.support.server import JSON_11, TARGET

CLIENTS = 30
PAUSE_SECONDS = 1.0
BEGIN_SECONDS = 1.0  # before the figure counts: the first calls find their circuit closed
KINDS = ("alone", "refused", "hanging")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.neighbours", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each phase")
    options = parser.parse_args()
    rates = measure(options.rounds, options.seconds)
    medians = {kind: statistics.median(rates[kind]) for kind in KINDS}
    for kind in KINDS:
        each = " ".join(f"{rate:.0f}" for rate in rates[kind])
        print(f"{kind:<8} {medians[kind]:>6.0f} sign-ins a second  ({each})")
    print(f"hanging against alone    {_ratio(rates, 'hanging', 'alone'):.3f}")
    print(f"hanging against refused  {_ratio(rates, 'hanging', 'refused'):.3f}")


def _ratio(rates: dict[str, list[float]], kind: str, against: str) -> float:
    """The median of the rounds, each compared with itself."""
    return statistics.median(one / other for one, other in zip(rates[kind], rates[against], strict=True))


def measure(rounds: int, seconds: float) -> dict[str, list[float]]:
    """kind of phase → sign-ins a second, one for each round."""
    rates: dict[str, list[float]] = {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        data, told = Path(folder, "data"), Path(folder, "told")
        data.mkdir()
        told.mkdir()
        with functions.served(data, told) as (server, of_pool):
            pools = Pools(server.client())
            client_id = {}
            for kind in KINDS[1:]:
                # Each has a function of its own, and so a circuit of its own.
                pool_id = pools.user_pool(LambdaConfig={"PreSignUp": arn("python" if kind == "hanging" else "node")})
                client_id[kind] = pools.client_id(pool_id)
                of_pool.tell(pool_id, "PreSignUp", **({"sleep": 60} if kind == "hanging" else {"raise": "no"}))
            pool_id = pools.user_pool()
            own = {
                "ClientId": pools.client_id(pool_id),
                "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": pools.user(pool_id).username, "PASSWORD": PASSWORD},
            }
            _rate(server.url, own, 1.0)
            for _ in range(rounds):
                for kind in KINDS:
                    rates[kind].append(_phase(server.url, own, client_id.get(kind), seconds))
    return rates


def _phase(url: str, own: dict[str, object], client_id: str | None, seconds: float) -> float:
    if client_id is None:
        return _rate(url, own, seconds)
    context = multiprocessing.get_context("spawn")
    is_over = context.Event()
    crowd = context.Process(target=_ask_until, args=(url, client_id, is_over), daemon=True)
    crowd.start()
    time.sleep(BEGIN_SECONDS)
    try:
        return _rate(url, own, seconds)
    finally:
        is_over.set()
        crowd.join()


def _rate(url: str, own: dict[str, object], seconds: float) -> float:
    headers = {"x-amz-target": f"{TARGET}InitiateAuth", "content-type": JSON_11}
    body = json.dumps(own)
    with httpx.Client(base_url=url, timeout=60) as http:
        end, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            assert http.post("/", content=body, headers=headers).status_code == 200
            count += 1
    return count / seconds


def _ask_until(url: str, client_id: str, is_over: Event) -> None:
    os.nice(5)  # it is the server that is measured, not who of the clients gets a core

    async def ask(http: httpx.AsyncClient, number: int) -> None:
        headers = {"x-amz-target": f"{TARGET}SignUp", "content-type": JSON_11}
        while not is_over.is_set():
            body = json.dumps({"ClientId": client_id, "Username": f"somebody-{number}", "Password": PASSWORD})
            await http.post("/", content=body, headers=headers)
            await asyncio.sleep(PAUSE_SECONDS)

    async def crowd() -> None:
        limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
        async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as http:
            asking = [asyncio.create_task(ask(http, number)) for number in range(CLIENTS)]
            await asyncio.to_thread(is_over.wait)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)

    asyncio.run(crowd())


if __name__ == "__main__":
    sys.exit(main())
