"""A passkey provider, written from Web Authentication Level 3 and RFC 8949, sharing nothing with the server."""

import base64
import hashlib
import json
import secrets
import struct
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _head(major: int, length: int) -> bytes:
    for limit, code, form in ((24, None, ""), (1 << 8, 24, ">B"), (1 << 16, 25, ">H")):
        if length < limit:
            return bytes([major << 5 | (length if code is None else code)]) + (
                struct.pack(form, length) if form else b""
            )
    raise ValueError(length)


def cbor(value: Any) -> bytes:
    """As much of CBOR as a credential needs."""
    match value:
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case list():
            return _head(4, len(value)) + b"".join(map(cbor, value))
        case dict():
            return _head(5, len(value)) + b"".join(cbor(key) + cbor(item) for key, item in value.items())
    raise ValueError(value)


class Authenticator:
    """One passkey. algorithm: -7 or -257, or -8, which nobody has asked for."""

    def __init__(self, origin: str = "https://auth.example.com", *, algorithm: int = -7, counts: bool = True) -> None:
        self.origin, self.algorithm, self.counts = origin, algorithm, counts
        self.id = secrets.token_bytes(32)
        self.count = 0
        self.handle = b""
        self._key: Any = (
            rsa.generate_private_key(65537, 2048) if algorithm == -257 else ec.generate_private_key(ec.SECP256R1())
        )

    def _cose(self) -> dict[int, Any]:
        if self.algorithm == -257:
            numbers = self._key.public_key().public_numbers()
            return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}
        numbers = self._key.public_key().public_numbers()
        return {1: 2, 3: self.algorithm, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}

    def _sign(self, data: bytes) -> bytes:
        if self.algorithm == -257:
            return bytes(self._key.sign(data, padding.PKCS1v15(), SHA256()))
        return bytes(self._key.sign(data, ec.ECDSA(SHA256())))

    def _client_data(self, type: str, challenge: str, origin: str) -> bytes:
        return json.dumps(
            {"type": type, "challenge": challenge, "origin": origin or self.origin, "crossOrigin": False}
        ).encode()

    def _data(self, rp_id: str, flags: int, rest: bytes = b"") -> bytes:
        self.count += self.counts
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count) + rest

    def create(
        self,
        options: dict[str, Any],
        *,
        rp_id: str = "",
        origin: str = "",
        flags: int = PRESENT | VERIFIED,
        fmt: str = "none",
        breaks: bool = False,
        type: str = "webauthn.create",
    ) -> dict[str, Any]:
        """RegistrationResponseJSON. breaks: the attestation is signed for something else."""
        self.handle = base64.urlsafe_b64decode(options["user"]["id"] + "==")
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cbor(self._cose())
        data = self._data(rp_id or options["rp"]["id"], flags | ATTESTED, attested)
        client_data = self._client_data(type, options["challenge"], origin)
        statement: dict[str, Any] = {}
        if fmt == "packed":
            signed = data + hashlib.sha256(b"something else" if breaks else client_data).digest()
            statement = {"alg": self.algorithm, "sig": self._sign(signed)}
        made = cbor({"fmt": fmt, "attStmt": statement, "authData": data})
        return {
            "id": b64(self.id),
            "rawId": b64(self.id),
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": b64(client_data),
                "attestationObject": b64(made),
                "transports": ["internal", "hybrid"],
            },
        }

    def get(
        self,
        options: dict[str, Any],
        *,
        rp_id: str = "",
        origin: str = "",
        flags: int = PRESENT | VERIFIED,
        handle: bytes | None = None,
        type: str = "webauthn.get",
        breaks: bool = False,
    ) -> str:
        """AuthenticationResponseJSON, as text. handle: userHandle; None: the user of the registration."""
        data = self._data(rp_id or options["rpId"], flags)
        client_data = self._client_data(type, options["challenge"], origin)
        signed = data + hashlib.sha256(client_data).digest()
        return json.dumps(
            {
                "id": b64(self.id),
                "rawId": b64(self.id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {
                    "clientDataJSON": b64(client_data),
                    "authenticatorData": b64(data),
                    "signature": b64(self._sign(signed + (b"!" if breaks else b""))),
                    "userHandle": b64(self.handle if handle is None else handle),
                },
            }
        )
