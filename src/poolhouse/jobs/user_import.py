"""Runs the import jobs of all pools, each a chunk in turn."""

import logging

from poolhouse.errors import CognitoError
from poolhouse.pool.call import Call, House
from poolhouse.pool.users import user_import_jobs
from poolhouse.storage import user_import_jobs as stored
from poolhouse.storage.user_import_jobs import ImportJob

log = logging.getLogger(__name__)


class UserImport:
    """One server's. A job that cannot go on is left for the next turn, and holds up no other."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self) -> None:
        """Until none is active, or none of them gets on."""
        while active := await stored.list_active(self._house.db):
            if not any([await self._advance(job) for job in active]):
                return

    async def _advance(self, job: ImportJob) -> bool:
        call = Call(self._house, request_id=job.job_id, operation="StartUserImportJob")
        try:
            user_pool = await call.configuration.user_pool(job.user_pool_id)
            ended = await user_import_jobs.advance(call.in_pool(user_pool), job)
        except CognitoError as failure:  # the pool is being deleted, and its jobs with it
            log.warning("import %s of %s waits: %s", job.job_id, job.user_pool_id, failure)
            return False
        if ended:
            counts = f"{job.imported} imported, {job.skipped} skipped, {job.failed} failed"
            log.info(
                "import %s of %s: %s, %s; `poolhouse imports report` has the lines",
                job.job_id,
                job.user_pool_id,
                ended,
                counts,
            )
        return True
