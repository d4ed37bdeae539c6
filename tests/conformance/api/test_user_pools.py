"""User pools through the API: what each operation answers, what it refuses and with which words."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.pools import Pools, unique

MISSING = "us-east-1_Missing00"
ARN = "arn:aws:lambda:us-east-1:123456789012:function:trigger"
SES = "arn:aws:ses:us-east-1:123456789012:identity/a@example.com"
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sns", "ExternalId": "x"}
DEFAULT_PASSWORD_POLICY = {
    "MinimumLength": 8,
    "RequireUppercase": True,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "TemporaryPasswordValidityDays": 7,
}


@pytest.fixture
def new_pool(cognito: Any, pools: Pools) -> Iterator[Callable[..., str]]:
    """Makes pools that go when the test ends."""
    made: list[str] = []

    def make(**settings: Any) -> str:
        made.append(pools.user_pool(**settings))
        return made[-1]

    yield make
    for user_pool_id in made:
        try:
            cognito.delete_user_pool(UserPoolId=user_pool_id)
        except cognito.exceptions.ResourceNotFoundException:
            pass
        except cognito.exceptions.InvalidParameterException:
            cognito.update_user_pool(UserPoolId=user_pool_id)
            cognito.delete_user_pool(UserPoolId=user_pool_id)


@pytest.fixture
def described(cognito: Any) -> Callable[[str], dict[str, Any]]:
    return lambda user_pool_id: cognito.describe_user_pool(UserPoolId=user_pool_id)["UserPool"]


class TestCreateUserPool:
    def test_a_pool_with_nothing_but_a_name_has_the_documented_defaults(self, cognito: Any) -> None:
        pool = cognito.create_user_pool(PoolName="only a name")["UserPool"]
        user_pool_id = pool["Id"]
        assert re.fullmatch(r"us-east-1_[0-9A-Za-z]{9}", user_pool_id)
        assert pool["Arn"] == f"arn:aws:cognito-idp:us-east-1:000000000000:userpool/{user_pool_id}"
        assert pool["CreationDate"] == pool["LastModifiedDate"]
        expected = {
            "Name": "only a name",
            "EstimatedNumberOfUsers": 0,
            "DeletionProtection": "INACTIVE",
            "UserPoolTier": "ESSENTIALS",
            "MfaConfiguration": "OFF",
            "LambdaConfig": {},
            "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
            "Policies": {
                "PasswordPolicy": DEFAULT_PASSWORD_POLICY,
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
            },
            "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
            "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
            "AcrConfiguration": {f"Level{n}": {"AcrValue": f"urn:cognito:loa:{n}"} for n in range(1, 5)},
            "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
            "IssuerConfiguration": {"Type": "ORIGINAL"},
            "UserPoolTags": {},
        }
        variable = {"Id", "Arn", "CreationDate", "LastModifiedDate", "SchemaAttributes"}
        assert {name: value for name, value in pool.items() if name not in variable} == expected
        cognito.delete_user_pool(UserPoolId=user_pool_id)

    def test_the_schema_of_a_plain_pool(self, user_pool_id: str, described: Callable[[str], Any]) -> None:
        """Issue 5 exactness 3: `identities` comes with the first identity provider."""
        schema = {entry["Name"]: entry for entry in described(user_pool_id)["SchemaAttributes"]}
        assert len(schema) == 20
        assert schema["sub"] == {
            "Name": "sub",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": False,
            "Mutable": False,
            "Required": True,
            "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"},
        }
        assert schema["birthdate"]["StringAttributeConstraints"] == {"MinLength": "10", "MaxLength": "10"}
        assert schema["email_verified"]["AttributeDataType"] == "Boolean"
        assert schema["updated_at"]["NumberAttributeConstraints"] == {"MinValue": "0"}
        assert "identities" not in schema
        assert all(e["Mutable"] and not e["Required"] for name, e in schema.items() if name != "sub")

    def test_members_that_were_sent_are_described(
        self, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        sent = {
            "PoolName": unique("pool"),
            "AutoVerifiedAttributes": ["email"],
            "AliasAttributes": ["email", "preferred_username"],
            "UsernameConfiguration": {"CaseSensitive": False},
            "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True},
            "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
            "SmsConfiguration": SMS,
            "SmsAuthenticationMessage": "Code {####}",
            "MfaConfiguration": "OPTIONAL",
            "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"},
            "UserPoolTags": {"team": "blue"},
        }
        pool = described(new_pool(**sent))
        assert {name: pool["Name" if name == "PoolName" else name] for name in sent} == sent

    def test_a_sent_password_policy_requires_only_what_it_says(
        self, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        policy = {"MinimumLength": 6, "RequireNumbers": True, "TemporaryPasswordValidityDays": 0}
        pool = described(new_pool(Policies={"PasswordPolicy": policy}))
        assert pool["Policies"]["PasswordPolicy"] == {
            "MinimumLength": 6,
            "RequireUppercase": False,
            "RequireLowercase": False,
            "RequireNumbers": True,
            "RequireSymbols": False,
            "TemporaryPasswordValidityDays": 7,
        }

    def test_the_older_name_of_the_temporary_password_setting_counts(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        pool = described(new_pool(AdminCreateUserConfig={"UnusedAccountValidityDays": 30}))
        assert pool["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"] == 30
        with refused_parameter(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays"
        ):
            cognito.create_user_pool(
                PoolName="x",
                Policies={"PasswordPolicy": {"TemporaryPasswordValidityDays": 5}},
                AdminCreateUserConfig={"UnusedAccountValidityDays": 30},
            )

    def test_older_message_members_and_the_template_mirror_each_other(
        self, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        older = described(new_pool(EmailVerificationMessage="Old {####}", EmailVerificationSubject="S"))
        assert older["VerificationMessageTemplate"] == {
            "EmailMessage": "Old {####}",
            "EmailSubject": "S",
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
        }
        newer = described(new_pool(VerificationMessageTemplate={"SmsMessage": "New {####}"}))
        assert newer["SmsVerificationMessage"] == "New {####}"

    def test_a_message_with_a_code_and_one_with_a_link_stand_side_by_side(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        """Issue 5 exactness 2."""
        both = {
            "EmailMessage": "Code {####}",
            "EmailSubject": "Code",
            "EmailMessageByLink": "Press {##here##}",
            "EmailSubjectByLink": "Link",
            "DefaultEmailOption": "CONFIRM_WITH_LINK",
        }
        user_pool_id = new_pool(VerificationMessageTemplate=both)
        pool = described(user_pool_id)
        assert pool["VerificationMessageTemplate"] == both
        assert (pool["EmailVerificationMessage"], pool["EmailVerificationSubject"]) == ("Code {####}", "Code")
        older = {"EmailVerificationMessage": "Old {####}", "EmailVerificationSubject": "Old"}
        by_link = {name: both[name] for name in ("EmailMessageByLink", "EmailSubjectByLink", "DefaultEmailOption")}
        cognito.update_user_pool(UserPoolId=user_pool_id, VerificationMessageTemplate=by_link, **older)
        pool = described(user_pool_id)
        assert pool["VerificationMessageTemplate"] == {**by_link, "EmailMessage": "Old {####}", "EmailSubject": "Old"}
        assert pool["EmailVerificationMessage"] == "Old {####}"

    def test_threat_protection_chooses_the_plus_tier(
        self, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        pool = described(new_pool(UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"}))
        assert pool["UserPoolTier"] == "PLUS"

    def test_acr_names_are_merged_with_the_defaults(
        self, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        pool = described(new_pool(AcrConfiguration={"Level2": {"AcrValue": "silver"}}))
        assert pool["AcrConfiguration"]["Level2"] == {"AcrValue": "silver"}
        assert pool["AcrConfiguration"]["Level1"] == {"AcrValue": "urn:cognito:loa:1"}

    def test_a_wrong_type_of_an_attribute_has_a_text_of_its_own(
        self, unchecked_cognito: Any, user_pool_id: str
    ) -> None:
        """Issue 5 exactness 5."""
        schema = [{"Name": "fruit", "AttributeDataType": "Banana"}]
        text = (
            "Validation error detected: Value 'Banana' failed to satisfy constraint: "
            "Member must satisfy enum value set: [Boolean, Number, String, DateTime]"
        )
        with refused_parameter(text):
            unchecked_cognito.create_user_pool(PoolName="refused", Schema=schema)
        with refused_parameter(text):
            unchecked_cognito.add_custom_attributes(UserPoolId=user_pool_id, CustomAttributes=schema)
        with refused("SerializationException", "class java.lang.Integer can not be converted to an String"):
            unchecked_cognito.create_user_pool(PoolName="refused", Schema=[{"Name": "fruit", "AttributeDataType": 1}])

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            (
                {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]},
                "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
            ),
            (
                {
                    "AliasAttributes": ["preferred_username"],
                    "Schema": [{"Name": "preferred_username", "Required": True}],
                },
                "preferred_username can not be a required attribute when it is an alias.",
            ),
            (
                {"MfaConfiguration": "ON"},
                "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
            ),
            (
                {"MfaConfiguration": "OPTIONAL"},
                "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
            ),
            (
                {
                    "MfaConfiguration": "ON",
                    "SmsConfiguration": SMS,
                    "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
                },
                "EMAIL_OTP and SMS_OTP can not be first factors when MFA is required.",
            ),
            (
                {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "SOFTWARE_TOKEN"]}}},
                "SOFTWARE_TOKEN is not a valid value for AllowedFirstAuthFactors.",
            ),
            (
                {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["WEB_AUTHN"]}}},
                "AllowedFirstAuthFactors must include PASSWORD.",
            ),
            (
                {
                    "LambdaConfig": {
                        "PreTokenGeneration": ARN,
                        "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": ARN + "2"},
                    }
                },
                "PreTokenGeneration and PreTokenGenerationConfig.LambdaArn must be identical.",
            ),
            (
                {"LambdaConfig": {"CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": ARN}}},
                "KMSKeyID is required with CustomSMSSender or CustomEmailSender.",
            ),
            (
                # Issue 5 exactness 2: what the model's pattern lets pass, and is no link all the same.
                {"VerificationMessageTemplate": {"EmailMessage": "a {####}", "EmailMessageByLink": "b {####}"}},
                "The message is invalid.",
            ),
            (
                {"AdminCreateUserConfig": {"InviteMessageTemplate": {"EmailMessage": "Hello {username}"}}},
                "The invitation message must contain {username} and {####}.",
            ),
            (
                {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
                "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
            ),
            (
                {
                    "AccountRecoverySetting": {
                        "RecoveryMechanisms": [
                            {"Priority": 1, "Name": "admin_only"},
                            {"Priority": 2, "Name": "verified_email"},
                        ]
                    }
                },
                (
                    "Invalid account recovery setting parameter. Account recovery setting cannot use admin_only setting with "
                    "any other recovery mechanisms."
                ),
            ),
            (
                {
                    "AccountRecoverySetting": {
                        "RecoveryMechanisms": [
                            {"Priority": 1, "Name": "verified_phone_number"},
                            {"Priority": 1, "Name": "verified_email"},
                        ]
                    }
                },
                "Invalid account recovery setting parameter. Names and priorities must be unique.",
            ),
            (
                {"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}},
                "SourceArn is required when EmailSendingAccount is DEVELOPER.",
            ),
            (
                {"SmsConfiguration": {"ExternalId": "x"}},
                "Exactly one of SnsCallerArn and EumsSms must be set in SmsConfiguration.",
            ),
            (
                {"SmsConfiguration": {**SMS, "EumsSms": {"CallerArn": ARN}}},
                "Exactly one of SnsCallerArn and EumsSms must be set in SmsConfiguration.",
            ),
            (
                {"KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY"}},
                "KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY.",
            ),
            (
                {"AcrConfiguration": {"Level1": {"AcrValue": "urn:cognito:loa:2"}}},
                "The AcrValue of each level must be unique.",
            ),
        ],
    )
    def test_members_that_contradict_each_other_are_refused(
        self, cognito: Any, settings: dict[str, Any], message: str
    ) -> None:
        with refused_parameter(message):
            cognito.create_user_pool(PoolName="refused", **settings)

    def test_a_schema_edits_standard_attributes_and_adds_custom_ones(
        self, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        user_pool_id = new_pool(
            Schema=[
                {"Name": "email", "Required": True, "Mutable": False},
                {
                    "Name": "nickname",
                    "AttributeDataType": "String",
                    "StringAttributeConstraints": {"MinLength": "2", "MaxLength": "9"},
                },
                {"Name": "family_name", "StringAttributeConstraints": {"MaxLength": "9"}},
                {"Name": "plain", "AttributeDataType": "String"},
                {"Name": "age", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MinValue": "-1"}},
                {"Name": "since", "AttributeDataType": "DateTime", "Mutable": False},
                {"Name": "secret", "AttributeDataType": "Boolean", "DeveloperOnlyAttribute": True},
            ]
        )
        schema = {entry["Name"]: entry for entry in described(user_pool_id)["SchemaAttributes"]}
        assert len(schema) == 24
        assert (schema["email"]["Required"], schema["email"]["Mutable"]) == (True, False)
        assert schema["nickname"]["StringAttributeConstraints"] == {"MinLength": "2", "MaxLength": "9"}
        # The quirk of user-pools-api.md §3.4: without the type, constraints of a standard attribute do not count.
        assert schema["family_name"]["StringAttributeConstraints"] == {"MinLength": "0", "MaxLength": "2048"}
        assert schema["custom:plain"] == {
            "Name": "custom:plain",
            "AttributeDataType": "String",
            "DeveloperOnlyAttribute": False,
            "Mutable": True,
            "Required": False,
            "StringAttributeConstraints": {},
        }
        assert schema["custom:age"]["NumberAttributeConstraints"] == {"MinValue": "-1"}
        assert schema["custom:since"]["Mutable"] is False
        assert "StringAttributeConstraints" not in schema["custom:since"]
        assert schema["dev:custom:secret"]["DeveloperOnlyAttribute"] is True

    @pytest.mark.parametrize(
        ("entry", "message"),
        [
            (
                {"Name": "x"},
                "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
            ),
            (
                {"Name": "x", "AttributeDataType": "String", "Required": True},
                "Required custom attributes are not supported currently.",
            ),
            (
                {"Name": "email", "AttributeDataType": "Number"},
                "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
            ),
            (
                {"Name": "email", "DeveloperOnlyAttribute": True},
                "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute email",
            ),
            (
                {"Name": "x", "AttributeDataType": "String", "StringAttributeConstraints": {"MinLength": "one"}},
                "Invalid StringAttributeConstraints for schema attribute custom:x",
            ),
            (
                {"Name": "x", "AttributeDataType": "String", "StringAttributeConstraints": {"MinLength": "-1"}},
                "Invalid StringAttributeConstraints for schema attribute custom:x",
            ),
            (
                {"Name": "x", "AttributeDataType": "Number", "NumberAttributeConstraints": {"MaxValue": "1e3"}},
                "Invalid NumberAttributeConstraints for schema attribute custom:x",
            ),
            (
                {"Name": "x", "AttributeDataType": "String", "StringAttributeConstraints": {"MaxLength": "2049"}},
                "user.custom:x: String attributes cannot have a length of more than 2048",
            ),
            (
                {
                    "Name": "x",
                    "AttributeDataType": "String",
                    "StringAttributeConstraints": {"MinLength": "3", "MaxLength": "2"},
                },
                "user.custom:x: Max length cannot be less than min length.",
            ),
            (
                {
                    "Name": "x",
                    "AttributeDataType": "Number",
                    "NumberAttributeConstraints": {"MinValue": "3", "MaxValue": "2"},
                },
                "user.custom:x: Max value cannot be less than min value.",
            ),
            (
                {"AttributeDataType": "String"},
                (
                    "1 validation error detected: Value null at 'schema.1.member.name' failed to satisfy constraint: "
                    "Member must not be null"
                ),
            ),
        ],
    )
    def test_schema_mistakes_are_named(self, cognito: Any, entry: dict[str, Any], message: str) -> None:
        with refused_parameter(message):
            cognito.create_user_pool(PoolName="refused", Schema=[entry])

    def test_the_same_custom_attribute_twice_is_refused(self, cognito: Any) -> None:
        entry = {"Name": "x", "AttributeDataType": "String"}
        with refused_parameter("custom:x: Existing attribute already has name custom:x."):
            cognito.create_user_pool(PoolName="refused", Schema=[entry, entry])

    def test_a_tag_pins_the_id(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        pinned = f"local_{unique('Pin')}"
        assert new_pool(UserPoolTags={"_custom_id_": pinned}) == pinned
        with refused_parameter(f"User pool {pinned} already exists."):
            cognito.create_user_pool(PoolName="second", UserPoolTags={"_custom_id_": pinned})

    @pytest.mark.parametrize("pinned", ["nounderscore", "bad_id!", "a_" + "x" * 60, ""])
    def test_a_pinned_id_has_the_form_of_an_id(self, cognito: Any, pinned: str) -> None:
        with refused_parameter("The tag _custom_id_ must match [\\w-]+_[0-9a-zA-Z]+ with at most 55 characters."):
            cognito.create_user_pool(PoolName="refused", UserPoolTags={"_custom_id_": pinned})

    def test_password_storage_is_a_tag_with_two_values(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        new_pool(UserPoolTags={"poolhouse:password_storage": "argon2id"})
        with refused_parameter("The tag poolhouse:password_storage must be one of: verifier, argon2id."):
            cognito.create_user_pool(PoolName="refused", UserPoolTags={"poolhouse:password_storage": "md5"})
        with refused_parameter(
            "The tag poolhouse:pasword_storage is not a setting of poolhouse; "
            "known are: poolhouse:password_storage, poolhouse:profile, poolhouse:revoke_on_password_change, poolhouse:signing_algorithm."
        ):
            cognito.create_user_pool(PoolName="refused", UserPoolTags={"poolhouse:pasword_storage": "argon2id"})

    def test_more_than_fifty_tags_are_refused(self, cognito: Any) -> None:
        with refused("UserPoolTaggingException", "A user pool can have at most 50 tags."):
            cognito.create_user_pool(PoolName="refused", UserPoolTags={f"tag{n}": "x" for n in range(51)})

    def test_constraints_of_the_model_are_collected(self, unchecked_cognito: Any) -> None:
        with refused_parameter(
            "1 validation error detected: Value null at 'poolName' failed to satisfy constraint: Member must not be null"
        ):
            unchecked_cognito.create_user_pool()


class TestDescribeUserPool:
    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING):
            cognito.describe_user_pool(UserPoolId=MISSING)

    def test_domains_and_the_number_of_users_are_described(
        self, cognito: Any, pools: Pools, described: Callable[[str], Any]
    ) -> None:
        user_pool_id = pools.user_pool()
        prefix = unique("p")
        custom = f"{unique('c')}.example.com"
        cognito.create_user_pool_domain(UserPoolId=user_pool_id, Domain=prefix)
        cognito.create_user_pool_domain(
            UserPoolId=user_pool_id, Domain=custom, CustomDomainConfig={"CertificateArn": ARN}
        )
        for _ in range(3):
            pools.user(user_pool_id)
        pool = described(user_pool_id)
        assert (pool["Domain"], pool["CustomDomain"], pool["EstimatedNumberOfUsers"]) == (prefix, custom, 3)


class TestUpdateUserPool:
    def test_what_is_left_out_goes_back_to_its_default(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        user_pool_id = new_pool(
            PoolName="kept",
            Policies={"PasswordPolicy": {"MinimumLength": 20}},
            AutoVerifiedAttributes=["email"],
            LambdaConfig={"PreSignUp": ARN},
            DeletionProtection="ACTIVE",
            UserPoolTags={"team": "blue"},
            AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        )
        assert "UserPool" not in cognito.update_user_pool(UserPoolId=user_pool_id)
        pool = described(user_pool_id)
        assert pool["Policies"]["PasswordPolicy"] == DEFAULT_PASSWORD_POLICY
        assert "AutoVerifiedAttributes" not in pool
        assert pool["LambdaConfig"] == {}
        assert pool["DeletionProtection"] == "INACTIVE"
        assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is False
        assert pool["Name"] == "kept"

    def test_tags_stay_when_they_are_left_out(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any], pools: Pools
    ) -> None:
        """Issue 5 exactness 6: with them go the settings that a pool has from poolhouse alone."""
        own_id = f"us-east-1_{unique('Kept')}"
        tags = {"team": "blue", "poolhouse:password_storage": "argon2id", "_custom_id_": own_id}
        user_pool_id = new_pool(UserPoolTags=tags)
        cognito.update_user_pool(UserPoolId=user_pool_id)
        assert (user_pool_id, described(user_pool_id)["UserPoolTags"]) == (own_id, tags)
        client_id = pools.client_id(user_pool_id)
        with refused_parameter("USER_SRP_AUTH flow not enabled for this client"):  # as where Argon2id keeps no verifier
            cognito.initiate_auth(
                ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": "ada", "SRP_A": "ab" * 8}
            )
        cognito.update_user_pool(UserPoolId=user_pool_id, UserPoolTags={})
        assert described(user_pool_id)["UserPoolTags"] == {}

    def test_immutable_members_stay(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        user_pool_id = new_pool(
            AliasAttributes=["email"],
            UsernameConfiguration={"CaseSensitive": False},
            Schema=[{"Name": "x", "AttributeDataType": "String"}],
        )
        before = described(user_pool_id)
        cognito.update_user_pool(UserPoolId=user_pool_id, PoolName="renamed")
        after = described(user_pool_id)
        for member in ("Id", "Arn", "CreationDate", "AliasAttributes", "UsernameConfiguration", "SchemaAttributes"):
            assert after[member] == before[member]
        assert after["Name"] == "renamed"
        assert after["LastModifiedDate"] >= before["LastModifiedDate"]

    def test_the_rules_of_creation_hold(self, cognito: Any, user_pool_id: str) -> None:
        with refused_parameter(
            "SMS configuration and Auto verification for phone_number are required when MFA is required/optional"
        ):
            cognito.update_user_pool(UserPoolId=user_pool_id, MfaConfiguration="ON")
        with refused("UserPoolTaggingException", "A user pool can have at most 50 tags."):
            cognito.update_user_pool(UserPoolId=user_pool_id, UserPoolTags={f"tag{n}": "x" for n in range(51)})
        with refused_parameter("The tag _custom_id_ can only be set when the user pool is created."):
            cognito.update_user_pool(UserPoolId=user_pool_id, UserPoolTags={"_custom_id_": "other_id"})

    def test_a_pool_with_another_factor_may_require_mfa_without_sms(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        user_pool_id = new_pool()
        cognito.set_user_pool_mfa_config(
            UserPoolId=user_pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL"
        )
        cognito.update_user_pool(UserPoolId=user_pool_id, MfaConfiguration="ON")
        assert described(user_pool_id)["MfaConfiguration"] == "ON"

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING):
            cognito.update_user_pool(UserPoolId=MISSING)


class TestDeleteUserPool:
    def test_everything_of_the_pool_goes(self, cognito: Any, pools: Pools) -> None:
        pinned = f"local_{unique('Gone')}"
        pools.user_pool(UserPoolTags={"_custom_id_": pinned})
        client_id = pools.client_id(pinned, GenerateSecret=True)
        user = pools.user(pinned)
        cognito.create_group(UserPoolId=pinned, GroupName="staff")
        cognito.admin_add_user_to_group(UserPoolId=pinned, Username=user.username, GroupName="staff")
        cognito.create_resource_server(UserPoolId=pinned, Identifier="api", Name="api")
        cognito.delete_user_pool(UserPoolId=pinned)
        with refused_pool(pinned):
            cognito.describe_user_pool(UserPoolId=pinned)
        with refused("ResourceNotFoundException", f"User pool client {client_id} does not exist."):
            cognito.initiate_auth(
                ClientId=client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
            )
        # A new pool of the same id begins empty.
        pools.user_pool(UserPoolTags={"_custom_id_": pinned})
        assert cognito.list_users(UserPoolId=pinned)["Users"] == []
        assert cognito.list_groups(UserPoolId=pinned)["Groups"] == []
        assert cognito.list_user_pool_clients(UserPoolId=pinned)["UserPoolClients"] == []
        assert cognito.list_resource_servers(UserPoolId=pinned)["ResourceServers"] == []
        cognito.delete_user_pool(UserPoolId=pinned)

    def test_deletion_protection_holds(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        user_pool_id = new_pool(DeletionProtection="ACTIVE")
        with refused_parameter(
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first."
        ):
            cognito.delete_user_pool(UserPoolId=user_pool_id)

    def test_a_pool_with_a_domain_stays(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        user_pool_id, domain = new_pool(), unique("d")
        cognito.create_user_pool_domain(UserPoolId=user_pool_id, Domain=domain)
        with refused_parameter("User pool cannot be deleted. It has a domain configured that should be deleted first."):
            cognito.delete_user_pool(UserPoolId=user_pool_id)
        cognito.delete_user_pool_domain(UserPoolId=user_pool_id, Domain=domain)

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING):
            cognito.delete_user_pool(UserPoolId=MISSING)


class TestListUserPools:
    def test_every_pool_appears_once_over_all_pages(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        made = {new_pool() for _ in range(3)}
        pages = list(cognito.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 2}))
        listed = [pool["Id"] for page in pages for pool in page["UserPools"]]
        assert len(listed) == len(set(listed))
        assert made <= set(listed)
        assert all(len(page["UserPools"]) <= 2 for page in pages)
        assert "NextToken" not in pages[-1]

    def test_an_element_is_a_short_description(self, cognito: Any, user_pool_id: str) -> None:
        pages = cognito.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 60})
        element = next(pool for page in pages for pool in page["UserPools"] if pool["Id"] == user_pool_id)
        assert element.keys() == {"Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate"}

    def test_an_edited_token_is_refused(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        new_pool(), new_pool()
        token = cognito.list_user_pools(MaxResults=1)["NextToken"]
        edited = token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]
        for wrong in (edited, "garbage", "é"):
            with refused_parameter("Invalid pagination token"):
                cognito.list_user_pools(MaxResults=1, NextToken=wrong)


class TestAddCustomAttributes:
    def test_attributes_are_added(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        user_pool_id = new_pool()
        answer = cognito.add_custom_attributes(
            UserPoolId=user_pool_id,
            CustomAttributes=[
                {"Name": "team", "AttributeDataType": "String", "StringAttributeConstraints": {"MaxLength": "5"}},
                {"Name": "email", "AttributeDataType": "Number"},
            ],
        )
        assert set(answer) == {"ResponseMetadata"}
        schema = {entry["Name"]: entry for entry in described(user_pool_id)["SchemaAttributes"]}
        assert schema["custom:team"]["StringAttributeConstraints"] == {"MaxLength": "5"}
        assert schema["custom:email"]["AttributeDataType"] == "Number"

    def test_an_existing_one_is_refused_and_nothing_is_added(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        user_pool_id = new_pool(Schema=[{"Name": "x", "AttributeDataType": "String"}])
        entries = [{"Name": name, "AttributeDataType": "String"} for name in ("y", "x")]
        with refused_parameter("custom:x: Existing attribute already has name custom:x."):
            cognito.add_custom_attributes(UserPoolId=user_pool_id, CustomAttributes=entries)
        assert len(described(user_pool_id)["SchemaAttributes"]) == 21

    @pytest.mark.parametrize(
        ("entry", "message"),
        [
            (
                {"Name": "x"},
                "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
            ),
            (
                {"Name": "x", "AttributeDataType": "String", "Required": True},
                "Required custom attributes are not supported currently.",
            ),
            (
                {"AttributeDataType": "String"},
                (
                    "1 validation error detected: Value null at 'customAttributes.1.member.name' failed to satisfy "
                    "constraint: Member must not be null"
                ),
            ),
        ],
    )
    def test_mistakes_are_named(self, cognito: Any, user_pool_id: str, entry: dict[str, Any], message: str) -> None:
        with refused_parameter(message):
            cognito.add_custom_attributes(UserPoolId=user_pool_id, CustomAttributes=[entry])

    def test_fifty_custom_attributes_are_the_most(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        user_pool_id = new_pool(Schema=[{"Name": f"a{n}", "AttributeDataType": "String"} for n in range(49)])
        more = [{"Name": f"b{n}", "AttributeDataType": "String"} for n in range(2)]
        with refused_parameter("A user pool can have at most 50 custom attributes."):
            cognito.add_custom_attributes(UserPoolId=user_pool_id, CustomAttributes=more)
        cognito.add_custom_attributes(UserPoolId=user_pool_id, CustomAttributes=more[:1])

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING):
            cognito.add_custom_attributes(
                UserPoolId=MISSING, CustomAttributes=[{"Name": "x", "AttributeDataType": "String"}]
            )


def _content(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


class TestGetUserPoolMfaConfig:
    def test_a_plain_pool_has_mfa_off(self, cognito: Any, user_pool_id: str) -> None:
        assert _content(cognito.get_user_pool_mfa_config(UserPoolId=user_pool_id)) == {"MfaConfiguration": "OFF"}

    def test_sms_of_the_creation_is_a_factor(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        user_pool_id = new_pool(SmsConfiguration=SMS, MfaConfiguration="OPTIONAL")
        assert _content(cognito.get_user_pool_mfa_config(UserPoolId=user_pool_id)) == {
            "MfaConfiguration": "OPTIONAL",
            "SmsMfaConfiguration": {"SmsConfiguration": SMS},
        }

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING):
            cognito.get_user_pool_mfa_config(UserPoolId=MISSING)


class TestSetUserPoolMfaConfig:
    def test_it_replaces_and_answers_the_configuration(self, cognito: Any, new_pool: Callable[..., str]) -> None:
        user_pool_id = new_pool(EmailConfiguration={"EmailSendingAccount": "DEVELOPER", "SourceArn": SES})
        first = {
            "SmsMfaConfiguration": {"SmsConfiguration": SMS, "SmsAuthenticationMessage": "Code {####}"},
            "SoftwareTokenMfaConfiguration": {"Enabled": True},
            "EmailMfaConfiguration": {"Message": "Code {####}", "Subject": "Code"},
            "WebAuthnConfiguration": {"RelyingPartyId": "example.com", "UserVerification": "required"},
            "MfaConfiguration": "ON",
        }
        assert _content(cognito.set_user_pool_mfa_config(UserPoolId=user_pool_id, **first)) == first
        assert _content(cognito.get_user_pool_mfa_config(UserPoolId=user_pool_id)) == first
        second = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "OPTIONAL"}
        assert _content(cognito.set_user_pool_mfa_config(UserPoolId=user_pool_id, **second)) == second
        assert _content(cognito.get_user_pool_mfa_config(UserPoolId=user_pool_id)) == second

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            (
                {"MfaConfiguration": "ON"},
                "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided.",
            ),
            (
                {"MfaConfiguration": "OPTIONAL", "SmsMfaConfiguration": {"SmsAuthenticationMessage": "Code {####}"}},
                "[SmsConfiguration] is a required member of [SoftwareTokenMfaConfiguration].",
            ),
            (
                {"MfaConfiguration": "OPTIONAL", "EmailMfaConfiguration": {"Message": "Code {####}"}},
                "Email MFA requires EmailSendingAccount DEVELOPER in EmailConfiguration.",
            ),
        ],
    )
    def test_mistakes_are_named(self, cognito: Any, user_pool_id: str, settings: dict[str, Any], message: str) -> None:
        with refused_parameter(message):
            cognito.set_user_pool_mfa_config(UserPoolId=user_pool_id, **settings)

    def test_the_mode_stays_when_it_is_left_out(
        self, cognito: Any, new_pool: Callable[..., str], described: Callable[[str], Any]
    ) -> None:
        """Issue 5 exactness 6."""
        user_pool_id = new_pool()
        totp = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
        passkeys = {"WebAuthnConfiguration": {"RelyingPartyId": "example.com", "UserVerification": "preferred"}}
        # Nothing was said yet: off, as a pool begins.
        answer = _content(cognito.set_user_pool_mfa_config(UserPoolId=user_pool_id, **passkeys))
        assert answer == {**passkeys, "MfaConfiguration": "OFF"}
        cognito.set_user_pool_mfa_config(UserPoolId=user_pool_id, MfaConfiguration="OPTIONAL", **totp)
        answer = _content(cognito.set_user_pool_mfa_config(UserPoolId=user_pool_id, **totp, **passkeys))
        assert answer == {**totp, **passkeys, "MfaConfiguration": "OPTIONAL"}
        assert described(user_pool_id)["MfaConfiguration"] == "OPTIONAL"
        # What is on by being kept needs a factor like what is turned on.
        with refused_parameter(
            "At least one of [SmsMfaConfiguration] or [SoftwareTokenMfaConfiguration] must be provided."
        ):
            cognito.set_user_pool_mfa_config(UserPoolId=user_pool_id, **passkeys)

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING):
            cognito.set_user_pool_mfa_config(UserPoolId=MISSING, MfaConfiguration="OFF")
