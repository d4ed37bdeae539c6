"""Where Argon2id is computed: beside the event loop, and no more of it at once than the machine bears."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from poolhouse.pool import texts
from poolhouse.wire import exceptions as errors

T = TypeVar("T")


class HashingThreads:
    """A thread for each core, and a queue that ends: 19 MiB and 20 ms each would else take the memory of the machine."""

    QUEUED_PER_THREAD = 16  # a third of a second at 20 ms each; whoever comes later is better told to come again

    def __init__(self) -> None:
        cores = os.cpu_count() or 1
        self._threads = ThreadPoolExecutor(cores, thread_name_prefix="argon2id")
        self._most = cores * (1 + self.QUEUED_PER_THREAD)
        self._waiting = 0

    async def run(self, work: Callable[[], T]) -> T:
        if self._waiting >= self._most:
            raise errors.TooManyRequestsException(texts.TOO_MANY_REQUESTS)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Wait for what is being computed."""
        self._threads.shutdown()
