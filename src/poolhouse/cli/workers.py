"""Several worker processes: starts them, replaces the dead, ends them in good order. Knows nothing of HTTP.

Each worker has a listening socket of its own on the same port, so that the kernel spreads connections evenly. On one shared
socket, whichever worker wakes first takes all that wait: of 64 connections opened together, 63 went to one of two workers.
The supervisor keeps every socket open, so that connections to a dead worker wait for the one that replaces it.
"""

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

log = logging.getLogger("poolhouse")

START_SECONDS = 30.0
STOP_SECONDS = 15.0  # Longer than a worker gives its last requests, so that only a hung one is killed.
# A worker that dies this soon would die again at once: wait before the next try.
YOUNG_SECONDS = 2.0

_SPAWN = get_context("spawn")

# What a worker runs: (settings as text, its socket, what to call when it answers requests).
Work = Callable[[str, socket.socket, Callable[[], None]], None]


class Worker:
    """One process and the socket it serves."""

    def __init__(self, work: Work, settings: str, listener: socket.socket) -> None:
        self.listener = listener
        self._ready, ready = _SPAWN.Pipe(duplex=False)
        self.process: SpawnProcess = _SPAWN.Process(target=_run, args=(work, settings, listener, ready))
        self.process.start()
        ready.close()  # The worker's end is the worker's alone: when it dies, ours ends.
        self.started_at = time.monotonic()

    def wait_until_ready(self) -> bool:
        """Whether it serves; False when it died or needs longer than START_SECONDS."""
        try:
            return self._ready.poll(START_SECONDS) and self._ready.recv() is True
        except EOFError:
            return False

    def stop(self) -> None:
        """Ask it to end after its last requests."""
        if self.process.is_alive():
            self.process.terminate()

    def join(self, until: float) -> None:
        """Wait for its end, at most until this time of the monotonic clock; then kill it."""
        self.process.join(max(0.0, until - time.monotonic()))
        if self.process.is_alive():
            log.error("a worker did not end in time and was killed", extra={"pid": self.process.pid})
            self.process.kill()
            self.process.join()


class Supervisor:
    """Runs one worker for each socket until it is told to end by SIGTERM or SIGINT; SIGHUP replaces the workers one by one."""

    def __init__(self, work: Work, settings: str, listeners: Sequence[socket.socket]) -> None:
        self._work = work
        self._settings = settings
        self._listeners = listeners
        self._workers: list[Worker] = []
        self._signals: list[int] = []

    def run(self, on_ready: Callable[[], None]) -> None:
        """on_ready is called once, when all workers serve. Raises SystemExit when one cannot start."""
        wake, waker = socket.socketpair()
        for end in (wake, waker):
            end.setblocking(False)
        signal.set_wakeup_fd(waker.fileno())
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._note)
        try:
            self._workers = [self._start(listener) for listener in self._listeners]
            if not all(worker.wait_until_ready() for worker in self._workers):
                if not self._must_end():
                    raise SystemExit(3)
                return
            on_ready()
            while not self._must_end():
                self._replace_dead()
                if signal.SIGHUP in self._signals:
                    self._signals.remove(signal.SIGHUP)
                    self._replace_all()
                connection.wait([wake, *(worker.process.sentinel for worker in self._workers)])
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

    def _start(self, listener: socket.socket) -> Worker:
        return Worker(self._work, self._settings, listener)

    def _replace_dead(self) -> None:
        for place, worker in enumerate(self._workers):
            if worker.process.is_alive():
                continue
            log.error("a worker died", extra={"pid": worker.process.pid, "exit_status": worker.process.exitcode})
            if time.monotonic() - worker.started_at < YOUNG_SECONDS:
                time.sleep(YOUNG_SECONDS)
            self._workers[place] = self._start(worker.listener)

    def _replace_all(self) -> None:
        """One after the other, the new one serving before the old one ends. A new one that cannot start leaves the old."""
        for place, old in enumerate(self._workers):
            new = self._start(old.listener)
            if not new.wait_until_ready():
                new.join(time.monotonic())
                log.error("a new worker did not start; the others stay as they are")
                return
            self._workers[place] = new
            old.stop()
            old.join(time.monotonic() + STOP_SECONDS)

    def _stop_all(self) -> None:
        for listener in self._listeners:
            listener.close()  # Else new connections would be taken and left hanging until the last worker ends.
        for worker in self._workers:
            worker.stop()
        until = time.monotonic() + STOP_SECONDS
        for worker in self._workers:
            worker.join(until)


def _drain(wake: socket.socket) -> None:
    try:
        while wake.recv(64):
            continue
    except BlockingIOError:
        return  # Read to the end.


def _run(work: Work, settings: str, listener: socket.socket, ready: Connection) -> None:
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
