"""Import jobs: made, given their file, started, stopped, run chunk by chunk (user-pools-api.md §9.3).

A file is kept in sealed chunks, and a chunk is one write: its users, its counts and its end. Killed anywhere, the job goes on
with the chunk that is not counted yet, and nobody is imported twice.
"""

import asyncio
import base64
import binascii
from collections.abc import Iterator
from itertools import islice

import msgspec
from msgspec.structs import replace

from poolhouse.crypto.seal import Keyring, SealBroken
from poolhouse.errors import Text
from poolhouse.pool import events, identifiers, pagination, texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.settings import resource_quotas
from poolhouse.pool.users import import_files, user_import, users
from poolhouse.pool.users.import_files import MOST_ROWS, NumberedLine, Split
from poolhouse.storage import user_import_jobs as stored
from poolhouse.storage.engine import Transaction, UniqueViolation
from poolhouse.storage.user_import_jobs import Chunk, ImportJob, Line
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

UPLOAD_SECONDS = 900  # DOC: how long an address is good for
EXPIRES_MS = 24 * 3_600_000  # DOC: 24 to 48 hours after it was made; ours the shorter (GUESS)
_CHUNKS_LIVE_MS = EXPIRES_MS + 48 * 3_600_000  # so that a job that was started at the last moment has its file
_LINES_LIVE_MS = 90 * 86_400_000  # how long it is told what became of a line (GUESS: CloudWatch keeps it for ever)
_CHUNKS_PER_WRITE = 16
_ID_CHARACTERS = 10
_LABEL = "user import upload"
UPLOAD_PATH = "/_poolhouse/user-import"
_MOST_TRIES = 5  # of a chunk in which somebody else takes an address in the same moment


class Named(msgspec.Struct, array_like=True, frozen=True):
    """What an upload address is good for."""

    user_pool_id: str
    job_id: str
    expires_at: int


def chunk_context(user_pool_id: str, job_id: str, upload_id: str, number: int) -> str:
    """What a chunk is sealed for."""
    return f"user_import_chunks/{user_pool_id}/{job_id}/{upload_id}/{number}"


# -- made and described


async def create(call: PoolCall, name: str, role_arn: str, hashing: str | None) -> ImportJob:
    """Raises LimitExceededException, ResourceNotFoundException."""
    job = ImportJob(
        user_pool_id=call.user_pool.id,
        job_id=f"import-{identifiers.random_text(call.random, identifiers.ALPHANUMERIC, _ID_CHARACTERS)}",
        job_name=name,
        role_arn=role_arn,
        hashing=hashing or "",
        status="Created",
        created_at=call.now_ms,
    )

    async def work(tx: Transaction) -> None:
        await resource_quotas.check(tx, call, "user_import_jobs", call.user_pool.id)
        if not await stored.insert(tx, job):
            raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, call.user_pool.id)

    await call.write(work)
    return job


async def require(call: PoolCall, job_id: str) -> ImportJob:
    """Raises ResourceNotFoundException."""
    job = await stored.get(call.db, call.user_pool.id, job_id)
    if job is None:
        raise errors.ResourceNotFoundException(texts.IMPORT_JOB_DOES_NOT_EXIST)
    return job


async def list_page(call: PoolCall, limit: int, pagination_token: str | None) -> tuple[list[ImportJob], str | None]:
    """The latest first (DOC), and the token of the next page."""
    key = pagination.decode(call, "", pagination_token)
    created_at, _, job_id = key.partition(" ")
    found = await stored.list_page(call.db, call.user_pool.id, (int(created_at), job_id) if key else None, limit + 1)
    page = found[:limit]
    more = len(found) > limit
    return page, pagination.encode(call, "", f"{page[-1].created_at} {page[-1].job_id}") if more else None


def status(call: Call, job: ImportJob) -> str:
    """UserImportJobStatusType as of now."""
    is_late = job.created_at <= call.now_ms - EXPIRES_MS
    return "Expired" if job.status == "Created" and is_late else job.status


# -- the file


def upload_url(call: PoolCall, job: ImportJob) -> str:
    """Where its file can be put for a while."""
    named = Named(job.user_pool_id, job.job_id, int(call.now) + UPLOAD_SECONDS)
    token = base64.urlsafe_b64encode(call.keyring.seal(msgspec.json.encode(named), _LABEL)).decode().rstrip("=")
    return f"{call.settings.public_url}{UPLOAD_PATH}?token={token}"


def named_by(keyring: Keyring, token: str) -> Named | None:
    """What an upload address names; None: it is not one of ours."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(keyring.open(sealed, _LABEL), type=Named)
    except (SealBroken, binascii.Error, ValueError):
        return None


async def upload(call: Call, named: Named, body: bytes) -> bool:
    """Keep the file of a job, in place of one that came before. False when the job is not Created any more."""
    job = await stored.get(call.db, named.user_pool_id, named.job_id)
    if job is None or status(call, job) != "Created":
        return False
    upload_id = call.random(16).hex()
    about = Split()
    chunks = _sealed(call, job, upload_id, import_files.split(body, about))
    while batch := await asyncio.to_thread(lambda: list(islice(chunks, _CHUNKS_PER_WRITE))):
        await call.write(lambda tx, batch=batch: stored.put_chunks(tx, batch))  # type: ignore[misc]

    async def finish(tx: Transaction) -> bool:
        is_taken = await stored.finish_upload(
            tx, job.user_pool_id, job.job_id, upload_id, about.header, about.row_count
        )
        if not is_taken:
            await stored.drop_upload(tx, job.user_pool_id, job.job_id, upload_id)
        return is_taken

    return await call.write(finish)


def _sealed(call: Call, job: ImportJob, upload_id: str, plain: Iterator[bytes]) -> Iterator[Chunk]:
    for number, content in enumerate(plain):
        context = chunk_context(job.user_pool_id, job.job_id, upload_id, number)
        yield Chunk(
            user_pool_id=job.user_pool_id,
            job_id=job.job_id,
            upload_id=upload_id,
            number=number,
            content=call.keyring.seal(content, context),
            expires_at=job.created_at + _CHUNKS_LIVE_MS,
        )


# -- started and stopped


async def start(call: PoolCall, job_id: str) -> ImportJob:
    """Raises ResourceNotFoundException, PreconditionNotMetException."""
    if not call.user_pool.auto_verified_attributes:
        raise errors.PreconditionNotMetException(texts.IMPORT_NEEDS_AUTO_VERIFIED)

    async def work(tx: Transaction) -> ImportJob:
        job = await stored.get(tx, call.user_pool.id, job_id)
        if job is None:
            raise errors.ResourceNotFoundException(texts.IMPORT_JOB_DOES_NOT_EXIST)
        if not await stored.start(tx, call.user_pool.id, job_id, call.now_ms, call.now_ms - EXPIRES_MS):
            is_bare = status(call, job) == "Created"
            raise errors.PreconditionNotMetException(
                texts.IMPORT_FILE_MISSING if is_bare else texts.IMPORT_NOT_STARTABLE
            )
        await _record(tx, call, job_id, "Pending")
        return replace(job, status="Pending", started_at=call.now_ms)

    await require(call, job_id)
    try:
        return await call.write(work)
    except UniqueViolation as taken:
        raise errors.PreconditionNotMetException(texts.IMPORT_OTHER_RUNS) from taken


async def stop(call: PoolCall, job_id: str) -> ImportJob:
    """It ends with the chunk that is being imported. Raises ResourceNotFoundException, PreconditionNotMetException."""

    async def work(tx: Transaction) -> ImportJob:
        job = await stored.get(tx, call.user_pool.id, job_id)
        if job is None:
            raise errors.ResourceNotFoundException(texts.IMPORT_JOB_DOES_NOT_EXIST)
        if not await stored.stop(tx, call.user_pool.id, job_id):
            raise errors.PreconditionNotMetException(texts.IMPORT_NOT_STOPPABLE)
        await _record(tx, call, job_id, "Stopping")
        return replace(job, status="Stopping")

    return await call.write(work)


# -- run


async def advance(call: PoolCall, job: ImportJob) -> str:
    """Import the next chunk, or end the job: the status it ends with, or empty. job: active, as it was a moment ago; of the call's pool."""
    if job.status == "Stopping":
        return await _finish(call, job, "Stopped", texts.IMPORT_STOPPED)
    try:
        names = import_files.columns(job.header, call.user_pool, job.hashing)
    except import_files.NotReadable as problem:
        return await _finish(call, job, "Failed", str(problem))
    if job.row_count > MOST_ROWS:
        return await _finish(call, job, "Failed", str(Text(texts.IMPORT_TOO_MANY_ROWS, (MOST_ROWS,))))
    sealed = await stored.get_chunk(call.db, job)
    if sealed is None and job.imported + job.skipped + job.failed < job.row_count:
        return await _finish(call, job, "Failed", texts.IMPORT_FILE_GONE)
    if sealed is None:
        has_made_some = job.imported or not (job.skipped or job.failed)
        # GUESS: Cognito gives up at some number that nobody names. Ours tries every line, since each may be the last of its user.
        outcome = ("Succeeded", texts.IMPORT_SUCCEEDED) if has_made_some else ("Failed", texts.IMPORT_TOO_MANY_FAILED)
        return await _finish(call, job, *outcome)
    context = chunk_context(job.user_pool_id, job.job_id, job.upload_id, job.next_chunk)
    await _import(call, job, names, import_files.lines(call.keyring.open(sealed, context)))
    return ""


async def _finish(call: PoolCall, job: ImportJob, status: str, message: str) -> str:
    async def work(tx: Transaction) -> bool:
        is_ended = await stored.finish(tx, job, status, message, call.now_ms)
        if is_ended:
            await _record(tx, call, job.job_id, status)
        return is_ended

    return status if await call.write(work) else ""


async def _record(tx: Transaction, call: PoolCall, job_id: str, status: str) -> None:
    await call.record(tx, events.UserImportChanged(user_pool_id=call.user_pool.id, job_id=job_id, status=status))


async def _import(call: PoolCall, job: ImportJob, names: list[str], lines: list[NumberedLine]) -> None:
    read: list[tuple[int, User | str]] = []
    for number, line in lines:
        try:
            read.append((number, await user_import.read(call, names, line, job.hashing)))
        except user_import.NotImported as problem:
            read.append((number, str(problem)))
        await asyncio.sleep(0)  # whoever signs in meanwhile waits for one line, not for two hundred

    async def work(tx: Transaction) -> None:
        outcomes = [
            (number, found if isinstance(found, str) else await user_import.store(tx, call, found))
            for number, found in read
        ]
        told = [_line(call, job, number, reason) for number, reason in outcomes if reason is not None]
        skipped = sum(line.outcome == "SKIPPED" for line in told)
        if await stored.advance(tx, job, len(lines) - len(told), skipped, len(told) - skipped):
            await stored.put_lines(tx, told)
            return
        raise _Overtaken  # stopped meanwhile, or imported by somebody else: nothing of this is kept

    for attempt in range(1, _MOST_TRIES + 1):
        try:
            await call.write(work)
        except users.AliasTaken:
            if attempt == _MOST_TRIES:
                raise
        except _Overtaken:
            return
        else:
            return


class _Overtaken(Exception):
    pass


def _line(call: PoolCall, job: ImportJob, number: int, reason: str) -> Line:
    outcome = "SKIPPED" if reason == texts.IMPORT_SKIPPED else "FAILED"
    return Line(job.user_pool_id, job.job_id, number, outcome, reason, call.now_ms + _LINES_LIVE_MS)
