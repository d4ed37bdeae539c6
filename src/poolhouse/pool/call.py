"""Call: what every core function gets as its first argument. Made by the edge, once per request."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar, cast
from weakref import WeakValueDictionary

import msgspec

from poolhouse import clock
from poolhouse.asgi import Request, Response
from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.crypto.batches import Batches
from poolhouse.crypto.seal import Keyring
from poolhouse.delivery.inbox import Inbox
from poolhouse.delivery.outbox import Noted, Outbox
from poolhouse.errors import PoolhouseError
from poolhouse.pool import events
from poolhouse.pool.access_token import AccessToken
from poolhouse.pool.configuration.access_keys import AccessKeys
from poolhouse.pool.configuration.signing_keys import KeyStock
from poolhouse.pool.configuration.snapshots import Client, Configuration, UserPool
from poolhouse.pool.demo import Demo
from poolhouse.pool.hashing_threads import HashingThreads
from poolhouse.pool.request_counts import RequestCounts
from poolhouse.storage import events as stored_events
from poolhouse.storage.data_folder import OpenFiles
from poolhouse.storage.engine import Database, Transaction
from poolhouse.storage.generation import SharedCounters
from poolhouse.triggers.invoker import Invoker
from poolhouse.wire import shapes

SIGNED_IN = "signed in by"  # how the note of a sign-in begins

T = TypeVar("T")
C = TypeVar("C", bound="Call")


class House:
    """What lives as long as the server: opened at start, closed at stop, shared by all calls."""

    __slots__ = (
        "access_keys",
        "batches",
        "clock",
        "configuration",
        "counters",
        "db",
        "deliver",
        "demo",
        "dispatch",
        "files",
        "hashing_threads",
        "inbox",
        "invoker",
        "key_stock",
        "keyring",
        "nobodys_records",
        "outbox",
        "request_counts",
        "settings",
        "turns",
    )

    counters: SharedCounters  # set by the server, as is what follows
    files: OpenFiles
    inbox: Inbox
    invoker: Invoker
    key_stock: KeyStock
    hashing_threads: HashingThreads
    request_counts: RequestCounts
    batches: Batches
    dispatch: Callable[[Request], Awaitable[Response]]  # the public door from inside
    deliver: Callable[
        [Sequence[Noted], Mapping[str, str]], Awaitable[None]
    ]  # what a write has noted, once it is committed

    def __init__(  # noqa: PLR0913  what a server is opened with
        self,
        settings: Settings,
        db: Database,
        keyring: Keyring,
        configuration: Configuration,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.db = db
        self.keyring = keyring
        self.configuration = configuration
        self.outbox = outbox
        self.clock = clock
        # Of pool/users/lockout.py: whoever guesses at a name holds its turn; one that nobody holds or waits for is gone.
        self.turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self.nobodys_records: dict[str, bytes] = {}  # of pool/users/passwords.py, by kind
        self.access_keys = AccessKeys(db, keyring)
        self.demo: Demo | None = None  # what `dev` seeded


class ClientContext(msgspec.Struct, frozen=True):
    """What a client may send beside any request, for triggers, threat protection and Pinpoint, and the session it goes on with.

    Each request brings its own. Where a pool has no trigger and no threat protection Cognito takes it and nothing follows.
    """

    metadata: Mapping[str, str] | None = None
    user_context: shapes.UserContextDataType | None = None
    context: shapes.ContextDataType | None = None
    analytics: shapes.AnalyticsMetadataType | None = None
    session: str | None = None


NO_CONTEXT = ClientContext()


class Call:
    """One request on its way through the core. Its class says what is proven of it, and rises: PoolCall, ClientCall, UserCall.

    It stays one object, so that whoever holds it from the beginning, the log above all, sees what was proven before it failed.

    now: epoch seconds with fraction, read once.  random: n -> n random bytes.
    origin: scheme and authority of the site that was called, as the public sees it; never what the Host header says.
    base_path: of the site on that origin: empty, or `/` and the id of a pool whose domain endpoints were called by path.
    client_context: what the client has sent beside its request.
    access_key_id: of the verified signature, where one was asked for.  is_signed: whether it was signed as far as anybody looks.
    operation: what is asked for, by name: an operation of the JSON API, or what CloudTrail would call it (`Token_POST`).
    refusal: the error that the edge answers with, set where it does; the request log alone reads it, for its private detail.
    note: for the request log too: why nothing was done where the answer hides it, what was proven, why a page leads back.
    Never a name that nobody has, nor anything else that was sent.
    """

    __slots__ = (
        "_refusal",
        "access_key_id",
        "access_token",
        "base_path",
        "client",
        "client_context",
        "configuration",
        "db",
        "fails_in_json",
        "house",
        "is_signed",
        "keyring",
        "note",
        "now",
        "operation",
        "origin",
        "random",
        "remote_ip",
        "request_id",
        "settings",
        "user_agent",
        "user_pool",
    )

    _refusal: PoolhouseError

    def __init__(
        self, house: House, *, request_id: str, remote_ip: str = "", user_agent: str = "", operation: str = ""
    ) -> None:
        self.house = house
        self.settings = house.settings
        self.db = house.db
        self.keyring = house.keyring
        self.configuration = house.configuration
        self.now = house.clock.now()
        self.random: Callable[[int], bytes] = os.urandom
        self.request_id = request_id
        self.remote_ip = remote_ip
        self.user_agent = user_agent
        self.operation = operation
        self.access_key_id = ""
        self.is_signed = False
        self.client_context = NO_CONTEXT
        self.note = ""
        self.fails_in_json = False  # until a route is found, it may be a person who asks
        self.origin = house.settings.public_url
        self.base_path = ""

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one transaction (storage/engine.py), then let what it has noted leave (delivery/outbox.py).

        When this returns, the result is durable, and awaited messages are accepted. Raises CodeDeliveryFailureException for one
        that is not; the write is done all the same.
        """
        tries: list[Transaction] = []

        async def noting(tx: Transaction) -> T:
            tries.append(tx)
            return await work(tx)

        result = await self.db.write(noting)
        if tries[-1].noted:
            await self.house.deliver(tries[-1].noted, self.log_extra)
        return result

    async def change(self, user_pool_id: str, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """As `write`, for the configuration of a pool; then every worker knows that there is something new."""

        async def recorded(tx: Transaction) -> T:
            result = await work(tx)
            await self.record(tx, events.ConfigurationChanged(user_pool_id=user_pool_id))
            return result

        return await self.configuration.change(self.write, user_pool_id, recorded)

    @property
    def is_recorded(self) -> bool:
        """Whether anybody keeps events."""
        return bool(self.settings.audit_log)

    async def record(self, tx: Transaction, *facts: events.Event) -> None:
        """Note in the write what it has done, for the audit log (jobs/audit.py)."""
        for fact in facts if self.is_recorded else ():
            event_id = f"{int(clock.now() * 1_000_000):014x}-{self.random(6).hex()}"
            await stored_events.put(tx, event_id, self._line(event_id, fact))

    def _line(self, event_id: str, fact: events.Event) -> str:
        asked = {
            "operation": self.operation,
            "client_id": self.client.id if isinstance(self, ClientCall) else "",
            "access_key_id": self.access_key_id,
            "remote_ip": self.remote_ip,
            "request_id": self.request_id,
        }
        line = {
            "id": event_id,
            "time": datetime.fromtimestamp(self.now, UTC).isoformat(timespec="milliseconds"),
            **msgspec.to_builtins(fact),
            **{name: value for name, value in asked.items() if value},
        }
        return msgspec.json.encode(line).decode()

    # -- what is proven, told by the edge that has proven it

    def in_pool(self, user_pool: UserPool) -> "PoolCall":
        """The pool is there, and it is the one that is meant."""
        call = _risen(self, PoolCall)
        call.user_pool = user_pool
        return call

    def as_client(self, client: Client) -> "ClientCall":
        """The client is there; where it has to show its secret, that is another question."""
        call = _risen(self, ClientCall)
        call.user_pool, call.client = client.user_pool, client
        return call

    def as_user(self, access_token: AccessToken) -> "UserCall":
        """Whoever calls holds this token."""
        call = _risen(self, UserCall)
        call.user_pool, call.client, call.access_token = access_token.user_pool, access_token.client, access_token
        return call

    # -- what the log is told

    @property
    def refusal(self) -> PoolhouseError:
        return self._refusal

    @refusal.setter
    def refusal(self, error: PoolhouseError) -> None:
        # An error holds its traces, they hold this call: a circle, which waits for the collector. So it is kept only for
        # a log that will read it.
        if self.settings.request_log:
            self._refusal = error

    def forget_refusal(self) -> None:
        """Break the circle, once the log has read it."""
        if hasattr(self, "_refusal"):
            del self._refusal

    @property
    def log_extra(self) -> dict[str, str]:
        """What a line of the log says of it."""
        return {"request_id": self.request_id, "operation": self.operation}

    @property
    def site(self) -> str:
        """What the paths of this site's endpoints are appended to."""
        return self.origin + self.base_path

    @property
    def is_secure(self) -> bool:
        """Whether cookies are marked Secure: always, but on plain HTTP."""
        return self.origin.startswith("https:")

    @property
    def now_ms(self) -> int:
        return int(self.now * 1000)


class PoolCall(Call):
    """A call that is about one user pool."""

    __slots__ = ()

    user_pool: UserPool


class ClientCall(PoolCall):
    """A call by, or for, an app client of the pool."""

    __slots__ = ()

    client: Client


class UserCall(ClientCall):
    """A call by a user who has signed in, by the client of the access token."""

    __slots__ = ()

    access_token: AccessToken


def _risen(call: Call, to: type[C]) -> C:
    call.__class__ = to
    return cast("C", call)
