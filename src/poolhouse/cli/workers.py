"""Several worker processes: starts them, replaces the dead, ends them in good order. Knows nothing of HTTP.

Each worker has listening sockets of its own on the same port, so that the kernel spreads connections evenly. On one shared
socket, whichever worker wakes first takes all that wait: of 64 connections opened together, 63 went to one of two workers.
The supervisor keeps every socket open, so that connections to a dead worker wait for the one that replaces it.
"""

import contextlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import FrameType

from poolhouse.cli.listeners import Listener, close_listener

log = logging.getLogger("poolhouse")

START_SECONDS = 30.0
STOP_SECONDS = 15.0  # Longer than a worker gives its last requests, so that only a hung one is killed.
# A worker that dies before it has served for so long may well die again: the next try waits, longer each time.
YOUNG_SECONDS = 5.0
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 30.0
RELOAD_ATTEMPTS = 3

_SPAWN = get_context("spawn")

# What a worker runs: (settings as text, its sockets, what to call when it answers requests).
Work = Callable[[str, Listener, Callable[[], None]], None]


class Worker:
    """One process and the socket it serves."""

    def __init__(self, work: Work, settings: str, listener: Listener) -> None:
        self._ready, ready = _SPAWN.Pipe(duplex=False)
        self.process: SpawnProcess = _SPAWN.Process(target=_run, args=(work, settings, listener, ready))
        self.process.start()
        ready.close()  # The worker's end is the worker's alone: when it dies, ours ends.
        self._started_at = time.monotonic()
        self._ready_at: float | None = None

    def look(self) -> None:
        """Hear whether it has said that it is ready. Only this changes what the others tell, so that what is waited for stays."""
        if not self._ready.closed and self._ready.poll():
            with contextlib.suppress(EOFError):  # Dead, without a word.
                self._ready.recv()
                self._ready_at = time.monotonic()
            self._ready.close()

    @property
    def is_ready(self) -> bool:
        """Whether it serves, or did before it died, as of the last look."""
        return self._ready_at is not None

    @property
    def is_late(self) -> bool:
        return not self.is_ready and time.monotonic() - self._started_at > START_SECONDS

    @property
    def was_young(self) -> bool:
        """Whether it died before it was ready, or soon after."""
        return self._ready_at is None or time.monotonic() - self._ready_at < YOUNG_SECONDS

    def signs(self) -> list[Connection | int]:
        """What shows that it is ready or dead; good until the next look."""
        return [self.process.sentinel, *([] if self._ready.closed else [self._ready])]

    def stop(self) -> None:
        """Ask it to end after its last requests."""
        if self.process.is_alive():
            self.process.terminate()

    def join(self, until: float) -> None:
        """Wait for its end, at most until this time of the monotonic clock; then kill it."""
        self.process.join(max(0.0, until - time.monotonic()))
        if self.process.is_alive():
            log.error("a worker did not end in time and was killed", extra={"pid": self.process.pid})
            self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()


class Place:
    """One listener, and whoever serves it now. failures: workers in a row that died young."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self.worker: Worker | None = None
        self.failures = 0
        self.next_try_at = 0.0

    def clear(self) -> float:
        """The worker has died. In how many seconds the next may be tried."""
        self.failures = self.failures + 1 if self.worker is not None and self.worker.was_young else 0
        pause = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (self.failures - 1)) if self.failures else 0.0
        self.worker = None
        self.next_try_at = time.monotonic() + pause
        return pause


class Supervisor:
    """Runs one worker for each listener until it is told to end by SIGTERM or SIGINT; SIGHUP replaces the workers one by one."""

    def __init__(self, work: Work, settings: str, listeners: Sequence[Listener]) -> None:
        self._work = work
        self._settings = settings
        self._places = [Place(listener) for listener in listeners]
        self._is_up = False
        self._signals: list[int] = []

    def run(self, on_ready: Callable[[], None]) -> None:
        """on_ready is called once, when all workers serve. Raises SystemExit when one of the first says that it cannot."""
        wake, waker = socket.socketpair()
        for end in (wake, waker):
            end.setblocking(False)
        signal.set_wakeup_fd(waker.fileno())
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note)
        try:
            while not self._must_end():
                for place in self._places:
                    self._tend(place)
                if not self._is_up and all(place.worker and place.worker.is_ready for place in self._places):
                    self._is_up = True
                    on_ready()
                if self._is_up and signal.SIGHUP in self._signals:
                    self._signals.remove(signal.SIGHUP)
                    self._replace_all()
                self._wait([wake, *(sign for place in self._places if place.worker for sign in place.worker.signs())])
                _drain(wake)
        finally:
            self._stop_all()
            signal.set_wakeup_fd(-1)
            wake.close()
            waker.close()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self._signals.append(number)

    def _must_end(self) -> bool:
        return signal.SIGTERM in self._signals or signal.SIGINT in self._signals

    def _start(self, listener: Listener) -> Worker:
        return Worker(self._work, self._settings, listener)

    def _tend(self, place: Place) -> None:
        """See to it that the place has a worker: start one, end one that does not get ready, note that one has died."""
        worker = place.worker
        if worker is None:
            if time.monotonic() >= place.next_try_at:
                place.worker = self._start(place.listener)
            return
        is_alive = worker.process.is_alive()
        worker.look()  # After that, so that the last word of one that has died is heard.
        if is_alive and worker.is_late:
            log.error("a worker was not ready in time and was killed", extra={"pid": worker.process.pid})
            worker.kill()
        elif is_alive:
            return
        status = worker.process.exitcode or 0
        if not self._is_up and not worker.is_ready and status > 0:
            raise SystemExit(3)  # It has said why, and the next would say the same. Whoever was killed said nothing.
        is_ready, pause = worker.is_ready, place.clear()
        log.error(
            "a worker died%s%s",
            "" if is_ready else " while it started",
            f"; the next begins in {pause:g} s" if pause else "",
            extra={"pid": worker.process.pid, "exit_status": status, "died_in_a_row": place.failures},
        )
        self._tend(place)

    def _wait(self, signs: list[socket.socket | Connection | int]) -> None:
        """Until there is something to see to."""
        now = time.monotonic()
        times = [place.next_try_at for place in self._places if place.worker is None]
        if any(place.worker and not place.worker.is_ready for place in self._places):
            times.append(now + START_SECONDS)
        connection.wait(signs, max(0.0, min(times) - now) if times else None)

    def _replace_all(self) -> None:
        """One after the other, the new one serving before the old one ends. A new one that cannot start leaves the old."""
        for place in self._places:
            new = self._start_surely(place.listener)
            if new is None:
                if not self._must_end():
                    log.error("a new worker did not start; the others stay as they are")
                return
            old, place.worker, place.failures = place.worker, new, 0
            if old is not None:
                old.stop()
                old.join(time.monotonic() + STOP_SECONDS)

    def _start_surely(self, listener: Listener) -> Worker | None:
        """A worker that serves, if need be at the third try."""
        for _ in range(RELOAD_ATTEMPTS):
            worker = self._start(listener)
            while worker.process.is_alive() and not (worker.is_ready or worker.is_late or self._must_end()):
                connection.wait(worker.signs(), 1.0)
                worker.look()
            if worker.is_ready and worker.process.is_alive():
                return worker
            worker.kill()
            if self._must_end():
                break
        return None

    def _stop_all(self) -> None:
        for place in self._places:
            close_listener(
                place.listener
            )  # Else new connections would be taken and left hanging until the last worker ends.
        workers = [place.worker for place in self._places if place.worker is not None]
        for worker in workers:
            worker.stop()
        until = time.monotonic() + STOP_SECONDS
        for worker in workers:
            worker.join(until)


def _drain(wake: socket.socket) -> None:
    try:
        while wake.recv(64):
            continue
    except BlockingIOError:
        return  # Read to the end.


def _run(work: Work, settings: str, listener: Listener, ready: Connection) -> None:
    """The worker's own process."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # For the supervisor alone, also when a terminal sends it to all.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    work(settings, listener, lambda: ready.send(True))


def _end_with_parent() -> None:
    """A worker whose supervisor was killed ends, too, instead of serving on unattended."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
