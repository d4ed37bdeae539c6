"""jobs.lease and jobs.run: a job is run by one process at a time, and by another one when that is gone."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from poolhouse.jobs import lease, run
from poolhouse.jobs.lease import Job, LeaseLost
from poolhouse.jobs.run import Runner, jobs_of
from poolhouse.pool.call import House
from poolhouse.storage import jobs as stored
from tests.support.until import until


def a_job(work: Callable[[], Coroutine[Any, Any, object]], pause_seconds: float = 60) -> Job:
    return Job("count", pause_seconds, work)


async def row_of(house: House) -> Any:
    return await house.db.one("SELECT due_at, holder FROM jobs WHERE name = 'count'")


async def is_due(house: House, seconds_from_now: float = 0) -> bool:
    return await stored.list_due(house.db, ["count"], lease.machine_ms(seconds_from_now)) == ["count"]


async def test_of_many_processes_one_runs_it_and_then_it_rests(house: House) -> None:
    runs = []

    async def work() -> None:
        runs.append(1)
        await asyncio.sleep(0.05)

    assert await is_due(house)
    done = await asyncio.gather(*(lease.run(house.db, a_job(work), f"process {n}") for n in range(8)))
    assert sorted(done) == [False] * 7 + [True]
    assert len(runs) == 1
    assert not await is_due(house, 59)
    assert await is_due(house, 61)
    assert not await lease.run(house.db, a_job(work), "process 9")


async def test_a_process_that_died_holds_it_no_longer_than_its_lease(house: House) -> None:
    async def take(tx: Any) -> bool:
        return await stored.take(tx, "count", "dead", lease.machine_ms(), lease.machine_ms(lease.LEASE_SECONDS))

    assert await house.db.write(take)
    assert not await is_due(house, lease.LEASE_SECONDS - 1)
    assert await is_due(house, lease.LEASE_SECONDS + 1)


async def test_a_process_that_stops_hands_it_back(house: House) -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    running = asyncio.create_task(lease.run(house.db, a_job(work), "stopping"))
    await until(lambda: row_of(house))
    await asyncio.sleep(0.05)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert ended.is_set()
    assert await is_due(house)
    assert (await row_of(house))[1] == ""


async def test_work_longer_than_a_lease_keeps_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.6)

    async def work() -> None:
        for _ in range(12):
            await asyncio.sleep(0.1)
            assert not await is_due(house)

    assert await lease.run(house.db, a_job(work), "slow")


async def test_work_whose_lease_was_lost_is_cut_off(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that stood still (a suspended machine) must not go on beside the one that has taken its place."""
    monkeypatch.setattr(lease, "LEASE_SECONDS", 0.3)
    was_cut_off = asyncio.Event()

    async def work() -> None:
        await house.db.write(
            lambda tx: tx.execute("UPDATE jobs SET holder = 'another', due_at = $1", lease.machine_ms(60))
        )
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            was_cut_off.set()
            raise

    with pytest.raises(LeaseLost):
        await lease.run(house.db, a_job(work), "suspended")
    assert was_cut_off.is_set()
    assert (await row_of(house))[1] == "another"
    assert not await is_due(house, 59)


async def test_work_that_fails_rests_too_and_is_told_in_the_log(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.01)

    async def work() -> None:
        raise ValueError("no luck")

    running = asyncio.create_task(Runner(house, "one", [a_job(work, 0.05)]).run())
    with caplog.at_level(logging.WARNING):
        await until(lambda: caplog.text.count("job count failed: no luck") >= 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_runner_that_stops_hands_back_what_it_runs(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.01)
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        await asyncio.sleep(60)

    running = asyncio.create_task(Runner(house, "one", [a_job(work)]).run())
    await begun.wait()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert await is_due(house)


async def test_expired_rows_go_by_a_job(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "LOOK_SECONDS", 0.01)
    await house.db.write(lambda tx: tx.execute("INSERT INTO spent VALUES ('p', $1, 1)", b"x"))
    running = asyncio.create_task(Runner(house, "one", jobs_of(house)).run())

    async def is_empty() -> bool:
        return await house.db.one("SELECT 1 FROM spent") is None

    await until(is_empty)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
