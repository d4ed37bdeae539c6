"""`poolhouse dev --tls`: a certificate authority of this machine and a server certificate of it, made in the data folder.

The authority's key lies in a project folder while people are asked to trust it for all that they do. So it is good for names
of this machine and of this server only: a stolen key opens nobody's bank (RFC 5280 §4.2.1.10).
"""

import ipaddress
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from poolhouse import clock
from poolhouse.config import LOOPBACK_NAMES, Settings

CA_CERTIFICATE = "local-ca.pem"
CA_KEY = "local-ca.key"
CERTIFICATE = "localhost.pem"
KEY = "localhost.key"
CA_DAYS = 3650
LEAF_DAYS = 397  # Apple's and Chromium's limit is 398 days.
RENEW_DAYS = 30
_BACKDATED = timedelta(hours=1)  # For clocks that are a little behind.


def ensure(settings: Settings, at: float | None = None) -> tuple[Path, Path]:
    """The certificate and key files for these settings; made, or made anew when names or time have run out.

    settings: resolved, so that public_url and domain_suffix are known.  at: epoch seconds; None: now.
    """
    folder = settings.data
    now = datetime.fromtimestamp(clock.now() if at is None else at, UTC)
    names = _names(settings)
    certificate_file, key_file = folder / CERTIFICATE, folder / KEY
    authority, authority_key, is_new = _authority(folder, names, now)
    if is_new or not (key_file.exists() and _fits(certificate_file, names, now)):
        key = ec.generate_private_key(ec.SECP256R1())
        leaf = _leaf(key, names, authority, authority_key, now)
        _write_private(key_file, _pem(key))
        _write(certificate_file, leaf.public_bytes(serialization.Encoding.PEM))
    return certificate_file, key_file


def _names(settings: Settings) -> list[str]:
    """Host names and addresses of the leaf: this machine's own, and those of the settings, each once."""
    public_host = urlsplit(settings.public_url).hostname or "localhost"
    own = ["localhost", "127.0.0.1", "::1", "*.auth.localhost", public_host, f"*.{settings.domain_suffix}"]
    if settings.host not in LOOPBACK_NAMES and not settings.host.startswith(("0.", "::")) and settings.host:
        own.append(settings.host)
    return list(dict.fromkeys(own))


def _authority(
    folder: Path, names: list[str], now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey, bool]:
    constraints = _constraints(names)
    try:
        certificate = x509.load_pem_x509_certificate((folder / CA_CERTIFICATE).read_bytes())
        key = serialization.load_pem_private_key((folder / CA_KEY).read_bytes(), None)
    except FileNotFoundError:
        pass  # The first start with --tls.
    else:
        lives = certificate.not_valid_after_utc > now + timedelta(days=LEAF_DAYS)
        if isinstance(key, ec.EllipticCurvePrivateKey) and lives and _permits(certificate, constraints):
            return certificate, key, False
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _root(key, constraints, now)
    _write_private(folder / CA_KEY, _pem(key))
    _write(folder / CA_CERTIFICATE, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key, True


def _constraints(names: list[str]) -> list[x509.GeneralName]:
    """What the authority may speak for: each name with all below it, this machine's addresses, and addresses of the settings."""
    hosts, networks = ["localhost"], [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
    for name in (name.removeprefix("*.") for name in names):
        try:
            network = ipaddress.ip_network(name)
        except ValueError:
            if not any(f".{name}".endswith(f".{host}") for host in hosts):
                hosts.append(name)
        else:
            if not any(network.version == other.version and network.subnet_of(other) for other in networks):  # type: ignore[arg-type]
                networks.append(network)
    return [*map(x509.DNSName, hosts), *map(x509.IPAddress, networks)]


def _permits(certificate: x509.Certificate, constraints: list[x509.GeneralName]) -> bool:
    """Whether the authority is constrained, and to no less than this."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.NameConstraints)
    except x509.ExtensionNotFound:
        return False  # Made by an earlier release: it could speak for every site of the world.
    return found.critical and set(constraints) <= set(found.value.permitted_subtrees or ())


def _root(key: ec.EllipticCurvePrivateKey, constraints: list[x509.GeneralName], now: datetime) -> x509.Certificate:
    # A random part in the name: two machines' authorities are never mistaken for each other in a trust store.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"poolhouse dev {secrets.token_hex(4)}")])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=CA_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=constraints, excluded_subtrees=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: ec.EllipticCurvePrivateKey,
    names: list[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    issuer_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + timedelta(days=LEAF_DAYS))
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer_id, critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _fits(file: Path, names: list[str], now: datetime) -> bool:
    """Whether the certificate is there, has these names, and is valid for some time yet."""
    try:
        leaf = x509.load_pem_x509_certificate(file.read_bytes())
        has = set(leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
    except (OSError, ValueError, x509.ExtensionNotFound):
        return False
    return (
        leaf.not_valid_after_utc > now + timedelta(days=RENEW_DAYS) and {_general_name(name) for name in names} <= has
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, content: bytes, mode: int = 0o644) -> None:
    """Aside and then in place: a reader sees the old file or the new one."""
    aside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    aside.replace(file)


def _write_private(file: Path, content: bytes) -> None:
    _write(file, content, 0o600)
