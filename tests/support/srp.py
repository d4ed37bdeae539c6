"""A client's side of SRP-6a written from the specification (user-pools-api.md §6.3), sharing nothing with the server."""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import Any

# RFC 3526 §4: the 3072-bit group.
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D"
    "B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2


def pad(i: int) -> bytes:
    digits = f"{i:x}"
    digits = "0" + digits if len(digits) % 2 else "00" + digits if digits[0] in "89abcdef" else digits
    return bytes.fromhex(digits)


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def timestamp(moment: datetime | None = None) -> str:
    moment = moment or datetime.now(UTC)
    return f"{moment:%a %b} {moment.day} {moment:%H:%M:%S} UTC {moment:%Y}"


class SRPClient:
    """One attempt: `parameters` go into InitiateAuth, `responses` answer its PASSWORD_VERIFIER."""

    def __init__(self, user_pool_id: str, username: str, password: str) -> None:
        self._pool_name = user_pool_id.partition("_")[2]
        self._username = username
        self._password = password
        self._a = secrets.randbits(256)
        self._a_pub = pow(G, self._a, N)

    @property
    def parameters(self) -> dict[str, str]:
        return {"USERNAME": self._username, "SRP_A": f"{self._a_pub:x}"}

    def responses(self, challenge: dict[str, Any], *, at: str = "", **changed: str) -> dict[str, str]:
        """at: TIMESTAMP.  changed: other members than the honest ones."""
        given = challenge["ChallengeParameters"]
        user_id, block, b_pub = given["USER_ID_FOR_SRP"], given["SECRET_BLOCK"], int(given["SRP_B"], 16)
        u_bytes = sha(pad(self._a_pub), pad(b_pub))
        u = int.from_bytes(u_bytes, "big")
        inner = sha(f"{self._pool_name}{user_id}:{self._password}".encode())
        x = int.from_bytes(sha(pad(int(given["SALT"], 16)), inner), "big")
        k = int.from_bytes(sha(pad(N), pad(G)), "big")
        s = pow(b_pub - k * pow(G, x, N), self._a + u * x, N)
        prk = hmac.digest(pad(u), pad(s), "sha256")
        key = hmac.digest(prk, b"Caldera Derived Key\x01", "sha256")[:16]
        when = at or timestamp()
        text = f"{self._pool_name}{user_id}".encode() + base64.b64decode(block) + when.encode()
        return {
            "USERNAME": user_id,
            "TIMESTAMP": when,
            "PASSWORD_CLAIM_SECRET_BLOCK": block,
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.digest(key, text, "sha256")).decode(),
            **changed,
        }
