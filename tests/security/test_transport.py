"""Strict-Transport-Security (RFC 6797): on the open network, never on the developer's loopback."""

import socket

import httpx
import pytest

HEADER = "strict-transport-security"


@pytest.mark.parametrize("path", ["/oauth2/token", "/error", "/us-east-1_PoolHouse/.well-known/jwks.json"])
def test_every_answer_of_a_public_https_server_has_it(start_local_server, path):
    server = start_local_server(environment={"POOLHOUSE_PUBLIC_URL": "https://auth.example.com"})
    assert server.http.get(path).headers[HEADER] == "max-age=31536000 ; includeSubDomains"


@pytest.mark.parametrize("path", ["/oauth2/token", "/error", "/us-east-1_PoolHouse/.well-known/jwks.json"])
def test_no_answer_on_loopback_has_it(start_local_server, path):
    """It would bind every other program on localhost to https, for a year."""
    server = start_local_server(environment={"POOLHOUSE_PUBLIC_URL": "https://localhost:9443"})
    assert HEADER not in server.http.get(path).headers


def own_address():
    """An address of this machine that is not loopback; asking for a way sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        return probe.getsockname()[0]


def test_clear_text_that_comes_by_no_proxy_is_refused(start_local_server, tmp_path):
    """attack-0.1, noted: with a proxy named, passwords of everybody who knew the port travelled in clear."""
    from poolhouse.crypto.seal import Keyring

    Keyring.create_file(tmp_path / "m.key")
    options = [
        "--master-key-file",
        str(tmp_path / "m.key"),
        "--host",
        "0.0.0.0",
        "--public-url",
        "https://auth.example.com",
    ]
    address = own_address()
    for proxies, is_let_in in (("192.0.2.1", False), (f"192.0.2.1,{address}", True)):
        server = start_local_server(*options, "--trusted-proxies", proxies, command="serve")
        with httpx.Client(base_url=f"http://{address}:{server.port}", trust_env=False) as http:
            page = http.get("/login")
            target = {"x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth"}
            call = http.post("/", json={}, headers=target)
            if is_let_in:
                assert (page.status_code, call.status_code) == (404, 400)
            else:
                assert (page.status_code, call.status_code) == (403, 403)
                assert "trusted_proxies" in page.text
                assert "trusted_proxies" in call.json()["message"]
            assert http.get("/_poolhouse/health").status_code == 200
