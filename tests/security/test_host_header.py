"""Issuer, links and headers never follow what a client says about the host (RFC 9700 §2.6; security.md §3.3)."""

import json
import socket

import pytest

from tests.support.oauth import claims_of

SPOOFED = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "666",
    "x-forwarded-server": "evil.example",
    "x-original-host": "evil.example",
    "x-host": "evil.example",
    "forwarded": "host=evil.example;proto=https",
    "x-original-url": "/evil",
    "x-rewrite-url": "/evil",
    "referer": "https://evil.example/",
}
HOSTS = ["127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:1", "192.0.2.7", "localhost", "any.localhost:1", "evil.localhost"]
FOREIGN = [
    "evil.example", "evil.example:80", "localhost.evil.example", "localhost:1@evil.example", "127.0.0.1.evil.example",
    "evil", "localhost.", "2130706433", "[::1", "xlocalhost", "é", "a" * 300, "poolhouse:9229",
]  # fmt: skip


def raw(server, request: bytes) -> bytes:
    """Exactly these bytes, and what comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    return answer


@pytest.mark.parametrize("host", FOREIGN)
def test_a_name_that_is_not_ours_is_not_answered(world, server, host):
    """attack-0.1 no. 08: DNS rebinding. A web page gives itself a name that leads here, and reads the inbox."""
    headers = {"host": host.encode()}
    for path in ("/", "/_poolhouse/inbox", "/_poolhouse/api/inbox", "/_poolhouse/api/clock", "/login", "/nowhere",
                 f"/{world.pool_id}/.well-known/jwks.json", f"/{world.pool_id}/login"):  # fmt: skip
        answer = server.http.get(path, headers=headers)
        assert answer.status_code == 421, path
        assert "--allowed-hosts" in answer.text
    body = {"UserPoolId": world.pool_id}
    answer = server.http.post(
        "/", json=body, headers={**headers, "x-amz-target": "AWSCognitoIdentityProviderService.ListUsers"}
    )
    assert answer.status_code == 421
    assert "POOLHOUSE_ALLOWED_HOSTS" in answer.json()["message"]
    assert server.http.delete("/_poolhouse/api/inbox", headers=headers).status_code == 421
    assert server.http.get("/_poolhouse/health", headers=headers).status_code == 200


def test_boto3_says_how_to_allow_a_name(server, start_local_server):
    """attack-0.1 no. 08: as between containers, where the server has the name of its own."""
    import botocore.exceptions

    cognito = server.client()

    def call_by_name(request, **_):
        request.headers["Host"] = "poolhouse"

    cognito.meta.events.register("before-send.cognito-idp", call_by_name)
    with pytest.raises(botocore.exceptions.ClientError, match="--allowed-hosts poolhouse") as refused:
        cognito.list_user_pools(MaxResults=1)
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 421
    open_server = start_local_server("--allowed-hosts", "poolhouse,*.test")
    for host, status in (
        ("poolhouse", 200),
        ("poolhouse:9229", 200),
        ("a.b.test", 200),
        ("evil.example", 421),
        ("test", 421),
    ):
        assert open_server.http.get("/_poolhouse/inbox", headers={"host": host}).status_code == status


def test_serve_answers_to_every_name_and_trusts_none(start_local_server, tmp_path):
    """attack-0.1 no. 08: names are the proxy's business there; links, issuer and forms go by the public URL."""
    from poolhouse.crypto.seal import Keyring

    Keyring.create_file(tmp_path / "m.key")
    server = start_local_server("--master-key-file", str(tmp_path / "m.key"), command="serve")
    for host in ("evil.example", "localhost"):
        answer = server.http.get("/login", headers={"host": host})
        assert answer.status_code == 404
        assert "evil" not in answer.text
        assert server.http.get("/_poolhouse/api/clock", headers={"host": host}).status_code == 404


@pytest.mark.parametrize("host", HOSTS)
def test_discovery(world, host):
    expected = world.server.get_json(f"/{world.pool_id}/.well-known/openid-configuration")
    answer = world.server.http.get(
        f"/{world.pool_id}/.well-known/openid-configuration", headers={"host": host, **SPOOFED}
    )
    assert answer.json() == expected
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", HOSTS)
def test_links_of_the_default_pool(server, host):
    answer = server.http.get(
        "/oauth2/authorize",
        params={"client_id": server.demo_client_id, "response_type": "code", "redirect_uri": "https://evil.example"},
        headers={"host": host, **SPOOFED},
    )
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{server.url}/error?error=redirect_mismatch&")


def test_links_of_a_prefix_domain(world):
    for headers in (SPOOFED, {**SPOOFED, "host": world.host.replace(str(world.server.port), "1")}):
        answer = world.send("GET", "/oauth2/authorize", params=world.parameters(), headers=headers)
        assert answer.headers["location"].startswith(f"{world.origin}/login?")
        page = world.send("GET", "/login", params=world.parameters(), headers=headers)
        assert "evil" not in page.text


@pytest.mark.parametrize("host", HOSTS)
def test_issuer_of_the_api(world, host):
    body = {
        "ClientId": world.public_id,
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": world.bob.username, "PASSWORD": world.bob.password},
    }
    answer = world.server.http.post(
        "/",
        content=json.dumps(body),
        headers={
            "host": host,
            "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "content-type": "application/x-amz-json-1.1",
            **SPOOFED,
        },
    )
    assert claims_of(answer.json()["AuthenticationResult"]["AccessToken"])["iss"] == world.issuer


def test_two_host_headers(world):
    request = (
        b"GET /login?client_id=x HTTP/1.1\r\nHost: %s\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
        % world.host.encode()
    )
    answer = raw(world.server, request)
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"evil" not in answer


def test_absolute_form_of_the_request(world):
    request = (
        b"GET http://evil.example/oauth2/authorize?client_id=x HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
        % world.host.encode()
    )
    answer = raw(world.server, request)
    assert answer.startswith(b"HTTP/1.1 4")
    assert b"evil" not in answer


def test_no_host_header(world):
    answer = raw(world.server, b"GET /nowhere HTTP/1.0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 404")


@pytest.mark.parametrize("name", ["state", "redirect_uri", "scope", "client_id", "login_hint", "nonce"])
def test_header_splitting(world, name):
    for payload in (
        "x\r\nSet-Cookie: evil=1",
        "x\nSet-Cookie: evil=1",
        "x\rSet-Cookie: evil=1",
        "x\u010d\u010aSet-Cookie: evil=1",
    ):
        for path in ("/oauth2/authorize", "/login", "/logout", "/error"):
            answer = world.send("GET", path, params=world.parameters(**{name: payload}))
            assert answer.status_code < 500
            assert "evil" not in answer.headers.get("set-cookie", "")
