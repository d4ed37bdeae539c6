"""How much one function may take from all others: time, answers, calls at once; and the circuit that opens when it is dead."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from poolhouse.triggers.failures import BadAnswer, FunctionFailed, NotInvoked, Unanswered

log = logging.getLogger(__name__)

SECONDS = 5.0  # DOC: for one try, whatever the function's own limit is
TRIES = 3  # DOC (older guide): in all, when nothing comes
MOST_ANSWER_BYTES = 1_048_576
POOL_AT_ONCE = 16  # calls of one pool to one function, in one worker
TARGET_AT_ONCE = 64  # calls to one function by all pools
MOST_WAITING = 256  # for a place in either
OPENS_AFTER = 5  # tries without an answer, one behind the other
OPEN_SECONDS = 10.0
FULL = "TooManyRequestsException"
OPEN = "ServiceException"


class Gate:
    """So many at once, so many waiting, and no more."""

    def __init__(self, at_once: int) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._waiting = 0

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Raises NotInvoked when too many wait already."""
        if self._waiting >= MOST_WAITING:
            raise NotInvoked(FULL, "too many calls wait for this function")
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()


class Circuit:
    """Stops asking a function that does not answer, and asks again after a while with a single call."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._unanswered = 0
        self._opened_at: float | None = None
        self._is_probing = False

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Raises NotInvoked while it is open."""
        is_probe = self._enter()
        try:
            yield
        except Unanswered:
            self._count()
            raise
        except (FunctionFailed, BadAnswer):
            self._close()  # it answered, badly
            raise
        else:
            self._close()
        finally:
            if is_probe:
                self._is_probing = False

    def _enter(self) -> bool:
        if self._opened_at is None:
            return False
        if self._is_probing or time.monotonic() < self._opened_at + OPEN_SECONDS:
            raise NotInvoked(OPEN, "the circuit is open: the function did not answer")
        self._is_probing = True
        return True

    def _count(self) -> None:
        self._unanswered += 1
        if self._unanswered >= OPENS_AFTER:
            if self._opened_at is None:
                log.warning(
                    "trigger %s does not answer; it is asked again in %d s, until then its callers are refused",
                    self._name,
                    OPEN_SECONDS,
                )
            self._opened_at = time.monotonic()

    def _close(self) -> None:
        if self._opened_at is not None:
            log.warning("trigger %s answers again", self._name)
        self._unanswered, self._opened_at = 0, None
