"""browser/kept_password.py: opens for the same pool, client and browser, and for a few minutes."""

import os
from types import SimpleNamespace

import pytest

from poolhouse.asgi import FORM, Request
from poolhouse.browser import flow, kept_password
from poolhouse.crypto.seal import SealedBox

BOX = SealedBox(bytes(32))
TOKEN, OTHER = "a" * 36, "b" * 36


def call(*, client="client", pool="pool", now=1000.0, box=BOX):
    return SimpleNamespace(
        user_pool=SimpleNamespace(id=pool, box=lambda _label: box),
        client=SimpleNamespace(id=client),
        now=now,
        random=os.urandom,
        is_secure=False,
        base_path="",
    )


def request(kept="", token=TOKEN):
    headers = {"content-type": FORM, "cookie": f"XSRF-TOKEN={token}"}
    return Request(method="POST", path="/signup", headers=headers, body=f"kept={kept}".encode())


def test_round_trip():
    sealed = kept_password.seal(call(), request(), "Correct-Horse-1 é")
    assert "Correct" not in sealed
    assert kept_password.read(call(), request(sealed)) == "Correct-Horse-1 é"


@pytest.mark.parametrize(
    "reader",
    [
        {"client": "other"},
        {"pool": "other"},
        {"now": 1000.0 + flow.FLOW_TTL_SECONDS},
        {"box": SealedBox(b"\x01" * 32)},
    ],
    ids=["another client", "another pool", "too late", "another key"],
)
def test_opens_nowhere_else(reader):
    sealed = kept_password.seal(call(), request(), "Correct-Horse-1")
    assert kept_password.read(call(**reader), request(sealed)) == ""


def test_opens_in_no_other_browser():
    sealed = kept_password.seal(call(), request(), "Correct-Horse-1")
    assert kept_password.read(call(), request(sealed, OTHER)) == ""


@pytest.mark.parametrize("sealed", ["", "x", "%C3%A9", "AAAA", "=" * 10, "A" * 5000])
def test_garbage_is_nothing(sealed):
    assert kept_password.read(call(), request(sealed)) == ""
