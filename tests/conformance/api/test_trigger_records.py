"""What triggers were told and said, in `dev`: the page, the API, and `poolhouse triggers`."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from poolhouse.cli import trigger_templates
from tests.support import functions as support
from tests.support.functions import Functions, arn
from tests.support.oauth import text_of
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import COMMAND, Server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Functions]]:
    with support.served(tmp_path_factory.mktemp("records"), tmp_path_factory.mktemp("told")) as both:
        yield both


@pytest.fixture(scope="module")
def pool_id(served: tuple[Server, Functions]) -> str:
    return Pools(served[0].client()).user_pool(LambdaConfig={"PreSignUp": arn("python")})


@pytest.fixture
def signed_up(served: tuple[Server, Functions], pool_id: str) -> str:
    """Somebody whom the trigger has confirmed; their name."""
    server, functions = served
    functions.tell(pool_id, "PreSignUp", response={"autoConfirmUser": True})
    name, pools = unique("<b>ada"), Pools(server.client())
    server.client().sign_up(
        ClientId=pools.client_id(pool_id),
        Username=name,
        Password=PASSWORD,
        UserAttributes=attributes(email=f"{name[3:]}@example.com"),
    )
    return name


def recorded(server: Server) -> list[dict[str, Any]]:
    return list(server.http.get("/_poolhouse/api/triggers").json()["invocations"])


def replay(server: Server, invocation_id: str, **headers: str) -> httpx.Response:
    return server.http.post("/_poolhouse/api/triggers", json={"replay": invocation_id}, headers=headers)


def test_an_invocation_is_recorded(served: tuple[Server, Functions], signed_up: str, pool_id: str) -> None:
    newest = recorded(served[0])[0]
    assert newest["event"]["userName"] == signed_up
    assert newest["trigger_source"] == "PreSignUp_SignUp"
    assert newest["arn"] == arn("python")
    assert newest["user_pool_id"] == pool_id
    assert newest["answer"]["response"]["autoConfirmUser"] is True
    assert newest["event"]["response"]["autoConfirmUser"] is False
    assert newest["error"] == ""
    assert newest["milliseconds"] > 0


def test_an_error_is_recorded(served: tuple[Server, Functions], pool_id: str) -> None:
    server, functions = served
    functions.tell(pool_id, "PreSignUp", error="not you")
    client_id = Pools(server.client()).client_id(pool_id)
    with pytest.raises(server.client().exceptions.ClientError):
        server.client().sign_up(ClientId=client_id, Username=unique(), Password=PASSWORD)
    newest = recorded(server)[0]
    assert (newest["error"], newest["answer"]) == ("FunctionFailed: not you", None)


def test_a_replay_asks_again_and_changes_nobody(served: tuple[Server, Functions], signed_up: str, pool_id: str) -> None:
    server, functions = served
    first = recorded(server)[0]
    functions.told(pool_id)
    functions.tell(pool_id, "PreSignUp", response={"autoVerifyEmail": True})
    again = replay(server, first["id"]).json()
    assert again["replay_of"] == first["id"]
    assert again["event"] == first["event"]
    assert again["answer"]["response"]["autoVerifyEmail"] is True
    assert functions.told(pool_id) == [first["event"]]
    user = server.client().admin_get_user(UserPoolId=pool_id, Username=signed_up)
    assert {"Name": "email_verified", "Value": "false"} in user["UserAttributes"]
    assert recorded(server)[0] == again


def test_who_may_not_replay(served: tuple[Server, Functions], signed_up: str) -> None:
    server, _ = served
    newest = recorded(server)[0]["id"]
    assert replay(server, newest, origin="https://evil.example").status_code == 403
    as_text = server.http.post("/_poolhouse/api/triggers", content="{}", headers={"content-type": "text/plain"})
    assert as_text.status_code == 415
    assert server.http.post("/_poolhouse/api/triggers", json={}).status_code == 400
    assert replay(server, "no such").status_code == 404
    form = {"id": newest}
    assert (
        server.http.post("/_poolhouse/triggers", data=form, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    )
    assert server.http.post("/_poolhouse/triggers", data={}).status_code == 404


def test_the_page(served: tuple[Server, Functions], signed_up: str) -> None:
    server, _ = served
    newest = recorded(server)[0]
    page = server.http.get("/_poolhouse/triggers", params={"id": newest["id"]})
    text = text_of(page)
    assert "What the answer changed" in text
    assert "autoConfirmUser false true" in text
    assert signed_up in text
    assert "<b>ada" not in page.text
    answer = server.http.post("/_poolhouse/triggers", data={"id": newest["id"]})
    assert answer.status_code in (302, 303)
    replayed = server.http.get(answer.headers["location"])
    assert f"invocation {newest['id']}" in text_of(replayed)
    assert server.http.get("/_poolhouse/triggers", params={"id": "none"}).status_code == 404


def test_serve_keeps_nothing(start_local_server: Any, tmp_path: Path) -> None:
    """What functions are told is nobody else's business."""
    key = tmp_path / "master.key"
    subprocess.run([COMMAND, "keys", "master", key], check=True, capture_output=True)
    server: Server = start_local_server("--master-key-file", str(key), command="serve")
    for path in ("/_poolhouse/triggers", "/_poolhouse/api/triggers"):
        assert server.http.get(path).status_code == 404
        assert server.http.post(path, json={"replay": "1"}).status_code == 404


class TestTheCommand:
    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = [COMMAND, "triggers", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=60)

    def test_list_show_replay(self, served: tuple[Server, Functions], signed_up: str) -> None:
        server, _ = served
        newest = recorded(server)[0]
        listed = self.run("list", "--url", server.url).stdout.splitlines()
        assert listed[0].split()[0] == newest["id"]
        assert signed_up in listed[0]
        shown = json.loads(self.run("show", newest["id"], "--url", server.url).stdout)
        assert shown == newest
        again = json.loads(self.run("replay", newest["id"], "--url", server.url).stdout)
        assert again["replay_of"] == newest["id"]
        assert "There is no invocation" in self.run("show", "none", "--url", server.url).stderr
        refused = self.run("replay", "none", "--url", server.url)
        assert (refused.returncode, "There is no such invocation." in refused.stderr) == (2, True)

    def test_without_a_server(self) -> None:
        refused = self.run("list", "--url", "http://127.0.0.1:9")
        assert refused.returncode == 2
        assert "Start `poolhouse dev`" in refused.stderr

    @pytest.mark.parametrize("trigger", trigger_templates.SAMPLES)
    def test_new_writes_a_handler_that_runs(self, tmp_path: Path, trigger: str) -> None:
        event = trigger_templates.sample_event(trigger)
        assert self.run("new", trigger, cwd=tmp_path).returncode == 0
        assert self.run("new", trigger, "--node", cwd=tmp_path).returncode == 0
        python, node = (tmp_path / trigger_templates.file_name(trigger, is_node=is_node) for is_node in (False, True))
        names: dict[str, Any] = {}
        exec(python.read_text(), names)
        assert names["lambda_handler"](dict(event), None) == event
        script = f"import {{ handler }} from './{node.name}'; console.log(JSON.stringify(await handler({json.dumps(event)})))"
        (tmp_path / "run.mjs").write_text(script)
        ran = subprocess.run(
            [str(shutil.which("node")), "run.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60
        )
        assert json.loads(ran.stdout) == event
        again = self.run("new", trigger, cwd=tmp_path)
        assert (again.returncode, "is there already" in again.stderr) == (2, True)
