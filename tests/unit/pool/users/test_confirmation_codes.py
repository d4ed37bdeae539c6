"""pool.users.confirmation_codes: how codes are drawn and destinations masked."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from poolhouse.pool.call import Call
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.users.confirmation_codes import mask, new_code, simulated_details


def drawing(*values: int) -> Call:
    numbers = iter(values)
    return cast("Call", SimpleNamespace(random=lambda n: next(numbers).to_bytes(n, "big")))


def test_codes_have_six_digits() -> None:
    assert new_code(drawing(0)) == "000000"
    assert new_code(drawing(1_000_042)) == "000042"
    assert new_code(drawing(999_999)) == "999999"


def test_draws_that_would_favour_low_codes_are_thrown_away() -> None:
    last_fair = 2**32 // 1_000_000 * 1_000_000
    assert new_code(drawing(2**32 - 1, last_fair, last_fair - 1)) == "999999"


@pytest.mark.parametrize(
    ("destination", "masked"),
    [
        ("test@test.com", "t***@t***"),
        ("a@b.c", "a***@b***"),
        ("+12065559934", "+*******9934"),
    ],
)
def test_destinations_are_masked(destination: str, masked: str) -> None:
    assert mask(destination) == masked


def a_pool(**settings: Any) -> UserPool:
    plain = {
        "auto_verified_attributes": frozenset({"email"}),
        "lasting_mac": lambda *parts: bytes(hash(parts) % 256 for _ in range(32)),
    }
    return cast("UserPool", SimpleNamespace(**{**plain, **settings}))


def test_a_simulated_delivery_is_stable_and_looks_real() -> None:
    first = simulated_details(a_pool(), "nobody", ["email"])
    assert first == simulated_details(a_pool(), "nobody", ["email"])
    assert (first.DeliveryMedium, first.AttributeName) == ("EMAIL", "email")
    assert first.Destination is not None
    assert len(first.Destination) == len("n***@e***")
    by_phone = simulated_details(a_pool(), "nobody", ["phone_number"])
    assert (by_phone.DeliveryMedium, by_phone.AttributeName) == ("SMS", "phone_number")
    assert by_phone.Destination is not None
    assert len(by_phone.Destination) == len("+*******9934")


def test_a_typed_address_is_masked_as_it_is() -> None:
    assert simulated_details(a_pool(), "nobody@example.com", ["email"]).Destination == "n***@e***"
    assert simulated_details(a_pool(), "+12065559934", ["phone_number"]).Destination == "+*******9934"
