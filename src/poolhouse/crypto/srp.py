"""Owns the server side of SRP-6a as Cognito speaks it: 3072-bit group, SHA-256, "Caldera Derived Key"."""

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable

from poolhouse.crypto.modexp import N as N  # noqa: PLC0414  part of this module's surface
from poolhouse.crypto.modexp import modexp
from poolhouse.errors import PoolhouseError

Power = Callable[[int, int], Awaitable[int]]  # base ** exponent mod N; Batches.power of crypto/batches.py

G = 2
K = int("538282c4354742d7cbbde2359fcf67f9f5b3a6b08791e5011b43b8a5b66d9ee6", 16)  # SHA256(PAD(N) ‖ PAD(g))
_INFO = b"Caldera Derived Key\x01"  # HKDF info and the number of its first block, RFC 5869 §2.3
_KEY_BYTES = 16
# 768 digits hold any number below N; a few more for clients that pad. Bounds the work before any arithmetic.
_PUBLIC = re.compile(r"[0-9A-Fa-f]{1,800}")


class SRPError(PoolhouseError, ValueError):
    """The client's numbers cannot belong to an honest sign-in."""


def pad(i: int) -> bytes:
    """The shortest bytes of a number whose first bit is 0, as Java's BigInteger writes it."""
    return i.to_bytes(i.bit_length() // 8 + 1, "big")


def salt_hex(salt: bytes) -> str:
    """SALT as it must be sent: padded, so that clients that keep the text and clients that make it a number agree."""
    return pad(_number(salt)).hex()


def parse_public(text: str) -> int:
    """SRP_A from its hex digits. Raises SRPError when it is no number, too long, or a multiple of N (RFC 5054 §2.5.4)."""
    if not _PUBLIC.fullmatch(text):
        raise SRPError("SRP_A is not a hexadecimal number of at most 800 digits")
    a_pub = int(text, 16)
    _refuse_multiple_of_n(a_pub)
    return a_pub


def private_x(pool_name: str, user_id: str, password: str, salt: bytes) -> int:
    """x, which stands for the password. pool_name: the part of the pool id after "_"."""
    inner = hashlib.sha256(f"{pool_name}{user_id}:{password}".encode()).digest()
    return _number(hashlib.sha256(pad(_number(salt)) + inner).digest())


def verifier(x: int) -> int:
    """v = g^x, now and alone."""
    return modexp(G, x)


def public_b(g_b: int, v: int) -> int:
    """B = k·v + g^b."""
    return (K * v + g_b) % N


def scrambler(a_pub: int, b_pub: int) -> int:
    """u = SHA256(PAD(A) ‖ PAD(B)). Raises SRPError when it is 0."""
    u = _number(hashlib.sha256(pad(a_pub) + pad(b_pub)).digest())
    if u == 0:
        raise SRPError("u is 0")
    return u


async def session_key(power: Power, a_pub: int, b: int, v: int, u: int) -> bytes:
    """The 16 bytes that both sides know when the password is right. Raises SRPError when A mod N or u is 0."""
    _refuse_multiple_of_n(a_pub)
    if u == 0:
        raise SRPError("u is 0")
    s = await power(a_pub * await power(v, u) % N, b)
    prk = hmac.digest(pad(u), pad(s), "sha256")
    return hmac.digest(prk, _INFO, "sha256")[:_KEY_BYTES]


def signature(key: bytes, pool_name: str, user_id: str, secret_block: bytes, timestamp: str) -> bytes:
    """The 32 bytes that PASSWORD_CLAIM_SIGNATURE must be. secret_block: decoded. timestamp: exactly as it was sent."""
    return hmac.digest(key, f"{pool_name}{user_id}".encode() + secret_block + timestamp.encode(), "sha256")


def _refuse_multiple_of_n(a_pub: int) -> None:
    if a_pub % N == 0:
        raise SRPError("A mod N is 0")


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")
