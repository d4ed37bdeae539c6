"""pool.users.attributes: what a schema says."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from poolhouse.pool.configuration.snapshots import Client, UserPool
from poolhouse.pool.users import attributes
from poolhouse.storage.users import User
from poolhouse.wire import shapes
from poolhouse.wire.exceptions import InvalidParameterException, NotAuthorizedException


def rule(name: str, kind: str = "String", **more: Any) -> shapes.SchemaAttributeType:
    return shapes.SchemaAttributeType(Name=name, AttributeDataType=kind, **{"Mutable": True, "Required": False, **more})


def a_pool(*rules: shapes.SchemaAttributeType) -> UserPool:
    every = [
        rule("sub", Mutable=False, Required=True),
        rule("email"),
        rule("phone_number"),
        rule("name", StringAttributeConstraints=shapes.StringAttributeConstraintsType(MinLength="2", MaxLength="5")),
        rule("email_verified", "Boolean"),
        rule("phone_number_verified", "Boolean"),
        rule("updated_at", "Number", NumberAttributeConstraints=shapes.NumberAttributeConstraintsType(MinValue="0")),
        *rules,
    ]
    return cast(
        "UserPool", SimpleNamespace(schema={entry.Name: entry for entry in every}, alias_attributes=frozenset())
    )


def a_user(**values: str) -> User:
    return User("p", "bob", "s", "CONFIRMED", True, values, {}, None, None, 0, 0, 0)


def refused(pool: UserPool, values: dict[str, str], *, are_required: bool = True) -> str | None:
    with pytest.raises(InvalidParameterException) as refusal:
        attributes.for_new_user(pool, values, are_required=are_required)
    return refusal.value.message


@pytest.mark.parametrize("value", ["a@b.de", "Bob.O'Neil+tag@sub.example.com", "ü@ö.de"])
def test_email_addresses(value: str) -> None:
    assert attributes.is_email(value)


@pytest.mark.parametrize(
    "value", ["", "a", "a@b", "@b.de", "a@b.", "a b@c.de", "a@b.de\nBcc: x@y.de", "a@b@c.de", "a@b.de "]
)
def test_no_email_addresses(value: str) -> None:
    assert not attributes.is_email(value)


@pytest.mark.parametrize(("value", "is_one"), [("+12065551212", True), ("12065551212", False), ("+1 206", False), ("+", False), ("+1٢٣", False), ("+1234567890123456", False)])  # fmt: skip
def test_phone_numbers(value: str, is_one: bool) -> None:
    assert attributes.is_phone_number(value) is is_one


def test_a_blank_value_is_an_absent_one() -> None:
    assert attributes.for_new_user(a_pool(), {"name": "", "email": "a@b.de"}, are_required=True) == {"email": "a@b.de"}


def test_all_problems_are_named_in_one_text() -> None:
    pool = a_pool(rule("given_name", Required=True), rule("family_name", Required=True))
    assert refused(pool, {"custom:x": "1", "name": "toolong", "given_name": ""}) == (
        "Attributes did not conform to the schema: custom:x: Attribute does not exist in the schema.\n"
        "name: String must be at most 5 characters long\n"
        "given_name: The attribute is required\n"
        "family_name: The attribute is required\n"
    )


def test_administrators_may_leave_required_attributes_out() -> None:
    assert attributes.for_new_user(a_pool(rule("given_name", Required=True)), {}, are_required=False) == {}


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("Number", ["0", "-12", "3.5", "+7"], ["a", "", "1e5", "٣", "NaN", "--1"]),
        ("Boolean", ["true", "False", "TRUE"], ["1", "yes"]),
        ("DateTime", ["2026-11-23", "2026-11-23T10:00:00Z", "1795397046"], ["tomorrow"]),
    ],
)
def test_types(kind: str, good: list[str], bad: list[str]) -> None:
    pool = a_pool(rule("custom:x", kind))
    for value in good:
        attributes.for_new_user(pool, {"custom:x": value}, are_required=True)
    for value in bad:
        if value:
            assert refused(pool, {"custom:x": value}) == (
                f"Attributes did not conform to the schema: custom:x: Value is not of type {kind}\n"
            )


def test_ranges_of_numbers() -> None:
    limits = shapes.NumberAttributeConstraintsType(MinValue="-2", MaxValue="10")
    pool = a_pool(rule("custom:n", "Number", NumberAttributeConstraints=limits))
    assert attributes.for_new_user(pool, {"custom:n": "10"}, are_required=True) == {"custom:n": "10"}
    assert "Number must be at least -2" in (refused(pool, {"custom:n": "-2.5"}) or "")
    assert "Number must be at most 10" in (refused(pool, {"custom:n": "10.01"}) or "")


def test_formats_of_addresses() -> None:
    assert refused(a_pool(), {"email": "bob"}) == "Invalid email address format."
    assert refused(a_pool(), {"phone_number": "123"}) == "Invalid phone number format."


def test_flags_are_normalised_and_need_their_address() -> None:
    values = {"email": "a@b.de", "email_verified": "True"}
    assert attributes.for_new_user(a_pool(), values, are_required=True)["email_verified"] == "true"
    assert refused(a_pool(), {"email_verified": "true"}) == "Email is required to verify/un-verify an email"
    assert refused(a_pool(), {"phone_number_verified": "true"}) == (
        "Phone Number is required to verify/un-verify a phone number"
    )


def test_sub_cannot_be_given() -> None:
    assert (
        refused(a_pool(), {"sub": "x"}) == "user.sub: Attribute cannot be updated.\n(changing an immutable attribute)"
    )


def test_an_update_sets_and_deletes() -> None:
    user = a_user(email="a@b.de", email_verified="true", name="Bob")
    assert attributes.changed(a_pool(), user, {"email": "", "name": "Rob"}, by_admin=False) == {"name": "Rob"}


def test_an_immutable_attribute_takes_only_the_value_it_has() -> None:
    pool = a_pool(rule("custom:x", Mutable=False))
    user = a_user(**{"custom:x": "1"})
    assert attributes.changed(pool, user, {"custom:x": "1"}, by_admin=True) == {"custom:x": "1"}
    for value in ("2", ""):
        with pytest.raises(InvalidParameterException) as refusal:
            attributes.changed(pool, user, {"custom:x": value}, by_admin=True)
        assert refusal.value.message == (
            "user.custom:x: Attribute cannot be updated.\n(changing an immutable attribute)"
        )


def test_an_immutable_attribute_that_is_missing_may_be_filled_in_where_the_caller_says_so() -> None:
    pool = a_pool(rule("custom:x", Mutable=False))
    assert attributes.changed(pool, a_user(), {"custom:x": "1"}, by_admin=False, may_fill=True) == {"custom:x": "1"}
    with pytest.raises(InvalidParameterException):
        attributes.changed(pool, a_user(), {"custom:x": "1"}, by_admin=False)
    with pytest.raises(InvalidParameterException):
        attributes.changed(pool, a_user(**{"custom:x": "1"}), {"custom:x": "2"}, by_admin=False, may_fill=True)


def test_a_required_attribute_cannot_be_deleted_but_may_go_on_missing() -> None:
    pool = a_pool(rule("given_name", Required=True), rule("family_name", Required=True))
    user = a_user(given_name="Bob")
    assert attributes.changed(pool, user, {"name": "Bob"}, by_admin=True)["name"] == "Bob"
    with pytest.raises(InvalidParameterException) as refusal:
        attributes.changed(pool, user, {"given_name": ""}, by_admin=True)
    assert refusal.value.message == "Invalid user attributes: user.given_name: The attribute is required\n"


def test_how_an_unknown_attribute_is_worded() -> None:
    for by_admin, text in (
        (True, "Invalid user attributes: user.custom:foo: Attribute does not exist in the schema.\n"),
        (False, "Attributes did not conform to the schema: custom:foo: Attribute does not exist in the schema.\n"),
    ):
        for value in ("x", ""):
            with pytest.raises(InvalidParameterException) as refusal:
                attributes.changed(a_pool(), a_user(), {"custom:foo": value}, by_admin=by_admin)
            assert refusal.value.message == text


def test_a_client_writes_only_what_it_may() -> None:
    pool = a_pool(rule("custom:x"))
    client = cast("Client", SimpleNamespace(user_pool=pool, writable=frozenset({"name", "email"})))
    attributes.check_writable(client, ["name", "custom:unknown"])  # the schema's own check names the unknown one
    for name in ("custom:x", "email_verified", "phone_number", "sub"):
        with pytest.raises(NotAuthorizedException) as refusal:
            attributes.check_writable(client, ["name", name])
        assert refusal.value.message == "A client attempted to write unauthorized attribute"


def test_the_wire_shows_sub_first_and_only_what_is_readable() -> None:
    user = a_user(name="Bob", email="a@b.de")
    shown = attributes.on_wire(user, frozenset({"email"}))
    assert [(entry.Name, entry.Value) for entry in shown] == [("sub", "s"), ("email", "a@b.de")]
    assert [entry.Name for entry in attributes.on_wire(user)] == ["sub", "name", "email"]
