"""What requests name: each working operation is asked for a pool, client, user, group or access token that is not there.

The bodies come from botocore's model, so that a new operation is asked as soon as it works.
"""

import pytest

from poolhouse.wire.operations import OPERATIONS
from tests.conformance.api.test_constraints import WORKING, example, model
from tests.support.pools import unique

MISSING_POOL = "us-east-1_NoSuchPool"
MISSING_CLIENT = "nosuchclient00000000000000"


@pytest.fixture(scope="module")
def complete(pools):
    """A pool with the features that some operations ask for before they ask for the user."""
    return pools.user_pool(UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"})


def required(operation: str) -> list[str]:
    return model()["shapes"][model()["operations"][operation]["input"]["shape"]].get("required", [])


def body(operation: str, **named: str) -> dict[str, object]:
    """The smallest valid request, with what it names."""
    members = model()["shapes"][model()["operations"][operation]["input"]["shape"]]["members"]
    smallest = {name: example(members[name]["shape"]) for name in required(operation)}
    return {**smallest, **{name: value for name, value in named.items() if name in smallest}}


def operations(*members: str, authorisation: str, without: tuple[str, ...] = ()) -> list[str]:
    return [
        name
        for name in WORKING
        if set(members) <= set(required(name))
        and OPERATIONS[name].authorisation == authorisation
        and name not in without
    ]


def assert_refused(server, operation, request, code, message):
    """Exactly this error, and one that the operation declares."""
    answer = server.call(operation, request)
    assert (answer.status_code, answer.json()) == (400, {"__type": code, "message": message})
    assert code in OPERATIONS[operation].errors


@pytest.mark.parametrize("operation", operations("UserPoolId", authorisation="sigv4"))
def test_user_pool(server, operation):
    text = f"User pool {MISSING_POOL} does not exist."
    assert_refused(server, operation, body(operation, UserPoolId=MISSING_POOL), "ResourceNotFoundException", text)


@pytest.mark.parametrize("operation", operations("ClientId", authorisation="public"))
def test_client_of_a_public_operation(server, operation):
    code, text = "ResourceNotFoundException", f"User pool client {MISSING_CLIENT} does not exist."
    if operation == "RevokeToken":
        code, text = "UnauthorizedException", "Invalid client credentials"
    assert_refused(server, operation, body(operation, ClientId=MISSING_CLIENT), code, text)


@pytest.mark.parametrize("operation", operations("UserPoolId", "ClientId", authorisation="sigv4"))
def test_client_of_another_pool(server, pools, user_pool_id, operation):
    client_id = pools.client_id(pools.user_pool())
    request = body(operation, UserPoolId=user_pool_id, ClientId=client_id)
    text = f"User pool client {client_id} does not exist."
    assert_refused(server, operation, request, "ResourceNotFoundException", text)


@pytest.mark.parametrize(
    "operation", operations("UserPoolId", "GroupName", authorisation="sigv4", without=("CreateGroup",))
)
def test_group(server, user_pool_id, operation):
    request = body(operation, UserPoolId=user_pool_id, GroupName=unique("group"))
    assert_refused(server, operation, request, "ResourceNotFoundException", "Group not found.")


@pytest.mark.parametrize(
    "operation", operations("UserPoolId", "Username", authorisation="sigv4", without=("AdminCreateUser",))
)
def test_user(server, cognito, complete, operation):
    user_pool_id = complete
    group = unique("group")
    cognito.create_group(UserPoolId=user_pool_id, GroupName=group)
    request = body(operation, UserPoolId=user_pool_id, Username=unique(), GroupName=group)
    is_declared = "UserNotFoundException" in OPERATIONS[operation].errors
    code = "UserNotFoundException" if is_declared else "ResourceNotFoundException"
    assert_refused(server, operation, request, code, "User does not exist.")


@pytest.mark.parametrize("operation", operations("AccessToken", authorisation="access_token"))
def test_access_token(server, cognito, pools, user_pool_id, operation):
    """No token of ours, an ID token, and tokens of users who are signed out, disabled and deleted."""
    user = pools.user(user_pool_id)
    client_id = pools.client_id(user_pool_id)
    issued = pools.sign_in(client_id, user)
    request = body(operation, AccessToken="x.y.z")
    for wrong in ("x.y.z", "x", issued["IdToken"], issued["RefreshToken"], issued["AccessToken"][:-8] + "AAAAAAAA"):
        request["AccessToken"] = wrong
        assert_refused(server, operation, request, "NotAuthorizedException", "Invalid Access Token")
    request["AccessToken"] = issued["AccessToken"]
    cognito.admin_user_global_sign_out(UserPoolId=user_pool_id, Username=user.username)
    assert_refused(server, operation, request, "NotAuthorizedException", "Access Token has been revoked")
    cognito.admin_disable_user(UserPoolId=user_pool_id, Username=user.username)
    assert_refused(server, operation, request, "NotAuthorizedException", "User is disabled.")
    cognito.admin_delete_user(UserPoolId=user_pool_id, Username=user.username)
    code, text = "UserNotFoundException", "User does not exist."
    if code not in OPERATIONS[operation].errors:
        code, text = "NotAuthorizedException", "Access Token has been revoked"
    assert_refused(server, operation, request, code, text)


@pytest.mark.parametrize("operation", ["GetDevice", "ForgetDevice"])
def test_no_access_token_where_the_model_has_it_as_optional(server, operation):
    request = {"DeviceKey": "us-east-1_00000000-0000-0000-0000-000000000000"}
    assert_refused(server, operation, request, "NotAuthorizedException", "Invalid Access Token")


@pytest.mark.parametrize("operation", operations("AccessToken", authorisation="access_token"))
def test_access_token_of_a_deleted_pool(server, cognito, pools, operation):
    user_pool_id = pools.user_pool()
    issued = pools.sign_in(pools.client_id(user_pool_id), pools.user(user_pool_id))
    cognito.delete_user_pool(UserPoolId=user_pool_id)
    request = body(operation, AccessToken=issued["AccessToken"])
    assert_refused(server, operation, request, "NotAuthorizedException", "Invalid Access Token")
