"""The AWS SDK for Go v2, compiled: its types have to take every answer whole, and tell every error by its type."""

import pytest

from tests.support import go
from tests.support.calls import Refused
from tests.support.pools import PASSWORD, unique

# What the client says and understands does not hang on the engine.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")

FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@pytest.fixture(scope="module")
def sdk(server):
    """sdk("GetUser", AccessToken=...): the answer as the SDK has read it."""
    with go.calls(server.url) as call:
        yield call


@pytest.fixture(scope="module")
def pool(sdk):
    made = sdk(
        "CreateUserPool",
        PoolName="sdk-go",
        AutoVerifiedAttributes=["email"],
        Schema=[{"Name": "plan", "AttributeDataType": "String", "Mutable": True}],
        UserPoolTags={"team": "checkout"},
        UserPoolTier="PLUS",
        UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"},
        AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
    )["UserPool"]
    assert made["CreationDate"].endswith("Z")
    assert made["EstimatedNumberOfUsers"] == 0
    return {"UserPoolId": made["Id"]}


@pytest.fixture(scope="module")
def client_id(sdk, pool):
    made = sdk("CreateUserPoolClient", **pool, ClientName="sdk-go", ExplicitAuthFlows=FLOWS)["UserPoolClient"]
    assert sdk("DescribeUserPoolClient", **pool, ClientId=made["ClientId"])["UserPoolClient"] == made
    return made["ClientId"]


@pytest.fixture
def name(sdk, pool):
    """The username of a new user."""
    name = unique()
    email = {"Name": "email", "Value": f"{name}@example.com"}
    made = sdk("AdminCreateUser", **pool, Username=name, MessageAction="SUPPRESS", UserAttributes=[email])["User"]
    assert (made["Enabled"], made["UserStatus"]) == (True, "FORCE_CHANGE_PASSWORD")
    sdk("AdminSetUserPassword", **pool, Username=name, Password=PASSWORD, Permanent=True)
    return name


def refused(sdk, operation, **input):
    """(type in Go, text) of the error that comes."""
    with pytest.raises(Refused) as error:
        sdk(operation, **input)
    return error.value.error["type"], error.value.message


def test_a_user_signs_in_by_an_administrator_and_alone(sdk, pool, client_id, name):
    credentials = {"USERNAME": name, "PASSWORD": PASSWORD}
    by_admin = {"AuthFlow": "ADMIN_USER_PASSWORD_AUTH", "AuthParameters": credentials}
    done = sdk("AdminInitiateAuth", **pool, ClientId=client_id, **by_admin)["AuthenticationResult"]
    assert (done["TokenType"], done["ExpiresIn"]) == ("Bearer", 3600)
    alone = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": credentials}
    token = sdk("InitiateAuth", ClientId=client_id, **alone)["AuthenticationResult"]["AccessToken"]
    assert sdk("GetUser", AccessToken=token)["Username"] == name
    again = {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": done["RefreshToken"]}}
    assert sdk("InitiateAuth", ClientId=client_id, **again)["AuthenticationResult"]["IdToken"]
    sdk("ChangePassword", AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword="Other-Horse-2")
    sdk("GlobalSignOut", AccessToken=token)
    assert refused(sdk, "GetUser", AccessToken=token) == (
        "*types.NotAuthorizedException",
        "Access Token has been revoked",
    )


def test_an_invited_user_answers_a_challenge(sdk, pool, client_id):
    name = unique()
    sdk("AdminCreateUser", **pool, Username=name, MessageAction="SUPPRESS", TemporaryPassword="Temporary-1")
    first = {"USERNAME": name, "PASSWORD": "Temporary-1"}
    asked = sdk("InitiateAuth", ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=first)
    assert asked["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    done = sdk(
        "RespondToAuthChallenge",
        ClientId=client_id,
        ChallengeName=asked["ChallengeName"],
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": PASSWORD},
    )
    assert done["AuthenticationResult"]["AccessToken"]


class TestErrors:
    def test_have_the_type_and_the_text_of_their_kind(self, sdk, pool, client_id, name):
        unknown = {"UserPoolId": "us-east-1_NoSuchOne"}
        assert refused(sdk, "DescribeUserPool", **unknown) == (
            "*types.ResourceNotFoundException",
            "User pool us-east-1_NoSuchOne does not exist.",
        )
        assert refused(sdk, "AdminGetUser", **pool, Username="nobody") == (
            "*types.UserNotFoundException",
            "User does not exist.",
        )
        assert refused(sdk, "AdminCreateUser", **pool, Username=name) == (
            "*types.UsernameExistsException",
            "User account already exists",
        )
        wrong = {"USERNAME": name, "PASSWORD": "Wrong-Horse-1"}
        assert refused(
            sdk, "InitiateAuth", ClientId=client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=wrong
        ) == ("*types.NotAuthorizedException", "Incorrect username or password.")
        kind, text = refused(sdk, "AdminSetUserPassword", **pool, Username=name, Password="short")
        assert kind == "*types.InvalidPasswordException"
        assert text == "Password did not conform with policy: Password not long enough"
        assert refused(sdk, "ConfirmSignUp", ClientId=client_id, Username=name, ConfirmationCode="000000")[0] in {
            "*types.ExpiredCodeException",
            "*types.NotAuthorizedException",
        }

    def test_what_is_not_in_the_model_reaches_the_server(self, sdk, pool):
        """Go checks nothing but what is required: a limit beyond the model's is the server's to refuse."""
        kind, text = refused(sdk, "ListUsers", **pool, Limit=61)
        assert kind == "*types.InvalidParameterException"
        assert "less than or equal to 60" in text

    def test_what_is_required_is_not_sent_without(self, sdk):
        text = refused(sdk, "DescribeUserPool")[1]
        assert "missing required field, DescribeUserPoolInput.UserPoolId" in text


def test_users_come_in_pages(sdk):
    pool = {"UserPoolId": sdk("CreateUserPool", PoolName="pages")["UserPool"]["Id"]}
    for name in "abcde":
        sdk("AdminCreateUser", **pool, Username=name, MessageAction="SUPPRESS")
    assert sdk("PagesOfListUsers", **pool, Limit=2) == [["a", "b"], ["c", "d"], ["e"]]
    sdk("DeleteUserPool", **pool)
    assert refused(sdk, "ListUsers", **pool)[0] == "*types.ResourceNotFoundException"


def test_what_else_can_be_described_is_read_whole(sdk, pool, client_id, name):
    """Each answer is compared, member for member, with what the SDK has read from it (tests/support/go.py)."""
    sdk("CreateGroup", **pool, GroupName="staff", Precedence=1, Description="Who works here")
    sdk("AdminAddUserToGroup", **pool, GroupName="staff", Username=name)
    assert sdk("GetGroup", **pool, GroupName="staff")["Group"]["Precedence"] == 1
    assert [user["Username"] for user in sdk("ListUsersInGroup", **pool, GroupName="staff")["Users"]] == [name]
    scopes = [{"ScopeName": "read", "ScopeDescription": "Read orders"}]
    sdk("CreateResourceServer", **pool, Identifier="orders", Name="Orders", Scopes=scopes)
    assert sdk("DescribeResourceServer", **pool, Identifier="orders")["ResourceServer"]["Scopes"] == scopes
    domain = unique("go")
    sdk("CreateUserPoolDomain", **pool, Domain=domain)
    assert sdk("DescribeUserPoolDomain", Domain=domain)["DomainDescription"]["Status"] == "ACTIVE"
    factors = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
    sdk("SetUserPoolMfaConfig", **pool, **factors)
    assert sdk("GetUserPoolMfaConfig", **pool)["MfaConfiguration"] == "OPTIONAL"
    actions = {"EventAction": "BLOCK", "Notify": False}
    risks = {"AccountTakeoverRiskConfiguration": {"Actions": {"HighAction": actions}}}
    sdk("SetRiskConfiguration", **pool, **risks)
    found = sdk("DescribeRiskConfiguration", **pool)["RiskConfiguration"]
    assert found["AccountTakeoverRiskConfiguration"]["Actions"]["HighAction"] == actions
    for operation, more in {
        "DescribeUserPool": {},
        "ListUserPoolClients": {},
        "ListUsers": {"Filter": f'username = "{name}"'},
        "AdminGetUser": {"Username": name},
        "AdminListGroupsForUser": {"Username": name},
        "ListGroups": {},
        "ListResourceServers": {},
        "ListIdentityProviders": {},
        "GetSigningCertificate": {},
        "GetUICustomization": {},
        "GetLogDeliveryConfiguration": {},
    }.items():
        assert sdk(operation, **pool, **more)
    assert sdk("ListUserPools", MaxResults=60)["UserPools"]
    sdk("DeleteUserPoolDomain", **pool, Domain=domain)
