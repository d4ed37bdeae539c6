"""The only reader of the clock. Everything else takes the time as an argument (`call.now`), or a Clock."""

import time
from collections.abc import Callable


class Clock:
    """The clock of one server. offset: what is added to the machine's, in seconds; only `dev` moves it, so that a test can
    skip the 24 hours of a code."""

    __slots__ = ("offset",)

    def __init__(self, offset: Callable[[], float] = lambda: 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """The time in epoch seconds, with fraction."""
        return time.time() + self.offset()

    def now_ms(self) -> int:
        """The time in epoch milliseconds."""
        return int(self.now() * 1000)


def now() -> float:
    """The machine's own time, for what no server is asked about: certificates, migrations, access keys."""
    return time.time()


def monotonic() -> float:
    """Seconds of a clock that never steps, for durations."""
    return time.monotonic()


def cpu() -> float:
    """Seconds that this thread has had a processor, for what work costs however busy the machine is."""
    return time.thread_time()
