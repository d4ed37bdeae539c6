"""Self-signed X.509 certificates, in which a key is shown to those who want one in that form."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_private_key
from cryptography.x509.oid import NameOID

YEARS = 10  # M
_SERIAL_BYTES = 19  # RFC 5280 §4.1.2.2: positive, at most 20 octets


def self_signed(private_key: bytes, common_name: str, now: float) -> str:
    """Base64 DER; the same of the same arguments. private_key: RSA, PKCS#8.  now: epoch seconds."""
    key = load_der_private_key(private_key, password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("a certificate for SAML is of an RSA key")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    begins = datetime.fromtimestamp(int(now), UTC)
    public_key = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    serial = hashlib.sha256(public_key + begins.isoformat().encode()).digest()[:_SERIAL_BYTES]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(serial) | 1)
        .not_valid_before(begins - timedelta(minutes=5))
        .not_valid_after(begins + timedelta(days=365 * YEARS))
        .sign(key, SHA256())  # PKCS #1 v1.5, which has no random part
    )
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def expires_at(certificate: bytes) -> float:
    """Epoch seconds. certificate: DER.  Raises ValueError."""
    return x509.load_der_x509_certificate(certificate).not_valid_after_utc.timestamp()
