"""The audit log: what is in it, and what never is (docs/audit-log.md)."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError

from poolhouse.pool import events
from tests.conformance.api.test_protocol import new_key
from tests.support.oauth import build
from tests.support.pools import PASSWORD, Pools
from tests.support.server import COMMAND, Server
from tests.support.until import until

DOC = Path(__file__).parents[2] / "docs" / "audit-log.md"
WRONG, UNKNOWN = "Wrong-Password-1", "nobody-has-this-name"


@pytest.fixture
def server(start_server: Callable[..., Server], tmp_path: Path) -> Server:
    return start_server("--audit-log", str(tmp_path / "audit.jsonl"), "--no-demo")


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def refused(call: Callable[..., Any], **arguments: Any) -> None:
    with pytest.raises(ClientError):
        call(**arguments)


def test_limit_of_all_pools_is_of_none(server: Server, tmp_path: Path) -> None:
    limit = {"LimitClass": "API_CATEGORY", "Attributes": {"Category": "UserRead"}}
    server.client().update_provisioned_limit(LimitDefinition=limit, RequestedLimitValue=130)
    server.stop()
    said = [(line["event"], line["user_pool_id"], line["operation"]) for line in read(tmp_path / "audit.jsonl")]
    assert said == [("ConfigurationChanged", "", "UpdateProvisionedLimit")]


def test_what_is_done_is_in_it_and_no_secret(server: Server, tmp_path: Path) -> None:
    cognito, pools = server.client(), Pools(server.client())
    pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
    client_id = pools.client_id(pool_id, PreventUserExistenceErrors="ENABLED", RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"])  # fmt: skip
    ada = {"UserPoolId": pool_id, "Username": "ada"}
    email = [{"Name": "email", "Value": "ada@example.com"}]
    cognito.sign_up(ClientId=client_id, Username="ada", Password=PASSWORD, UserAttributes=email)
    code = server.inbox.code("ada@example.com")
    refused(
        cognito.confirm_sign_up,
        ClientId=client_id,
        Username="ada",
        ConfirmationCode="000000" if code != "000000" else "1",
    )
    cognito.confirm_sign_up(ClientId=client_id, Username="ada", ConfirmationCode=code)
    sign_in = {"ClientId": client_id, "AuthFlow": "USER_PASSWORD_AUTH"}
    for username in ("ada", UNKNOWN):
        parameters = {"USERNAME": username, "PASSWORD": WRONG}
        refused(cognito.initiate_auth, **sign_in, AuthParameters=parameters)
    parameters = {"USERNAME": "ada", "PASSWORD": PASSWORD}
    tokens = cognito.initiate_auth(**sign_in, AuthParameters=parameters)["AuthenticationResult"]
    first = tokens["RefreshToken"]
    renewed = cognito.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=first)["AuthenticationResult"]
    cognito.revoke_token(ClientId=client_id, Token=renewed["RefreshToken"])
    cognito.create_group(UserPoolId=pool_id, GroupName="staff")
    cognito.admin_add_user_to_group(**ada, GroupName="staff")
    cognito.admin_add_user_to_group(**ada, GroupName="staff")  # is a member already
    cognito.admin_remove_user_from_group(**ada, GroupName="staff")
    cognito.delete_group(UserPoolId=pool_id, GroupName="staff")
    cognito.admin_update_user_attributes(**ada, UserAttributes=[{"Name": "name", "Value": "Ada Lovelace"}])
    cognito.admin_set_user_password(**ada, Password="Another-Horse-1", Permanent=True)
    cognito.admin_user_global_sign_out(**ada)
    cognito.admin_disable_user(**ada)
    cognito.admin_enable_user(**ada)
    cognito.admin_delete_user(**ada)
    server.stop()

    lines = read(tmp_path / "audit.jsonl")
    assert [(line["event"], line["operation"]) for line in lines] == [
        ("ConfigurationChanged", "CreateUserPool"),
        ("ConfigurationChanged", "CreateUserPoolClient"),
        ("UserCreated", "SignUp"),
        ("CodeRefused", "ConfirmSignUp"),
        ("StatusChanged", "ConfirmSignUp"),
        ("AttributesChanged", "ConfirmSignUp"),
        ("PasswordRefused", "InitiateAuth"),
        ("PasswordRefused", "InitiateAuth"),
        ("UserSignedIn", "InitiateAuth"),
        ("TokensIssued", "InitiateAuth"),
        ("RefreshTokenRotated", "GetTokensFromRefreshToken"),
        ("SignInEnded", "RevokeToken"),
        ("GroupChanged", "CreateGroup"),
        ("GroupMemberAdded", "AdminAddUserToGroup"),
        ("GroupMemberRemoved", "AdminRemoveUserFromGroup"),
        ("GroupChanged", "DeleteGroup"),
        ("AttributesChanged", "AdminUpdateUserAttributes"),
        ("PasswordChanged", "AdminSetUserPassword"),
        ("SignedOutEverywhere", "AdminUserGlobalSignOut"),
        ("UserDisabled", "AdminDisableUser"),
        ("SignedOutEverywhere", "AdminDisableUser"),
        ("UserEnabled", "AdminEnableUser"),
        ("UserDeleted", "AdminDeleteUser"),
    ]
    for line in lines:
        assert line["user_pool_id"] == pool_id
        assert line["remote_ip"] == "127.0.0.1"
        assert re.fullmatch(r"[0-9a-f-]{36}", line["request_id"])
    assert len({line["id"] for line in lines}) == len(lines)
    by_event = {line["event"]: line for line in lines}
    assert by_event["UserCreated"]["status"] == "UNCONFIRMED"
    assert by_event["UserSignedIn"] | {"flow": "USER_PASSWORD_AUTH", "proven": ["PASSWORD"], "username": "ada", "client_id": client_id} == by_event["UserSignedIn"]  # fmt: skip
    assert by_event["AttributesChanged"]["names"] == ["name"]
    assert [line.get("username") for line in lines if line["event"] == "PasswordRefused"] == ["ada", None]
    whole = (tmp_path / "audit.jsonl").read_text()
    secrets = [
        code,
        PASSWORD,
        WRONG,
        UNKNOWN,
        "Another-Horse-1",
        "ada@example.com",
        "Lovelace",
        first,
        tokens["AccessToken"],
    ]
    assert not [secret for secret in secrets if secret in whole]


def test_a_reused_refresh_token_is_told(server: Server, tmp_path: Path) -> None:
    cognito, pools = server.client(), Pools(server.client())
    pool_id = pools.user_pool()
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    client_id = pools.client_id(pool_id, RefreshTokenRotation=rotation, ExplicitAuthFlows=flows)
    user = pools.user(pool_id)
    parameters = {"USERNAME": user.username, "PASSWORD": user.password}
    answer = cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
    stolen = answer["AuthenticationResult"]["RefreshToken"]
    cognito.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=stolen)
    server.advance_clock(60)
    refused(cognito.get_tokens_from_refresh_token, ClientId=client_id, RefreshToken=stolen)
    server.stop()
    ended = [line for line in read(tmp_path / "audit.jsonl") if line["event"] == "SignInEnded"]
    assert [(line["is_reuse"], line["sub"]) for line in ended] == [(True, user.sub)]


def test_a_hosted_sign_in_is_told_once(server: Server, tmp_path: Path) -> None:
    build(server, Pools(server.client())).tokens()
    server.stop()
    lines = [line for line in read(tmp_path / "audit.jsonl") if line["event"] in ("UserSignedIn", "TokensIssued")]
    assert [(line["event"], line["operation"]) for line in lines] == [
        ("UserSignedIn", "Login_POST"),
        ("TokensIssued", "Token_POST"),
    ]


def test_who_signed_the_request_is_told(start_server: Callable[..., Server], tmp_path: Path) -> None:
    server = start_server("--audit-log", str(tmp_path / "audit.jsonl"), "--signatures", "verify")
    server.keys = new_key(server)
    Pools(server.client()).user_pool()
    server.stop()
    assert read(tmp_path / "audit.jsonl")[-1]["access_key_id"] == server.keys[0]


async def test_the_file_may_be_renamed_at_any_moment_and_is_nobody_elses(server: Server, tmp_path: Path) -> None:
    path, pools = tmp_path / "audit.jsonl", Pools(server.client())
    first = pools.user_pool()
    await until(lambda: [line["user_pool_id"] for line in read(path)] == [first])
    path.rename(tmp_path / "audit.jsonl.1")
    second = pools.user_pool()
    await until(lambda: [line["user_pool_id"] for line in read(path)] == [second])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_events_wait_while_the_file_cannot_be_written(server: Server, tmp_path: Path) -> None:
    path, pools = tmp_path / "audit.jsonl", Pools(server.client())
    path.unlink(missing_ok=True)
    path.mkdir()
    pool_id = pools.user_pool()
    await until(lambda: "job audit failed: [Errno 21] Is a directory" in server.read_log())
    path.rmdir()
    await until(lambda: [line["user_pool_id"] for line in read(path)] == [pool_id])


def test_a_file_that_cannot_be_written_refuses_to_start(tmp_path: Path) -> None:
    path = tmp_path / "no-such-folder" / "audit.jsonl"
    command = [str(COMMAND), "dev", "--port", "0", "--data", str(tmp_path / "data"), "--audit-log", str(path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=os.environ)
    assert ended.returncode == 2
    assert f"audit_log: {path} cannot be written: No such file or directory" in ended.stderr


def test_standard_output(tmp_path: Path) -> None:
    server = Server(tmp_path, "--audit-log", "-").start()
    pool_id = Pools(server.client()).user_pool()
    server.stop()
    found = [line for line in server.read_log().splitlines() if line.startswith("{")]
    assert pool_id in [json.loads(line)["user_pool_id"] for line in found]


def test_without_it_nothing_is_noted(start_server: Callable[..., Server]) -> None:
    server = start_server()
    Pools(server.client()).user_pool()
    server.stop()
    code = (
        "import asyncio, sys; from pathlib import Path; from poolhouse.config import Settings;"
        "from poolhouse.storage.engine import open_database\n"
        "async def main():\n"
        "    db = await open_database(Settings(data=Path(sys.argv[1]), database_url=sys.argv[2]))\n"
        "    print(await db.all('SELECT line FROM outbox_events'))\n"
        "    await db.close()\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", code, str(server.data), server.database_url]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_page_names_every_event_with_its_members() -> None:
    documented = {
        name: re.findall(r"`(\w+)`", members)
        for names, members in re.findall(r"^\| (`[A-Z][^|]*) \| ([^|]*)\|", DOC.read_text(), re.MULTILINE)
        for name in re.findall(r"`(\w+)`", names)
    }
    shared = {field.name for field in msgspec.structs.fields(events.Event)}
    kinds = {
        kind.__name__: [field.name for field in msgspec.structs.fields(kind) if field.name not in shared]
        for kind in events.Event.__subclasses__()
    }
    assert documented == kinds
