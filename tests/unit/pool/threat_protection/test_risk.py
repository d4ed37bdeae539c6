"""Points of a sign-in, and the level that they make."""

from typing import Any

import pytest

from poolhouse.pool.threat_protection import risk
from poolhouse.pool.threat_protection.context import Context
from poolhouse.storage.auth_events import AuthEvent

NOW = 1_800_000_000_000
MINUTE = 60_000
HOME = Context(ip_address="192.0.2.10", device="laptop", timezone="+01:00")


def event(minutes_ago: float = 600, where: Context = HOME, **changed: Any) -> AuthEvent:
    told: dict[str, Any] = {
        "user_pool_id": "p",
        "event_id": str(minutes_ago),
        "sub": "s",
        "created_at": NOW - int(minutes_ago * MINUTE),
        "client_id": "c",
        "event_type": "SignIn",
        "response": "Pass",
        "risk_decision": "NoRisk",
        "risk_level": "",
        "is_compromised": False,
        "challenges": (("Password", "Success"),),
        "ip_address": where.ip_address,
        "device": where.device,
        "device_name": "",
        "timezone": where.timezone,
        "expires_at": NOW * 2,
    }
    return AuthEvent(**{**told, **changed})


def wrong(minutes_ago: float) -> AuthEvent:
    return event(minutes_ago, response="Fail", challenges=(("Password", "Failure"),))


def seen(**changed: str) -> Context:
    return Context(**{"ip_address": "192.0.2.10", "device": "laptop", "timezone": "+01:00", **changed})


@pytest.mark.parametrize(
    ("where", "level"),
    [
        (seen(), ""),
        (seen(ip_address="192.0.2.250"), ""),
        (seen(timezone=""), ""),  # not told is not another one
        (seen(ip_address="198.51.100.1"), "Low"),
        (seen(device="phone"), "Low"),
        (seen(timezone="+09:00"), "Low"),
        (seen(ip_address="198.51.100.1", device="phone"), "Medium"),
        (seen(ip_address="198.51.100.1", device="phone", timezone="+09:00"), "High"),
    ],
)
def test_each_new_thing_is_a_point(where: Context, level: str) -> None:
    assert risk.level([event()], where, NOW) == level


def test_without_a_sign_in_of_before_nothing_is_new() -> None:
    others = [event(event_type="SignUp"), wrong(1), event(response="Fail"), event(response="InProgress")]
    assert risk.level([], seen(), NOW) == ""
    assert risk.level(others, seen(device="phone"), NOW) == ""


def test_neighbours_share_a_network() -> None:
    before = [event(where=seen(ip_address="2001:db8:1:2::3"))]
    assert risk.level(before, seen(ip_address="2001:db8:1:ffff::9"), NOW) == ""
    assert risk.level(before, seen(ip_address="2001:db8:2::9"), NOW) == "Low"


def test_what_failed_or_waits_makes_nothing_known() -> None:
    for response in ("Fail", "InProgress"):
        history = [event(5, seen(device="phone"), response=response), event()]
        assert risk.level(history, seen(device="phone"), NOW) == "Low"


@pytest.mark.parametrize(
    ("failures", "level"), [([1, 2], ""), ([1, 2, 3], "Low"), ([1, 2, 16], ""), ([1, 2, 3, 4, 5], "Low")]
)
def test_three_wrong_passwords_of_the_last_quarter_of_an_hour_are_a_point(failures: list[float], level: str) -> None:
    assert risk.level([*map(wrong, failures), event()], seen(), NOW) == level


def test_wrong_passwords_before_a_right_one_are_forgotten() -> None:
    assert risk.level([event(1), wrong(2), wrong(3), wrong(4), event()], seen(), NOW) == ""


def test_three_networks_in_an_hour_are_a_point() -> None:
    moving = [event(10, seen(ip_address="198.51.100.1")), event(20)]
    assert risk.level(moving, seen(ip_address="203.0.113.1"), NOW) == "Medium"
    slowly = [event(10, seen(ip_address="198.51.100.1")), event(61)]
    assert risk.level(slowly, seen(ip_address="203.0.113.1"), NOW) == "Low"


class TestFeedback:
    STRANGER = seen(ip_address="198.51.100.1", device="phone")

    def test_what_was_not_the_user_is_high(self) -> None:
        history = [event(5, self.STRANGER, feedback="Invalid"), event()]
        assert risk.level(history, seen(ip_address="198.51.100.9"), NOW) == "High"
        assert risk.level(history, seen(device="phone"), NOW) == "High"

    def test_where_the_user_has_been_too_is_no_suspicion(self) -> None:
        history = [event(5, seen(device="phone"), feedback="Invalid"), event()]
        assert risk.level(history, seen(), NOW) == ""

    def test_what_was_the_user_is_known_even_if_it_was_blocked(self) -> None:
        history = [event(5, self.STRANGER, response="Fail", feedback="Valid"), event()]
        assert risk.level(history, self.STRANGER, NOW) == ""
