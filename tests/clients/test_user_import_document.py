"""The commands of docs/user-import.md, run as they are printed."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.pools import Pools
from tests.support.server import Server
from tests.support.user_import import counts, finished

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/user-import.md").read_text()
SNIPPETS = dict(re.findall(r"<!-- test: ([a-z]+) -->\n```[a-z]+\n(.*?)```", DOCUMENT, re.DOTALL))


@pytest.fixture
def environment(server: Server, tmp_path: Path) -> dict[str, str]:
    return {
        "PATH": f"{ROOT / '.venv-awscli' / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


async def test_the_four_commands_import_two_users(cognito: Any, environment: dict[str, str], tmp_path: Path) -> None:
    pool = Pools(cognito).user_pool(AutoVerifiedAttributes=["email"])
    await asyncio.to_thread(
        subprocess.run,
        ["bash", "-euc", SNIPPETS["import"]],
        check=True,
        capture_output=True,
        timeout=120,
        cwd=tmp_path,
        env={**environment, "POOL": pool},
    )
    (job,) = cognito.list_user_import_jobs(UserPoolId=pool, MaxResults=2)["UserImportJobs"]
    done = await finished(cognito, pool, job["JobId"])
    assert (done["Status"], counts(done)) == ("Succeeded", (2, 0, 0))
    assert cognito.admin_get_user(UserPoolId=pool, Username="jane")["UserStatus"] == "RESET_REQUIRED"
