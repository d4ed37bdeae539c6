"""What stands in the tokens: names, types, by scope, by kind of sign-in (endpoints.md §13)."""

import re

import pytest

from tests.support.oauth import at_hash, basic, claims_of, header_of
from tests.support.pools import unique

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
EVERY_SIGN_IN = {"sub", "iss", "exp", "iat", "auth_time", "token_use", "jti", "origin_jti", "event_id"}


@pytest.fixture(scope="module")
def visitor(world):
    return world.signed_in()


@pytest.fixture(scope="module")
def plain(world):
    """A user in no group."""
    return world.user()


def assert_common(world, claims, lifetime=3600):
    assert claims["iss"] == world.issuer
    assert all(isinstance(claims[name], int) for name in ("exp", "iat", "auth_time"))
    assert claims["exp"] - claims["iat"] == lifetime
    assert claims["auth_time"] <= claims["iat"]
    assert all(UUID.fullmatch(claims[name]) for name in ("jti", "origin_jti", "event_id"))


class TestHeader:
    def test_two_members(self, world, visitor):
        body = world.tokens(browser=visitor)
        heads = header_of(body["id_token"]), header_of(body["access_token"])
        assert all(list(head) == ["kid", "alg"] and head["alg"] == "RS256" for head in heads)
        assert heads[0]["kid"] != heads[1]["kid"]


class TestAccessToken:
    def test_of_the_code_grant(self, world, plain):
        claims = claims_of(world.tokens(plain, scope="openid email")["access_token"])
        assert claims.keys() == EVERY_SIGN_IN | {"client_id", "scope", "username", "version"}
        assert_common(world, claims)
        assert (claims["token_use"], claims["version"]) == ("access", 2)
        assert (claims["client_id"], claims["username"], claims["sub"]) == (world.public_id, plain.username, plain.sub)
        assert set(claims["scope"].split(" ")) == {"openid", "email"}

    def test_of_the_api(self, world, plain):
        claims = claims_of(world.pools.sign_in(world.public_id, plain)["AccessToken"])
        assert claims.keys() == EVERY_SIGN_IN | {"client_id", "scope", "username"}
        assert claims["scope"] == "aws.cognito.signin.user.admin"

    def test_of_a_machine(self, world):
        head = basic(world.machine["ClientId"], world.machine["ClientSecret"])
        claims = claims_of(world.token({"grant_type": "client_credentials"}, head).json()["access_token"])
        assert claims.keys() == {
            "sub",
            "client_id",
            "token_use",
            "scope",
            "iss",
            "exp",
            "iat",
            "jti",
            "auth_time",
            "version",
        }
        assert claims["sub"] == claims["client_id"] == world.machine["ClientId"]
        assert (claims["token_use"], claims["version"]) == ("access", 2)
        assert claims["exp"] - claims["iat"] == 3600

    def test_groups(self, world, visitor):
        assert claims_of(world.tokens(browser=visitor)["access_token"])["cognito:groups"] == ["g1"]


class TestIDToken:
    BASE = EVERY_SIGN_IN | {"aud", "cognito:username", "at_hash"}

    def test_of_the_code_grant(self, world, plain):
        body = world.tokens(plain, scope="openid email", nonce="n-0S6")
        claims = claims_of(body["id_token"])
        assert claims.keys() == self.BASE | {"nonce", "email", "email_verified"}
        assert_common(world, claims)
        assert (claims["token_use"], claims["aud"], claims["nonce"]) == ("id", world.public_id, "n-0S6")
        assert claims["cognito:username"] == plain.username
        assert claims["email_verified"] is True
        assert claims["at_hash"] == at_hash(body["access_token"])
        shared = ("sub", "iss", "origin_jti", "event_id", "auth_time", "iat")
        access = claims_of(body["access_token"])
        assert all(claims[name] == access[name] for name in shared)
        assert claims["jti"] != access["jti"]

    def test_of_the_api(self, world, plain):
        claims = claims_of(world.pools.sign_in(world.public_id, plain)["IdToken"])
        assert claims.keys() == EVERY_SIGN_IN | {"aud", "cognito:username", "email", "email_verified"}

    @pytest.mark.parametrize(
        ("scope", "expected"),
        [
            ("openid email", {"email", "email_verified"}),
            ("openid phone", {"phone_number"}),
            ("openid profile", {"name", "custom:dept", "custom:score"}),
            ("openid", {"email", "email_verified", "phone_number", "name", "custom:dept", "custom:score"}),
            (
                "openid aws.cognito.signin.user.admin",
                {"email", "email_verified", "phone_number", "name", "custom:dept", "custom:score"},
            ),
        ],
    )
    def test_attributes_by_scope(self, world, visitor, scope, expected):
        claims = claims_of(world.tokens(browser=visitor, scope=scope)["id_token"])
        groups = {"cognito:groups", "cognito:roles", "cognito:preferred_role"}
        assert claims.keys() == self.BASE | groups | expected

    def test_only_what_the_client_may_read(self, world, visitor):
        client_id = world.client(ReadAttributes=["custom:dept"])["ClientId"]
        claims = claims_of(world.tokens(browser=visitor, client_id=client_id, scope="openid")["id_token"])
        assert "custom:dept" in claims
        assert not {"email", "email_verified", "name", "custom:score"} & claims.keys()

    def test_types(self, world):
        user = world.user(
            address="1 Main St",
            updated_at="1700000000",
            custom__score="7",
            phone_number="+15555550111",
            phone_number_verified="false",
        )
        claims = claims_of(world.tokens(user, scope="openid")["id_token"])
        assert claims["address"] == {"formatted": "1 Main St"}
        assert claims["updated_at"] == 1700000000
        assert claims["custom:score"] == "7"
        assert claims["phone_number_verified"] is False
        assert claims["email_verified"] is True

    def test_no_attribute_takes_the_place_of_a_claim(self, world):
        """`profile` or `name` are only attributes; a custom attribute is always prefixed."""
        user = world.user(custom__dept="admin", profile="sub", nickname="iss")
        claims = claims_of(world.tokens(user, scope="openid profile")["id_token"])
        assert (claims["sub"], claims["iss"], claims["custom:dept"]) == (user.sub, world.issuer, "admin")


class TestLifetimes:
    def test_of_the_client(self, world, visitor):
        client_id = world.client(
            AccessTokenValidity=5,
            IdTokenValidity=1,
            TokenValidityUnits={"AccessToken": "minutes", "IdToken": "days"},
        )["ClientId"]
        body = world.tokens(browser=visitor, client_id=client_id)
        assert body["expires_in"] == 300
        assert_common(world, claims_of(body["access_token"]), 300)
        assert_common(world, claims_of(body["id_token"]), 86_400)


class TestWithoutRevocation:
    def test_no_origin_jti(self, world, visitor):
        client_id = world.client(EnableTokenRevocation=False)["ClientId"]
        body = world.tokens(browser=visitor, client_id=client_id)
        access, identity = claims_of(body["access_token"]), claims_of(body["id_token"])
        assert "origin_jti" not in access
        assert "jti" in access
        assert not {"jti", "origin_jti"} & identity.keys()
        assert world.user_info(body["access_token"]).status_code == 200


class TestGroups:
    def make(self, world, *groups):
        """A user in new groups (precedence, role); his ID token's claims and the groups' names."""
        cognito = world.pools.cognito
        user = world.user()
        names = []
        for precedence, role in groups:
            name = unique("g")
            more = {} if precedence is None else {"Precedence": precedence}
            more |= {} if role is None else {"RoleArn": f"arn:aws:iam::123456789012:role/{role}"}
            cognito.create_group(UserPoolId=world.pool_id, GroupName=name, **more)
            cognito.admin_add_user_to_group(UserPoolId=world.pool_id, Username=user.username, GroupName=name)
            names.append(name)
        return claims_of(world.pools.sign_in(world.public_id, user)["IdToken"]), names

    def test_strongest_role_is_preferred(self, world):
        claims, names = self.make(world, (5, "five"), (1, "one"), (None, "none"))
        assert sorted(claims["cognito:groups"]) == sorted(names)
        assert {role.rpartition("/")[2] for role in claims["cognito:roles"]} == {"five", "one", "none"}
        assert claims["cognito:preferred_role"].endswith("/one")

    def test_zero_is_the_strongest(self, world):
        claims, _ = self.make(world, (1, "one"), (0, "zero"))
        assert claims["cognito:preferred_role"].endswith("/zero")

    def test_tie_of_different_roles_prefers_none(self, world):
        claims, _ = self.make(world, (1, "one"), (1, "other"), (2, "two"))
        assert len(claims["cognito:roles"]) == 3
        assert "cognito:preferred_role" not in claims

    def test_tie_of_the_same_role_prefers_it(self, world):
        claims, _ = self.make(world, (1, "same"), (1, "same"))
        assert claims["cognito:preferred_role"].endswith("/same")
        assert len(claims["cognito:roles"]) == 1

    def test_only_group_without_precedence(self, world):
        claims, _ = self.make(world, (None, "alone"))
        assert claims["cognito:preferred_role"].endswith("/alone")

    def test_group_without_role(self, world):
        claims, names = self.make(world, (0, None))
        assert claims["cognito:groups"] == names
        assert not {"cognito:roles", "cognito:preferred_role"} & claims.keys()

    def test_no_group(self, world, plain):
        claims = claims_of(world.pools.sign_in(world.public_id, plain)["IdToken"])
        assert not {"cognito:groups", "cognito:roles", "cognito:preferred_role"} & claims.keys()
