"""storage.request_rates, by the counts of two processes (pool.request_counts): together they let no more through than one."""

import asyncio
import time

import pytest

from poolhouse.pool.request_counts import Rate, RequestCounts
from poolhouse.storage import request_rates
from poolhouse.storage.engine import DatabaseUnavailable

MOST = Rate("what", 7, "UserRead")


async def in_one_second(work):
    """What `work` gives, of a try that no second began in."""
    for _ in range(10):
        began = int(time.time())
        result = await work(f"what{_}")
        if int(time.time()) == began:
            return result
    raise AssertionError("no try was over within a second")


async def test_request_rates_count_once_for_all_processes(open_db):
    processes = [(RequestCounts(), (await open_db()).write) for _ in range(2)]

    async def work(counted):
        rate = Rate(counted, 7)
        return await asyncio.gather(*(counts.count(write, [rate]) for counts, write in processes for _ in range(20)))

    said = await in_one_second(work)
    assert said.count(None) == 7
    assert {rate.most for rate in said if rate} == {7}


async def test_request_rates_say_which_was_exceeded_first(open_db):
    counts, write = RequestCounts(), (await open_db()).write

    async def work(counted):
        wide, narrow = Rate(f"wide {counted}", 5), Rate(f"narrow {counted}", 2)
        return narrow, [await counts.count(write, [narrow, wide]) for _ in range(3)]

    narrow, said = await in_one_second(work)
    assert said == [None, None, narrow]


async def test_request_rates_follow_what_was_provisioned(open_db):
    db = await open_db()
    counts, write = RequestCounts(), db.write
    await db.write(lambda tx: request_rates.provision(tx, "UserRead", 3))
    assert await request_rates.provisioned(db) == {"UserRead": 3}

    async def work(counted):
        rate = Rate(counted, 1, "UserRead", 2)
        return await asyncio.gather(*(counts.count(write, [rate]) for _ in range(10)))

    assert (await in_one_second(work)).count(None) == 6


async def test_request_rates_of_a_database_that_is_away_are_an_error_of_each_request(open_db):
    db = await open_db()
    counts, write = RequestCounts(), db.write
    await db.close()
    for _ in range(2):
        said = await asyncio.gather(*(counts.count(write, [MOST]) for _ in range(3)), return_exceptions=True)
        assert [type(each) for each in said] == [DatabaseUnavailable] * 3


async def test_request_rates_go_on_when_somebody_gave_up_waiting(open_db):
    counts, write = RequestCounts(), (await open_db()).write
    gone = asyncio.create_task(counts.count(write, [MOST]))
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await counts.count(write, [MOST]) is None
