"""Settings whose work is not built: first-hour F5. None of them is a gate that would stand open (attack-0.1 no. 17)."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from poolhouse.wire import shapes
from tests.support import oauth
from tests.support.inbox import Inbox
from tests.support.oauth import CALLBACK, World
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import Server

ARN = "arn:aws:lambda:us-east-1:000000000000:function:trigger"
ROLE = "arn:aws:iam::000000000000:role/sms"
KEY = "arn:aws:kms:us-east-1:000000000000:key/1"
SENDER = {"LambdaVersion": "V1_0", "LambdaArn": ARN}
PLAIN = {"AutoVerifiedAttributes": ["email"]}
DOCUMENT = Path(__file__).parents[3] / "docs" / "not-built.md"


@pytest.fixture(scope="module")
def world(server: Server, pools: Pools) -> World:
    """A pool of this file's own: its settings change all the time."""
    return oauth.build(server, pools)


@pytest.fixture
def with_settings(cognito: Any, world: World) -> Iterator[Callable[..., None]]:
    """Puts settings on the pool, which loses them when the test ends."""
    yield lambda **settings: cognito.update_user_pool(UserPoolId=world.pool_id, **{**PLAIN, **settings})
    cognito.update_user_pool(UserPoolId=world.pool_id, **PLAIN)


def test_a_gate_that_came_meanwhile_stops_the_sign_in_after_a_confirmation(
    cognito: Any, pools: Pools, world: World, inbox: Inbox, with_settings: Callable[..., None]
) -> None:
    """The hosted pages sign in whoever confirms after a right password; a gate of sign-in stands before that, too."""
    for settings, leads_to in (({}, "https://a.example/cb"), ({"LambdaConfig": {"PreAuthentication": ARN}}, "/login")):
        with_settings()
        name = unique("late")
        email = f"{name}@example.com"
        cognito.sign_up(
            ClientId=world.public_id, Username=name, Password=PASSWORD, UserAttributes=attributes(email=email)
        )
        browser = world.browser()
        asked = world.parameters()
        browser.get("/login", **asked)
        answer = browser.submit("/login?" + urlencode(asked), username=name, password=PASSWORD)
        assert answer.headers["location"].startswith("/confirm?")
        browser.get("/confirm", **asked)
        with_settings(**settings)
        answer = browser.submit("/confirm?" + urlencode(asked), code=inbox.code(email))
        assert answer.headers["location"].startswith(leads_to)


class TestTheLog:
    """first-hour F5: not in silence."""

    def test_a_pool_is_named_once_at_its_making_and_once_after_a_start(self, start_server: Any) -> None:
        server: Server = start_server()
        cognito = server.client()
        pools = Pools(cognito)
        user_pool_id = pools.user_pool(
            LambdaConfig={"InboundFederation": {"LambdaVersion": "V1_0", "LambdaArn": ARN}},
            MfaConfiguration="OPTIONAL",
            SmsConfiguration={"SnsCallerArn": ROLE, "ExternalId": "x"},
            DcrConfiguration={},
        )
        line = (
            f"warning  user pool {user_pool_id} has an InboundFederation trigger "
            "and has a DcrConfiguration, which is not available in poolhouse yet"
        )
        for _ in range(3):
            cognito.describe_user_pool(UserPoolId=user_pool_id)
        assert server.read_log().count(line) == 1
        server.stop()
        server.start()
        assert server.read_log().count(line) == 1  # a start reads no pools
        for _ in range(3):
            server.client().describe_user_pool(UserPoolId=user_pool_id)
        assert server.read_log().count(line) == 2

    def test_an_ordinary_pool_is_not(self, start_local_server: Any) -> None:
        server: Server = start_local_server()
        server.client().create_user_pool(PoolName="plain", **PLAIN)
        assert "not available" not in server.read_log()


class TestDocument:
    """docs/not-built.md says of every member what it does."""

    REQUESTS = (
        shapes.CreateUserPoolRequest,
        shapes.UpdateUserPoolRequest,
        shapes.SetUserPoolMfaConfigRequest,
        shapes.CreateUserPoolClientRequest,
        shapes.UpdateUserPoolClientRequest,
        shapes.CreateUserPoolDomainRequest,
        shapes.CreateIdentityProviderRequest,
        shapes.UpdateIdentityProviderRequest,
        shapes.LambdaConfigType,
    )

    def test_every_member_of_every_request_is_in_it(self) -> None:
        listed = set(re.findall(r"^\| `(\w+)`", DOCUMENT.read_text(), re.MULTILINE))
        for request in self.REQUESTS:
            assert set(request.__struct_fields__) - {"UserPoolId", "ClientId"} <= listed, request.__name__


def test_a_pool_with_every_option_is_stable(cognito: Any, pools: Pools) -> None:
    """What infrastructure code does: create, describe, update with what was described, describe; nothing may drift."""
    created = cognito.create_user_pool(PoolName=unique("all"), **EVERY_OPTION, **ONLY_AT_CREATION)["UserPool"]
    user_pool_id = created["Id"]
    described = cognito.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
    assert described == created
    assert {name: described[name] for name in EVERY_OPTION if name not in MERGED} == {
        name: value for name, value in EVERY_OPTION.items() if name not in MERGED
    }
    mutable = set(shapes.UpdateUserPoolRequest.__struct_fields__) & described.keys()
    for settings in (EVERY_OPTION, {name: described[name] for name in mutable}):
        cognito.update_user_pool(UserPoolId=user_pool_id, PoolName=described["Name"], **settings)
        again = cognito.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]
        assert {**again, "LastModifiedDate": 0} == {**described, "LastModifiedDate": 0}
    cognito.update_user_pool(UserPoolId=user_pool_id)
    cognito.delete_user_pool(UserPoolId=user_pool_id)


def test_a_client_with_every_option_is_stable(cognito: Any, world: World) -> None:
    settings = {
        "ClientName": "all",
        "RefreshTokenValidity": 10,
        "AccessTokenValidity": 30,
        "IdTokenValidity": 30,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
        "ReadAttributes": ["email", "name", "custom:dept"],
        "WriteAttributes": ["email", "name"],
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH", "ALLOW_CUSTOM_AUTH"],
        "AnalyticsConfiguration": {"ApplicationArn": "arn:aws:mobiletargeting:us-east-1:000000000000:apps/1"},
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": True,
        "EnablePropagateAdditionalUserContextData": True,
        "AuthSessionValidity": 5,
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
        **world.oauth_settings(),
        "DefaultRedirectURI": CALLBACK,
    }
    given = {"UserPoolId": world.pool_id, **settings}
    created = cognito.create_user_pool_client(GenerateSecret=True, **given)["UserPoolClient"]
    assert {name: created[name] for name in settings} == settings
    key = {"UserPoolId": world.pool_id, "ClientId": created["ClientId"]}
    assert cognito.describe_user_pool_client(**key)["UserPoolClient"] == created
    mutable = {name: created[name] for name in shapes.UpdateUserPoolClientRequest.__struct_fields__ if name in created}
    for settings in (given, mutable):
        updated = cognito.update_user_pool_client(**{**settings, **key})["UserPoolClient"]
        assert {**updated, "LastModifiedDate": 0} == {**created, "LastModifiedDate": 0}


MERGED = {"AcrConfiguration", "EmailVerificationMessage"}  # described with the defaults, and as the template says
EVERY_OPTION: dict[str, Any] = {
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 12,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": False,
            "RequireSymbols": False,
            "PasswordHistorySize": 5,
            "TemporaryPasswordValidityDays": 3,
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN", "EMAIL_OTP"]},
    },
    "DeletionProtection": "ACTIVE",
    "LambdaConfig": {
        **{
            name: ARN
            for name in shapes.LambdaConfigType.__struct_fields__
            if name
            not in ("PreTokenGenerationConfig", "CustomSMSSender", "CustomEmailSender", "KMSKeyID", "InboundFederation")
        },
        "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": ARN},
        "CustomSMSSender": SENDER,
        "CustomEmailSender": SENDER,
        "KMSKeyID": KEY,
        "InboundFederation": SENDER,
    },
    "AutoVerifiedAttributes": ["email", "phone_number"],
    "SmsVerificationMessage": "Your code is {####}",
    "EmailVerificationMessage": "The code is {####}",
    "EmailVerificationSubject": "The code",
    "VerificationMessageTemplate": {
        "SmsMessage": "Your code is {####}",
        "EmailMessage": "The code is {####}",
        "EmailSubject": "The code",
        "EmailMessageByLink": "Press {##here##}",
        "EmailSubjectByLink": "A link",
        "DefaultEmailOption": "CONFIRM_WITH_LINK",
    },
    "SmsAuthenticationMessage": "Sign in with {####}",
    "MfaConfiguration": "OPTIONAL",
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
    "EmailConfiguration": {
        "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com",
        "ReplyToEmailAddress": "help@example.com",
        "EmailSendingAccount": "DEVELOPER",
        "From": "Shop <shop@example.com>",
        "ConfigurationSet": "set",
    },
    "SmsConfiguration": {"SnsCallerArn": ROLE, "ExternalId": "x", "SnsRegion": "us-east-1"},
    "UserPoolTags": {"team": "blue", "poolhouse:password_storage": "verifier"},
    "AdminCreateUserConfig": {
        "AllowAdminCreateUserOnly": True,
        "UnusedAccountValidityDays": 3,
        "InviteMessageTemplate": {
            "SMSMessage": "{username} {####}",
            "EmailMessage": "{username} {####}",
            "EmailSubject": "Welcome",
        },
    },
    "UserPoolAddOns": {
        "AdvancedSecurityMode": "ENFORCED",
        "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"},
    },
    "DcrConfiguration": {"EnableStatus": "Enabled"},
    "AccountRecoverySetting": {
        "RecoveryMechanisms": [
            {"Priority": 1, "Name": "verified_email"},
            {"Priority": 2, "Name": "verified_phone_number"},
        ]
    },
    "UserPoolTier": "PLUS",
    "KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY},
    "IssuerConfiguration": {"Type": "UPDATED"},
    "AcrConfiguration": {"Level2": {"AcrValue": "silver"}},
}
ONLY_AT_CREATION: dict[str, Any] = {
    "Schema": [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {"Name": "team", "AttributeDataType": "String", "StringAttributeConstraints": {"MaxLength": "20"}},
        {"Name": "age", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "0"}},
    ],
    "UsernameAttributes": ["email"],
    "UsernameConfiguration": {"CaseSensitive": False},
}
