"""SQL for CSV user import: jobs, the sealed chunks of their files, and the lines that made no user."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class ImportJob(msgspec.Struct, frozen=True):
    """Times in epoch ms; 0: not yet.  upload_id: empty until a whole file is there.  next_chunk: the one to be imported."""

    user_pool_id: str
    job_id: str
    job_name: str
    role_arn: str
    hashing: str
    status: str
    created_at: int
    started_at: int = 0
    completed_at: int = 0
    upload_id: str = ""
    header: str = ""
    row_count: int = 0
    next_chunk: int = 0
    imported: int = 0
    skipped: int = 0
    failed: int = 0
    completion_message: str = ""


class Chunk(msgspec.Struct, frozen=True):
    """Some lines of an upload.  content: sealed."""

    user_pool_id: str
    job_id: str
    upload_id: str
    number: int
    content: bytes
    expires_at: int


class Line(msgspec.Struct, frozen=True):
    """A line that made no user.  outcome: SKIPPED or FAILED."""

    user_pool_id: str
    job_id: str
    line_number: int
    outcome: str
    reason: str
    expires_at: int


_COLUMNS = ", ".join(ImportJob.__struct_fields__)
# As the index says it, or SQLite does not use it.
_ACTIVE = "status IN ('Pending', 'InProgress', 'Stopping')"


async def insert(tx: Transaction, job: ImportJob) -> bool:
    """False when the pool is gone."""
    inserted = await tx.execute(
        "INSERT INTO user_import_jobs (user_pool_id, job_id, job_name, role_arn, hashing, status, created_at) "
        "SELECT $1, $2, $3, $4, $5, $6, $7 FROM user_pools WHERE user_pool_id = $1 FOR SHARE",
        job.user_pool_id,
        job.job_id,
        job.job_name,
        job.role_arn,
        job.hashing,
        job.status,
        job.created_at,
    )
    return inserted == 1


async def get(db: Reader, user_pool_id: str, job_id: str) -> ImportJob | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM user_import_jobs WHERE user_pool_id = $1 AND job_id = $2", user_pool_id, job_id
    )
    return None if row is None else ImportJob(*row)


async def list_page(db: Reader, user_pool_id: str, before: tuple[int, str] | None, limit: int) -> list[ImportJob]:
    """The latest first. before: created_at and job_id of the last one of the page before."""
    created_at, job_id = before or (2**62, "")
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM user_import_jobs WHERE user_pool_id = $1 AND (created_at, job_id) < ($2, $3) "
        "ORDER BY created_at DESC, job_id DESC LIMIT $4",
        user_pool_id,
        created_at,
        job_id,
        limit,
    )
    return [ImportJob(*row) for row in rows]


async def count(db: Reader, user_pool_id: str) -> int:
    row = await db.one("SELECT COUNT(*) FROM user_import_jobs WHERE user_pool_id = $1", user_pool_id)
    return 0 if row is None else row[0]


# -- started and stopped


async def start(tx: Transaction, user_pool_id: str, job_id: str, now_ms: int, created_after: int) -> bool:
    """False unless it is Created, young enough and has a file. Raises UniqueViolation when another job of the pool is active."""
    started = await tx.execute(
        "UPDATE user_import_jobs SET status = 'Pending', started_at = $3 WHERE user_pool_id = $1 AND job_id = $2 "
        "AND status = 'Created' AND upload_id <> '' AND created_at > $4",
        user_pool_id,
        job_id,
        now_ms,
        created_after,
    )
    return started == 1


async def stop(tx: Transaction, user_pool_id: str, job_id: str) -> bool:
    """False unless it runs, or is about to."""
    stopped = await tx.execute(
        "UPDATE user_import_jobs SET status = 'Stopping' WHERE user_pool_id = $1 AND job_id = $2 "
        "AND status IN ('Pending', 'InProgress')",
        user_pool_id,
        job_id,
    )
    return stopped == 1


async def is_active(db: Reader, user_pool_id: str) -> bool:
    """Whether a job of the pool runs, or is about to."""
    found = await db.one(f"SELECT 1 FROM user_import_jobs WHERE user_pool_id = $1 AND {_ACTIVE}", user_pool_id)
    return found is not None


async def is_any_active(db: Reader) -> bool:
    return await db.one(f"SELECT 1 FROM user_import_jobs WHERE {_ACTIVE} LIMIT 1") is not None


async def list_active(db: Reader) -> list[ImportJob]:
    """Of all pools."""
    rows = await db.all(f"SELECT {_COLUMNS} FROM user_import_jobs WHERE {_ACTIVE} ORDER BY user_pool_id")
    return [ImportJob(*row) for row in rows]


# -- uploaded


async def put_chunks(tx: Transaction, chunks: Sequence[Chunk]) -> None:
    for chunk in chunks:
        await tx.execute(
            "INSERT INTO user_import_chunks (user_pool_id, job_id, upload_id, number, content, expires_at) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
            *msgspec.structs.astuple(chunk),
        )


async def finish_upload(  # noqa: PLR0913  whose upload, and what it is
    tx: Transaction, user_pool_id: str, job_id: str, upload_id: str, header: str, row_count: int
) -> bool:
    """Let this upload be the job's, and none that came before it. False when the job was started or is gone."""
    taken = await tx.execute(
        "UPDATE user_import_jobs SET upload_id = $3, header = $4, row_count = $5 "
        "WHERE user_pool_id = $1 AND job_id = $2 AND status = 'Created'",
        user_pool_id,
        job_id,
        upload_id,
        header,
        row_count,
    )
    if taken:
        await tx.execute(
            "DELETE FROM user_import_chunks WHERE user_pool_id = $1 AND job_id = $2 AND upload_id <> $3",
            user_pool_id,
            job_id,
            upload_id,
        )
    return taken == 1


async def drop_upload(tx: Transaction, user_pool_id: str, job_id: str, upload_id: str) -> None:
    await tx.execute(
        "DELETE FROM user_import_chunks WHERE user_pool_id = $1 AND job_id = $2 AND upload_id = $3",
        user_pool_id,
        job_id,
        upload_id,
    )


# -- imported


async def get_chunk(db: Reader, job: ImportJob) -> bytes | None:
    """The sealed lines that come next; None: there are no more."""
    row = await db.one(
        "SELECT content FROM user_import_chunks "
        "WHERE user_pool_id = $1 AND job_id = $2 AND upload_id = $3 AND number = $4",
        job.user_pool_id,
        job.job_id,
        job.upload_id,
        job.next_chunk,
    )
    return None if row is None else bytes(row[0])


async def advance(tx: Transaction, job: ImportJob, imported: int, skipped: int, failed: int) -> bool:
    """Count a chunk and delete it. False when the job was stopped, or somebody else has imported the chunk."""
    advanced = await tx.execute(
        "UPDATE user_import_jobs SET status = 'InProgress', next_chunk = next_chunk + 1, imported = imported + $4, "
        "skipped = skipped + $5, failed = failed + $6 WHERE user_pool_id = $1 AND job_id = $2 AND next_chunk = $3 "
        "AND status IN ('Pending', 'InProgress')",
        job.user_pool_id,
        job.job_id,
        job.next_chunk,
        imported,
        skipped,
        failed,
    )
    if advanced:
        await tx.execute(
            "DELETE FROM user_import_chunks WHERE user_pool_id = $1 AND job_id = $2 AND upload_id = $3 AND number = $4",
            job.user_pool_id,
            job.job_id,
            job.upload_id,
            job.next_chunk,
        )
    return advanced == 1


async def put_lines(tx: Transaction, lines: Sequence[Line]) -> None:
    for line in lines:
        await tx.execute(
            "INSERT INTO user_import_lines (user_pool_id, job_id, line_number, outcome, reason, expires_at) "
            "VALUES ($1, $2, $3, $4, $5, $6)",
            *msgspec.structs.astuple(line),
        )


async def finish(tx: Transaction, job: ImportJob, status: str, message: str, now_ms: int) -> bool:
    """End a job and delete what is left of its file. False when it is not as it was looked at."""
    finished = await tx.execute(
        "UPDATE user_import_jobs SET status = $3, completion_message = $4, completed_at = $5 "
        "WHERE user_pool_id = $1 AND job_id = $2 AND status = $6 AND next_chunk = $7",
        job.user_pool_id,
        job.job_id,
        status,
        message,
        now_ms,
        job.status,
        job.next_chunk,
    )
    if finished:
        await tx.execute(
            "DELETE FROM user_import_chunks WHERE user_pool_id = $1 AND job_id = $2", job.user_pool_id, job.job_id
        )
    return finished == 1


# -- what an operator sees


async def list_latest(db: Reader, limit: int) -> list[ImportJob]:
    """Of all pools."""
    rows = await db.all(f"SELECT {_COLUMNS} FROM user_import_jobs ORDER BY created_at DESC, job_id LIMIT $1", limit)
    return [ImportJob(*row) for row in rows]


async def list_lines(db: Reader, job_id: str, after: int, limit: int) -> list[Line]:
    """Of a job, behind the line `after`."""
    rows = await db.all(
        "SELECT user_pool_id, job_id, line_number, outcome, reason, expires_at FROM user_import_lines "
        "WHERE job_id = $1 AND line_number > $2 ORDER BY line_number LIMIT $3",
        job_id,
        after,
        limit,
    )
    return [Line(*row) for row in rows]
