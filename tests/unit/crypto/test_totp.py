"""Codes of authenticator apps against the published vectors."""

import pytest

from poolhouse.crypto import totp

# Origin: RFC 6238 appendix B, the rows of SHA-1; an app shows six digits, the last of the eight that are printed there.
SEED = b"12345678901234567890"
VECTORS = [
    (59, "94287082"),
    (1111111109, "07081804"),
    (1111111111, "14050471"),
    (1234567890, "89005924"),
    (2000000000, "69279037"),
    (20000000000, "65353130"),
]


@pytest.mark.parametrize(("now", "printed"), VECTORS)
def test_published_vectors(now, printed):
    assert totp.step_of(SEED, printed[-6:], now) == now // 30


@pytest.mark.parametrize(("late", "is_right"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_one_step_either_way(late, is_right):
    now, printed = VECTORS[3]
    assert totp.step_of(SEED, printed[-6:], now + late) == (now // 30 if is_right else None)


def test_the_secret_as_a_person_types_it():
    # Origin: RFC 4648 §10, without the padding.
    assert totp.secret_code(b"foobar") == "MZXW6YTBOI"
