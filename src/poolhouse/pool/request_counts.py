"""Requests counted by the second for all servers of a database together. Those that wait in one process are one write."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from poolhouse import clock
from poolhouse.storage import request_rates as stored
from poolhouse.storage.engine import Transaction, Write

_KEPT_MS = 60_000  # until a second that has passed is pruned


class Rate(msgspec.Struct, frozen=True):
    """counted: under which name.  most: how many in a second.  category: what was provisioned of it, `times` as much, takes
    the place of `most`."""

    counted: str
    most: int
    category: str = ""
    times: int = 1


class _Waiting(NamedTuple):
    write: Write
    rates: Sequence[Rate]
    future: "asyncio.Future[Rate | None]"


class RequestCounts:
    """Of one process. By the clock of the machine, which `dev` does not move."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def count(self, write: Write, rates: Sequence[Rate]) -> Rate | None:
        """Count one request under each of the rates. The first that it exceeds, if any. write: of the call; one writes for many."""
        future: asyncio.Future[Rate | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(write, rates, future))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write_all())
        return await future

    async def _write_all(self) -> None:
        """While somebody waits: who comes during a write is in the next one, so that no two of a process meet on a row."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                try:
                    await self._write(batch)
                except Exception as error:  # whatever it is, each request of the batch answers with it
                    for waiting in batch:
                        if not waiting.future.done():
                            waiting.future.set_exception(error)
        finally:
            self._writer = None

    async def _write(self, batch: Sequence[_Waiting]) -> None:
        added = Counter(rate.counted for waiting in batch for rate in waiting.rates)
        machine_ms = int(clock.now() * 1000)

        async def work(tx: Transaction) -> tuple[dict[str, int], dict[str, int]]:
            totals = {
                counted: await stored.count(tx, counted, machine_ms // 1000, added[counted], machine_ms + _KEPT_MS)
                for counted in sorted(added)  # one order of locks for all processes
            }
            return totals, await stored.provisioned(tx)

        totals, provisioned = await batch[0].write(work)
        place = {counted: totals[counted] - requests for counted, requests in added.items()}
        for waiting in batch:
            exceeded = None
            for rate in waiting.rates:
                place[rate.counted] += 1
                most = provisioned[rate.category] * rate.times if rate.category in provisioned else rate.most
                if place[rate.counted] > most:
                    exceeded = exceeded or rate
            if not waiting.future.done():
                waiting.future.set_result(exceeded)
