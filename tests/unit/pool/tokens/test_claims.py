"""Which attributes a scope releases and how the tokens spell them (endpoints.md §13.5)."""

from dataclasses import dataclass

import pytest

from poolhouse.pool.tokens import claims
from poolhouse.storage import groups

ATTRIBUTES = {
    "email": "a@example.com",
    "email_verified": "true",
    "phone_number": "+15555550100",
    "phone_number_verified": "false",
    "name": "A",
    "address": "Main St",
    "custom:x": "1",
    "dev:y": "2",
}
EVERY = frozenset(ATTRIBUTES)


@dataclass
class User:
    attributes: dict[str, str]


def Group(name: str, role_arn: str | None = None, precedence: int | None = None) -> groups.Group:  # noqa: N802
    return groups.Group("p", name, name, None, role_arn, precedence, 0, 0)


def released(*scopes: str, readable: frozenset[str] = EVERY) -> set[str]:
    return set(claims.released_attributes(User(ATTRIBUTES), readable, scopes))


@pytest.mark.parametrize("scopes", [(), ("openid",), ("openid", "aws.cognito.signin.user.admin"), ("openid", "r/read")])
def test_openid_alone_releases_everything_readable(scopes):
    assert released(*scopes) == EVERY
    assert released(*scopes, readable=frozenset({"name", "sub"})) == {"name"}


def test_each_scope_releases_its_own():
    assert released("openid", "email") == {"email", "email_verified"}
    assert released("openid", "phone") == {"phone_number", "phone_number_verified"}
    assert released("openid", "profile") == {"name", "custom:x"}
    assert released("email", "phone", "profile") == EVERY - {"address", "dev:y"}
    assert released("email", readable=frozenset({"email", "name"})) == {"email"}


def test_a_scope_is_covered_when_all_behind_it_is_readable():
    assert claims.covers_scopes(frozenset(), ["openid", "r/read", "aws.cognito.signin.user.admin"])
    assert claims.covers_scopes(claims.EMAIL, ["openid", "email"])
    assert not claims.covers_scopes(frozenset({"email"}), ["openid", "email"])
    assert not claims.covers_scopes(claims.EMAIL, ["email", "phone"])


def test_types():
    typed = claims.typed({**ATTRIBUTES, "updated_at": "1700000000", "custom:n": "7"})
    assert (typed["email_verified"], typed["phone_number_verified"]) == (True, False)
    assert typed["address"] == {"formatted": "Main St"}
    assert typed["updated_at"] == 1_700_000_000
    assert (typed["custom:x"], typed["custom:n"]) == ("1", "7")
    assert claims.typed({"email_verified": "True"}) == {"email_verified": True}
    assert claims.typed({"updated_at": "yesterday"}) == {"updated_at": "yesterday"}


@pytest.mark.parametrize(
    ("members", "preferred"),
    [
        ([Group("a", "r1", 1), Group("b", "r2", 2)], "r1"),
        ([Group("a", "r1", 0), Group("b", "r2")], "r1"),
        ([Group("a", "r1", 1), Group("b", "r2", 1)], None),
        ([Group("a", "r1", 1), Group("b", "r1", 1), Group("c", "r2", 2)], "r1"),
        ([Group("a", None, 0), Group("b", "r2", 2)], "r2"),
        ([Group("a", "r1")], "r1"),
        ([Group("a", "r1"), Group("b", "r2")], None),
        ([Group("a", None, 0)], None),
    ],
)
def test_preferred_role(members, preferred):
    found = claims.group_claims(members)
    assert found["cognito:groups"] == [group.name for group in members]
    assert found.get("cognito:preferred_role") == preferred
    assert ("cognito:roles" in found) == any(group.role_arn for group in members)


def test_no_groups_no_claims():
    assert claims.group_claims([]) == {}
