"""Owns password records: how a password is kept and checked. Records are sealed by the caller before they are stored.

$srp-3072-sha256$ <1 byte: length of salt> <salt> <384 bytes: verifier>      "verifier", the default
$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>                                 "argon2id", as PHC strings are written
What other systems have made, and came with imported users, is in imported_hash.py.
"""

import base64
import hmac
import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from poolhouse.crypto import imported_hash, srp
from poolhouse.crypto.modexp import N_BYTES
from poolhouse.crypto.srp import Power
from poolhouse.errors import PoolhouseError

Algorithm = Literal["verifier", "argon2id"]
Kind = Literal["verifier", "argon2id", "imported"]

_SRP_MARK = b"$srp-3072-sha256$"
_ARGON2ID_MARK = b"$argon2id$"
_ARGON2ID = re.compile(rb"\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)")
_HASH_BYTES = 32
_SALT_BYTES = 16


class _Cost(NamedTuple):
    memory_kib: int
    passes: int
    lanes: int


# OWASP's minimum (Password Storage Cheat Sheet): 19 MiB, two passes, one lane; about 20 ms of one core.
_COST = _Cost(19_456, 2, 1)


class RecordBroken(PoolhouseError):
    """A stored password record is in no form that this version knows."""


async def srp_record(power: Power, pool_name: str, user_id: str, password: str, salt: bytes) -> bytes:
    """The record of a pool that allows SRP. salt: 1 to 255 random bytes; 16 in a new record."""
    v = await _verifier_bytes(power, pool_name, user_id, password, salt)
    return _SRP_MARK + bytes((len(salt),)) + salt + v


def argon2id_record(password: str, salt: bytes) -> bytes:
    """The record of a pool that does without SRP; takes about 20 ms. salt: 16 random bytes."""
    return _argon2id_record(salt, _argon2id(password, salt, _COST, _HASH_BYTES))


def _argon2id_record(salt: bytes, derived: bytes) -> bytes:
    parameters = f"v=19$m={_COST.memory_kib},t={_COST.passes},p={_COST.lanes}$".encode()
    return _ARGON2ID_MARK + parameters + _b64(salt) + b"$" + _b64(derived)


def kind(record: bytes) -> Kind:
    """Which kind of record this is, by its mark. Raises RecordBroken."""
    if record.startswith(_SRP_MARK):
        return "verifier"
    if record.startswith(_ARGON2ID_MARK):
        return "argon2id"
    if record.startswith(imported_hash.MARKS):
        return "imported"
    raise RecordBroken("password record with an unknown mark")


def srp_parts(record: bytes) -> tuple[bytes, int]:
    """Salt and verifier of a "verifier" record. Raises RecordBroken."""
    salt, v = _srp_fields(record)
    return salt, int.from_bytes(v, "big")


def nobodys_record(kind: Algorithm, random: Callable[[int], bytes]) -> bytes:
    """A record that no password fits, for who does not exist or has none: to look at it takes as long as at any."""
    if kind == "argon2id":
        return _argon2id_record(random(_SALT_BYTES), random(_HASH_BYTES))
    return _SRP_MARK + bytes((_SALT_BYTES,)) + random(_SALT_BYTES) + random(N_BYTES)


async def verify_srp(power: Power, record: bytes, pool_name: str, user_id: str, password: str) -> bool:
    """Whether the password belongs to the record; compares in constant time. Raises RecordBroken."""
    salt, v = _srp_fields(record)
    return hmac.compare_digest(await _verifier_bytes(power, pool_name, user_id, password, salt), v)


def verify_argon2id(record: bytes, password: str) -> bool:
    """As `verify_srp`; takes about 20 ms. Raises RecordBroken."""
    found = _ARGON2ID.fullmatch(record)
    if not found:
        raise RecordBroken("argon2id record of a wrong form")
    cost = _Cost(int(found[1]), int(found[2]), int(found[3]))
    salt, expected = _unb64(found[4]), _unb64(found[5])
    return hmac.compare_digest(_argon2id(password, salt, cost, len(expected)), expected)


def _srp_fields(record: bytes) -> tuple[bytes, bytes]:
    start = len(_SRP_MARK) + 1
    if not record.startswith(_SRP_MARK) or len(record) < start:
        raise RecordBroken("not a verifier record")
    end = start + record[start - 1]
    if len(record) != end + N_BYTES:
        raise RecordBroken("verifier record of a wrong length")
    return record[start:end], record[end:]


async def _verifier_bytes(power: Power, pool_name: str, user_id: str, password: str, salt: bytes) -> bytes:
    v = await power(srp.G, srp.private_x(pool_name, user_id, password, salt))
    return v.to_bytes(N_BYTES, "big")


def _argon2id(password: str, salt: bytes, cost: _Cost, length: int) -> bytes:
    kdf = Argon2id(salt=salt, length=length, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib)
    return kdf.derive(password.encode())


def _b64(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _unb64(text: bytes) -> bytes:
    return base64.b64decode(text + b"=" * (-len(text) % 4))
