"""Settings whose work is not built: attack-0.1 no. 17, first-hour D1, first-hour F5.

A setting is put on a pool that works, everything is tried, and exactly what would have asked it refuses.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError

from poolhouse.wire import shapes
from tests.support import oauth
from tests.support.inbox import Inbox
from tests.support.oauth import CALLBACK, World, basic, query_of, text_of
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import Server
from tests.support.srp import SRPClient

ARN = "arn:aws:lambda:us-east-1:000000000000:function:trigger"
ROLE = "arn:aws:iam::000000000000:role/sms"
KEY = "arn:aws:kms:us-east-1:000000000000:key/1"
SENDER = {"LambdaVersion": "V1_0", "LambdaArn": ARN}
HISTORY = {"PasswordPolicy": {"PasswordHistorySize": 3}}
PLAIN = {"AutoVerifiedAttributes": ["email"]}
DOCUMENT = Path(__file__).parents[3] / "docs" / "not-built.md"

SIGN_IN = {"password", "admin password", "srp", "new password challenge", "pages"}
NEW_PASSWORD = {"change password", "confirm forgot", "admin set password", "new password challenge"}
REFRESH = {"refresh", "refresh by token", "refresh at the domain", "redeem"}
GATES: list[tuple[dict[str, Any], str, set[str]]] = [
    ({"UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}}, "", set()),
    ({"Policies": {"PasswordPolicy": {"PasswordHistorySize": 3}}}, "has a PasswordHistorySize", NEW_PASSWORD),
]


@pytest.fixture(scope="module")
def world(server: Server, pools: Pools) -> World:
    """A pool of this file's own: its settings change all the time."""
    return oauth.build(server, pools)


@pytest.fixture
def with_settings(cognito: Any, world: World) -> Iterator[Callable[..., None]]:
    """Puts settings on the pool, which loses them when the test ends."""
    yield lambda **settings: cognito.update_user_pool(UserPoolId=world.pool_id, **{**PLAIN, **settings})
    cognito.update_user_pool(UserPoolId=world.pool_id, **PLAIN)


class Everything:
    """Every operation that some gate stands before, each ready to be tried once."""

    def __init__(self, cognito: Any, pools: Pools, world: World) -> None:
        self.cognito, self.pools, self.world = cognito, pools, world
        cognito.update_user_pool(UserPoolId=world.pool_id, **PLAIN)
        self.pool_id, self.client_id = world.pool_id, world.public_id
        self.user, self.forgetful = world.user(), world.user()
        self.signed_in = pools.sign_in(self.client_id, self.user)
        self.browser = world.signed_in(self.user)
        self.code = world.code(browser=self.browser)
        self.waiting = [self._unconfirmed() for _ in range(3)]
        self.temporary = unique("temporary")
        cognito.admin_create_user(
            UserPoolId=self.pool_id,
            Username=self.temporary,
            TemporaryPassword=self.user.password,
            MessageAction="SUPPRESS",
        )
        self.challenge = self._sign_in("USER_PASSWORD_AUTH", USERNAME=self.temporary, PASSWORD=self.user.password)

    def _unconfirmed(self) -> str:
        name = unique("waiting")
        self.cognito.sign_up(
            ClientId=self.client_id,
            Username=name,
            Password=self.user.password,
            UserAttributes=attributes(email=f"{name}@example.com"),
        )
        return name

    def _sign_in(self, flow: str, **parameters: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.cognito.initiate_auth(
            ClientId=self.client_id, AuthFlow=flow, AuthParameters=parameters
        )
        return answer

    def refused(self) -> dict[str, str]:
        """Operation → why, of those that refuse because something is not built."""
        found = {}
        for name, attempt in self._attempts().items():
            try:
                text = attempt()
            except ClientError as error:
                text = error.response["Error"]["Message"]
            if "not available in poolhouse yet" in str(text):
                found[name] = str(text)
        return found

    def _attempts(self) -> dict[str, Callable[[], Any]]:
        cognito, pool, client, user = self.cognito, self.pool_id, self.client_id, self.user
        token = self.signed_in["AccessToken"]
        machine = self.world.machine
        email = attributes(email=f"{unique()}@example.com")
        password = {"USERNAME": user.username, "PASSWORD": user.password}
        return {
            "sign up": self._unconfirmed,
            "create": lambda: cognito.admin_create_user(UserPoolId=pool, Username=unique(), MessageAction="SUPPRESS"),
            "invite": lambda: cognito.admin_create_user(
                UserPoolId=pool, Username=unique(), UserAttributes=email, DesiredDeliveryMediums=["EMAIL"]
            ),
            "confirm": lambda: cognito.confirm_sign_up(
                ClientId=client, Username=self.waiting[0], ConfirmationCode="000000"
            ),
            "admin confirm": lambda: cognito.admin_confirm_sign_up(UserPoolId=pool, Username=self.waiting[1]),
            "resend": lambda: cognito.resend_confirmation_code(ClientId=client, Username=self.waiting[2]),
            "password": lambda: self._sign_in("USER_PASSWORD_AUTH", **password),
            "admin password": lambda: cognito.admin_initiate_auth(
                UserPoolId=pool, ClientId=client, AuthFlow="ADMIN_USER_PASSWORD_AUTH", AuthParameters=password
            ),
            "srp": lambda: self._sign_in("USER_SRP_AUTH", **SRPClient(pool, user.username, user.password).parameters),
            "custom": lambda: cognito.initiate_auth(
                ClientId=self.other_flows(), AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": user.username}
            ),
            "new password challenge": lambda: cognito.respond_to_auth_challenge(
                ClientId=client,
                ChallengeName="NEW_PASSWORD_REQUIRED",
                Session=self.challenge["Session"],
                ChallengeResponses={"USERNAME": self.temporary, "NEW_PASSWORD": user.password},
            ),
            "pages": lambda: text_of(self.world.browser().login(user, **self.world.parameters())),
            "sso": lambda: query_of(
                self.browser.authorize(**self.world.parameters(redirect_uri=CALLBACK)).headers["location"]
            ).get("error_description", ""),
            "redeem": lambda: self.world.redeem(self.code).json().get("error_description", ""),
            "refresh": lambda: self._sign_in("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=self.signed_in["RefreshToken"]),
            "refresh by token": lambda: cognito.get_tokens_from_refresh_token(
                ClientId=client, RefreshToken=self.signed_in["RefreshToken"]
            ),
            "refresh at the domain": lambda: (
                self.world.refresh(self.signed_in["RefreshToken"]).json().get("error_description", "")
            ),
            "machine": lambda: (
                self.world.token(
                    {"grant_type": "client_credentials"}, basic(machine["ClientId"], machine["ClientSecret"])
                )
                .json()
                .get("error_description", "")
            ),
            "forgot": lambda: cognito.forgot_password(ClientId=client, Username=user.username),
            "confirm forgot": lambda: cognito.confirm_forgot_password(
                ClientId=client, Username=user.username, ConfirmationCode="000000", Password=user.password
            ),
            "verification code": lambda: cognito.get_user_attribute_verification_code(
                AccessToken=token, AttributeName="email"
            ),
            "change address": lambda: cognito.update_user_attributes(AccessToken=token, UserAttributes=email),
            "change password": lambda: cognito.change_password(
                AccessToken=token, PreviousPassword=user.password, ProposedPassword=user.password
            ),
            "admin set password": lambda: cognito.admin_set_user_password(
                UserPoolId=pool, Username=user.username, Password=user.password, Permanent=True
            ),
            "admin reset": lambda: cognito.admin_reset_user_password(UserPoolId=pool, Username=self.forgetful.username),
        }

    def other_flows(self) -> str:
        flows = ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        return self.pools.client_id(self.pool_id, ExplicitAuthFlows=flows)


@pytest.mark.parametrize(("settings", "what", "refusing"), GATES)
def test_a_gate_that_is_not_built_is_shut(
    cognito: Any,
    pools: Pools,
    world: World,
    with_settings: Callable[..., None],
    settings: dict[str, Any],
    what: str,
    refusing: set[str],
) -> None:
    """attack-0.1 no. 17, first-hour D1: what the setting would have been asked at refuses and names it; nothing else does."""
    everything = Everything(cognito, pools, world)
    with_settings(**settings)
    refused = everything.refused()
    assert refused.keys() - {"custom"} == refusing
    for name in refusing:
        assert what in refused[name], name


def test_the_text_names_the_setting(cognito: Any, pools: Pools) -> None:
    """first-hour D1."""
    user_pool_id = pools.user_pool(Policies=HISTORY)
    with pytest.raises(ClientError) as refusal:
        pools.user(user_pool_id)
    text = "This user pool has a PasswordHistorySize, which is not available in poolhouse yet."
    assert refusal.value.response["Error"] == {"Code": "InvalidParameterException", "Message": text}


def test_a_stranger_is_refused_like_a_user(cognito: Any, pools: Pools, world: World, with_settings: Any) -> None:
    """A gate must not tell who exists either."""
    guarded = pools.client_id(world.pool_id, PreventUserExistenceErrors="ENABLED")
    with_settings(Policies=HISTORY)
    attempts = (
        lambda name: cognito.confirm_forgot_password(
            ClientId=guarded, Username=name, ConfirmationCode="123456", Password=PASSWORD
        ),
    )
    for attempt in attempts:
        answers = set()
        for name in (world.bob.username, unique("nobody")):
            with pytest.raises(ClientError) as refusal:
                attempt(name)
            answers.add(str(refusal.value.response["Error"]))
        assert len(answers) == 1


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
            Policies=HISTORY,
            MfaConfiguration="OPTIONAL",
            SmsConfiguration={"SnsCallerArn": ROLE, "ExternalId": "x"},
            DcrConfiguration={},
        )
        line = (
            f"warning  user pool {user_pool_id} has an InboundFederation trigger and has a PasswordHistorySize "
            "and has a DcrConfiguration, which is not available in poolhouse yet; until then refused: every change of a password"
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

    def test_every_gate_is_in_it(self) -> None:
        text = DOCUMENT.read_text()
        for _, what, _ in GATES:
            for name in re.findall(r"[A-Z][a-z]+[A-Z]\w+", what):
                assert f"`{name}`" in text, name


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
