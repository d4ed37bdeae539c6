"""jobs.user_import: what becomes of jobs whose file or pool is not as it was."""

from urllib.parse import parse_qs, urlsplit

from poolhouse.jobs.user_import import UserImport
from poolhouse.pool.call import House
from poolhouse.pool.users import user_import_jobs
from poolhouse.pool.users.import_files import LINES_PER_CHUNK
from poolhouse.storage import user_import_jobs as stored
from poolhouse.storage.user_import_jobs import ImportJob
from tests.support.houses import new_call, new_pool

LINES = LINES_PER_CHUNK + 5


async def started(house: House, lines: int = LINES) -> ImportJob:
    call = await new_call(house, "StartUserImportJob", await new_pool(house, AutoVerifiedAttributes=["email"]))
    job = await user_import_jobs.create(call, "job", "arn:aws:iam::123456789012:role/r", None)
    token = parse_qs(urlsplit(user_import_jobs.upload_url(call, job)).query)["token"][0]
    named = user_import_jobs.named_by(call.keyring, token)
    assert named is not None
    rows = [f"user{number},user{number}@example.com,TRUE" for number in range(lines)]
    file = "\n".join(["cognito:username,email,email_verified", *rows]).encode()
    assert await user_import_jobs.upload(call, named, file)
    return await user_import_jobs.start(call, job.job_id)


async def ended(house: House, job: ImportJob) -> ImportJob:
    await UserImport(house).run()
    found = await stored.get(house.db, job.user_pool_id, job.job_id)
    assert found is not None
    return found


async def test_each_chunk_is_deleted_with_the_write_that_imports_it(house: House) -> None:
    job = await ended(house, await started(house))
    assert (job.status, job.imported, job.next_chunk) == ("Succeeded", LINES, 2)
    assert await house.db.all("SELECT 1 FROM user_import_chunks") in ([], ())


async def test_a_job_whose_file_has_expired_says_so(house: House) -> None:
    job = await started(house)
    await house.db.write(lambda tx: tx.execute("DELETE FROM user_import_chunks WHERE number = 1"))
    job = await ended(house, job)
    assert (job.status, job.imported) == ("Failed", LINES_PER_CHUNK)
    assert job.completion_message == "The rest of the CSV file has expired."


async def test_a_chunk_that_somebody_else_has_imported_is_imported_once(house: House) -> None:
    pending = await started(house, 3 * LINES_PER_CHUNK)
    call = await new_call(house, "StartUserImportJob", pending.user_pool_id)
    await user_import_jobs.advance(call, pending)
    before = await stored.get(house.db, pending.user_pool_id, pending.job_id)
    assert before is not None
    for _ in range(2):  # the second still believes that the job stands where it stood
        assert await user_import_jobs.advance(call, before) == ""
    job = await ended(house, before)
    assert (job.status, job.imported, job.skipped) == ("Succeeded", 3 * LINES_PER_CHUNK, 0)


async def test_a_job_holds_up_no_job_of_another_pool(house: House) -> None:
    lost, good = await started(house), await started(house, 1)
    await house.db.write(lambda tx: tx.execute("DELETE FROM user_pools WHERE user_pool_id = $1", lost.user_pool_id))
    await house.configuration.poll()
    assert (await ended(house, good)).status == "Succeeded"
