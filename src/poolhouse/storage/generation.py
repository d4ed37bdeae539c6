"""Which configuration is the newest: counters in the database for all hosts, a mapped file for the workers of one. That file
also holds what else all workers have to agree on at once: the clock of `dev`, and the order of messages."""

import fcntl
import mmap
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poolhouse.errors import ConfigError
from poolhouse.storage.engine import Reader, Transaction

SIZE_BYTES = 24
_GENERATION, _CLOCK_OFFSET_MS, _LAST_MOMENT = 0, 1, 2  # Slots of 8 bytes, little-endian.
MOMENT_BITS = 16  # of a moment, below its milliseconds


async def bump_pool(tx: Transaction, user_pool_id: str) -> None:
    """Say that the pool's configuration changes; before anything else, so that of two changes the later sees the former."""
    await tx.execute("UPDATE user_pools SET generation = generation + 1 WHERE user_pool_id = $1", user_pool_id)


async def bump(tx: Transaction) -> None:
    """Say that some configuration changes; after `bump_pool` (one order, no deadlock) and last: all changes meet on this row."""
    await tx.execute("UPDATE server_state SET value = value + 1 WHERE name = 'generation'")


async def current(db: Reader) -> int:
    """Changes whenever any configuration does."""
    row = await db.one("SELECT value FROM server_state WHERE name = 'generation'")
    return int(row[0]) if row else 0


async def pool_generation(db: Reader, user_pool_id: str) -> int | None:
    """None: there is no such pool."""
    row = await db.one("SELECT generation FROM user_pools WHERE user_pool_id = $1", user_pool_id)
    return int(row[0]) if row else None


class SharedCounters:
    """A few bytes that all workers of one host see at once, for less than a microsecond a look."""

    def __init__(self, path: Path) -> None:
        if sys.byteorder != "little":
            raise ConfigError("data", "shared counters need a little-endian machine", "Use one worker on another host.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if os.fstat(self._file).st_size < SIZE_BYTES:
            os.ftruncate(self._file, SIZE_BYTES)  # Grows with zeros; several workers may do this at once.
        self._map = mmap.mmap(self._file, SIZE_BYTES)
        self._slots = memoryview(self._map).cast("q")  # An aligned slot is read and written whole, never torn.
        self._lock = threading.Lock()

    @property
    def generation(self) -> int:
        return self._slots[_GENERATION]

    def bump(self) -> None:
        """Add one: two workers that bump at once count two."""
        with self._alone():
            self._slots[_GENERATION] += 1

    def next_moment(self, now_ms: int) -> int:
        """now_ms with MOMENT_BITS more bits below; but always later than what any worker was given before, also before a restart
        and when the clock was moved back."""
        with self._alone():
            moment = max(self._slots[_LAST_MOMENT] + 1, now_ms << MOMENT_BITS)
            self._slots[_LAST_MOMENT] = moment
        return moment

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Among the processes by a lock on the file, which does not part the threads of one."""
        with self._lock:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    @property
    def clock_offset_ms(self) -> int:
        """What `dev` adds to the clock of every worker."""
        return self._slots[_CLOCK_OFFSET_MS]

    @clock_offset_ms.setter
    def clock_offset_ms(self, offset_ms: int) -> None:
        self._slots[_CLOCK_OFFSET_MS] = offset_ms

    def close(self) -> None:
        self._slots.release()
        self._map.close()
        os.close(self._file)
