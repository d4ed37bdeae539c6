"""pool.settings.password_policy: policy and temporary passwords."""

import os
from types import SimpleNamespace
from typing import Any, cast

import pytest

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.settings import password_policy
from poolhouse.wire import shapes
from poolhouse.wire.exceptions import InvalidPasswordException

ALL = {"RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True, "RequireSymbols": True}


def a_call(pool: UserPool) -> PoolCall:
    return cast("PoolCall", SimpleNamespace(random=os.urandom, now_ms=1_000, user_pool=pool))


def a_pool(**rules: Any) -> UserPool:
    policies = shapes.UserPoolPolicyType(PasswordPolicy=shapes.PasswordPolicyType(**rules)) if rules else None
    return cast("UserPool", SimpleNamespace(settings=shapes.UserPoolType(Policies=policies)))


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("aB1!", texts.PASSWORD_TOO_SHORT),
        ("", texts.PASSWORD_TOO_SHORT),
        ("abcdefgh", texts.PASSWORD_WITHOUT_UPPERCASE),
        ("ABCDEFGH", texts.PASSWORD_WITHOUT_LOWERCASE),
        ("ABCDefgh", texts.PASSWORD_WITHOUT_NUMBER),
        ("ABCDefg1", texts.PASSWORD_WITHOUT_SYMBOL),
        (" ABCDefg1 ", texts.PASSWORD_WITHOUT_SYMBOL),
        ("ÄÖÜäöü1!x", texts.PASSWORD_WITHOUT_UPPERCASE),
        ("ABCDefg1€", texts.PASSWORD_WITHOUT_SYMBOL),
    ],
)
@pytest.mark.parametrize("text", [texts.PASSWORD_DID_NOT_CONFORM, texts.PASSWORD_DOES_NOT_CONFORM])
def test_the_first_reason_is_named(password: str, reason: str, text: str) -> None:
    for pool in (a_pool(), a_pool(MinimumLength=8, **ALL)):
        with pytest.raises(InvalidPasswordException) as refusal:
            password_policy.check(pool, password, text)
        assert refusal.value.message == text.format(reason)


@pytest.mark.parametrize("password", ["Aa1!aaaa", "Aa1 aaaa", "🦆Aa1!🦆🦆🦆", "A" * 252 + "a1! "])
def test_passwords_that_conform(password: str) -> None:
    password_policy.check(a_pool(), password, "{}")


@pytest.mark.parametrize("symbol", "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-")
def test_every_symbol_of_the_guide_counts(symbol: str) -> None:
    password_policy.check(a_pool(), f"Aa1aaaa{symbol}", "{}")


def test_a_policy_without_requirements_asks_for_length_only() -> None:
    password_policy.check(a_pool(MinimumLength=6), "aaaaaa", "{}")


@pytest.mark.parametrize("length", [6, 8, 12, 13, 40, 99])
def test_temporary_passwords_conform_and_differ(length: int) -> None:
    pool = a_pool(MinimumLength=length, **ALL)
    made = {password_policy.temporary(a_call(pool)) for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert len(password) == max(length, 12)
        password_policy.check(pool, password, "{}")


@pytest.mark.parametrize(("days", "expected"), [(None, 7), (0, 7), (3, 3)])
def test_temporary_passwords_expire(days: int | None, expected: int) -> None:
    pool = a_pool(TemporaryPasswordValidityDays=days, MinimumLength=8)
    assert password_policy.temporary_expires_at(a_call(pool)) == 1_000 + expected * 86_400_000
