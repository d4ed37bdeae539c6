"""Password records of both kinds."""

import base64
import secrets

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from poolhouse.crypto import password_hash, srp
from poolhouse.crypto.password_hash import RecordBroken
from tests.support.arithmetic import done, power

POOL, USER, SALT = "Ab1Cd2Ef3", "alice", bytes(range(16))


def records(password: str = "correct horse") -> dict[str, bytes]:
    return {
        "verifier": done(password_hash.srp_record(power, POOL, USER, password, SALT)),
        "argon2id": password_hash.argon2id_record(password, SALT),
    }


def verify(record: bytes, pool: str, user: str, password: str) -> bool:
    if password_hash.kind(record) == "argon2id":
        return password_hash.verify_argon2id(record, password)
    return done(password_hash.verify_srp(power, record, pool, user, password))


RECORDS = records()


@pytest.mark.parametrize("kind", ["verifier", "argon2id"])
class TestBothKinds:
    def test_the_mark_tells_the_kind(self, kind):
        assert password_hash.kind(RECORDS[kind]) == kind

    def test_the_password_and_no_other_verifies(self, kind):
        assert verify(RECORDS[kind], POOL, USER, "correct horse")
        for wrong in ("correct hors", "correct horse ", "", "Correct horse"):
            assert not verify(RECORDS[kind], POOL, USER, wrong)

    def test_any_unicode_is_a_password(self, kind):
        record = records("pässwörd-パスワード-🔑")[kind]
        assert verify(record, POOL, USER, "pässwörd-パスワード-🔑")

    def test_the_record_does_not_hold_the_password(self, kind):
        assert b"correct horse" not in RECORDS[kind]

    def test_nothing_is_refused_at_the_same_price(self, kind, monkeypatch):
        """next-shape no. 15: the same arithmetic on numbers of the same size; `make timing` measures it."""
        work = []

        def told(base, exponent, power=power):
            work.append((base, (exponent.bit_length() + 63) // 64))
            return power(base, exponent)

        def argon2id(**cost):
            work.append({**cost, "salt": len(cost["salt"])})
            return Argon2id(**cost)

        monkeypatch.setitem(globals(), "power", told)
        monkeypatch.setattr(password_hash, "Argon2id", argon2id)
        assert not verify(RECORDS[kind], POOL, USER, "wrong")
        nobodys = password_hash.nobodys_record(kind, secrets.token_bytes)
        assert len(nobodys) == len(RECORDS[kind])
        assert not verify(nobodys, POOL, "nobody", "wrong")
        known, unknown = work
        assert known == unknown


class TestVerifierRecord:
    def test_gives_back_salt_and_verifier(self):
        salt, v = password_hash.srp_parts(RECORDS["verifier"])
        assert salt == SALT
        assert v == srp.verifier(srp.private_x(POOL, USER, "correct horse", SALT))

    def test_belongs_to_one_user_of_one_pool(self):
        assert not verify(RECORDS["verifier"], POOL, "bob", "correct horse")
        assert not verify(RECORDS["verifier"], "Other1234", USER, "correct horse")

    @pytest.mark.parametrize("change", [lambda r: r[:-1], lambda r: r + b"x", lambda r: r[:17], lambda r: r[:18]])
    def test_a_damaged_record_is_an_error_and_no_wrong_password(self, change):
        with pytest.raises(RecordBroken):
            verify(change(RECORDS["verifier"]), POOL, USER, "correct horse")

    def test_other_records_have_no_parts(self):
        with pytest.raises(RecordBroken):
            password_hash.srp_parts(RECORDS["argon2id"])


class TestArgon2idRecord:
    def test_is_a_phc_string_that_cryptography_verifies(self):
        text = RECORDS["argon2id"].decode()
        assert text.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        Argon2id.verify_phc_encoded(b"correct horse", text)

    def test_rfc_9106_parameters_are_read_from_the_record(self):
        # Origin: the reference implementation's test.c (phc-winner-argon2 20190702), version 0x13, Argon2id.
        vector = b"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
        assert verify(vector, POOL, USER, "password")
        assert not verify(vector, POOL, USER, "Password")

    def test_salt_is_in_the_record(self):
        assert base64.b64encode(SALT).rstrip(b"=") in RECORDS["argon2id"]

    @pytest.mark.parametrize(
        "record", [b"$argon2id$", b"$argon2id$v=16$m=256,t=2,p=1$c29tZXNhbHQ$AAAA", b"$argon2id$v=19$m=1,t=2$x$y"]
    )
    def test_a_damaged_record_is_an_error_and_no_wrong_password(self, record):
        with pytest.raises(RecordBroken):
            verify(record, POOL, USER, "password")


def test_an_unknown_mark_is_an_error():
    for record in (b"", b"$2b$12$abc", b"plain"):
        with pytest.raises(RecordBroken, match="unknown mark"):
            password_hash.kind(record)
