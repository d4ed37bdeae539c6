"""Owns password hashes that other systems have made: which are taken, and whether a password fits (user-pools-api.md §9.3).

Each is kept as it came, behind a mark where it has none of its own. Its cost has a bound: it is paid at every guess.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable

_BCRYPT_MARK, _SCRYPT_MARK, _PBKDF2_MARK = b"$bcrypt$", b"$scrypt$", b"$pbkdf2-sha256$"
MARKS = (_BCRYPT_MARK, _SCRYPT_MARK, _PBKDF2_MARK)

_BCRYPT = re.compile(r"\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}")
_SCRYPT = re.compile(r"(\d{1,6})\$(\d{1,2})\$(\d{1,2})\$((?:[0-9a-fA-F]{2}){1,128})\$((?:[0-9a-fA-F]{2}){16,128})")
_ARGON2ID = re.compile(r"\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)")
_PBKDF2 = re.compile(r"\$pbkdf2-sha256\$(\d{1,7})\$([A-Za-z0-9+/.]{1,171})={0,2}\$([A-Za-z0-9+/.]{22,171})={0,2}")

# DOC: the most that a hash may cost.
MOST_BCRYPT_COST = 12
MOST_SCRYPT = (65_536, 8, 1)
MOST_ARGON2ID = (19_456, 2, 1)
MOST_PBKDF2_ITERATIONS = 600_000

_LEAST_BCRYPT_COST = 4
_LEAST_SALT, _MOST_SALT, _LEAST_HASH, _MOST_HASH = (
    8,
    128,
    16,
    128,
)  # bytes, of Argon2id; the first two as its library has them
_BCRYPT_BYTES = 72  # of a password, all that bcrypt ever looked at


class Malformed(Exception):
    """No hash of this kind; str() says what is wrong with it, and nothing of the hash."""


def record(algorithm: str, text: str) -> bytes:
    """The record of a hash. algorithm: PasswordHashingAlgorithmType. Raises Malformed."""
    return _KINDS[algorithm](text)


def verify(record: bytes, password: str) -> bool:
    """Whether the password belongs to a record with one of the MARKS; takes as long as its hash wants, at the bounds 0.3 s."""
    if record.startswith(_BCRYPT_MARK):
        return _verify_bcrypt(record.removeprefix(_BCRYPT_MARK), password.encode())
    if record.startswith(_SCRYPT_MARK):
        return _verify_scrypt(record.removeprefix(_SCRYPT_MARK).decode(), password.encode())
    return _verify_pbkdf2(record.decode(), password.encode())


def _bcrypt(text: str) -> bytes:
    found = _BCRYPT.fullmatch(text)
    if not found:
        raise Malformed("The password hash is malformed")
    _check(_LEAST_BCRYPT_COST <= int(found[1]) <= MOST_BCRYPT_COST)
    return _BCRYPT_MARK + text.encode()


def _scrypt(text: str) -> bytes:
    found = _SCRYPT.fullmatch(text)
    if not found:
        raise Malformed("The password hash is malformed")
    n, r, p = int(found[1]), int(found[2]), int(found[3])
    is_power = n > 1 and n & (n - 1) == 0
    _check(is_power and n <= MOST_SCRYPT[0] and 1 <= r <= MOST_SCRYPT[1] and 1 <= p <= MOST_SCRYPT[2])
    return _SCRYPT_MARK + text.encode()


def _argon2id(text: str) -> bytes:
    found = _ARGON2ID.fullmatch(text)
    if not found:
        raise Malformed("The password hash is malformed")
    m, t, p = int(found[1]), int(found[2]), int(found[3])
    _check(8 * p <= m <= MOST_ARGON2ID[0] and 1 <= t <= MOST_ARGON2ID[1] and 1 <= p <= MOST_ARGON2ID[2])
    if not _LEAST_SALT <= len(_decoded(found[4])) <= _MOST_SALT:
        raise Malformed("The password hash is malformed")
    if not _LEAST_HASH <= len(_decoded(found[5])) <= _MOST_HASH:
        raise Malformed("The password hash is malformed")
    return text.encode()  # in the form of our own records


def _pbkdf2(text: str) -> bytes:
    found = _PBKDF2.fullmatch(text)
    if not found:
        raise Malformed("The password hash is malformed")
    _check(1 <= int(found[1]) <= MOST_PBKDF2_ITERATIONS)
    _decoded(found[2])
    _decoded(found[3])
    return text.encode()


_KINDS: dict[str, Callable[[str], bytes]] = {
    "BCRYPT": _bcrypt,
    "SCRYPT": _scrypt,
    "ARGON2ID": _argon2id,
    "PBKDF2_SHA256": _pbkdf2,
}


def _check(is_within: bool) -> None:
    if not is_within:
        raise Malformed("A parameter of the password hash is out of bounds")


def _decoded(text: str) -> bytes:
    """Base64 without padding, or in passlib's alphabet, which has a dot for the plus. Raises Malformed."""
    try:
        return base64.b64decode(text.replace(".", "+") + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise Malformed("The password hash is malformed") from None


def _verify_bcrypt(kept: bytes, password: bytes) -> bool:
    import bcrypt

    # 2a, 2x and 2y are one computation for passwords that were hashed right; `bcrypt` knows it under these names.
    return bcrypt.checkpw(password[:_BCRYPT_BYTES], kept) if b"\0" not in password else False


def _verify_scrypt(kept: str, password: bytes) -> bool:
    n, r, p, salt, expected = kept.split("$")
    wanted = bytes.fromhex(expected)
    cost = 128 * int(r) * (int(n) + int(p) + 2)
    made = hashlib.scrypt(
        password, salt=bytes.fromhex(salt), n=int(n), r=int(r), p=int(p), maxmem=cost, dklen=len(wanted)
    )
    return hmac.compare_digest(made, wanted)


def _verify_pbkdf2(kept: str, password: bytes) -> bool:
    _, _, iterations, salt, expected = kept.split("$")
    wanted = _decoded(expected.rstrip("="))
    made = hashlib.pbkdf2_hmac("sha256", password, _decoded(salt.rstrip("=")), int(iterations), len(wanted))
    return hmac.compare_digest(made, wanted)
