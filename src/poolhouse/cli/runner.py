"""Runs the server: one process in place, several under uvicorn's supervisor."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
import uvicorn

from poolhouse import config
from poolhouse.cli import listeners, logs, neighbours, ready_file
from poolhouse.cli.listeners import Listener
from poolhouse.config import Settings
from poolhouse.errors import ConfigError
from poolhouse.http_protocol import HTTPProtocol

if TYPE_CHECKING:
    from types import FrameType

    from uvicorn._types import ASGI3Application

    from poolhouse.pool.call import House
    from poolhouse.server import App

BACKLOG = 2048
GRACEFUL_STOP_SECONDS = 10
# A request leaves almost no cycles behind; collecting every 700 allocations costs 5-10 us per request (measured).
GC_THRESHOLDS = (50_000, 20, 20)


class Found(msgspec.Struct):
    """What was there at the start, counted by this process: for the banner of `dev` and the hints of `serve`."""

    user_pools: int = 0
    users: int = 0
    access_keys: int = 0
    neighbour: str = ""  # a warning about another server on the data folder


OnReady = Callable[[Settings, Found], None]


def run(settings: Settings, on_ready: OnReady) -> None:
    """Serve until SIGINT or SIGTERM. on_ready is called once, when requests are answered.

    Raises ConfigError when the settings cannot be used.
    """
    found = Found()

    def ready() -> None:
        on_ready(settings, found)
        ready_file.write(settings)

    config.resolve(settings)  # What cannot work or is unsafe is said first, before the port is asked for.
    ready_file.prepare(settings)
    signal.signal(signal.SIGTERM, _interrupt)
    listener = listeners.listen(settings)
    place: neighbours.Place | None = None
    try:
        settings = config.resolve(msgspec.structs.replace(settings, port=listener[0].getsockname()[1]))
        _make_data_folder(settings.data)
        place = neighbours.Place(settings)
        found.neighbour = place.warning
        if place.is_free and not (settings.mode == "dev" and settings.keep_clock):
            _set_clock_right(settings)  # Never under a server that runs: the clock is the folder's.
        settings = prepare(settings)
        if settings.workers > 1:
            listener = listeners.spreading(listener)
            _run_workers(settings, listener, found, ready)
        else:
            _serve(settings, _application(settings, found), listener, ready)
    except KeyboardInterrupt:
        pass  # Ctrl-C or SIGTERM: uvicorn has stopped in good order and only passes the signal on.
    finally:
        listeners.close_listener(listener)
        if place is not None:
            place.leave()
        ready_file.remove(settings)


def _interrupt(_number: int, _frame: "FrameType | None") -> None:
    """SIGTERM ends as Ctrl-C does. Left to the system, it would end this process before it has cleaned up."""
    raise KeyboardInterrupt


def prepare(settings: Settings) -> Settings:
    """Complete the settings; make what `dev` makes for itself; show early what would otherwise fail inside the server."""
    from poolhouse.crypto.seal import Keyring
    from poolhouse.delivery import audit_log

    if settings.mode == "dev":
        if not settings.master_key_file and not settings.master_key_path.exists():
            _create_master_key(settings)
        if settings.tls and not settings.tls_certificate:
            from poolhouse.cli import local_ca

            certificate, key = local_ca.ensure(settings)
            settings = msgspec.structs.replace(settings, tls_certificate=str(certificate), tls_key=str(key))
    Keyring.load(settings.master_key_path)
    audit_log.check(settings.audit_log)
    settings = msgspec.structs.replace(settings, master_key_file=str(settings.master_key_path))
    if settings.is_tls:
        _check_certificate(settings)
    return settings


def _make_data_folder(folder: Path) -> None:
    try:
        _make_folder(folder)
    except OSError as error:
        raise ConfigError("data", f"{folder}: {error.strerror}", "Name a folder that poolhouse may write.") from None


def _make_folder(folder: Path) -> None:
    """The data folder. A new one keeps itself out of Git: it holds the master key beside somebody's code."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        folder.mkdir(
            exist_ok=True
        )  # Raises where the name is a file's. What is in a folder of somebody's stays as it is.
        return
    (folder / ".gitignore").write_text("*\n", "ascii")


def _set_clock_right(settings: Settings) -> None:
    """`dev` may have moved it; `serve` goes by the machine's own, but `keys rotate` believes what stands there."""
    from poolhouse.storage.generation import SharedCounters

    counters = SharedCounters(settings.data / "counters")
    counters.clock_offset_ms = 0
    counters.close()


def _create_master_key(settings: Settings) -> None:
    from poolhouse.crypto.seal import Keyring

    try:
        Keyring.create_file(settings.master_key_path)
    except FileExistsError:
        return  # Another server on the same folder was quicker; its key is as good.


def _check_certificate(settings: Settings) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key)
    except (ssl.SSLError, OSError) as error:
        raise ConfigError(
            "tls_certificate", f"cannot be used: {error}", "Both files must be PEM and belong together."
        ) from None


def _uvicorn_config(settings: Settings, app: "App") -> uvicorn.Config:
    logs.configure(settings)
    return uvicorn.Config(
        app,
        loop="uvloop" if os.name == "posix" else "auto",
        http=HTTPProtocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_graceful_shutdown=GRACEFUL_STOP_SECONDS,
        ssl_certfile=settings.tls_certificate or None,
        ssl_keyfile=settings.tls_key or None,
    )


def _application(settings: Settings, found: Found | None = None) -> "App":
    """found: filled in at the start."""
    from poolhouse.server import create_app

    async def on_start(house: "House") -> None:
        await _on_start(house)
        if found is not None:
            await _count(house, found)

    return create_app(settings, on_start=on_start)


async def _count(house: "House", found: Found) -> None:
    from poolhouse.storage import access_keys, user_pools

    found.user_pools, found.users = await user_pools.totals(house.db)
    found.access_keys = len(await access_keys.list_all(house.db))


async def _on_start(house: "House") -> None:
    """What this process does once, before its first request."""
    if house.settings.mode == "dev" and house.settings.demo:
        from poolhouse.cli import seed

        await seed.ensure_demo(house)
    gc.freeze()
    gc.enable()
    gc.set_threshold(*GC_THRESHOLDS)


class _Server(uvicorn.Server):
    """Says when requests are answered."""

    def __init__(self, uvicorn_config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(uvicorn_config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        uvicorn_log = logging.getLogger("uvicorn.error")
        level = uvicorn_log.level
        uvicorn_log.setLevel(logging.CRITICAL)  # A start that fails is said once, by us, with what mends it.
        try:
            await super().startup(sockets)
        finally:
            uvicorn_log.setLevel(level)
        if self.started:
            self._on_ready()


def _serve(settings: Settings, app: "App", listener: Listener, on_ready: Callable[[], None]) -> None:
    """Serve in this process. Raises ConfigError when that is why the application did not start, else SystemExit."""
    try:
        _Server(_uvicorn_config(settings, app), on_ready).run([*listener])
    except SystemExit:
        if isinstance(app.failure, ConfigError):
            raise app.failure from None
        raise


def _run_workers(settings: Settings, listener: Listener, found: Found, on_ready: Callable[[], None]) -> None:
    from poolhouse.cli.workers import Supervisor

    logs.configure(settings)
    # One process migrates and seeds; the workers then find everything in place and do not race for it.
    asyncio.run(_start_and_stop(_application(settings, found)))
    each = [listener, *(listeners.beside(listener) for _ in range(settings.workers - 1))]
    Supervisor(_work, config.to_json(settings), each).run(on_ready)


def _work(text: str, listener: Listener, on_ready: Callable[[], None]) -> None:
    """What a worker process does with its settings and its socket."""
    settings = config.from_json(text)
    # Ctrl-C reaches all processes of the terminal; this one has stopped in good order when it is told.
    with contextlib.suppress(KeyboardInterrupt):
        try:
            _serve(settings, _application(settings), listener, on_ready)
        except ConfigError as error:
            logging.getLogger("poolhouse").error("a worker did not start: %s", error)
            raise SystemExit(3) from None


async def _start_and_stop(app: "App") -> None:
    """Run the application's start and stop, as a server would, without a request between them."""
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def receive() -> Any:
        return next(events)

    async def send(_message: Any) -> None:
        return  # What failed is in app.failure.

    scope: Any = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": {}}
    await cast("ASGI3Application", app)(scope, receive, send)
    if isinstance(app.failure, ConfigError):
        raise app.failure
    if app.failure is not None:
        raise SystemExit(3)
