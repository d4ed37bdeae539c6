"""Owns our own tokens as text: what is signed, and strict verification. What the claims mean is decided above."""

import base64
import binascii
import hashlib
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Self

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization

from poolhouse.crypto import signatures
from poolhouse.crypto.multi_buffer import PrivateKey as InLanes
from poolhouse.crypto.signatures import ALGORITHMS, RS256, Algorithm, PrivateKey, PublicKey
from poolhouse.errors import PoolhouseError

MAX_TOKEN_BYTES = 16_384  # Our largest token has a few kilobytes of claims; anything longer is refused before any work.

# base64url of the signatures of our algorithms.
_SIGNATURE_LENGTHS = frozenset((each.signature_bytes * 8 + 5) // 6 for each in ALGORITHMS.values())
_KID_LENGTH = 44  # base64 of 32 bytes, as Cognito's
# A header is these two around the kid, and nothing else is ever accepted: no typ, no crit, no other algorithm.
_HEADER_START = b'{"kid":"'
_HEADER_ENDS = {name: f'","alg":"{name}"}}'.encode() for name in ALGORITHMS}
_KID_SLICE = slice(len(_HEADER_START), len(_HEADER_START) + _KID_LENGTH)

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_+/", b"+/!!")  # "+" and "/" are not base64url, so they become something undecodable.
# By how many characters stand behind the last whole four: those whose unused low bits are 0, and the padding to add.
_LAST_CHARACTERS = (b"", b"", b"AQgw", b"AEIMQUYcgkosw048")
_FILL = (b"", b"", b"==", b"=")


class TokenInvalid(PoolhouseError):
    """Not a token of ours, or not one of these keys. The text is for the log."""


def generate_private_key(algorithm: Algorithm = RS256) -> bytes:
    """A new key as PKCS#8 DER; one of RSA takes 40 to 150 ms."""
    return algorithm.generate().private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


class VerifyingKey:
    """A public key with its kid: base64 of the SHA-256 of its SubjectPublicKeyInfo."""

    __slots__ = ("algorithm", "header", "kid", "public_key")

    def __init__(self, public_key: PublicKey) -> None:
        self.public_key = public_key
        self.algorithm = signatures.of(public_key)
        self.kid = base64.b64encode(hashlib.sha256(_spki(public_key)).digest()).decode()
        self.header = base64url(_HEADER_START + self.kid.encode() + _HEADER_ENDS[self.algorithm.name]).decode()

    @classmethod
    def load(cls, der: bytes) -> Self:
        """From SubjectPublicKeyInfo in DER."""
        return cls(serialization.load_der_public_key(der))  # type: ignore[arg-type]  # others are refused there

    def to_der(self) -> bytes:
        return _spki(self.public_key)


class SigningKey:
    """A private key that signs tokens. Load it once: loading costs more than many signatures."""

    __slots__ = ("_prefix", "_sign", "algorithm", "in_lanes", "kid", "private_key", "verifying_key")

    def __init__(self, private_key: PrivateKey) -> None:
        self.private_key = private_key
        self.algorithm = signatures.of(private_key)
        self._sign = self.algorithm.sign(private_key)
        self.in_lanes: InLanes | None = None  # of crypto/batches.py, once it was used there
        self.verifying_key = VerifyingKey(private_key.public_key())
        self.kid = self.verifying_key.kid
        self._prefix = self.verifying_key.header.encode() + b"."

    @classmethod
    def load(cls, der: bytes) -> Self:
        """From PKCS#8 DER that we made and sealed. Raises TypeError."""
        return cls(signatures.load_private_key(der))

    def sign(self, data: bytes) -> bytes:
        """The signature, now and alone; tokens are signed by crypto/batches.py."""
        return self._sign(data)

    def signing_input(self, claims: dict[str, Any]) -> bytes:
        """What is to be signed for a token of these claims, in their order (RFC 7515 §5.1)."""
        return self._prefix + base64url(_encode(claims))


def compact(signing_input: bytes, signature: bytes) -> str:
    """The token."""
    return (signing_input + b"." + base64url(signature)).decode("ascii")


def public_jwk(key: VerifyingKey) -> dict[str, str]:
    """The members of a key in jwks.json, in alphabetical order as Cognito's (endpoints.md §12.2)."""
    algorithm = key.algorithm
    numbers = {name: base64url(number).decode() for name, number in algorithm.numbers(key.public_key).items()}
    return dict(sorted({"alg": algorithm.name, "kid": key.kid, "use": "sig", **algorithm.shape, **numbers}.items()))


class Token:
    """A token that has the form of ours and nothing more, until a key has verified it."""

    __slots__ = ("_claims", "_header", "_payload", "_signature", "_signing_input", "_text", "_verified_by", "kid")

    def __init__(self, text: str) -> None:
        """Raises TokenInvalid."""
        if len(text) > MAX_TOKEN_BYTES:
            raise TokenInvalid("too long")
        try:
            encoded = text.encode("ascii")
        except UnicodeEncodeError:
            raise TokenInvalid("not ASCII") from None
        signing_input, _, signature = encoded.rpartition(b".")
        header, _, payload = signing_input.partition(b".")
        if b"." in payload or len(signature) not in _SIGNATURE_LENGTHS:
            raise TokenInvalid("not three parts with a signature of ours")
        self.kid = _kid_of(header)
        self._text = text
        self._header = header.decode("ascii")
        self._payload = payload
        self._signing_input = signing_input
        self._signature = signature
        self._claims: dict[str, Any] | None = None
        self._verified_by: VerifyingKey | None = None

    def claims(self) -> Mapping[str, Any]:
        """The claims as they stand; of an unverified token they are good only to find its keys. Raises TokenInvalid."""
        if self._claims is None:
            self._claims = self._decode()
        return self._claims

    def _decode(self) -> dict[str, Any]:
        decoded = _from_base64url(self._payload)
        try:
            claims = _decode(decoded)
        except (msgspec.DecodeError, RecursionError):
            raise TokenInvalid("claims are not a JSON object") from None
        # What we sign is exactly what our encoder writes; this refuses duplicate names and any other spelling.
        if _encode(claims) != decoded:
            raise TokenInvalid("claims are not in our spelling")
        return claims

    def verify(self, keys: Mapping[str, VerifyingKey]) -> Mapping[str, Any]:
        """The claims, when one of the keys (by kid) signed this very text; expiry is the caller's to check. Raises TokenInvalid."""
        key = keys.get(self.kid)
        if key is None:
            raise TokenInvalid("unknown kid")
        if self._verified_by is key:
            return self.claims()
        if self._header != key.header:
            raise TokenInvalid("header is not the key's")
        try:
            key.algorithm.verify(key.public_key, _from_base64url(self._signature), self._signing_input)
        except InvalidSignature:
            raise TokenInvalid("signature does not verify") from None
        claims = self.claims()
        self._verified_by = key
        _remember(self._text, self)
        return claims


# Clients send the same access token again and again, and a signature that was good once is good for ever: what can change
# (expiry, revocation, the keys of the pool) is looked at each time. Some 4 KB for each; refusals are not kept.
_MOST_REMEMBERED = 2048
_remembered: dict[str, Token] = {}
_remembering = threading.Lock()


def read(text: str) -> Token:
    """The token of a text. One that was verified lately knows by which key, and its claims. Raises TokenInvalid."""
    return _remembered.get(text) or Token(text)


def _remember(text: str, token: Token) -> None:
    with _remembering:
        if len(_remembered) >= _MOST_REMEMBERED:
            del _remembered[next(iter(_remembered))]
        _remembered[text] = token


def base64url(data: bytes) -> bytes:
    """RFC 7515 §2: URL-safe, without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=")


def _from_base64url(text: bytes) -> bytes:
    """Canonical base64url only: one text for one value. Raises TokenInvalid."""
    over = len(text) % 4
    if over and text[-1] not in _LAST_CHARACTERS[over]:
        raise TokenInvalid("not canonical base64url")
    try:
        return binascii.a2b_base64(text.translate(_FROM_URL) + _FILL[over], strict_mode=True)
    except binascii.Error:
        raise TokenInvalid("not base64url") from None


@lru_cache(maxsize=256)
def _kid_of(header: bytes) -> str:
    # Every header of ours has the same spelling, so it is compared instead of parsed. The algorithm that it names is
    # compared with the key's in `verify`.
    decoded = _from_base64url(header)
    kid = decoded[_KID_SLICE]
    ends = (_HEADER_START + kid + end for end in _HEADER_ENDS.values())
    if len(kid) != _KID_LENGTH or decoded not in ends:
        raise TokenInvalid("header is not one of ours")
    return kid.decode("latin-1")


def _spki(public_key: PublicKey) -> bytes:
    return public_key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
