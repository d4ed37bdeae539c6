"""`poolhouse dev --tls`: the local authority and its certificate."""

import ssl
import stat

import pytest
from cryptography import x509

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


def test_another_public_name_gets_a_new_certificate_of_the_same_authority(settings, tmp_path):
    local_ca.ensure(settings)
    authority = (tmp_path / local_ca.CA_CERTIFICATE).read_bytes()
    other = config.resolve(Settings(tls=True, data=tmp_path, public_url="https://dev.example.test:9229"))
    certificate, _ = local_ca.ensure(other)
    assert {"dev.example.test", "*.auth.dev.example.test"} <= set(names(certificate).get_values_for_type(x509.DNSName))
    assert (tmp_path / local_ca.CA_CERTIFICATE).read_bytes() == authority


def test_a_certificate_near_its_end_is_renewed(settings):
    certificate, _ = local_ca.ensure(settings)
    before = certificate.read_bytes()
    try:
        clock.use_offset(lambda: 370 * 86_400.0)
        local_ca.ensure(settings)
    finally:
        clock.use_offset(lambda: 0.0)
    assert certificate.read_bytes() != before


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
