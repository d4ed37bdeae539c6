"""Waiting for what nothing announces."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable

PAUSE_SECONDS = 0.02


async def until(look: Callable[[], object | Awaitable[object]], seconds: float = 60) -> None:
    """Return as soon as `look` finds it true."""
    end = time.monotonic() + seconds
    while True:
        found = look()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return
        assert time.monotonic() < end, f"not within {seconds:.0f} s"
        await asyncio.sleep(PAUSE_SECONDS)
