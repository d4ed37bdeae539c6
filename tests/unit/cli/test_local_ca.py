"""`poolhouse dev --tls`: the local authority and its certificate."""

import socket
import ssl
import stat
import subprocess
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from poolhouse import clock, config
from poolhouse.cli import local_ca
from poolhouse.config import Settings


@pytest.fixture
def settings(tmp_path):
    return config.resolve(Settings(tls=True, data=tmp_path))


def names(file):
    leaf = x509.load_pem_x509_certificate(file.read_bytes())
    return leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value


def test_keys_are_for_their_owner_only(settings):
    local_ca.ensure(settings)
    for file in (local_ca.CA_KEY, local_ca.KEY):
        assert stat.S_IMODE((settings.data / file).stat().st_mode) == 0o600


def test_names_every_local_way_to_the_server(settings):
    certificate, _ = local_ca.ensure(settings)
    assert names(certificate).get_values_for_type(x509.DNSName) == ["localhost", "*.auth.localhost"]
    assert [str(address) for address in names(certificate).get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]


def test_a_second_start_keeps_both(settings):
    before = [file.read_bytes() for file in local_ca.ensure(settings)]
    assert [file.read_bytes() for file in local_ca.ensure(settings)] == before


def constraints(folder):
    authority = x509.load_pem_x509_certificate((folder / local_ca.CA_CERTIFICATE).read_bytes())
    found = authority.extensions.get_extension_for_class(x509.NameConstraints)
    assert found.critical
    return [str(name.value) for name in found.value.permitted_subtrees]


def test_the_authority_speaks_for_this_machine_only(settings):
    """first-hour D4, attack-0.1 no. 33"""
    local_ca.ensure(settings)
    assert constraints(settings.data) == ["localhost", "127.0.0.0/8", "::1/128"]


def test_a_certificate_for_another_site_is_refused_by_those_who_trust_the_authority(settings, tmp_path):
    """first-hour D4, attack-0.1 no. 33: whoever steals the key from a project folder gains nothing."""
    certificate, _ = local_ca.ensure(settings)
    authority_file = settings.data / local_ca.CA_CERTIFICATE
    authority = x509.load_pem_x509_certificate(authority_file.read_bytes())
    key = serialization.load_pem_private_key((settings.data / local_ca.CA_KEY).read_bytes(), None)
    now = datetime.fromtimestamp(clock.now(), UTC)
    forged = tmp_path / "forged.pem"
    leaf = local_ca._leaf(ec.generate_private_key(ec.SECP256R1()), ["bank.example"], authority, key, now)
    forged.write_bytes(leaf.public_bytes(serialization.Encoding.PEM))

    def verify(file):
        command = ["openssl", "verify", "-CAfile", str(authority_file), str(file)]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    assert verify(certificate).returncode == 0
    refused = verify(forged)
    assert refused.returncode != 0
    assert "permitted subtree violation" in refused.stdout + refused.stderr


def test_another_public_name_gets_an_authority_that_may_speak_for_it(settings, tmp_path):
    local_ca.ensure(settings)
    other = config.resolve(
        Settings(tls=True, data=tmp_path, public_url="https://dev.example.test:9229", host="10.0.0.7")
    )
    certificate, _ = local_ca.ensure(other)
    assert {"dev.example.test", "*.auth.dev.example.test"} <= set(names(certificate).get_values_for_type(x509.DNSName))
    assert constraints(tmp_path) == ["localhost", "dev.example.test", "127.0.0.0/8", "::1/128", "10.0.0.7/32"]


def test_an_authority_without_constraints_is_replaced(settings, monkeypatch):
    """first-hour D4: folders of 0.1.0 have one."""
    with monkeypatch.context() as earlier:
        earlier.setattr(x509, "NameConstraints", lambda **_: x509.OCSPNoCheck())
        earlier.setattr(local_ca, "_permits", lambda *_: True)
        local_ca.ensure(settings)
    before = (settings.data / local_ca.CA_CERTIFICATE).read_bytes()
    certificate, _ = local_ca.ensure(settings)
    assert (settings.data / local_ca.CA_CERTIFICATE).read_bytes() != before
    assert constraints(settings.data)
    authority = x509.load_pem_x509_certificate((settings.data / local_ca.CA_CERTIFICATE).read_bytes())
    x509.load_pem_x509_certificate(certificate.read_bytes()).verify_directly_issued_by(authority)


def test_a_certificate_near_its_end_is_renewed(settings):
    certificate, _ = local_ca.ensure(settings)
    before = certificate.read_bytes()
    local_ca.ensure(settings, clock.now() + 370 * 86_400)
    assert certificate.read_bytes() != before


@pytest.mark.readme("tls")
def test_a_client_that_trusts_the_authority_trusts_the_server(start_local_server):
    server = start_local_server("--tls", scheme="https")
    context = ssl.create_default_context(cafile=str(server.data / local_ca.CA_CERTIFICATE))
    import httpx

    url = f"https://localhost:{server.port}"
    with httpx.Client(base_url=url, verify=context, trust_env=False) as client:
        assert client.get("/_poolhouse/health").status_code == 200
        discovery = client.get(f"/{server.demo_user_pool_id}/.well-known/openid-configuration").json()
    assert discovery["issuer"] == f"{url}/{server.demo_user_pool_id}"
    with pytest.raises(httpx.ConnectError), httpx.Client(trust_env=False) as stranger:
        stranger.get(url + "/_poolhouse/health")


def test_a_browser_that_says_no_good_bye_does_not_hold_up_the_end(start_local_server):
    """Each stop took ten seconds while a browser had a page of the server open."""
    server = start_local_server("--tls", scheme="https")
    context = ssl.create_default_context(cafile=str(server.data / local_ca.CA_CERTIFICATE))
    address = ("127.0.0.1", server.port)
    with context.wrap_socket(socket.create_connection(address), server_hostname="localhost") as client:
        client.sendall(b"GET /_poolhouse/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
        assert server.stop() == 0
    assert "graceful shutdown exceeded" not in server.read_log()
