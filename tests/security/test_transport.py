"""Strict-Transport-Security (RFC 6797): on the open network, never on the developer's loopback."""

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
