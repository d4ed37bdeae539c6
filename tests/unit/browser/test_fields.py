"""browser/fields.py: what a pool's settings look like as a form."""

from types import SimpleNamespace

import pytest

from poolhouse.browser import fields
from poolhouse.errors import Text
from poolhouse.pool import texts
from poolhouse.wire import shapes


def pool(*, username=(), alias=(), verified=(), required=(), **settings):
    names = ("sub", "name", "email", "phone_number")
    return SimpleNamespace(
        username_attributes=frozenset(username),
        alias_attributes=frozenset(alias),
        auto_verified_attributes=frozenset(verified),
        schema={name: shapes.SchemaAttributeType(Name=name, Required=name in ("sub", *required)) for name in names},
        settings=shapes.UserPoolType(**settings),
    )


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        ({}, "Username"),
        ({"alias": ["email"]}, "Username or email"),
        ({"alias": ["phone_number"]}, "Username or phone number"),
        ({"alias": ["phone_number", "email", "preferred_username"]}, "Username, email or phone number"),
        ({"username": ["email"]}, "Email"),
        ({"username": ["phone_number"]}, "Phone number"),
        ({"username": ["phone_number", "email"]}, "Email or phone number"),
    ],
)
def test_label_of_the_sign_in_name(settings, label):
    field = fields.username_field(pool(**settings))
    assert field.label == label
    assert field.type == "text"
    assert field.autocomplete == "username"


def test_sign_up_by_email_asks_for_one():
    assert fields.username_field(pool(username=["email"]), is_sign_up=True).type == "email"
    assert fields.username_field(pool(alias=["email"]), is_sign_up=True).label == "Username"


@pytest.mark.parametrize(
    ("settings", "names"),
    [
        ({}, []),
        ({"required": ["name", "email"]}, ["name", "email"]),
        ({"required": ["name", "email"], "username": ["email"]}, ["name"]),
        ({"required": ["email"], "username": ["email", "phone_number"]}, ["email"]),
        ({"verified": ["email"]}, ["email"]),
        ({"verified": ["email", "phone_number"], "required": ["phone_number"]}, ["phone_number"]),
        ({"verified": ["phone_number"], "required": ["email"]}, ["email", "phone_number"]),
        ({"verified": ["email"], "username": ["email"]}, []),
    ],
)
def test_what_sign_up_asks_for(settings, names):
    found = fields.sign_up_fields(pool(**settings), {"email": "a@b.c"})
    assert [field.name for field in found] == [f"requiredAttributes[{name}]" for name in names]
    assert all(field.value == "a@b.c" for field in found if "email" in field.name)


def test_password_rules_follow_the_policy():
    policy = shapes.PasswordPolicyType(MinimumLength=12, RequireNumbers=True, RequireSymbols=False)
    rules = fields.password_rules(pool(Policies=shapes.UserPoolPolicyType(PasswordPolicy=policy)))
    assert [(rule.name, rule.length) for rule in rules] == [("length", 12), ("number", 0)]
    assert [rule.name for rule in fields.password_rules(pool())] == ["length", "lower", "upper", "number", "symbol"]


def test_marked_fields_and_the_first_of_them():
    asked = [fields.Field("username", "username", "Username"), *map(fields.attribute_field, ("email", "name"))]
    shown = fields.marked(asked, {"email": "no", "name": "neither", "zoneinfo": "not asked for"})
    assert [field.error for field in shown] == ["", "no", "neither"]
    assert [field.is_first_wrong for field in shown] == [False, True, False]
    assert fields.heading(shown, "the API's words") == "Please look at the 2 marked fields."
    assert fields.heading(shown[:2], "the API's words") == "the API's words"


@pytest.mark.parametrize(
    ("name", "problem", "said"),
    [
        ("email", Text(texts.ATTRIBUTE_REQUIRED, ("email",)), "Please fill this in."),
        ("name", Text(texts.ATTRIBUTE_TOO_LONG, ("name", 3)), "String must be at most 3 characters long"),
        ("email", Text(texts.INVALID_EMAIL), "Enter a whole address, such as ada@example.com."),
        ("username", Text(texts.USER_ALREADY_EXISTS), "There is already an account with this name."),
        ("username", Text("Anything {else}"), "Anything {else}"),
    ],
)
def test_advice(name, problem, said):
    assert fields.advice(name, problem) == said
