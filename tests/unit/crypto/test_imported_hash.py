"""Hashes of other systems, by published vectors."""

import base64

import pytest

from poolhouse.crypto import imported_hash, password_hash
from poolhouse.crypto.imported_hash import Malformed


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


# RFC 7914 §12 and §11, the test programs of crypt_blowfish and of the Argon2 reference implementation.
SCRYPT = (
    f"16384$8$1${b'SodiumChloride'.hex()}$7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
    "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
)
PBKDF2 = bytes.fromhex(
    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
    "a49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a1978"[:64]
)
ARGON2ID = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
VECTORS = [
    ("SCRYPT", SCRYPT, "pleaseletmein"),
    ("PBKDF2_SHA256", f"$pbkdf2-sha256$1${b64(b'salt')}${b64(PBKDF2)}", "passwd"),
    ("BCRYPT", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "U*U"),
    ("ARGON2ID", ARGON2ID, "password"),
]


def fits(record: bytes, password: str) -> bool:
    if password_hash.kind(record) == "argon2id":
        return password_hash.verify_argon2id(record, password)
    return imported_hash.verify(record, password)


@pytest.mark.parametrize(("algorithm", "text", "password"), VECTORS)
def test_published_vectors(algorithm: str, text: str, password: str) -> None:
    record = imported_hash.record(algorithm, text)
    assert fits(record, password)
    assert not fits(record, password + "x")
    assert not fits(record, "")


def test_bcrypt_looks_at_72_bytes_and_at_no_password_with_a_zero() -> None:
    import bcrypt

    text = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    record = imported_hash.record("BCRYPT", text)
    assert fits(record, "x" * 100)
    assert not fits(record, "x" * 71)
    assert not fits(record, "x" * 72 + "\0")


@pytest.mark.parametrize(
    ("algorithm", "text"),
    [
        ("BCRYPT", "$2b$03$" + "a" * 53),
        ("BCRYPT", "$2c$05$" + "a" * 53),
        ("BCRYPT", "$2b$05$" + "a" * 52),
        ("SCRYPT", "16384$8$1$zz$" + "aa" * 32),
        ("SCRYPT", "0$8$1$aa$" + "aa" * 32),
        ("SCRYPT", "1$8$1$aa$" + "aa" * 32),
        ("ARGON2ID", ARGON2ID.replace("m=256", "m=1")),
        ("ARGON2ID", ARGON2ID.replace("t=2", "t=3")),
        ("ARGON2ID", ARGON2ID.replace("p=1", "p=0")),
        ("ARGON2ID", ARGON2ID.replace("v=19", "v=16")),
        ("ARGON2ID", ARGON2ID.replace("c29tZXNhbHQ", "c2")),
        ("ARGON2ID", ARGON2ID.replace("c29tZXNhbHQ", "c29tZXNhbHQxx")),
        ("PBKDF2_SHA256", "$pbkdf2-sha256$0$c2FsdA$" + "A" * 43),
        ("PBKDF2_SHA256", "$pbkdf2-sha256$1000$c2FsdAx$" + "A" * 41),
        ("PBKDF2_SHA256", "$pbkdf2$1000$c2FsdA$" + "A" * 43),
    ],
)
def test_what_is_not_taken(algorithm: str, text: str) -> None:
    with pytest.raises(Malformed):
        imported_hash.record(algorithm, text)
