"""The pure parts of the authorization request; the rest is tested at /oauth2/authorize."""

import pytest

from poolhouse.pool.sign_in.authorization_requests import _is_challenge, _is_resource, _repeated
from poolhouse.pool.sign_in.authorization_responses import with_query


@pytest.mark.parametrize(
    ("redirect_uri", "expected"),
    [
        ("https://a/cb", "https://a/cb?code=x&state=a+b%26c"),
        ("https://a/cb?x=1", "https://a/cb?x=1&code=x&state=a+b%26c"),
        ("https://a/cb?", "https://a/cb?&code=x&state=a+b%26c"),
        ("myapp://", "myapp://?code=x&state=a+b%26c"),
    ],
)
def test_query_is_appended(redirect_uri, expected):
    assert with_query(redirect_uri, {"code": "x", "state": "a b&c"}) == expected


@pytest.mark.parametrize(
    "resource",
    ["https://a", "https://a/b?c", "http://localhost:1/x", "http://127.0.0.1", "http://[::1]", "myapp://x", "urn:x"],
)
def test_resource(resource):
    assert _is_resource(resource)


@pytest.mark.parametrize(
    "resource",
    [
        "",
        "a",
        "//a",
        "https://",
        "https:a",
        "http://a",
        "http://localhost.evil",
        "https://a#",
        "https://a b",
        "https://[",
        "http://\n",
    ],
)
def test_no_resource(resource):
    assert not _is_resource(resource)


def test_challenge():
    assert _is_challenge("A-_9" * 10 + "abc")
    assert not any(map(_is_challenge, ("", "a" * 42, "a" * 44, "a" * 42 + "=", "a" * 42 + "+", "a" * 42 + ".")))


def test_repeated():
    pairs = [("scope", "a"), ("scope", "a"), ("x", "1"), ("x", "2"), ("state", "s")]
    assert _repeated(pairs) == {"scope"}
