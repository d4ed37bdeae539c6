"""The only reader of the clock. Everything else takes the time as an argument (`call.now`)."""

import time
from collections.abc import Callable

# Seconds added to the machine's clock. Only `dev` may set it, so that a test can skip the 24 hours of a code.
_offset: Callable[[], float] = lambda: 0.0


def now() -> float:
    """The time in epoch seconds, with fraction."""
    return time.time() + _offset()


def offset() -> float:
    """How far `now()` is from the machine's clock, in seconds."""
    return _offset()


def monotonic() -> float:
    """Seconds of a clock that never steps, for durations."""
    return time.monotonic()


def use_offset(offset: Callable[[], float]) -> None:
    """Add what `offset` returns, in seconds, to every later `now()`."""
    global _offset  # noqa: PLW0603  one clock per process, by nature
    _offset = offset
