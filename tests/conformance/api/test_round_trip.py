"""Describe answers what Create was sent, member by member, and an Update with what it answered changes nothing: the second plan of
Terraform is empty. A member of the model that has no value here fails the test."""

from dataclasses import dataclass
from typing import Any

import pytest
from botocore import xform_name

from tests.conformance.generated.model import request_shape, shape
from tests.support.pools import unique

F = "arn:aws:lambda:us-east-1:123456789012:function:f"
V1 = {"LambdaVersion": "V1_0", "LambdaArn": F}
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-4333-8444-555555555555"
ROLE = "arn:aws:iam::123456789012:role/r"
FUNCTIONS = [
    "PreSignUp",
    "CustomMessage",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "PreTokenGeneration",
    "UserMigration",
]
POOL: dict[str, Any] = {
    "PoolName": "round trip",
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 10,
            "RequireUppercase": True,
            "RequireLowercase": False,
            "RequireNumbers": True,
            "RequireSymbols": False,
            "PasswordHistorySize": 3,
            "TemporaryPasswordValidityDays": 3,
        },
        "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]},
    },
    "DeletionProtection": "ACTIVE",
    "LambdaConfig": {
        **dict.fromkeys(FUNCTIONS, F),
        "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": F},
        "CustomSMSSender": V1,
        "CustomEmailSender": V1,
        "InboundFederation": V1,
        "KMSKeyID": KEY,
    },
    "AutoVerifiedAttributes": ["email"],
    "AliasAttributes": ["email", "preferred_username"],
    "SmsVerificationMessage": "sms {####}",
    "EmailVerificationMessage": "mail {####}",
    "EmailVerificationSubject": "subject",
    "VerificationMessageTemplate": {
        "SmsMessage": "sms {####}",
        "EmailMessage": "mail {####}",
        "EmailSubject": "subject",
        "EmailMessageByLink": "open {##this##}",
        "EmailSubjectByLink": "by link",
        "DefaultEmailOption": "CONFIRM_WITH_LINK",
    },
    "SmsAuthenticationMessage": "mfa {####}",
    "MfaConfiguration": "OPTIONAL",
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
    "EmailConfiguration": {
        "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/us@example.com",
        "ReplyToEmailAddress": "reply@example.com",
        "EmailSendingAccount": "DEVELOPER",
        "From": "Us <us@example.com>",
        "ConfigurationSet": "set",
    },
    "SmsConfiguration": {"SnsCallerArn": ROLE, "ExternalId": "x", "SnsRegion": "us-east-1"},
    "UserPoolTags": {"team": "a"},
    "AdminCreateUserConfig": {
        "AllowAdminCreateUserOnly": True,
        "UnusedAccountValidityDays": 3,
        "InviteMessageTemplate": {
            "SMSMessage": "{username} {####}",
            "EmailMessage": "{username} {####}",
            "EmailSubject": "invited",
        },
    },
    "Schema": [{"Name": "size", "AttributeDataType": "Number", "Mutable": True}],
    "UserPoolAddOns": {
        "AdvancedSecurityMode": "AUDIT",
        "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"},
    },
    "DcrConfiguration": {
        "EnableStatus": "Disabled",
        "OpenDcrEnabled": True,
        "AuthenticatedGrantTypes": ["code"],
        "OpenDcrGrantTypes": ["code"],
        "AllowedScopes": ["openid"],
    },
    "UsernameConfiguration": {"CaseSensitive": True},
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
    "UserPoolTier": "PLUS",
    "KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY},
    "IssuerConfiguration": {"Type": "UPDATED"},
    "AcrConfiguration": {"Level1": {"AcrValue": "low"}},
}
CLIENT: dict[str, Any] = {
    "ClientName": "round trip",
    "GenerateSecret": True,
    "RefreshTokenValidity": 12,
    "AccessTokenValidity": 20,
    "IdTokenValidity": 30,
    "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
    "ReadAttributes": ["email", "name"],
    "WriteAttributes": ["email", "name"],
    "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_AUTH"],
    "SupportedIdentityProviders": ["COGNITO"],
    "CallbackURLs": ["https://a.example/", "https://b.example/"],
    "LogoutURLs": ["https://a.example/out"],
    "DefaultRedirectURI": "https://a.example/",
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthScopes": ["openid", "email"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AnalyticsConfiguration": {
        "ApplicationId": "00000000000000000000000000000000",
        "RoleArn": ROLE,
        "ExternalId": "x",
        "UserDataShared": True,
    },
    "PreventUserExistenceErrors": "ENABLED",
    "EnableTokenRevocation": False,
    "EnablePropagateAdditionalUserContextData": True,
    "AuthSessionValidity": 5,
    "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
}
# Members that exclude others which have a value here, or that belong to one type of attribute.
EXCLUDED: dict[str, set[str]] = {
    "CreateUserPool": {
        "UsernameAttributes",  # instead of AliasAttributes
        "SmsConfiguration.EumsSms",  # instead of SnsCallerArn
        "Schema.DeveloperOnlyAttribute",
        "Schema.Required",
        "Schema.StringAttributeConstraints",
        "Schema.NumberAttributeConstraints",
    },
    "CreateUserPoolClient": {"AnalyticsConfiguration.ApplicationArn", "ClientSecret"},  # ApplicationId, GenerateSecret
}
RENAMED = {"PoolName": "Name", "Schema": "SchemaAttributes", "GenerateSecret": "ClientSecret"}


def members(operation: str) -> set[str]:
    return set(shape(request_shape(operation))["members"])


def unvalued(name: str, value: Any, path: str = "") -> list[str]:
    """Members below a shape that the value does not have."""
    of = shape(name)
    if of["type"] == "structure":
        found = [f"{path}.{member}" for member in of["members"].keys() - value.keys()]
        parts = [(member, value[member]) for member in of["members"] if member in value]
        return found + [each for m, part in parts for each in unvalued(of["members"][m]["shape"], part, f"{path}.{m}")]
    if of["type"] == "list":
        return unvalued(of["member"]["shape"], value[0], path)
    return []


def holds(described: Any, sent: Any) -> bool:
    """Whether an answer has all that was sent; it may have defaults besides."""
    if isinstance(sent, dict):
        return all(name in described and holds(described[name], value) for name, value in sent.items())
    if isinstance(sent, list) and sent and isinstance(sent[0], dict):
        return all(any(holds(each, value) for each in described) for value in sent)
    if isinstance(sent, list):
        return sorted(described) == sorted(sent)
    return bool(described == sent)


@dataclass(frozen=True)
class Resource:
    """One kind of resource. answer: the member of the answers that describes it.  names: by which it is found.

    least: what has to be sent.  values: something for every member.
    """

    create: str
    update: str
    describe: str
    answer: str
    names: tuple[str, ...]
    least: dict[str, Any]
    values: dict[str, Any]

    def make(self, cognito: Any, values: dict[str, Any]) -> "Made":
        sent = dict(values)
        if "UserPoolId" in members(self.create):
            sent["UserPoolId"] = cognito.create_user_pool(PoolName=unique("pool"))["UserPool"]["Id"]
        made = ask(cognito, self.create, **sent)[self.answer]
        found = {**sent, **made, "UserPoolId": sent.get("UserPoolId", made.get("Id"))}
        return Made(cognito, self, {name: found[name] for name in self.names})


def ask(cognito: Any, operation: str, **values: Any) -> dict[str, Any]:
    return dict(getattr(cognito, xform_name(operation))(**values))


@dataclass(frozen=True)
class Made:
    cognito: Any
    resource: Resource
    names: dict[str, str]

    def described(self) -> dict[str, Any]:
        return dict(ask(self.cognito, self.resource.describe, **self.names)[self.resource.answer])

    def updated(self, values: dict[str, Any]) -> dict[str, Any]:
        """Sends what an update takes of these values; how the resource is described then."""
        taken = members(self.resource.update) - self.names.keys()
        ask(self.cognito, self.resource.update, **self.names, **{name: values[name] for name in taken & values.keys()})
        return self.described()


GROUP = {"GroupName": "g", "Description": "d", "RoleArn": ROLE, "Precedence": 3}
SERVER = {"Identifier": "r", "Name": "n", "Scopes": [{"ScopeName": "read", "ScopeDescription": "d"}]}
PROVIDER = {
    "ProviderName": "Corp",
    "ProviderType": "OIDC",
    "ProviderDetails": {
        "client_id": "x",
        "client_secret": "y",
        "attributes_request_method": "GET",
        "oidc_issuer": "https://idp.example.com",
        "authorize_scopes": "openid email",
        "authorize_url": "https://idp.example.com/authorize",
        "token_url": "https://idp.example.com/token",
        "attributes_url": "https://idp.example.com/userinfo",
        "jwks_uri": "https://idp.example.com/jwks",
    },
    "AttributeMapping": {"email": "email", "username": "sub"},
    "IdpIdentifiers": ["corp.example"],
    "AcrMapping": {"Level1": "low"},
}
RESOURCES = [
    Resource(
        "CreateUserPool", "UpdateUserPool", "DescribeUserPool", "UserPool", ("UserPoolId",), {"PoolName": "least"}, POOL
    ),
    Resource(
        "CreateUserPoolClient",
        "UpdateUserPoolClient",
        "DescribeUserPoolClient",
        "UserPoolClient",
        ("UserPoolId", "ClientId"),
        {"ClientName": "least", "GenerateSecret": True},
        CLIENT,
    ),
    Resource("CreateGroup", "UpdateGroup", "GetGroup", "Group", ("UserPoolId", "GroupName"), {"GroupName": "g"}, GROUP),
    Resource(
        "CreateResourceServer",
        "UpdateResourceServer",
        "DescribeResourceServer",
        "ResourceServer",
        ("UserPoolId", "Identifier"),
        {"Identifier": "r", "Name": "least"},
        SERVER,
    ),
    Resource(
        "CreateIdentityProvider",
        "UpdateIdentityProvider",
        "DescribeIdentityProvider",
        "IdentityProvider",
        ("UserPoolId", "ProviderName"),
        {name: PROVIDER[name] for name in ("ProviderName", "ProviderType", "ProviderDetails")},
        PROVIDER,
    ),
]
each_resource = pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.answer)


def without_date(described: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in described.items() if name != "LastModifiedDate"}


@each_resource
def test_every_member_of_the_model_has_a_value_here(resource: Resource) -> None:
    missing = {each.removeprefix(".") for each in unvalued(request_shape(resource.create), resource.values)}
    assert missing == {"UserPoolId"} & members(resource.create) | EXCLUDED.get(resource.create, set())


@each_resource
def test_what_was_sent_is_described(cognito: Any, resource: Resource) -> None:
    assert_holds(resource.make(cognito, resource.values).described(), resource.values)


@each_resource
def test_an_update_sets_every_member_that_it_takes(cognito: Any, resource: Resource) -> None:
    """As a plan that changes a resource of defaults into one with everything."""
    wanted = {name: value for name, value in resource.values.items() if name in members(resource.update)}
    assert_holds(resource.make(cognito, resource.least).updated(wanted), wanted)


@each_resource
@pytest.mark.parametrize("which", ["values", "least"])
def test_an_update_with_what_is_described_changes_nothing(cognito: Any, resource: Resource, which: str) -> None:
    made = resource.make(cognito, getattr(resource, which))
    before = made.described()
    after = made.updated({**before, "PoolName": before.get("Name")})
    assert without_date(after) == without_date(before)


def assert_holds(described: dict[str, Any], sent: dict[str, Any]) -> None:
    for name, value in sent.items():
        shown = described[RENAMED.get(name, name)]
        if name == "GenerateSecret":
            assert shown
        elif name == "Schema":
            assert "custom:size" in {each["Name"] for each in shown}
        else:
            assert holds(shown, value), (name, shown)
