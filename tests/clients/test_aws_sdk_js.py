"""The AWS SDK for JavaScript v3 in Node.js, unchanged: an administrator's walk, passkeys, rotated tokens, devices, sessions."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance.api.test_devices import device_pool
from tests.support import node
from tests.support.authenticator import Authenticator
from tests.support.calls import Refused
from tests.support.device import Device
from tests.support.pools import PASSWORD

pytestmark = [
    pytest.mark.node,
    # What the client says and understands does not hang on the engine.
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session"),
]

SITE = "https://auth.example.com"
SIGN_IN = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}
FLOWS = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]


@pytest.fixture(scope="module")
def sdk(server):
    """sdk("GetUser", AccessToken=...): the answer to that command."""
    with node.calls("aws-sdk-js/calls", endpoint=server.url) as call:
        yield call


def sign_in(sdk, client_id, username, **more):
    return sdk(
        "InitiateAuth",
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD, **more},
    )


def test_walk_of_an_administrator(sdk):
    pool = sdk("CreateUserPool", PoolName="sdk-v3")["UserPool"]
    assert datetime.now(UTC) - datetime.fromisoformat(pool["CreationDate"]) < timedelta(minutes=5)
    here = {"UserPoolId": pool["Id"]}
    client = sdk("CreateUserPoolClient", **here, ClientName="sdk-v3", ExplicitAuthFlows=FLOWS)["UserPoolClient"]
    assert sdk("DescribeUserPoolClient", **here, ClientId=client["ClientId"])["UserPoolClient"] == client
    for name in ("ada", "bob", "cleo"):
        sdk("AdminCreateUser", **here, Username=name, MessageAction="SUPPRESS")
        sdk("AdminSetUserPassword", **here, Username=name, Password=PASSWORD, Permanent=True)
    pages = sdk("paginateListUsers", **here, pageSize=2)
    assert [[user["Username"] for user in page["Users"]] for page in pages] == [["ada", "bob"], ["cleo"]]

    with pytest.raises(Refused) as wrong:
        sign_in(sdk, client["ClientId"], "ada", PASSWORD="Wrong-Horse-1")
    assert wrong.value.error == {
        "name": "NotAuthorizedException",
        "message": "Incorrect username or password.",
        "isTyped": True,
    }
    tokens = sign_in(sdk, client["ClientId"], "ada")["AuthenticationResult"]
    assert sdk("GetUser", AccessToken=tokens["AccessToken"])["Username"] == "ada"
    sdk("RevokeToken", ClientId=client["ClientId"], Token=tokens["RefreshToken"])
    with pytest.raises(Refused, match="NotAuthorizedException: Access Token has been revoked"):
        sdk("GetUser", AccessToken=tokens["AccessToken"])
    sdk("DeleteUserPool", **here)
    with pytest.raises(Refused) as gone:
        sdk("DescribeUserPool", **here)
    assert (gone.value.name, gone.value.error["isTyped"]) == ("ResourceNotFoundException", True)


def test_a_passkey_is_made_and_signs_in(sdk, cognito, pools):
    pool = pools.user_pool(Policies=SIGN_IN)
    cognito.set_user_pool_mfa_config(UserPoolId=pool, WebAuthnConfiguration={"RelyingPartyId": "auth.example.com"})
    client_id = pools.client_id(pool, ExplicitAuthFlows=FLOWS)
    user, passkey = pools.user(pool), Authenticator(SITE)
    token = sign_in(sdk, client_id, user.username)["AuthenticationResult"]["AccessToken"]
    options = sdk("StartWebAuthnRegistration", AccessToken=token)["CredentialCreationOptions"]
    assert options["rp"]["id"] == "auth.example.com"
    sdk("CompleteWebAuthnRegistration", AccessToken=token, Credential=passkey.create(options))
    [listed] = sdk("ListWebAuthnCredentials", AccessToken=token)["Credentials"]
    assert listed["RelyingPartyId"] == "auth.example.com"

    asked = sdk("InitiateAuth", ClientId=client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": user.username})
    assert "WEB_AUTHN" in asked["AvailableChallenges"]
    chosen = sdk(
        "RespondToAuthChallenge",
        ClientId=client_id,
        ChallengeName="SELECT_CHALLENGE",
        Session=asked["Session"],
        ChallengeResponses={"USERNAME": user.username, "ANSWER": "WEB_AUTHN"},
    )
    request = json.loads(chosen["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    answer = {
        "ClientId": client_id,
        "ChallengeName": "WEB_AUTHN",
        "Session": chosen["Session"],
        "ChallengeResponses": {"USERNAME": user.username, "CREDENTIAL": passkey.get(request)},
    }
    assert "AccessToken" in sdk("RespondToAuthChallenge", **answer)["AuthenticationResult"]
    with pytest.raises(Refused):
        sdk("RespondToAuthChallenge", **answer)
    sdk("DeleteWebAuthnCredential", AccessToken=token, CredentialId=listed["CredentialId"])
    assert sdk("ListWebAuthnCredentials", AccessToken=token)["Credentials"] == []


def test_tokens_are_renewed_and_rotate(sdk, pools, user_pool_id, user):
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    client = pools.client(user_pool_id, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"], RefreshTokenRotation=rotation)
    here = {"ClientId": client["ClientId"]}
    first = sign_in(sdk, client["ClientId"], user.username)["AuthenticationResult"]
    second = sdk("GetTokensFromRefreshToken", **here, RefreshToken=first["RefreshToken"])["AuthenticationResult"]
    assert second["RefreshToken"] != first["RefreshToken"]
    assert sdk("GetUser", AccessToken=second["AccessToken"])["Username"] == user.username
    with pytest.raises(Refused) as reused:
        sdk("GetTokensFromRefreshToken", **here, RefreshToken=first["RefreshToken"])
    assert (reused.value.name, reused.value.error["isTyped"]) == ("RefreshTokenReuseException", True)


def test_a_device_is_confirmed_remembered_proven_and_forgotten(sdk, cognito, pools):
    pool, client_id = device_pool(cognito, pools, prompt=True)
    user = pools.user(pool)
    done = sign_in(sdk, client_id, user.username)["AuthenticationResult"]
    device, token = Device(done["NewDeviceMetadata"]), {"AccessToken": done["AccessToken"]}
    confirmed = sdk(
        "ConfirmDevice",
        **token,
        DeviceKey=device.key,
        DeviceName="My laptop",
        DeviceSecretVerifierConfig=device.verifier(),
    )
    assert confirmed == {"UserConfirmationNecessary": True}
    sdk("UpdateDeviceStatus", **token, DeviceKey=device.key, DeviceRememberedStatus="remembered")
    shown = sdk("GetDevice", **token, DeviceKey=device.key)["Device"]
    assert {"Name": "device_name", "Value": "My laptop"} in shown["DeviceAttributes"]
    # A Date of the SDK, which JSON writes in full.
    assert datetime.fromisoformat(shown["DeviceCreateDate"]).tzinfo is not None

    asked = sign_in(sdk, client_id, user.username, DEVICE_KEY=device.key)
    assert asked["ChallengeName"] == "DEVICE_SRP_AUTH"
    here = {"ClientId": client_id, "Session": asked["Session"]}
    begun = sdk(
        "RespondToAuthChallenge",
        **here,
        ChallengeName="DEVICE_SRP_AUTH",
        ChallengeResponses={"USERNAME": user.username, "DEVICE_KEY": device.key, "SRP_A": device.srp_a},
    )
    proven = sdk(
        "RespondToAuthChallenge",
        ClientId=client_id,
        Session=begun["Session"],
        ChallengeName="DEVICE_PASSWORD_VERIFIER",
        ChallengeResponses=device.responses(user.username, begun),
    )["AuthenticationResult"]
    sdk("ForgetDevice", AccessToken=proven["AccessToken"], DeviceKey=device.key)
    assert sdk("ListDevices", AccessToken=proven["AccessToken"])["Devices"] == []


def test_sessions_are_listed_and_revoked(sdk, pools):
    pool = pools.user_pool()
    tracking = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 5}}
    sdk("SetUserPoolSessionConfiguration", UserPoolId=pool, **tracking)
    client_id, user = pools.client_id(pool), pools.user(pool)
    here, there = (sign_in(sdk, client_id, user.username)["AuthenticationResult"]["AccessToken"] for _ in range(2))
    listed = sdk("ListUserSessions", AccessToken=here)["Sessions"]
    [other] = [session for session in listed if not session["IsCurrentSession"]]
    sdk("RevokeUserSession", AccessToken=here, SessionId=other["SessionId"])
    with pytest.raises(Refused, match="Access Token has been revoked"):
        sdk("GetUser", AccessToken=there)
    [own] = sdk("AdminListUserSessions", UserPoolId=pool, Username=user.username)["Sessions"]
    sdk("AdminRevokeUserSession", UserPoolId=pool, Username=user.username, SessionId=own["SessionId"])
    with pytest.raises(Refused, match="Access Token has been revoked"):
        sdk("GetUser", AccessToken=here)
