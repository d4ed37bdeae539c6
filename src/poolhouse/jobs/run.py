"""The jobs of the house. Every process looks for what is due; one of them gets it."""

import asyncio
import logging
from collections.abc import Sequence

from poolhouse.jobs import lease
from poolhouse.jobs.lease import Job
from poolhouse.pool.call import House
from poolhouse.storage import jobs as stored
from poolhouse.storage.prune import prune

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
PRUNE_SECONDS = 60.0


def jobs_of(house: House) -> Sequence[Job]:
    """All of them; none depends on another."""
    return (Job("prune", PRUNE_SECONDS, lambda: prune(house.db.write, house.clock.now_ms())),)


class Runner:
    """Runs jobs in one process, each in a task of its own. holder: names the process."""

    def __init__(self, house: House, holder: str, jobs: Sequence[Job]) -> None:
        self._db = house.db
        self._holder = holder
        self._jobs = {job.name: job for job in jobs}
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled; what was being done then is handed back."""
        try:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                await self._look()
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _look(self) -> None:
        idle = [name for name in self._jobs if name not in self._running]
        try:
            due = await stored.list_due(self._db, idle, lease.machine_ms())
        except Exception as failure:  # a database that is away now may be back at the next look
            log.warning("no look for jobs: %s", failure)
            return
        for name in due:
            self._running[name] = asyncio.create_task(self._run(self._jobs[name]))

    async def _run(self, job: Job) -> None:
        try:
            await lease.run(self._db, job, self._holder)
        except Exception as failure:  # nobody awaits a job, so the log is the only place to say it
            log.warning("job %s failed: %s", job.name, failure)
        finally:
            del self._running[job.name]
