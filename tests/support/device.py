"""A device as the SDKs keep one, written from the specification (user-pools-api.md §6.10)."""

import base64
import hashlib
import hmac
import secrets
from typing import Any

from tests.support.srp import G, N, pad, sha, timestamp

_K = int.from_bytes(sha(pad(N), pad(G)), "big")


class Device:
    """metadata: NewDeviceMetadata of an answer."""

    def __init__(self, metadata: dict[str, str], password: str = "") -> None:
        self.key, self.group_key = metadata["DeviceKey"], metadata["DeviceGroupKey"]
        self._password = password or base64.b64encode(secrets.token_bytes(40)).decode()
        self._a = secrets.randbits(256)

    def _x(self, salt: int) -> int:
        inner = hashlib.sha256(f"{self.group_key}{self.key}:{self._password}".encode()).digest()
        return int.from_bytes(sha(pad(salt), inner), "big")

    def verifier(self) -> dict[str, str]:
        """DeviceSecretVerifierConfig."""
        salt = secrets.randbits(128)
        v = pow(G, self._x(salt), N)
        return {
            "PasswordVerifier": base64.b64encode(pad(v)).decode(),
            "Salt": base64.b64encode(pad(salt)).decode(),
        }

    @property
    def srp_a(self) -> str:
        return f"{pow(G, self._a, N):x}"

    def responses(self, username: str, challenge: dict[str, Any], *, at: str = "", **changed: str) -> dict[str, str]:
        """The answer of DEVICE_PASSWORD_VERIFIER. at: TIMESTAMP."""
        given = challenge["ChallengeParameters"]
        block, b_pub = given["SECRET_BLOCK"], int(given["SRP_B"], 16)
        u_bytes = sha(pad(int(self.srp_a, 16)), pad(b_pub))
        u, x = int.from_bytes(u_bytes, "big"), self._x(int(given["SALT"], 16))
        s = pow(b_pub - _K * pow(G, x, N), self._a + u * x, N)
        prk = hmac.digest(pad(u), pad(s), "sha256")
        key = hmac.digest(prk, b"Caldera Derived Key\x01", "sha256")[:16]
        when = at or timestamp()
        text = f"{self.group_key}{self.key}".encode() + base64.b64decode(block) + when.encode()
        return {
            "USERNAME": username,
            "DEVICE_KEY": self.key,
            "TIMESTAMP": when,
            "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, text, "sha256")).decode(),
            **changed,
        }
