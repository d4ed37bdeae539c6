"""Bytes that no honest client sends are refused like any other mistake: never a 500, never another user's answer."""

import base64
import json
import subprocess

import pytest

from tests.support.server import COMMAND, JSON_11, TARGET, Server

NUL_IN_JSON = b'"\\u0000"'


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unsigned_token(issuer: str) -> str:
    """In the form of ours, with a signature of zeros."""
    head = b'{"kid":"' + b"A" * 43 + b'=","alg":"RS256"}'
    return f"{_part(head)}.{_part(json.dumps({'iss': issuer}, separators=(',', ':')).encode())}.{_part(bytes(256))}"


@pytest.mark.parametrize("issuer", ["http://localhost/us-east-1_a\0b", "\0", "x" * 9000, "/us-east-1_\ud7ff\ue000"])
def test_access_token_with_an_odd_issuer(server, issuer):
    token = _unsigned_token(issuer)
    answer = server.call("GetUser", {"AccessToken": token}, sign=False)
    assert (answer.status_code, answer.json()["__type"]) == (400, "NotAuthorizedException")
    answer = server.http.get("/oauth2/userInfo", headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


@pytest.mark.parametrize("path", ["/_poolhouse/inbox", "/_poolhouse/api/inbox"])
@pytest.mark.parametrize("to", ["%00", "a%00b@example.com", "%ff", "%ed%a0%80"])
def test_inbox_of_an_odd_address(server, path, to):
    assert server.http.get(f"{path}?to={to}").status_code == 200


@pytest.mark.parametrize(
    "credentials", [b"\0:x", b"AKIA\0:x", b"\xff:x", b":", b"AKIA", ("AKIA" + "é" * 40 + ":é").encode()]
)
def test_inbox_with_odd_credentials(credentials, closed_server):
    head = {"authorization": "Basic " + base64.b64encode(credentials).decode()}
    assert closed_server.http.get("/_poolhouse/api/inbox", headers=head).status_code == 401


@pytest.fixture(scope="module")
def closed_server(engine, new_database_url, tmp_path_factory):
    """`serve` with the inbox."""
    data = tmp_path_factory.mktemp(f"closed-{engine}")
    subprocess.run([COMMAND, "keys", "master", data / "m.key"], check=True, capture_output=True)
    made = Server(data, "--master-key-file", str(data / "m.key"), command="serve", database_url=new_database_url())
    yield made.start()
    made.stop()


@pytest.mark.parametrize("levels", [100, 330, 490, 800, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
def test_deep_json(server, levels, opening, closing):
    deep = opening * levels + NUL_IN_JSON.decode() + closing * levels
    body = f'{{"ClientId":"x","UserAttributes":{deep}}}'.encode()
    answer = server.http.post("/", content=body, headers={"x-amz-target": TARGET + "SignUp", "content-type": JSON_11})
    assert (answer.status_code, answer.json()["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize(
    "value",
    [rb'"\ud800"', rb'"\udfff\ud800"', b'"\xff"', b'"\xed\xa0\x80"', b"1e400", b"-" + b"9" * 5000, b"NaN", b'"\x00"'],
)
@pytest.mark.parametrize("member", ["Username", "ClientId", "Password"])
def test_odd_values_of_members(server, client_id, member, value):
    sent = {"ClientId": client_id, "Username": "someone", "Password": "Correct-Horse-1"}
    members = [
        f'"{name}":'.encode() + (value if name == member else f'"{text}"'.encode()) for name, text in sent.items()
    ]
    answer = server.http.post(
        "/",
        content=b"{" + b",".join(members) + b"}",
        headers={"x-amz-target": TARGET + "SignUp", "content-type": JSON_11},
    )
    assert answer.status_code == 400, answer.text
    assert "Internal" not in answer.text


def test_many_mistakes_are_not_answered_with_much_more_text(server):
    members = ",".join(["{}"] * 300_000)
    body = f'{{"ClientId":"x","Username":"x","UserAttributes":[{members}]}}'.encode()
    answer = server.http.post("/", content=body, headers={"x-amz-target": TARGET + "SignUp", "content-type": JSON_11})
    assert (answer.status_code, answer.json()["__type"]) == (400, "InvalidParameterException")
    assert len(answer.content) < 20_000
