"""The small parts of the edge; all of it together is in tests/conformance/api/test_protocol.py."""

import json

import pytest

from poolhouse.api import http
from poolhouse.api.errors import NotImplementedException, SerializationException, UnknownOperationException
from poolhouse.api.registry import OPERATIONS
from poolhouse.wire.operations import TARGET_PREFIX


def test_branding_operations_may_be_larger():
    assert http.body_limit("", 1_000_000) == 1_000_000
    assert http.body_limit(f"{TARGET_PREFIX}.SignUp", 1_000_000) == 1_000_000
    assert http.body_limit(f"{TARGET_PREFIX}.SetUICustomization", 1_000_000) == 2_097_152
    assert http.body_limit(f"{TARGET_PREFIX}.SetUICustomization", 5_000_000) == 5_000_000


def test_too_large_is_a_413_that_a_browser_may_read():
    answer = http.body_too_large("id-1", {"origin": "https://a.example"}, 100)
    assert answer.status == 413
    assert json.loads(answer.body)["message"] == "The request body is larger than 100 bytes."
    assert ("access-control-allow-origin", "*") in answer.headers


def test_a_literal_backslash_u0000_is_text():
    assert http._read(rb'{"a": "\\u0000"}') == {"a": "\\u0000"}
    with pytest.raises(SerializationException):
        http._read(rb'{"a": [{"b\u0000": 1}]}')
    with pytest.raises(SerializationException):
        http._read(rb'{"a": ["\u0000"]}')


def test_a_route_is_made_once():
    name = next(name for name, handler in OPERATIONS.items() if handler is not None)
    assert http._find_route(f"{TARGET_PREFIX}.{name}") is http._find_route(f"{TARGET_PREFIX}.{name}")


def test_unknown_targets_are_not_remembered():
    before = len(http._routes)
    for target in ("x", f"{TARGET_PREFIX}.x", ""):
        with pytest.raises(UnknownOperationException):
            http._find_route(target)
    missing = [name for name, handler in OPERATIONS.items() if handler is None]
    for name in missing:
        with pytest.raises(NotImplementedException):
            http._find_route(f"{TARGET_PREFIX}.{name}")
    assert len(http._routes) == before
