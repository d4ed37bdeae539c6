"""GetCSVHeader, and CreateUserImportJob, DescribeUserImportJob, ListUserImportJobs, StartUserImportJob and StopUserImportJob."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.users import import_files, user_import_jobs
from poolhouse.storage.user_import_jobs import ImportJob
from poolhouse.wire import shapes


async def get_csv_header(call: PoolCall, request: shapes.GetCSVHeaderRequest) -> shapes.GetCSVHeaderResponse:
    return shapes.GetCSVHeaderResponse(UserPoolId=call.user_pool.id, CSVHeader=import_files.header(call.user_pool))


async def create_user_import_job(
    call: PoolCall, request: shapes.CreateUserImportJobRequest
) -> shapes.CreateUserImportJobResponse:
    made = await user_import_jobs.create(
        call, request.JobName, request.CloudWatchLogsRoleArn, request.PasswordHashingAlgorithm
    )
    return shapes.CreateUserImportJobResponse(UserImportJob=as_user_import_job(call, made))


async def describe_user_import_job(
    call: PoolCall, request: shapes.DescribeUserImportJobRequest
) -> shapes.DescribeUserImportJobResponse:
    job = await user_import_jobs.require(call, request.JobId)
    return shapes.DescribeUserImportJobResponse(UserImportJob=as_user_import_job(call, job))


async def list_user_import_jobs(
    call: PoolCall, request: shapes.ListUserImportJobsRequest
) -> shapes.ListUserImportJobsResponse:
    page, token = await user_import_jobs.list_page(call, request.MaxResults, request.PaginationToken)
    jobs = [as_user_import_job(call, job) for job in page]
    return shapes.ListUserImportJobsResponse(UserImportJobs=jobs or None, PaginationToken=token)


async def start_user_import_job(
    call: PoolCall, request: shapes.StartUserImportJobRequest
) -> shapes.StartUserImportJobResponse:
    job = await user_import_jobs.start(call, request.JobId)
    return shapes.StartUserImportJobResponse(UserImportJob=as_user_import_job(call, job))


async def stop_user_import_job(
    call: PoolCall, request: shapes.StopUserImportJobRequest
) -> shapes.StopUserImportJobResponse:
    job = await user_import_jobs.stop(call, request.JobId)
    return shapes.StopUserImportJobResponse(UserImportJob=as_user_import_job(call, job))


def as_user_import_job(call: PoolCall, job: ImportJob) -> shapes.UserImportJobType:
    status = user_import_jobs.status(call, job)
    return shapes.UserImportJobType(
        JobName=job.job_name,
        JobId=job.job_id,
        UserPoolId=job.user_pool_id,
        PreSignedUrl=user_import_jobs.upload_url(call, job) if status == "Created" else None,
        CreationDate=job.created_at / 1000,
        StartDate=job.started_at / 1000 if job.started_at else None,
        CompletionDate=job.completed_at / 1000 if job.completed_at else None,
        Status=status,
        CloudWatchLogsRoleArn=job.role_arn,
        PasswordHashingAlgorithm=job.hashing or None,
        ImportedUsers=job.imported,
        SkippedUsers=job.skipped,
        FailedUsers=job.failed,
        CompletionMessage=job.completion_message or None,
    )
