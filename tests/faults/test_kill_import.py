"""kill -9 while users are imported: the job goes on where it stopped, nobody is imported twice, the counts are true.

`make test` kills a few servers; `make long` more, and prints its figures.
"""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from poolhouse.config import Settings
from poolhouse.storage.engine import open_database
from tests.support.pools import Pools, unique
from tests.support.server import Server
from tests.support.until import until
from tests.support.user_import import counts, describe, finished, uploaded

ROWS = (3_000, 40_000)
KILLS = (3, 25)


async def test_an_import_that_is_killed_goes_on_and_imports_everybody_once(
    start_server: Callable[..., Server], share: Callable[[int, int], int]
) -> None:
    """acceptance 67."""
    rows, kills = share(*ROWS), share(*KILLS)
    draw = random.Random(rows)
    server = start_server("--workers", "2")
    cognito = server.client()
    user_pool_id = Pools(cognito).user_pool(AutoVerifiedAttributes=["email"])
    names = [unique() for _ in range(rows)]
    lines = [f"{name},{name}@example.com,TRUE" for name in names]
    lines += lines[:50] + ["broken"] * 7
    job_id = uploaded(cognito, user_pool_id, "\n".join(["cognito:username,email,email_verified", *lines]))
    cognito.start_user_import_job(UserPoolId=user_pool_id, JobId=job_id)
    seen: list[int] = []
    for _ in range(kills):
        await _more_are_imported(cognito, user_pool_id, job_id)
        await asyncio.sleep(draw.uniform(0, 0.1))
        server.kill()
        await _end_leases(server)
        server.start()
        cognito = server.client()
        seen.append(describe(cognito, user_pool_id, job_id)["ImportedUsers"])
        if describe(cognito, user_pool_id, job_id)["Status"] == "Succeeded":
            break
    job = await finished(cognito, user_pool_id, job_id, seconds=600)
    print(  # noqa: T201  the figures of `make long`
        f"{len(seen)} servers killed at {seen} of {rows} users: {counts(job)}"
    )
    assert seen[0] < rows, "killed when all was done"
    assert (job["Status"], counts(job)) == ("Succeeded", (rows, 50, 7))
    described = cognito.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
    assert described["EstimatedNumberOfUsers"] == rows
    for name in draw.sample(names, 20):
        assert cognito.admin_get_user(UserPoolId=user_pool_id, Username=name)["UserStatus"] == "RESET_REQUIRED"


async def _more_are_imported(cognito: Any, user_pool_id: str, job_id: str) -> None:
    already = describe(cognito, user_pool_id, job_id)["ImportedUsers"]
    await until(lambda: describe(cognito, user_pool_id, job_id)["ImportedUsers"] > already)


async def _end_leases(server: Server) -> None:
    """As if half a minute had passed."""
    db = await open_database(Settings(data=server.data, database_url=server.database_url), migrate=False)
    try:
        await db.write(lambda tx: tx.execute("UPDATE jobs SET due_at = 1"))
    finally:
        await db.close()
