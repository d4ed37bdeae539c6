"""The jobs of the house. Every process looks for what is due; one of them gets it."""

import asyncio
import logging
from collections.abc import Sequence
from functools import partial

from poolhouse.delivery.log_targets import LogTargets
from poolhouse.jobs import audit, lease
from poolhouse.jobs.lease import Job
from poolhouse.jobs.log_delivery import LogDelivery
from poolhouse.jobs.user_import import UserImport
from poolhouse.pool.call import House
from poolhouse.storage import events, log_delivery, user_import_jobs
from poolhouse.storage import jobs as stored
from poolhouse.storage.prune import prune

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
PRUNE_SECONDS = 60.0


def jobs_of(house: House) -> Sequence[Job]:
    """All of them; none depends on another."""
    is_import = partial(user_import_jobs.is_any_active, house.db)
    jobs = [
        Job("prune", PRUNE_SECONDS, lambda: prune(house.db.write, house.clock.now_ms())),
        Job("user_import", 0, UserImport(house).run, is_needed=is_import),
    ]
    if target := house.settings.audit_log:
        write_log = partial(audit.write_log, house.db, target)
        jobs.append(Job("audit", 0, write_log, is_needed=partial(events.is_any, house.db), is_last=True))
    if house.settings.log_delivery:
        logs = LogDelivery(house.db, LogTargets(house.settings))
        is_any = partial(log_delivery.is_any, house.db)
        jobs.append(Job("log_delivery", 0, logs.run, is_needed=is_any, is_last=True))
    return jobs


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
            for job in self._jobs.values():
                if job.is_last:
                    await self._run(job)

    async def _look(self) -> None:
        idle = [name for name in self._jobs if name not in self._running]
        try:
            due = await stored.list_due(self._db, idle, lease.machine_ms())
            needed = [name for name in due if await self._is_needed(self._jobs[name])]
        except Exception as failure:  # a database that is away now may be back at the next look
            log.warning("no look for jobs: %s", failure)
            return
        for name in needed:
            self._running[name] = task = asyncio.create_task(self._run(self._jobs[name]))
            task.add_done_callback(lambda _, name=name: self._running.pop(name))  # type: ignore[misc]

    async def _is_needed(self, job: Job) -> bool:
        return job.is_needed is None or await job.is_needed()

    async def _run(self, job: Job) -> None:
        try:
            await lease.run(self._db, job, self._holder)
        except Exception as failure:  # nobody awaits a job, so the log is the only place to say it
            log.warning("job %s failed: %s", job.name, failure)
