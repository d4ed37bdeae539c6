"""Takes lines of exported logs to where pools want them."""

import logging
from functools import partial

from poolhouse import clock
from poolhouse.delivery.log_targets import LogTargets, NotTaken
from poolhouse.storage import log_delivery as stored
from poolhouse.storage.engine import Database

log = logging.getLogger(__name__)

AT_ONCE = 500  # lines of one append or request
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 300.0


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
