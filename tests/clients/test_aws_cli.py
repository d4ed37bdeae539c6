"""The AWS command line, unchanged, with dummy keys and the one variable."""

import json
import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.pools import unique

UNCHANGEABLE = {"ClientSecret", "CreationDate", "LastModifiedDate"}
BIN = Path(__file__).resolve().parents[2] / ".venv-awscli" / "bin"
LINES = Path(__file__).parent / "awscli" / "lines.py"


@pytest.fixture
def environment(server, tmp_path):
    if not BIN.exists():
        pytest.fail("the AWS CLI is missing: `make test` installs it, or `make .setup/awscli`")
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.url,
        "AWS_MAX_ATTEMPTS": "1",
    }


@pytest.fixture
def aws(environment):
    def run(*arguments):
        command = [BIN / "aws", "cognito-idp", *arguments, "--output", "json"]
        return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=60)

    return run


@pytest.fixture
def ended(environment):
    """ended("list-users --user-pool-id x"): its exit code, what it printed, and its complaint."""
    command = [BIN / "python", LINES]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:

        def run(line):
            process.stdin.write(json.dumps(["cognito-idp", *shlex.split(line), "--output", "json"]) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()


@pytest.fixture
def done(ended):
    """done("list-users --user-pool-id x"): what the command printed, as JSON; None where it has nothing to say."""

    def run(line):
        result = ended(line)
        assert result["code"] == 0, result["problem"]
        return json.loads(result["out"]) if result["out"].strip() else None

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


@pytest.mark.parametrize(
    "engine", ["sqlite"], indirect=True, scope="session"
)  # what it shows does not hang on the engine
class TestAdministration:
    """What an administrator's scripts do, from the first command to the last."""

    def test_life_of_a_pool(self, ended, done):
        pool = done(
            "create-user-pool --pool-name shop --auto-verified-attributes email --deletion-protection ACTIVE"
            " --policies PasswordPolicy={MinimumLength=12,RequireUppercase=false,RequireSymbols=false}"
            " --schema Name=plan,AttributeDataType=String,Mutable=true,StringAttributeConstraints={MaxLength=20}"
            " --user-pool-tags team=checkout"
        )["UserPool"]
        assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 12
        assert pool["SchemaAttributes"][-1]["Name"] == "custom:plan"
        here, arn = f"--user-pool-id {pool['Id']}", pool["Arn"]

        done(f"tag-resource --resource-arn {arn} --tags stage=test,owner=ada")
        done(f"untag-resource --resource-arn {arn} --tag-keys team owner")
        assert done(f"list-tags-for-resource --resource-arn {arn}") == {"Tags": {"stage": "test"}}

        domain = unique("shop")
        done(f"create-user-pool-domain {here} --domain {domain}")
        described = done(f"describe-user-pool-domain --domain {domain}")["DomainDescription"]
        assert (described["UserPoolId"], described["Status"]) == (pool["Id"], "ACTIVE")

        mode = "--software-token-mfa-configuration Enabled=true --mfa-configuration OPTIONAL"
        factors = done(f"set-user-pool-mfa-config {here} {mode}")
        assert factors["SoftwareTokenMfaConfiguration"] == {"Enabled": True}
        assert done(f"get-user-pool-mfa-config {here}") == factors

        refused = ended(f"delete-user-pool {here}")
        assert (
            "(InvalidParameterException) when calling the DeleteUserPool operation: The user pool" in refused["problem"]
        )
        done(f"update-user-pool {here} --deletion-protection INACTIVE")
        done(f"delete-user-pool-domain {here} --domain {domain}")
        assert done(f"delete-user-pool {here}") is None
        assert pool["Id"] not in done("list-user-pools --max-results 60 --query UserPools[].Id")

    def test_life_of_users_and_groups(self, done, user_pool_id):
        here = f"--user-pool-id {user_pool_id}"
        for name in ("ada", "bob", "cleo"):
            email = f"Name=email,Value={name}@example.com Name=email_verified,Value=true"
            created = done(
                f"admin-create-user {here} --username {name} --message-action SUPPRESS --user-attributes {email}"
            )
            assert created["User"]["UserStatus"] == "FORCE_CHANGE_PASSWORD"
        # The CLI asks for page after page, and --max-items cuts what it shows.
        assert done(f"list-users {here} --page-size 1 --query Users[].Username") == ["ada", "bob", "cleo"]
        cut = done(f"list-users {here} --page-size 1 --max-items 2")
        rest = done(f"list-users {here} --page-size 1 --starting-token {cut['NextToken']}")
        assert [user["Username"] for user in cut["Users"] + rest["Users"]] == ["ada", "bob", "cleo"]
        found = done(f"""list-users {here} --filter 'email ^= "bo"' --attributes-to-get email""")["Users"]
        assert [user["Attributes"] for user in found] == [[{"Name": "email", "Value": "bob@example.com"}]]

        done(f"create-group {here} --group-name staff --precedence 1 --description 'Who works here'")
        done(f"admin-add-user-to-group {here} --group-name staff --username ada")
        assert done(f"list-users-in-group {here} --group-name staff --query Users[].Username") == ["ada"]
        assert done(f"admin-list-groups-for-user {here} --username ada --query Groups[].Description") == [
            "Who works here"
        ]

        done(f"admin-disable-user {here} --username cleo")
        assert done(f"admin-get-user {here} --username cleo")["Enabled"] is False
        done(f"admin-delete-user {here} --username cleo")
        done(f"delete-group {here} --group-name staff")
        assert done(f"list-groups {here}") == {"Groups": []}

    def test_life_of_a_client(self, done, user_pool_id):
        here = f"--user-pool-id {user_pool_id}"
        client = done(
            f"create-user-pool-client {here} --client-name web --generate-secret"
            " --explicit-auth-flows ALLOW_ADMIN_USER_PASSWORD_AUTH ALLOW_REFRESH_TOKEN_AUTH"
            " --access-token-validity 20 --token-validity-units AccessToken=minutes"
        )["UserPoolClient"]
        one = f"{here} --client-id {client['ClientId']}"
        assert (client["AccessTokenValidity"], client["TokenValidityUnits"]) == (20, {"AccessToken": "minutes"})
        assert done(f"describe-user-pool-client {one}")["UserPoolClient"] == client
        # As people change one member: all that describe shows, with the change, back as JSON.
        kept = {name: value for name, value in client.items() if name not in UNCHANGEABLE}
        changed = json.dumps({**kept, "ClientName": "shop"})
        assert done(f"update-user-pool-client --cli-input-json '{changed}'")["UserPoolClient"]["ClientName"] == "shop"
        assert done(f"list-user-pool-clients {here} --query UserPoolClients[].ClientName") == ["shop"]
        assert done(f"delete-user-pool-client {one}") is None
