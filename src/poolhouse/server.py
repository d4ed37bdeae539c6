"""The ASGI application: start and stop, and what is true of every request. The route table is routes.py."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sized
from typing import Any

import msgspec

from poolhouse import discretion, request_log
from poolhouse.api import http as api
from poolhouse.api import import_upload
from poolhouse.asgi import Request, Response
from poolhouse.browser import authorization_response, render, static_files
from poolhouse.clock import Clock
from poolhouse.config import LOOPBACK_NAMES, Settings
from poolhouse.crypto import multi_buffer
from poolhouse.crypto.batches import Batches
from poolhouse.crypto.identifiers import uuid4
from poolhouse.crypto.seal import Keyring
from poolhouse.delivery.inbox import Inbox
from poolhouse.delivery.outbox import Outbox
from poolhouse.errors import ConfigError, OAuthError, PageError, Text
from poolhouse.front_door import FrontDoor, host_name
from poolhouse.jobs.custom_senders import CustomSenders
from poolhouse.jobs.deliver import Deliveries
from poolhouse.jobs.log_delivery import NotificationErrors
from poolhouse.jobs.run import LOOK_SECONDS, Runner, jobs_of
from poolhouse.oauth2 import answers
from poolhouse.pages import error, landing
from poolhouse.pool import resealing, texts
from poolhouse.pool.call import Call, House, PoolCall
from poolhouse.pool.configuration.signing_keys import KeyStock
from poolhouse.pool.configuration.snapshots import Configuration, UserPool
from poolhouse.pool.hashing_threads import HashingThreads
from poolhouse.pool.request_counts import RequestCounts
from poolhouse.pool.settings import request_rates
from poolhouse.routes import DATA_LOST, DOMAIN_ROUTES, ISSUER_ROUTES, OWN_ROUTES, Route
from poolhouse.storage.data_folder import OpenFiles
from poolhouse.storage.engine import SQLITE_FILE, DatabaseUnavailable, open_database
from poolhouse.storage.generation import SharedCounters
from poolhouse.triggers.invoker import Invoker
from poolhouse.triggers.kms_keys import KMSKeys
from poolhouse.well_known import jwks
from poolhouse.wire.exceptions import TooManyRequestsException

log = logging.getLogger("poolhouse")

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]

# Of the issuer, not of a domain; their rate of 50,000 is above what a server answers.
_UNCOUNTED = frozenset({"JWKS_GET", "OpenIDConfiguration_GET"})
POLL_SECONDS = 1.0  # how soon a change made on another host is noticed
DRAINED_BYTES = 16_777_216  # up to here the rest of a refused body is read and dropped, so that its connection lives on
WARM_AFTER_SECONDS = 1.0  # templates and spare signing keys are made after the first requests, not before them


# ------------------------------------------------------------------------------------------------ one request


class App:
    """The server of one process."""

    def __init__(self, settings: Settings, on_start: Callable[[House], Awaitable[None]] | None = None) -> None:
        self.settings = settings
        self._on_start = on_start
        self._public_host = settings.public_host
        self._headers = [("server", "Server"), *_strict_transport_security(settings)]
        self._domain_suffix = "." + settings.domain_suffix
        self._door = FrontDoor(settings)
        self.house: House
        self.failure: Exception | None = None  # why the start failed, for who has to say it

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        request = self._request(scope)
        limit = self.body_limit(request)
        body = await _read_body(receive, limit, request.headers.get("content-length", ""))
        if body is None:
            response = self.refuse_body(request, limit)
            declared = request.headers.get("content-length", "")
            if not declared.isdigit() or int(declared) > DRAINED_BYTES:
                response.headers.append(("connection", "close"))
        else:
            request.body = body
            response = await self.dispatch(request)
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
        headers.append((b"content-length", b"%d" % len(response.body)))
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else response.body})

    def _request(self, scope: Mapping[str, Any]) -> Request:
        headers: dict[str, str] = {}
        for raw_name, raw_value in scope["headers"]:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        client = scope.get("client")
        return self.new_request(
            "GET" if scope["method"] == "HEAD" else scope["method"],
            scope["path"],
            scope["query_string"].decode("latin-1"),
            headers,
            client[0] if client else "",
        )

    # What http_protocol asks for; ASGI above is for other servers and for tests.

    def new_request(self, method: str, path: str, query_string: str, headers: dict[str, str], peer: str) -> Request:
        return Request(
            method=method,
            path=path,
            query_string=query_string,
            headers=headers,
            remote_ip=self._door.remote_ip(peer, headers),
            request_id=uuid4(os.urandom(16)),
            is_refused_peer=self._door.is_refused_peer(peer),
        )

    def body_limit(self, request: Request) -> int:
        if request.path == import_upload.PATH:
            return import_upload.body_limit(self.house.keyring, request)
        return api.body_limit(request.headers.get("x-amz-target", ""), self.settings.max_body_bytes)

    def refuse_body(self, request: Request, limit: int) -> Response:
        if request.path == import_upload.PATH:
            return import_upload.too_large(limit)
        return api.body_too_large(request.request_id, request.headers, limit)

    def watch(self, tasks: Sized) -> None:
        self.house.batches.callers = tasks

    def dispatch(self, request: Request) -> Awaitable[Response]:
        """The answer to one request; never raises."""
        call = Call(
            self.house,
            request_id=request.request_id,
            remote_ip=request.remote_ip,
            user_agent=request.headers.get("user-agent", ""),
        )
        answer = self._answer(call, request)
        return request_log.told(call, request, answer) if self.settings.request_log else answer

    async def _answer(self, call: Call, request: Request) -> Response:
        if self._door.is_guarded:
            refusal = await self._door.refusal(call, request)
            if refusal is not None:
                return refusal
        if request.path == "/" and "x-amz-target" in request.headers:
            return await api.handle(call, request)
        try:
            try:
                response = await self._respond(call, request)
            except PageError as refusal:
                call.refusal = refusal
                response = await error.refused(call, request, refusal)
        except OAuthError as refusal:
            call.refusal = refusal
            response = authorization_response.refuse(call, refusal)
        except DatabaseUnavailable as failure:
            log.error(
                "database unavailable: %s",
                failure,
                extra={"request_id": call.request_id, "path": discretion.path(request.path)},
            )
            response = _failure(call, 503)
        except Exception as failure:  # the outermost edge: the caller gets an answer, the log the trace
            extra = {"request_id": call.request_id, "path": discretion.path(request.path)}
            log.error("request failed: %s", discretion.failure(failure), extra=extra)
            response = _failure(call, 500)
        response.headers += self._headers
        response.headers.append(("x-amz-cognito-request-id", call.request_id))
        return response

    async def _respond(self, call: Call, request: Request) -> Response:
        try:
            if request.query_string:
                request.query_pairs  # noqa: B018  parsed here, once
        except ValueError:
            return render.error_page(call, Text("The address has too many parameters."), 400)
        if request.path.startswith(static_files.PREFIX):
            return await static_files.get_static(call, request)
        is_own = request.path.startswith("/_poolhouse/")
        route: Route[Any] | Response | None
        route = OWN_ROUTES.get(request.path) if is_own else await self._route(call, request)
        if route is None:
            return render.error_page(call, Text("There is no page at this address."), 404)
        if isinstance(route, Response):
            return route
        call.fails_in_json = route.is_json
        if request.method in route.handlers:
            handler, call.operation = route.handlers[request.method]
            if self.settings.limits == "aws":
                return await _too_many(call, request, route) or await handler(call, request)
            return await handler(call, request)
        if route.is_json:
            return answers.wrong_method(*route.handlers)
        return render.wrong_method(call, *route.handlers)

    async def _route(self, call: Call, request: Request) -> Route[Any] | Response | None:
        """What stands at this address; where that is a pool's, the call is a PoolCall then. Or the answer, where it is known."""
        path = request.path
        user_pool_id, _, rest = path[1:].partition("/")
        route = DOMAIN_ROUTES.get(path)
        expected = route or ISSUER_ROUTES.get(rest) or DOMAIN_ROUTES.get(f"/{rest}")
        call.fails_in_json = expected is not None and expected.is_json  # also when the pool cannot be looked up
        pool, is_domain_host = await self._site(call, request)
        if path == "/" and not is_domain_host:
            if request.method == "GET" and self.settings.mode == "dev":
                return await landing.get_landing(call, request)
            if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
                return render.error_page(
                    call, Text("There is no page here. Sign-in pages open from your application."), 404
                )
            return await api.handle(call, request)
        if route is None and not is_domain_host:
            route = DOMAIN_ROUTES.get(f"/{rest}")
            pool = pool if route is None else await _site_of_path(call, user_pool_id)
        if route is not None:
            if pool is None:
                return render.error_page(call, Text("There is no user pool at this address."), 404)
            call.in_pool(pool)
            return route
        if rest in ISSUER_ROUTES:
            issuer = await call.configuration.find_user_pool(user_pool_id) if user_pool_id.isprintable() else None
            if issuer is None:
                body = msgspec.json.encode({"message": str(Text(texts.USER_POOL_DOES_NOT_EXIST, (user_pool_id,)))})
                return Response(404, body, jwks.HEADERS.copy())
            call.in_pool(issuer)
            return ISSUER_ROUTES[rest]
        return None

    async def _site(self, call: Call, request: Request) -> tuple[UserPool | None, bool]:
        """The pool whose domain was called, and whether it was called by a domain of its own. Sets call.origin."""
        host = host_name(request.host)
        if host != self._public_host:
            is_prefix = host.endswith(self._domain_suffix)
            name = host.removesuffix(self._domain_suffix) if is_prefix else host
            pool = await call.configuration.find_domain(name) if name and is_prefix == ("." not in name) else None
            if pool is not None:
                call.origin = call.configuration.domain_origin(name)
                return pool, True
            if is_prefix:
                return None, True
        return await call.configuration.default_user_pool(), False

    # -------------------------------------------------------------------------------------------- start and stop

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            async with self._running():
                await send({"type": "lifespan.startup.complete"})
                await receive()
        except Exception as failure:
            self.failure = failure
            if not isinstance(failure, ConfigError):  # which says all there is to know
                log.exception("start or stop failed")
            await send({"type": "lifespan.startup.failed", "message": str(failure)})
            return
        await send({"type": "lifespan.shutdown.complete"})

    @contextlib.asynccontextmanager
    async def _running(self) -> AsyncIterator[None]:
        """Everything open, background work running; closed in the reverse order."""
        settings = self.settings
        self._counters = SharedCounters(settings.data / "counters")
        clock = Clock()
        if settings.mode == "dev":
            clock = Clock(lambda: self._counters.clock_offset_ms / 1000)
        keyring = Keyring.load(settings.master_key_path)
        db = await open_database(settings)
        try:
            await resealing.require_master_keys(db, keyring)
        except BaseException:
            await db.close()
            raise
        configuration = Configuration(settings, db, keyring, self._counters, clock)
        inbox = Inbox(db, keyring, clock, self._counters)
        invoker = Invoker(settings)
        senders = CustomSenders(invoker, KMSKeys(settings, invoker))
        outbox = Outbox(settings, keyring, inbox, clock, senders.send)
        deliveries = Deliveries(db, outbox, clock, NotificationErrors(db, settings, clock).tell)
        self.house = House(settings, db, keyring, configuration, outbox, clock)
        self.house.counters = self._counters
        self.house.inbox = inbox
        self.house.request_counts = RequestCounts()
        self.house.invoker = invoker
        self.house.key_stock = KeyStock()
        self.house.hashing_threads = HashingThreads()
        self.house.batches = Batches(multi_buffer.choose(is_wanted=settings.multi_buffer)[0])
        database_file = [] if settings.database_url else [settings.data / SQLITE_FILE]
        self.house.files = OpenFiles([settings.data / "counters", *database_file])
        self.house.dispatch = self.dispatch
        self.house.deliver = deliveries.deliver
        if self._on_start is not None:
            await self._on_start(self.house)
        background = [
            asyncio.create_task(_every(POLL_SECONDS, configuration.poll)),
            asyncio.create_task(Runner(self.house, outbox.holder, jobs_of(self.house)).run()),
            asyncio.create_task(_every(LOOK_SECONDS, deliveries.deliver_due)),
            asyncio.create_task(_watch(self.house.files)),
            asyncio.create_task(_warm(self.house.key_stock)),
        ]
        try:
            yield
        finally:
            for task in background:
                task.cancel()
            await asyncio.gather(*background, return_exceptions=True)
            await deliveries.close()
            await self.house.invoker.close()
            self.house.hashing_threads.close()
            await db.close()
            self._counters.close()


async def _too_many(call: Call, request: Request, route: Route[Any]) -> Response | None:
    """The answer to a request of a domain beyond its rate (endpoints.md §18, GUESS); None for every other."""
    if not isinstance(call, PoolCall) or call.operation in _UNCOUNTED:
        return None
    try:
        sent = {**request.query, **request.form}
    except ValueError:  # too many fields, which the endpoint says
        sent = {}
    try:
        await request_rates.count_for_domain(
            call, call.user_pool.id, sent.get("client_id", ""), sent.get("grant_type", "")
        )
    except TooManyRequestsException as refusal:
        call.refusal = refusal
        if route.is_json:
            return answers.json({"error": "too_many_requests"}, 429)
        return render.error_page(call, Text("Too many requests"), 429)
    return None


async def _site_of_path(call: Call, user_pool_id: str) -> UserPool | None:
    """The pool of a path that is a site; one without a domain has none, as on Cognito. Sets call.base_path."""
    pool = await call.configuration.find_user_pool(user_pool_id) if user_pool_id.isprintable() else None
    if pool is None or pool.site is None:
        return None
    call.base_path = f"/{pool.id}"
    return pool


async def _read_body(receive: Receive, limit: int, declared: str) -> bytes | None:
    """The whole body, or None as soon as it is known to be larger than `limit` bytes."""
    if declared.isdigit() and int(declared) > limit:
        return None
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body if len(body) <= limit else None
    parts = [body]
    size = len(body)
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            return None
    return b"".join(parts)


def _strict_transport_security(settings: Settings) -> list[tuple[str, str]]:
    """DOC, Cognito's spelling. Never on loopback, where it would bind every other program of the developer to https too."""
    host = settings.public_host
    is_loopback = host in LOOPBACK_NAMES or host.endswith(".localhost")
    if not settings.public_url.startswith("https:") or is_loopback:
        return []
    return [("strict-transport-security", "max-age=31536000 ; includeSubDomains")]


def _failure(call: Call, status: int) -> Response:
    if call.fails_in_json:
        return answers.json({"error": "server_error"}, status)
    return render.error_page(call, Text("Something went wrong. Request {}", (call.request_id,)), status)


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await work()
        except Exception as failure:  # a database that is away now may be back at the next turn
            log.warning("background work failed: %s", failure)


async def _watch(files: OpenFiles) -> None:
    """Say it once; health says it from then on."""
    while (lost := files.look()) is None:  # noqa: ASYNC110  nothing of every system announces it
        await asyncio.sleep(POLL_SECONDS)
    log.error(DATA_LOST.format(lost))


async def _warm(key_stock: KeyStock) -> None:
    await asyncio.sleep(WARM_AFTER_SECONDS)
    await asyncio.to_thread(render.warm)
    await asyncio.to_thread(key_stock.fill)


def create_app(settings: Settings, on_start: Callable[[House], Awaitable[None]] | None = None) -> App:
    """The application for resolved settings. on_start: runs once, before the first request."""
    return App(settings, on_start)
