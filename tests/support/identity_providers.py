"""Identity providers as tests need them: details that are taken, and SAML metadata with real certificates."""

import base64
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

CLIENT = {"client_id": "our-id", "client_secret": "their-secret"}
GOOGLE = {**CLIENT, "authorize_scopes": "email profile openid"}
FACEBOOK = {**CLIENT, "authorize_scopes": "public_profile, email"}
AMAZON = {**CLIENT, "authorize_scopes": "profile postal_code"}
APPLE = {
    "client_id": "com.example.service",
    "team_id": "TEAM000000",
    "key_id": "KEY0000000",
    "private_key": "MIGTAgEA-not-a-real-key",
    "authorize_scopes": "email name",
}
OIDC = {
    **CLIENT,
    "authorize_scopes": "openid email",
    "oidc_issuer": "https://issuer.invalid",
    "authorize_url": "https://issuer.invalid/authorize",
    "token_url": "https://issuer.invalid/token",
    "attributes_url": "https://issuer.invalid/userinfo",
    "jwks_uri": "https://issuer.invalid/jwks",
}
ENTITY = "https://saml.example.com/entity"
SIGN_IN = "https://saml.example.com/sso"
SIGN_OUT = "https://saml.example.com/slo"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"


@cache
def certificate(*, has_expired: bool = False) -> str:
    """Base64 of a certificate that may sign, or might have until yesterday."""
    key = rsa.generate_private_key(65_537, 2_048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "saml.example.com")])
    until = datetime.now(UTC) + timedelta(days=-1 if has_expired else 3_650)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, until - timedelta(days=3_700), until)
        .sign(key, SHA256())
        .public_bytes(Encoding.DER)
    )
    return base64.b64encode(made).decode()


def key_descriptor(text: str, use: str = ' use="signing"') -> str:
    return (
        f'<md:KeyDescriptor{use}><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
    )


def metadata(
    *,
    keys: str | None = None,
    sign_in: str = _REDIRECT,
    sign_out: str = _REDIRECT,
    entity: str = ENTITY,
    prolog: str = "",
) -> str:
    """One identity provider. keys: KeyDescriptor elements.  sign_in, sign_out: bindings."""
    return (
        f'{prolog}<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{entity}">'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        f"{key_descriptor(certificate()) if keys is None else keys}"
        f'<md:SingleLogoutService Binding="{sign_out}" Location="{SIGN_OUT}"/>'
        f'<md:SingleSignOnService Binding="{_POST}" Location="{SIGN_IN}/post"/>'
        f'<md:SingleSignOnService Binding="{sign_in}" Location="{SIGN_IN}"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )


def saml(**details: str) -> dict[str, str]:
    return {"MetadataFile": metadata(), **details}
