"""The outbox: a message is noted in the write that causes it, and leaves after it (docs/design/0005-the-way-out.md)."""

import os
from collections.abc import Awaitable, Callable

import msgspec

from poolhouse import clock
from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.crypto.seal import Keyring
from poolhouse.delivery.gateways import Gateways
from poolhouse.delivery.inbox import Inbox
from poolhouse.delivery.messages import Function, Message
from poolhouse.delivery.not_sent import NotSent
from poolhouse.storage import outbox as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.outbox import OutboxRow

# By the clock of the machine: a message that is being sent is left alone by every other process for so long. Longer than a
# gateway is given to accept it, so that no two send it at once; the clocks of the hosts may differ by the rest.
LEASE_SECONDS = 20


class Notice(msgspec.Struct, frozen=True):
    """What a write has to say to one person.

    message: None: nobody can be told, and neither the answer nor its time may tell so.  subject: the sub of the user, or what stands for
    nobody.  topic: a later notice to the same subject about the same takes its place.  expires_at: epoch ms, when what it says
    is worth nothing any more.  is_awaited: whoever caused it waits until it is accepted, and is told when it is not.
    is_by_function: of no message: a function would have sent it.
    """

    message: Message | None
    user_pool_id: str
    subject: str
    topic: str
    expires_at: int
    is_awaited: bool = True
    is_by_function: bool = False

    @property
    def goes_to_function(self) -> bool:
        return self.is_by_function if self.message is None else self.message.by is not None


class Noted(msgspec.Struct, frozen=True):
    """A message that leaves as soon as its write is committed. row: where it waits; None where there is no gateway for it."""

    message: Message
    row: OutboxRow | None
    is_awaited: bool


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Message).decode
_NOBODY = Message(
    channel="email", to="", subject="", text=" " * 64, html=" " * 64, code="", user_pool_id="", username=""
)
_NOBODY_OF_FUNCTION = msgspec.structs.replace(_NOBODY, by=Function("", "", " " * 600))

# Hands a message to its function, at which attempt, from 1. Raises NotSent.
CallFunction = Callable[[Message, Function, int], Awaitable[None]]


def context(user_pool_id: str, message_id: str) -> str:
    """What the sealed message is bound to."""
    return f"outbox_messages/{user_pool_id}/{message_id}"


def opened(keyring: Keyring, row: OutboxRow) -> Message:
    """The message that waits in the row."""
    return _decode(keyring.open(row.message, context(row.user_pool_id, row.message_id)))


class Outbox:
    """To the inbox, to a gateway, or nowhere, as the settings say; to a function, where the message says so.

    holder: names this process.
    """

    def __init__(
        self,
        settings: Settings,
        keyring: Keyring,
        inbox: Inbox,
        clock: Clock,
        call_function: CallFunction | None = None,
    ) -> None:
        self._settings = settings
        self._gateways = Gateways(settings)
        self._call_function = call_function
        self._keyring = keyring
        self._inbox = inbox
        self._clock = clock
        self.holder = os.urandom(16).hex()

    @property
    def has_gateway(self) -> bool:
        """Whether messages may have to wait."""
        return self._gateways.leads("email") or self._gateways.leads("sms")

    async def note(self, tx: Transaction, notice: Notice) -> None:
        """Last of all that the write does. Into the inbox at once; what goes to a gateway waits in the same commit."""
        message = notice.message
        if notice.goes_to_function:
            row = self._row(notice)
            await stored.put(tx, row)
            if message is not None:
                tx.noted.append(Noted(message, row, is_awaited=False))  # DOC: nobody is told how it ends
        elif self._gateways.way(message.channel if message else "email") == "inbox":
            await self._inbox.keep(tx, message, notice.user_pool_id, self._settings.inbox_ttl_seconds)
        elif self._gateways.leads(message.channel) if message else self.has_gateway:
            row = self._row(notice)
            await stored.put(tx, row)
            if message is not None:
                tx.noted.append(Noted(message, row, notice.is_awaited and self._settings.await_delivery))
        elif message is not None:
            tx.noted.append(Noted(message, None, notice.is_awaited))

    def _row(self, notice: Notice) -> OutboxRow:
        message_id = os.urandom(12).hex()
        nobody = _NOBODY_OF_FUNCTION if notice.is_by_function else _NOBODY
        sealed = self._keyring.seal(_encode(notice.message or nobody), context(notice.user_pool_id, message_id))
        machine_ms = int(clock.now() * 1000)
        return OutboxRow(
            user_pool_id=notice.user_pool_id,
            message_id=message_id,
            subject=notice.subject,
            topic=notice.topic,
            message=sealed,
            attempts=1,
            due_at=machine_ms + 1000 * LEASE_SECONDS if notice.message else None,
            holder=self.holder if notice.message else "",
            # What says nothing has expired from the start.
            expires_at=notice.expires_at if notice.message else self._clock.now_ms(),
        )

    def open(self, row: OutboxRow) -> Noted:
        """What waits in the row, for whoever has taken it."""
        return Noted(opened(self._keyring, row), row, is_awaited=False)

    async def send(self, noted: Noted) -> None:
        """Hand it to its gateway or function, and wait until that has accepted it. Raises NotSent."""
        message, row = noted.message, noted.row
        if message.by is not None:
            if self._call_function is None:
                raise NotSent("no functions are called here")
            await self._call_function(message, message.by, row.attempts if row else 1)
        else:
            await self._gateways.send(message, row.message_id if row else os.urandom(12).hex())

    async def close(self) -> None:
        await self._gateways.close()
