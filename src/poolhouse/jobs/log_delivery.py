"""Takes lines of exported logs to where pools want them."""

import logging
from functools import partial

from poolhouse import clock
from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.delivery.log_targets import LogTargets, NotTaken, leads_to
from poolhouse.delivery.messages import Message
from poolhouse.pool.configuration.snapshots import log_destinations
from poolhouse.pool.threat_protection import log_lines
from poolhouse.storage import log_delivery as stored
from poolhouse.storage.engine import Database

log = logging.getLogger(__name__)

AT_ONCE = 500  # lines of one append or request
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0


class NotificationErrors:
    """Tells a pool's log of the messages that were not delivered, where the pool wants to know."""

    def __init__(self, db: Database, settings: Settings, clock: Clock) -> None:
        self._db = db
        self._table = settings.log_delivery
        self._clock = clock

    async def tell(self, message: Message, reason: str) -> None:
        wanted = log_destinations(await stored.get(self._db, message.user_pool_id))
        destination = wanted.get("userNotification", "")
        if not destination or not leads_to(self._table, destination):
            return
        details = f"{message.channel} to {message.username}: {message.hidden(reason)}"
        line = log_lines.notification_error(message.user_pool_id, destination, details, self._clock.now_ms())
        await self._db.write(partial(stored.insert_line, line=line))


class LogDelivery:
    """One server's. A destination that takes nothing is left alone for a while, each time twice as long; the others go on."""

    def __init__(self, db: Database, targets: LogTargets) -> None:
        self._db = db
        self._targets = targets
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}

    async def run(self) -> None:
        """Until nothing waits that could go. Killed between a destination and the database it takes some lines again."""
        for arn in await stored.list_destinations(self._db):
            if clock.monotonic() >= self._due.get(arn, 0.0):
                await self._take(arn)

    async def _take(self, arn: str) -> None:
        while lines := await stored.list_oldest(self._db, arn, AT_ONCE):
            try:
                await self._targets.take(arn, [line.line for line in lines])
            except NotTaken as failure:
                pause = self._pauses.get(arn, FIRST_PAUSE_SECONDS)
                log.warning("logs for %s are not delivered: %s", arn, failure)
                self._due[arn] = clock.monotonic() + pause
                self._pauses[arn] = min(2 * pause, LONGEST_PAUSE_SECONDS)
                return
            await self._db.write(partial(stored.delete_lines, lines=lines))
            self._pauses.pop(arn, None)
