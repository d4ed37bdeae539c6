"""The longest value that each operation takes is stored, found and removed, or refused; never a 500, and never kept at length
for whoever is nobody."""

import random

import pytest

from tests.support.oauth import query_of
from tests.support.pools import PASSWORD, unique
from tests.support.refusals import attributes, refused, values

RANDOM = random.Random(5)
# An index compresses what repeats, so that only text without order shows its limit.
FOUR_OCTETS = [chr(point) for point in range(0x20000, 0x2A6DF)]
GROWING = [chr(point) for point in range(0x1D15E, 0x1D165)]  # up to twelve octets each, once composed
SEARCHABLE = ("name", "given_name", "family_name", "preferred_username")


def longest(letters, length):
    return "".join(RANDOM.choices(letters, k=length))


@pytest.fixture(scope="module")
def pool(pools):
    return pools.user_pool(AliasAttributes=["email", "preferred_username"], AutoVerifiedAttributes=["email"])


@pytest.fixture(scope="module")
def client(pools, pool):
    return pools.client_id(pool, PreventUserExistenceErrors="ENABLED")


@pytest.mark.parametrize("letters", [FOUR_OCTETS, GROWING, ["İ", "Ⱥ"]], ids=["wide", "growing", "lowered"])
def test_longest_users(cognito, pools, pool, client, letters):
    """attack-0.1 no. 25: sign-up, change, search, group, sign-in, deletion."""
    name, group = longest(letters, 128), longest(FOUR_OCTETS, 128)
    given = {attribute: longest(FOUR_OCTETS, 2048) for attribute in SEARCHABLE}
    email = longest(["a", "b"], 64) + "@" + ".".join(longest(["x", "y"], 60) for _ in range(3)) + ".com"
    cognito.sign_up(ClientId=client, Username=name, Password=PASSWORD, UserAttributes=attributes(email=email, **given))
    cognito.admin_confirm_sign_up(UserPoolId=pool, Username=name)
    cognito.admin_update_user_attributes(
        UserPoolId=pool, Username=name, UserAttributes=attributes(email=email, email_verified="true")
    )
    cognito.create_group(UserPoolId=pool, GroupName=group)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
    for typed in (name, email, given["preferred_username"]):
        answer = cognito.initiate_auth(
            ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": typed, "PASSWORD": PASSWORD}
        )
    token = answer["AuthenticationResult"]["AccessToken"]
    changed = {attribute: value[:-1] + "x" for attribute, value in given.items()}
    cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(**changed))
    stored = values(cognito.get_user(AccessToken=token)["UserAttributes"])
    assert {attribute: stored[attribute] for attribute in given} == changed
    for attribute, value in changed.items():
        assert found(cognito, pool, f'{attribute} ^= "{value[:200]}"') == [stored["sub"]]
        assert found(cognito, pool, f'{attribute} = "{value[:200]}"') == []
    cognito.admin_delete_user(UserPoolId=pool, Username=name)
    for attribute, value in changed.items():
        assert found(cognito, pool, f'{attribute} ^= "{value[:200]}"') == []


def found(cognito, pool, text):
    users = cognito.list_users(UserPoolId=pool, Filter=text)["Users"]
    return [values(user["Attributes"])["sub"] for user in users]


def test_a_long_alias_belongs_to_one(cognito, pools, pool):
    """attack-0.1 no. 25: what stands in the index for it tells it from every other."""
    value = longest(FOUR_OCTETS, 2047)
    first, second = pools.user(pool, preferred_username=value + "a"), pools.user(pool)
    with refused("AliasExists"):
        cognito.admin_update_user_attributes(
            UserPoolId=pool, Username=second.username, UserAttributes=attributes(preferred_username=value + "a")
        )
    cognito.admin_update_user_attributes(
        UserPoolId=pool, Username=second.username, UserAttributes=attributes(preferred_username=value + "b")
    )
    assert first.username != second.username


def test_longest_configuration(cognito, pools, pool):
    """attack-0.1 no. 25."""
    identifier = longest([chr(point) for point in range(0x23, 0x5C)], 256)
    cognito.create_resource_server(
        UserPoolId=pool,
        Identifier=identifier,
        Name="x" * 256,
        Scopes=[{"ScopeName": "s" * 256, "ScopeDescription": "d" * 256}],
    )
    cognito.describe_resource_server(UserPoolId=pool, Identifier=identifier)
    domain = longest([chr(point) for point in range(0x61, 0x7B)], 63)
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
    cognito.delete_user_pool_domain(UserPoolId=pool, Domain=domain)
    cognito.delete_resource_server(UserPoolId=pool, Identifier=identifier)


@pytest.mark.parametrize("name", [longest(FOUR_OCTETS, 2000), longest(["x", "y", "Z"], 128_000)], ids=["wide", "long"])
def test_a_name_that_is_too_long_is_nobodys(server, pool, client, name):
    """attack-0.1 no. 16: counted like any other, answered like any other, and nothing that is kept or sent grows with it."""
    wrong = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": name, "PASSWORD": "x"}}
    said = [server.call("InitiateAuth", {"ClientId": client, **wrong}, sign=False).json() for _ in range(6)]
    assert [answer["message"] for answer in said] == [
        *["Incorrect username or password."] * 5,
        "Password attempts exceeded",
    ]
    srp = {"AuthFlow": "USER_SRP_AUTH", "AuthParameters": {"USERNAME": name + "s", "SRP_A": "ab" * 384}}
    answer = server.call("InitiateAuth", {"ClientId": client, **srp}, sign=False)
    assert answer.status_code == 200
    assert len(answer.content) < 8_000


def test_many_unknown_attributes_are_answered_with_less_text(server, client):
    """attack-0.1 Noted, SignUp with 30,000 unknown attribute names."""
    names = [{"Name": f"custom:unknown{number}", "Value": "x"} for number in range(15_000)]
    body = {"ClientId": client, "Username": unique(), "Password": PASSWORD, "UserAttributes": names}
    answer = server.call("SignUp", body, sign=False)
    assert (answer.status_code, answer.json()["__type"]) == (400, "InvalidParameterException")
    assert len(answer.content) < 20_000
    assert "custom:unknown0: Attribute does not exist in the schema.\n" in answer.json()["message"]


@pytest.mark.parametrize(
    "resource", ["https://api.example/\0", "https://api.example/\x1f", "https://api.example/\u202e"]
)
def test_a_resource_with_a_control_character_is_refused(world, resource):
    """attack-0.1 no. 25: it would be stored with the sign-in."""
    answer = world.browser().authorize(**world.parameters(resource=resource))
    assert query_of(answer.headers["location"])["error"] == "invalid_request"
