"""The keys of a pool as of one moment: which seals, which open, and which never changes."""

import math
import os

import pytest

from poolhouse.crypto.seal import Keyring, SealBroken
from poolhouse.pool.configuration import pool_keys
from poolhouse.pool.configuration.pool_keys import PoolKeys
from poolhouse.storage.pool_keys import PoolKeyRow

KEYRING = Keyring([bytes(range(32))])
FIRST = pool_keys.create_first(KEYRING, "p", os.urandom)
NONCE = b"n" * 12


def row(seals_from: int, expires_at: int | None = None) -> PoolKeyRow:
    made = pool_keys.create(KEYRING, "p", os.urandom, seals_from=seals_from)
    return PoolKeyRow(made.user_pool_id, made.key_id, made.pool_key, seals_from, expires_at)


def opened(rows: list[PoolKeyRow], now_ms: int) -> PoolKeys:
    return pool_keys.open_keys(KEYRING, "p", FIRST, rows, now_ms)


def test_the_first_key_is_the_only_one_until_it_is_rotated() -> None:
    keys = opened([], 5)
    assert keys.newest.mac("l", "a") == keys.lasting.mac("l", "a")
    assert keys.macs("l", "a") == [keys.newest.mac("l", "a")]
    assert keys.changes_at == math.inf


def test_the_newest_that_is_due_seals_and_all_open() -> None:
    rows = [row(30), row(20, expires_at=99), pool_keys.copy_first(KEYRING, "p", FIRST)]
    early, late = opened(rows, 29), opened(rows, 30)
    old, new = early.box("l").seal(b"old", b"", NONCE), late.box("l").seal(b"new", b"", NONCE)
    assert old[:5] != new[:5]
    for keys in (early, late):  # The clock of another host may be ahead: a key that waits opens, too.
        assert (keys.box("l").open(old, b""), keys.box("l").open(new, b"")) == (b"old", b"new")
    assert (early.changes_at, late.changes_at) == (30, 99)


def test_an_older_key_still_recognises_its_macs_and_leaves_in_time() -> None:
    rows = [row(10), row(0, expires_at=20)]
    made = opened(rows, 9).newest.mac("code", "123456")
    assert made in opened(rows, 19).macs("code", "123456")
    assert made not in opened(rows, 20).macs("code", "123456")


def test_which_key_sealed_is_told_by_the_value() -> None:
    rows = [row(10), row(0)]
    old = opened(rows, 9).newest
    sealed = old.box("l").seal(b"x", b"", NONCE)
    later = opened(rows, 11)
    assert later.that_sealed("l", sealed).mac("m") == old.mac("m") != later.newest.mac("m")
    with pytest.raises(SealBroken):
        later.that_sealed("other", sealed)
    with pytest.raises(SealBroken):
        later.that_sealed("l", b"")


def test_the_lasting_key_is_the_first_whatever_follows() -> None:
    assert opened([row(1), row(0)], 5).lasting.mac("l", "a") == opened([], 5).newest.mac("l", "a")


def test_the_copy_of_the_first_key_is_the_first_key() -> None:
    copied = opened([pool_keys.copy_first(KEYRING, "p", FIRST)], 5)
    assert copied.newest.mac("l", "a") == copied.lasting.mac("l", "a")
