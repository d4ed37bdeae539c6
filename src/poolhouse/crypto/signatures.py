"""The algorithms that sign tokens: RS256 as on Cognito, and ES256 and EdDSA where a pool asks for them (RFC 7518 §3, RFC 8037).

An algorithm belongs to a key. What the header of a token says is compared with its key's, and never chooses anything.
"""

import hashlib
from collections.abc import Callable
from typing import Any, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

Name = Literal["RS256", "ES256", "EdDSA"]
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | Ed25519PrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | Ed25519PublicKey

_RSA_BITS, _RSA_EXPONENT = 2048, 65_537
_SCALAR_BYTES = 32  # of P-256 and of Ed25519
_PADDING, _SHA256 = padding.PKCS1v15(), hashes.SHA256()
_ECDSA = ec.ECDSA(_SHA256)


class Algorithm(msgspec.Struct, frozen=True):
    """signature_bytes: every signature has so many.  digest: of `at_hash` (OIDC Core §3.1.3.6).

    generate: a new key.  sign: a key to the function that signs with it.  verify: raises InvalidSignature.
    numbers: the members of a JWK that are the key itself, as bytes.
    """

    name: Name
    signature_bytes: int
    digest: Callable[[bytes], bytes]
    generate: Callable[[], PrivateKey]
    sign: Callable[[Any], Callable[[bytes], bytes]]
    verify: Callable[[Any, bytes, bytes], None]
    shape: dict[str, str]
    numbers: Callable[[Any], dict[str, bytes]]


def of(key: PrivateKey | PublicKey) -> Algorithm:
    """The algorithm of a key. Raises TypeError where it is no key of ours."""
    match key:
        case rsa.RSAPrivateKey() | rsa.RSAPublicKey() if key.key_size == _RSA_BITS:
            return RS256
        case ec.EllipticCurvePrivateKey() | ec.EllipticCurvePublicKey() if isinstance(key.curve, ec.SECP256R1):
            return ES256
        case Ed25519PrivateKey() | Ed25519PublicKey():
            return EDDSA
    raise TypeError("not a key of RSA-2048, P-256 or Ed25519")


def load_private_key(der: bytes) -> PrivateKey:
    """From PKCS#8 that we made and that the seal has authenticated, so OpenSSL's 37 ms of checks are left out. Raises TypeError."""
    key = serialization.load_der_private_key(der, None, unsafe_skip_rsa_key_validation=True)
    of(key)  # type: ignore[arg-type]
    return key  # type: ignore[return-value]


# ---- RS256


def _sign_rsa(key: rsa.RSAPrivateKey) -> Callable[[bytes], bytes]:
    sign = key.sign
    return lambda data: sign(data, _PADDING, _SHA256)


def _verify_rsa(key: rsa.RSAPublicKey, signature: bytes, data: bytes) -> None:
    key.verify(signature, data, _PADDING, _SHA256)


def _rsa_numbers(key: rsa.RSAPublicKey) -> dict[str, bytes]:
    numbers = key.public_numbers()
    return {"e": _bytes(numbers.e), "n": _bytes(numbers.n)}


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


# ---- ES256: the two numbers of a signature, 32 bytes each (RFC 7518 §3.4)


def _sign_ec(key: ec.EllipticCurvePrivateKey) -> Callable[[bytes], bytes]:
    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, _ECDSA))
        return r.to_bytes(_SCALAR_BYTES, "big") + s.to_bytes(_SCALAR_BYTES, "big")

    return sign


def _verify_ec(key: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> None:
    if len(signature) != 2 * _SCALAR_BYTES:
        raise InvalidSignature
    r, s = (int.from_bytes(half, "big") for half in (signature[:_SCALAR_BYTES], signature[_SCALAR_BYTES:]))
    key.verify(encode_dss_signature(r, s), data, _ECDSA)


def _ec_numbers(key: ec.EllipticCurvePublicKey) -> dict[str, bytes]:
    numbers = key.public_numbers()
    return {"x": numbers.x.to_bytes(_SCALAR_BYTES, "big"), "y": numbers.y.to_bytes(_SCALAR_BYTES, "big")}


# ---- EdDSA


def _verify_ed25519(key: Ed25519PublicKey, signature: bytes, data: bytes) -> None:
    key.verify(signature, data)


RS256 = Algorithm(
    name="RS256",
    signature_bytes=_RSA_BITS // 8,
    digest=lambda data: hashlib.sha256(data).digest(),
    generate=lambda: rsa.generate_private_key(_RSA_EXPONENT, _RSA_BITS),
    sign=_sign_rsa,
    verify=_verify_rsa,
    shape={"kty": "RSA"},
    numbers=_rsa_numbers,
)
ES256 = Algorithm(
    name="ES256",
    signature_bytes=2 * _SCALAR_BYTES,
    digest=lambda data: hashlib.sha256(data).digest(),
    generate=lambda: ec.generate_private_key(ec.SECP256R1()),
    sign=_sign_ec,
    verify=_verify_ec,
    shape={"kty": "EC", "crv": "P-256"},
    numbers=_ec_numbers,
)
EDDSA = Algorithm(
    name="EdDSA",
    signature_bytes=2 * _SCALAR_BYTES,
    digest=lambda data: hashlib.sha512(data).digest(),
    generate=Ed25519PrivateKey.generate,
    sign=lambda key: key.sign,
    verify=_verify_ed25519,
    shape={"kty": "OKP", "crv": "Ed25519"},
    numbers=lambda key: {"x": key.public_bytes_raw()},
)
ALGORITHMS: dict[str, Algorithm] = {each.name: each for each in (RS256, ES256, EDDSA)}
