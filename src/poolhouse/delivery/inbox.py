"""The local inbox: messages that are kept and shown instead of sent, so that sign-up works without a mail server."""

import os

import msgspec

from poolhouse.clock import Clock
from poolhouse.crypto.seal import Keyring
from poolhouse.delivery.messages import Channel, Message
from poolhouse.storage import inbox as stored
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.generation import MOMENT_BITS, SharedCounters
from poolhouse.storage.inbox import InboxRow


class InboxMessage(msgspec.Struct, frozen=True):
    """id: sorts by the order of keeping, over all workers of a data folder.

    created_at: epoch seconds, with fraction.  code: the code or temporary password alone.
    link: what a click confirms; empty where the message has a code to type.
    """

    id: str
    channel: Channel
    to: str
    subject: str
    text: str
    html: str
    code: str
    user_pool_id: str
    username: str
    created_at: float
    link: str = ""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(InboxMessage).decode


def context(user_pool_id: str, message_id: str) -> str:
    """What the sealed message is bound to."""
    return f"inbox_messages/{user_pool_id}/{message_id}"


def _id(moment: int, drawn: bytes) -> str:
    """Sorts by moment: for people a time, and the order of what was kept within its millisecond."""
    return f"{moment >> MOMENT_BITS:012x}-{moment % (1 << MOMENT_BITS):06x}-{drawn.hex()}"


class Inbox:
    """The inbox of one server, which all its workers write to and read."""

    def __init__(self, db: Reader, keyring: Keyring, clock: Clock, counters: SharedCounters) -> None:
        self._db = db
        self._keyring = keyring
        self._clock = clock
        self._counters = counters

    async def keep(self, tx: Transaction, message: Message | None, user_pool_id: str, ttl_seconds: int) -> None:
        """Put a message into the inbox, last of all that the write does; it is readable once that is committed.

        message: None writes a row as large as a message that is expired from the start, so that a simulated delivery takes
        as long as a real one.
        """
        # The time is that of keeping, and its order that of the writes: a slow request, or a slow worker, would else put
        # its message behind one that a reader has seen, and whoever asks for newer ones would never get it.
        now_ms = self._clock.now_ms()
        message_id = _id(self._counters.next_moment(now_ms), os.urandom(5))
        await stored.insert(tx, self._row(message, user_pool_id, message_id, now_ms, ttl_seconds))

    def _row(
        self, message: Message | None, user_pool_id: str, message_id: str, now_ms: int, ttl_seconds: int
    ) -> InboxRow:
        content = InboxMessage(
            id=message_id,
            channel=message.channel if message else "email",
            to=message.to if message else "",
            subject=message.subject if message else "",
            text=message.text if message else _NOTHING,
            html=message.html if message else _NOTHING,
            code=message.code if message else "",
            user_pool_id=user_pool_id,
            username=message.username if message else "",
            created_at=now_ms / 1000,
            link=message.link if message else "",
        )
        return InboxRow(
            user_pool_id=user_pool_id,
            message_id=message_id,
            recipient=content.to.lower(),
            message=self._keyring.seal(_encode(content), context(user_pool_id, message_id)),
            expires_at=now_ms + 1000 * ttl_seconds if message else now_ms,
        )

    async def messages(self, to: str | None = None, limit: int = 100) -> list[InboxMessage]:
        """The messages of one recipient, or of all, newest first."""
        now_ms = self._clock.now_ms()
        if to and "\0" in to:
            return []  # Nobody has such an address, and PostgreSQL does not take the question.
        if to:
            rows = await stored.list_for_recipient(self._db, to.lower(), now_ms, limit)
        else:
            rows = await stored.list_newest(self._db, now_ms, limit)
        return [_decode(self._keyring.open(row.message, context(row.user_pool_id, row.message_id))) for row in rows]


async def empty(tx: Transaction, to: str | None = None) -> None:
    """Throw away the messages of one recipient, or all."""
    if to is None or "\0" not in to:  # which nobody has as an address, and PostgreSQL does not take
        await stored.delete(tx, None if to is None else to.lower())


_NOTHING = " " * 64
