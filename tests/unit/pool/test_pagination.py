"""Pagination tokens: bound to where they were given, and no longer than an hour."""

import os
from types import SimpleNamespace
from typing import Any

import pytest

from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.crypto.seal import Keyring, SealedBox
from poolhouse.pool import pagination
from poolhouse.pool.call import Call, House
from poolhouse.wire import exceptions as errors

HOUSE = House(Settings(), None, Keyring([bytes(32)]), None, None, Clock())  # type: ignore[arg-type]
BOXES = {"a": SealedBox(b"a" * 32), "b": SealedBox(b"b" * 32)}


def make_call(operation: str = "ListUsers", pool: str | None = "a", now: float = 1000.0) -> Call:
    call: Any = Call(HOUSE, request_id="x", operation=operation)
    call.now = now
    call.random = os.urandom
    if pool is not None:
        call.in_pool(SimpleNamespace(box=lambda _label: BOXES[pool]))
    return call


@pytest.mark.parametrize("pool", ["a", None])
@pytest.mark.parametrize("key", ["", "user", "größe ☃ 'x'\n"])
def test_the_key_comes_back(pool: str | None, key: str) -> None:
    token = pagination.encode(make_call(pool=pool), "scope", key)
    assert pagination.decode(make_call(pool=pool), "scope", token) == key
    assert key == "" or key.encode().hex() not in token
    assert not set(token) & set(" \n=+/")


def test_without_a_token_the_first_page_is_meant() -> None:
    assert pagination.decode(make_call(), "scope", None) == ""


@pytest.mark.parametrize(
    ("changed", "scope"),
    [
        (make_call(pool="b"), "scope"),
        (make_call(pool=None), "scope"),
        (make_call(operation="ListGroups"), "scope"),
        (make_call(), "other"),
        (make_call(now=1000.0 + 3600), "scope"),
    ],
)
def test_elsewhere_and_later_it_is_refused(changed: Call, scope: str) -> None:
    token = pagination.encode(make_call(), "scope", "user")
    assert pagination.decode(make_call(now=1000.0 + 3599), "scope", token) == "user"
    with pytest.raises(errors.InvalidParameterException, match=r"^Invalid pagination token$"):
        pagination.decode(changed, scope, token)


def test_every_changed_character_is_noticed() -> None:
    token = pagination.encode(make_call(), "scope", "user")
    # The last character may carry bits that mean nothing.
    for at in range(len(token) - 1):
        edited = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(errors.InvalidParameterException):
            pagination.decode(make_call(), "scope", edited)


@pytest.mark.parametrize("token", ["", "A", "=", "é", "a b", "\x00", "A" * 10_000])
def test_garbage_is_refused(token: str) -> None:
    with pytest.raises(errors.InvalidParameterException):
        pagination.decode(make_call(), "scope", token)
