"""The AWS command line, unchanged, with dummy keys and the one variable."""

import json
import os
import subprocess
from pathlib import Path

import pytest

AWS = Path(__file__).resolve().parents[2] / ".venv-awscli" / "bin" / "aws"


@pytest.fixture
def aws(server, tmp_path):
    if not AWS.exists():
        pytest.fail("the AWS CLI is missing: `make test` installs it, or `make .setup/awscli`")

    def run(*arguments):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.url,
            "AWS_MAX_ATTEMPTS": "1",
        }
        command = [AWS, "cognito-idp", *arguments, "--output", "json"]
        return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=60)

    return run


def test_describe_user_pool(aws, server):
    done = aws("describe-user-pool", "--user-pool-id", server.demo_user_pool_id)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["UserPool"]["Name"] == "Demo"


def test_an_error_shows_code_and_text(aws):
    done = aws("describe-user-pool", "--user-pool-id", "us-east-1_NoSuchOne")
    assert done.returncode != 0
    assert (
        "(ResourceNotFoundException) when calling the DescribeUserPool operation: User pool us-east-1_NoSuchOne does not exist."
        in done.stderr
    )


def test_sign_in(aws, server):
    done = aws(
        "initiate-auth",
        "--client-id",
        server.demo_client_id,
        "--auth-flow",
        "USER_PASSWORD_AUTH",
        "--auth-parameters",
        f"USERNAME={server.demo_username},PASSWORD={server.demo_password}",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["AuthenticationResult"]["TokenType"] == "Bearer"
