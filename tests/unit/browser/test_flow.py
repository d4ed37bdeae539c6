"""browser/flow.py: what is carried between pages opens only where, and while, it should."""

import os
from types import SimpleNamespace

import pytest

from poolhouse.asgi import FORM, Request
from poolhouse.browser import flow
from poolhouse.crypto.seal import SealedBox
from poolhouse.storage.users import User
from poolhouse.wire import shapes

BOX = SealedBox(bytes(32))


def call(*, client="client", pool="pool", now=1000.0, box=BOX):
    user_pool = SimpleNamespace(id=pool, box=lambda _label: box)
    return SimpleNamespace(
        user_pool=user_pool,
        client=SimpleNamespace(id=client),
        now=now,
        random=os.urandom,
        is_secure=False,
        base_path="",
    )


def carrying(sealed, *, form=None):
    headers = {"cookie": f"page-data={sealed}"}
    if form is not None:
        return Request(method="POST", path="/", headers={**headers, "content-type": FORM}, body=f"flow={form}".encode())
    return Request(method="GET", path="/", headers=headers)


SENT = shapes.CodeDeliveryDetailsType(Destination="a***@e***", DeliveryMedium="EMAIL", AttributeName="email")


def test_round_trip():
    ada = User("p", "ada", "s", "UNCONFIRMED", True, {}, {}, None, None, 0, 1, 1, browser_epoch=3)
    begun = flow.begin(call(), "confirm", "ada", proven=ada, sent=SENT)
    assert flow.read(call(), carrying(flow.seal(call(), begun)), "confirm") == begun
    assert (begun.sub, begun.browser_epoch) == ("s", 3)
    assert begun.destination == "a***@e***"
    assert begun.medium == "EMAIL"


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
    sealed = flow.seal(call(), flow.begin(call(), "confirm", "ada"))
    assert flow.read(call(**reader), carrying(sealed), "confirm") is None


def test_is_good_for_one_kind_of_page():
    sealed = flow.seal(call(), flow.begin(call(), "confirm", "ada"))
    assert flow.read(call(), carrying(sealed), "reset") is None


@pytest.mark.parametrize("sealed", ["", "x", "é", "AAAA", "=" * 10, "A" * 5000])
def test_garbage_is_nothing(sealed):
    assert flow.read(call(), carrying(sealed), "confirm") is None


def test_form_goes_before_cookie():
    """Two tabs share the cookie, not the form."""
    ada, bob = (flow.seal(call(), flow.begin(call(), "confirm", name)) for name in ("ada", "bob"))
    found = flow.read(call(), carrying(bob, form=ada), "confirm")
    assert found is not None
    assert found.username == "ada"


def test_cookie_stays_below_what_browsers_keep():
    missing = tuple(f"custom:{'x' * 20}{n:02}" for n in range(60))
    begun = flow.begin(call(), "new-password", "u" * 128, session="s" * 700, missing_attributes=missing)
    assert len(flow.seal(call(), begun)) < 4000


def test_proof_can_be_spent_once_because_its_mark_is_its_own():
    first, second = (flow.begin(call(), "confirm", "ada") for _ in range(2))
    assert flow.spend(first).value_hash == flow.spend(first).value_hash
    assert flow.spend(first).value_hash != flow.spend(second).value_hash
