"""pool.passwords: policy and temporary passwords."""

import asyncio
import os
import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from poolhouse.call import Call
from poolhouse.pool import passwords, texts
from poolhouse.pool.configuration import UserPool
from poolhouse.pool.passwords import check_policy, temporary, temporary_expires_at
from poolhouse.wire import shapes
from poolhouse.wire.exceptions import InvalidPasswordException, TooManyRequestsException

ALL = {"RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True, "RequireSymbols": True}
CALL = cast("Call", SimpleNamespace(random=os.urandom, now_ms=1_000))


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
            check_policy(pool, password, text)
        assert refusal.value.message == text.format(reason)


@pytest.mark.parametrize("password", ["Aa1!aaaa", "Aa1 aaaa", "🦆Aa1!🦆🦆🦆", "A" * 252 + "a1! "])
def test_passwords_that_conform(password: str) -> None:
    check_policy(a_pool(), password, "{}")


@pytest.mark.parametrize("symbol", "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-")
def test_every_symbol_of_the_guide_counts(symbol: str) -> None:
    check_policy(a_pool(), f"Aa1aaaa{symbol}", "{}")


def test_a_policy_without_requirements_asks_for_length_only() -> None:
    check_policy(a_pool(MinimumLength=6), "aaaaaa", "{}")


@pytest.mark.parametrize("length", [6, 8, 12, 13, 40, 99])
def test_temporary_passwords_conform_and_differ(length: int) -> None:
    pool = a_pool(MinimumLength=length, **ALL)
    made = {temporary(CALL, pool) for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert len(password) == max(length, 12)
        check_policy(pool, password, "{}")


@pytest.mark.parametrize(("days", "expected"), [(None, 7), (0, 7), (3, 3)])
def test_temporary_passwords_expire(days: int | None, expected: int) -> None:
    pool = a_pool(TemporaryPasswordValidityDays=days, MinimumLength=8)
    assert temporary_expires_at(CALL, pool) == 1_000 + expected * 86_400_000


async def test_hashing_threads_refuse_beyond_their_queue() -> None:
    threads = passwords.HashingThreads()
    gate = threading.Event()
    running = [asyncio.create_task(threads.run(gate.wait)) for _ in range(threads._most)]
    await asyncio.sleep(0)
    with pytest.raises(TooManyRequestsException) as refusal:
        await threads.run(gate.wait)
    assert refusal.value.message == texts.TOO_MANY_REQUESTS
    gate.set()
    assert all(await asyncio.gather(*running))
    assert await threads.run(lambda: 7) == 7
    threads._threads.shutdown()
