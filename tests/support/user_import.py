"""Import jobs as tests need them: made, given their file, run to their end."""

from typing import Any

import httpx

from tests.support.pools import unique
from tests.support.until import until

ROLE = "arn:aws:iam::123456789012:role/import"
ENCRYPTED = {"x-amz-server-side-encryption": "aws:kms"}
DONE = ("Succeeded", "Failed", "Stopped", "Expired")
ACTIVE = ("Pending", "InProgress", "Stopping")


def create(cognito: Any, user_pool_id: str, **settings: Any) -> dict[str, Any]:
    settings.setdefault("JobName", unique("job"))
    answer = cognito.create_user_import_job(UserPoolId=user_pool_id, CloudWatchLogsRoleArn=ROLE, **settings)
    return dict(answer["UserImportJob"])


def put(url: str, content: str | bytes, headers: dict[str, str] = ENCRYPTED) -> httpx.Response:
    body = content.encode() if isinstance(content, str) else content
    return httpx.put(url, content=body, headers=headers, timeout=60)


def uploaded(cognito: Any, user_pool_id: str, content: str | bytes, **settings: Any) -> str:
    """A job with this file; its id."""
    job = create(cognito, user_pool_id, **settings)
    assert put(job["PreSignedUrl"], content).status_code == 200
    return str(job["JobId"])


def describe(cognito: Any, user_pool_id: str, job_id: str) -> dict[str, Any]:
    return dict(cognito.describe_user_import_job(UserPoolId=user_pool_id, JobId=job_id)["UserImportJob"])


async def finished(cognito: Any, user_pool_id: str, job_id: str, seconds: float = 60) -> dict[str, Any]:
    await until(lambda: describe(cognito, user_pool_id, job_id)["Status"] in DONE, seconds)
    return describe(cognito, user_pool_id, job_id)


async def imported(cognito: Any, user_pool_id: str, content: str | bytes, **settings: Any) -> dict[str, Any]:
    """The job at its end."""
    job_id = uploaded(cognito, user_pool_id, content, **settings)
    cognito.start_user_import_job(UserPoolId=user_pool_id, JobId=job_id)
    return await finished(cognito, user_pool_id, job_id)


def counts(job: dict[str, Any]) -> tuple[int, int, int]:
    """Imported, skipped, failed."""
    return job["ImportedUsers"], job["SkippedUsers"], job["FailedUsers"]
