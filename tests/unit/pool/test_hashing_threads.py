"""pool.hashing_threads: a queue that ends."""

import asyncio
import threading

import pytest

from poolhouse.pool import texts
from poolhouse.pool.hashing_threads import HashingThreads
from poolhouse.wire.exceptions import TooManyRequestsException


async def test_hashing_threads_refuse_beyond_their_queue() -> None:
    threads = HashingThreads()
    gate = threading.Event()
    running = [asyncio.create_task(threads.run(gate.wait)) for _ in range(threads._most)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequestsException) as refusal:
        await threads.run(gate.wait)
    assert refusal.value.message == texts.TOO_MANY_REQUESTS
    gate.set()
    assert all(await asyncio.gather(*running))
    assert await threads.run(lambda: 7) == 7
    threads._threads.shutdown()
