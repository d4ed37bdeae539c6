"""A job is run by one process at a time: it holds a lease, which ends by itself when the process is gone."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import msgspec

from poolhouse import clock
from poolhouse.storage import jobs as stored
from poolhouse.storage.engine import Database, DatabaseUnavailable

LEASE_SECONDS = 30  # how long a job lies still when its process was killed; renewed three times in that time


class Job(msgspec.Struct, frozen=True):
    """work: may be cut off at any point and run again.  pause_seconds: from the end of a run to the next, by whomever.

    is_needed: asked before the lease is taken; None: always.  is_last: run once more when the server stops.
    """

    name: str
    pause_seconds: float
    work: Callable[[], Coroutine[Any, Any, object]]
    is_needed: Callable[[], Coroutine[Any, Any, bool]] | None = None
    is_last: bool = False


class LeaseLost(Exception):
    """The process stood still for longer than its lease, and another one may have the job now."""


async def run(db: Database, job: Job, holder: str) -> bool:
    """Run the job unless another process has it, or had it a moment ago. Whether it was run.

    Cancelled, it hands the job back, due at once. What the work raises goes through; then the job is due after its pause.
    """
    take = partial(stored.take, name=job.name, holder=holder, machine_ms=machine_ms(), until=machine_ms(LEASE_SECONDS))
    if not await db.write(take):
        return False
    pause = job.pause_seconds
    try:
        await _work(db, job, holder)
    except asyncio.CancelledError:
        pause = 0
        raise
    finally:
        with contextlib.suppress(DatabaseUnavailable):  # Then the lease ends by itself.
            await db.write(partial(stored.hand_back, name=job.name, holder=holder, due_at=machine_ms(pause)))
    return True


async def _work(db: Database, job: Job, holder: str) -> None:
    """Until it is done, or the lease is lost; when this returns or raises, nothing of it goes on."""
    working, losing = asyncio.create_task(job.work()), asyncio.create_task(_renew_until_lost(db, job.name, holder))
    try:
        await asyncio.wait((working, losing), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise LeaseLost(job.name)
        working.result()
    finally:
        working.cancel()
        losing.cancel()
        await asyncio.gather(working, losing, return_exceptions=True)


async def _renew_until_lost(db: Database, name: str, holder: str) -> None:
    ends_at = clock.monotonic() + LEASE_SECONDS
    while True:
        await asyncio.sleep(LEASE_SECONDS / 3)
        begun = clock.monotonic()
        keep = partial(stored.keep, name=name, holder=holder, due_at=machine_ms(LEASE_SECONDS))
        try:
            if not await db.write(keep):
                return
            ends_at = begun + LEASE_SECONDS
        except DatabaseUnavailable:  # It may be back before the lease ends.
            if clock.monotonic() > ends_at:
                return


def machine_ms(seconds_from_now: float = 0) -> int:
    """By the machine's own clock, in epoch ms: leases do not end sooner where `dev` moves the clock."""
    return int((clock.now() + seconds_from_now) * 1000)
