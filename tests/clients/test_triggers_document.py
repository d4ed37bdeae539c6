"""docs/triggers.md: what it says to type is typed, and works."""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from poolhouse.triggers import kms_keys, targets
from tests.support import functions
from tests.support.functions.codes import KMS_ARN, RAW_KEY
from tests.support.mailbox import Mailbox
from tests.support.oauth import claims_of
from tests.support.pools import PASSWORD, Pools
from tests.support.refusals import attributes
from tests.support.server import Server
from tests.support.until import until

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "triggers.md").read_text(encoding="utf-8")
SECRET = "a-secret-of-the-test-that-is-long"


def block(name: str) -> str:
    """The code block under this mark."""
    return re.search(rf"<!-- test: {name} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)[1]


def test_five_minutes(start_local_server: Any, tmp_path: Path) -> None:
    server: Server = start_local_server(start=False)
    server.data.mkdir(parents=True, exist_ok=True)
    (server.data / "claims.py").write_text(block("claims"))
    (server.data / "poolhouse.toml").write_text(block("table"))
    server.start()
    pools = Pools(server.client())
    pool_id = pools.user_pool()
    client_id = pools.client_id(pool_id)
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": server.url,
        "POOL": pool_id,
        "PATH": f"{ROOT / '.venv-awscli' / 'bin'}:{os.environ['PATH']}",
    }
    subprocess.run(["sh", "-euc", block("update")], env=environment, cwd=tmp_path, check=True, timeout=60)
    user = pools.user(pool_id)
    tokens = pools.sign_in(client_id, user)
    assert claims_of(tokens["AccessToken"])["tenant"] == "example.com"
    assert "signing in from example.com" in server.read_log()


def test_a_sign_in_without_a_password(start_local_server: Any, tmp_path: Path) -> None:
    server: Server = start_local_server(start=False)
    server.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "examples" / "triggers" / "passwordless_email.py", server.data)
    (server.data / "poolhouse.toml").write_text(block("passwordless"))
    server.start()
    environment = {
        **os.environ,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": server.url,
        "PATH": f"{ROOT / '.venv-awscli' / 'bin'}:{os.environ['PATH']}",
    }

    def run(script: str) -> str:
        told = subprocess.run(
            ["sh", "-euc", script],
            env=environment,
            cwd=tmp_path,
            check=True,
            timeout=60,
            capture_output=True,
            text=True,
        )
        return told.stdout

    session = run(f"{block('passwordless-start')}echo $session").strip()
    code = re.search(r"code \| The code for demo@example.com is (\d+)", server.read_log())[1]
    answer = block("passwordless-answer").replace("991924", code)
    tokens = json.loads(run(f"session='{session}'\n{answer}"))["AuthenticationResult"]
    assert claims_of(tokens["AccessToken"])["username"] == "demo"


def signed(body: bytes, *, age: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    signature = hmac.new(SECRET.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"poolhouse-timestamp": timestamp, "poolhouse-signature": f"v1={signature}"}


@pytest.fixture
def cases() -> list[tuple[str, dict[str, str], str, bool]]:
    """Secret, headers, body; whether they are genuine."""
    return [
        (SECRET, signed(b"{}"), "{}", True),
        ("another", signed(b"{}"), "{}", False),
        (SECRET, signed(b"{}"), '{"a":1}', False),
        (SECRET, signed(b"{}", age=600), "{}", False),
        (SECRET, {**signed(b"{}"), "poolhouse-signature": "v1="}, "{}", False),
    ]


def test_the_python_webhook_believes_what_is_genuine(cases: list[tuple[str, dict[str, str], str, bool]]) -> None:
    names: dict[str, Any] = {}
    exec(block("verify-python"), names)
    answered = [names["is_genuine"](secret, headers, body.encode()) for secret, headers, body, _ in cases]
    assert answered == [expected for *_, expected in cases]


def test_the_node_webhook_believes_what_is_genuine(
    tmp_path: Path, cases: list[tuple[str, dict[str, str], str, bool]]
) -> None:
    (tmp_path / "verify.mjs").write_text(block("verify-node"))
    asked = json.dumps([[secret, headers, body] for secret, headers, body, _ in cases])
    ask = (
        'import { isGenuine } from "./verify.mjs";'
        f"console.log(JSON.stringify({asked}.map(([s, h, b]) => isGenuine(s, h, b))));"
    )
    (tmp_path / "ask.mjs").write_text(ask)
    node = shutil.which("node")
    assert node is not None
    answered = subprocess.run([node, "ask.mjs"], cwd=tmp_path, capture_output=True, check=True, timeout=60)
    assert json.loads(answered.stdout) == [expected for *_, expected in cases]


def test_the_table_at_the_top_is_one(tmp_path: Path) -> None:
    """Its files and addresses are taken as they stand."""
    table = tomllib.loads(re.search(r"```toml\n(.*?)```", TEXT, re.DOTALL)[1])["triggers"]
    files = [target for target in table.values() if target.startswith("functions/")]
    for file in files:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    anchored = {arn: str(tmp_path / target) if target in files else target for arn, target in table.items()}
    kinds = {arn.rpartition(":")[2]: target.kind for arn, target in targets.read(anchored).items()}
    assert kinds == {"claims": "python", "sign-up": "node", "audit": "webhook", "*": "lambda"}


class TestSenders:
    """The functions that send the messages: a mail arrives, and its code confirms."""

    async def _confirms(self, server: Server, mailbox: Mailbox, key: str) -> None:
        cognito = server.client()
        pools = Pools(cognito)
        sender = {"LambdaVersion": "V1_0", "LambdaArn": functions.arn("send")}
        config = {"CustomEmailSender": sender, "KMSKeyID": key}
        pool_id = pools.user_pool(AutoVerifiedAttributes=["email"], LambdaConfig=config)
        asked = {"ClientId": pools.client_id(pool_id), "Username": "ada"}
        cognito.sign_up(**asked, Password=PASSWORD, UserAttributes=attributes(email="ada@example.com"))
        await until(lambda: mailbox.mails)
        ((recipients, mail),) = mailbox.mails
        assert recipients == ["ada@example.com"]
        assert mail["Subject"] == "CustomEmailSender_SignUp"
        code = mail.get_content().strip().removeprefix("Your code is ")
        cognito.confirm_sign_up(**asked, ConfirmationCode=code)

    async def test_under_a_key_in_a_file(self, start_local_server: Any, mailbox: Mailbox) -> None:
        server: Server = start_local_server(start=False, environment={"MAIL_PORT": str(mailbox.port)})
        server.data.mkdir(parents=True, exist_ok=True)
        (server.data / "send.py").write_text(block("sender-raw"))
        (server.data / "codes.key").write_text(base64.b64encode(RAW_KEY).decode() + "\n")
        (server.data / "poolhouse.toml").write_text(block("sender-table"))
        server.start()
        await self._confirms(server, mailbox, next(iter(tomllib.loads(block("sender-table"))["kms_keys"])))

    async def test_under_a_key_of_kms(self, start_local_server: Any, mailbox: Mailbox, tmp_path: Path) -> None:
        source = re.sub(r"\nclass Keys.*?\nkeys\.[^\n]*\n", block("sender-kms"), block("sender-raw"), flags=re.DOTALL)
        assert "RawMasterKeyProvider)" not in source
        with functions.addresses(tmp_path, {}) as address:
            key, secret = functions.AWS_KEY
            environment = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "KEY_ARN": KMS_ARN}
            environment |= {"AWS_ENDPOINT_URL_KMS": address, "MAIL_PORT": str(mailbox.port)}
            server: Server = start_local_server(start=False, environment=environment)
            server.data.mkdir(parents=True, exist_ok=True)
            (server.data / "send.py").write_text(source)
            rows = f'[triggers]\n"{functions.arn("send")}" = "send.py"\n[kms_keys]\n"*" = "kms+{address}"\n'
            (server.data / "poolhouse.toml").write_text(rows)
            server.start()
            await self._confirms(server, mailbox, KMS_ARN)

    def test_the_table_is_one(self, tmp_path: Path) -> None:
        (tmp_path / "codes.key").write_text("00" * 32)
        tables = [tomllib.loads(text).get("kms_keys") for text in re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)]
        table = next(found for found in tables if found is not None)
        anchored = {arn: str(tmp_path / at) if at == "codes.key" else at for arn, at in table.items()}
        assert [type(key) for key in kms_keys.read(anchored).values()] == [kms_keys.RawKey, kms_keys.Endpoint]


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    with box.listening():
        yield box
