"""pool.users.user_search: the filter grammar of ListUsers."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from poolhouse.pool.users.user_search import Filter, parse
from poolhouse.wire.exceptions import InvalidParameterException


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('email = "a@x.de"', Filter("email", False, "a@x.de")),
        ('email="a@x.de"', Filter("email", False, "a@x.de")),
        ('  family_name\t^=\n"Re"  ', Filter("family_name", True, "Re")),
        ('"email" = "a"', Filter("email", False, "a")),
        ('name = ""', Filter("name", False, "")),
        ('name = "a \\"quoted\\" name\\\\"', Filter("name", False, 'a "quoted" name\\')),
        ('cognito:user_status = "CONFIRMED"', Filter("cognito:user_status", False, "CONFIRMED")),
        ('username ^= "=^="', Filter("username", True, "=^=")),
        ('name = "Robert\'); DROP TABLE users;--"', Filter("name", False, "Robert'); DROP TABLE users;--")),
        ("", None),
        ("  \n ", None),
        (None, None),
    ],
)
def test_filters_are_read(text: str | None, expected: Filter | None) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "email",
        "email =",
        'email "a"',
        "email = a",
        "email = 'a'",
        'email = "a',
        'email = "a" x',
        'email == "a"',
        'email ^ = "a"',
        'email ~= "a"',
        'email = "a" AND name = "b"',
        'username = "a" OR "1"="1"',
        '= "a"',
        '"a"',
        'email = "a\\n"',
        'email = "a\\',
        'email = "\x00"',
        "“email” = “a”",
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterException) as refusal:
        parse(text)
    assert refusal.value.message == "Error while parsing filter"


@pytest.mark.parametrize("name", ["custom:foo", "address", "Email", "users", "1"])
def test_other_attributes_cannot_be_searched(name: str) -> None:
    with pytest.raises(InvalidParameterException) as refusal:
        parse(f'{name} = "x"')
    assert refusal.value.message == f"Invalid search attribute: {name}"


@given(st.text())
def test_any_text_is_a_filter_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidParameterException):
        parse(text)


@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])))
def test_any_value_can_be_written(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    assert parse(f'name ^= "{escaped}"') == Filter("name", True, value)
