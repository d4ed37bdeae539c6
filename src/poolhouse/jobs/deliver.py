"""Hands the messages of the outbox to their gateways: at once after the write, and again where that failed or its process died."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from poolhouse.clock import Clock
from poolhouse.delivery.messages import Message
from poolhouse.delivery.not_sent import TIMEOUT_SECONDS, NotSent
from poolhouse.delivery.outbox import LEASE_SECONDS, Noted, Outbox
from poolhouse.errors import CognitoError
from poolhouse.jobs.lease import machine_ms
from poolhouse.pool import texts
from poolhouse.storage import outbox as stored
from poolhouse.storage.engine import Database, DatabaseUnavailable
from poolhouse.storage.outbox import OutboxRow
from poolhouse.wire import exceptions as errors

log = logging.getLogger(__name__)

AT_ONCE = 16  # messages on their way from one process; a gateway has other customers
TAKEN_AT_ONCE = 8  # by one look, so that the other hosts get their share
FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 900
SHOWN_ID = 12  # characters of an id that name a message well enough
MOST_REASON = 500  # characters of why a message was not sent


# What a pool's own log is told of a message that was not sent, and why.
Tell = Callable[[Message, str], Awaitable[None]]


class Deliveries:
    """The messages on their way from one process."""

    def __init__(self, db: Database, outbox: Outbox, clock: Clock, tell: Tell | None = None) -> None:
        self._db = db
        self._outbox = outbox
        self._clock = clock
        self._tell = tell
        self._places = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[CognitoError | None]] = set()
        self._is_closing = False

    async def deliver(self, noted: Sequence[Noted], extra: Mapping[str, str]) -> None:
        """What a write has noted, now that it is committed. extra: what the log says of the request.

        Raises CodeDeliveryFailureException for one that is awaited; it is sent later all the same, unless the gateway has said no.
        """
        begun = [(each, self._begin(each, extra)) for each in noted]
        # A caller who has gone stops no message.
        awaited = [await asyncio.shield(task) for each, task in begun if each.is_awaited]
        for failure in filter(None, awaited):
            raise failure

    async def deliver_due(self) -> None:
        """Messages whose turn has come: put off, or left by a process that died."""
        while not self._is_closing and await stored.is_due(self._db, machine_ms()):
            now = machine_ms()
            take = partial(
                stored.take,
                holder=self._outbox.holder,
                machine_ms=now,
                until=now + 1000 * LEASE_SECONDS,
                now_ms=self._clock.now_ms(),
                limit=TAKEN_AT_ONCE,
            )
            taken = await self._db.write(take)
            if not taken:
                return
            # asyncio.wait, since who is cancelled here must not take the messages with it.
            await asyncio.wait([self._begin(self._outbox.open(row), {"job": "deliver"}) for row in taken])

    async def close(self) -> None:
        """Wait for those on their way, and leave the rest to others."""
        self._is_closing = True
        await asyncio.gather(*self._under_way, return_exceptions=True)
        with contextlib.suppress(DatabaseUnavailable):  # Then their leases end by themselves.
            await self._db.write(partial(stored.hand_back, holder=self._outbox.holder, machine_ms=machine_ms()))
        await self._outbox.close()

    def _begin(self, noted: Noted, extra: Mapping[str, str]) -> asyncio.Task[CognitoError | None]:
        task = asyncio.create_task(self._try(noted, extra))
        self._under_way.add(task)  # the loop itself keeps no strong reference
        task.add_done_callback(self._under_way.discard)
        return task

    async def _try(self, noted: Noted, extra: Mapping[str, str]) -> CognitoError | None:
        """One attempt; what to tell whoever awaits it. It never raises: nobody may be there."""
        try:
            async with self._places:
                if self._is_closing or _is_too_late(noted.row):
                    return _failure(noted, "its turn did not come")
                await self._hand_over(noted)
        except NotSent as error:
            log.warning("%s not sent: %s%s", _name(noted), error, _what_follows(noted, error), extra=extra)
            await self._tell_pool(noted, str(error))
            return _failure(noted, str(error))
        except Exception as error:  # the log is the only place to say it; the lease ends, and another attempt begins
            log.exception("%s not sent", _name(noted), extra=extra)
            return _failure(noted, type(error).__qualname__)
        return None

    async def _tell_pool(self, noted: Noted, reason: str) -> None:
        """Its log is best effort: no message waits for it."""
        try:
            if self._tell is not None:
                await self._tell(noted.message, reason)
        except DatabaseUnavailable as error:
            log.warning("the log of %s is not told: %s", noted.message.user_pool_id, error)

    async def _hand_over(self, noted: Noted) -> None:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._outbox.send(noted)
        except TimeoutError:
            reason = f"the gateway has not accepted it within {TIMEOUT_SECONDS:.0f} s"
            await self._put_off(noted, reason)
            raise NotSent(reason) from None
        except NotSent as error:
            await self._put_off(noted, str(error), is_final=error.is_final)
            raise
        if noted.row is not None:
            await self._db.write(partial(stored.delete, row=noted.row))

    async def _put_off(self, noted: Noted, reason: str, *, is_final: bool = False) -> None:
        if (row := noted.row) is not None:
            due_at = None if is_final else machine_ms() + 1000 * pause_seconds(row.attempts)
            # A server that refuses a mail may quote it.
            failure = noted.message.hidden(reason)[:MOST_REASON]
            await self._db.write(partial(stored.put_off, row=row, due_at=due_at, failure=failure))


def _name(noted: Noted) -> str:
    """As the log calls a message: by the id that `poolhouse messages show` takes, where it is kept."""
    of = f"of {noted.message.user_pool_id}"
    return f"message {of}" if noted.row is None else f"message {noted.row.message_id[:SHOWN_ID]} {of}"


def _what_follows(noted: Noted, error: NotSent) -> str:
    if noted.row is None:
        return ""
    return "; given up" if error.is_final else f"; again in {pause_seconds(noted.row.attempts)} s"


def pause_seconds(attempts: int) -> int:
    """How long to wait after so many attempts: twice as long each time."""
    return int(min(FIRST_PAUSE_SECONDS * 2 ** min(attempts - 1, 16), LONGEST_PAUSE_SECONDS))


def _is_too_late(row: OutboxRow | None) -> bool:
    """Whether somebody else could take the message before this process were done with it."""
    return row is not None and row.due_at is not None and row.due_at - 1000 * TIMEOUT_SECONDS < machine_ms()


def _failure(noted: Noted, reason: str) -> CognitoError:
    text = texts.EMAIL_NOT_SENT if noted.message.channel == "email" else texts.SMS_NOT_SENT
    return errors.CodeDeliveryFailureException(text, detail=reason)
