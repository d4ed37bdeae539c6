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
HOSTS = ["evil.example", "evil.example:80", "localhost.evil.example", "localhost:1@evil.example", "127.0.0.1", "[::1]"]


def raw(server, request: bytes) -> bytes:
    """Exactly these bytes, and what comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65_536):
            answer += part
    return answer


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
