"""GENERATED: what the service model demands of every request: types, lengths, ranges, patterns, enums.

The tables are data only; api/constraints.py compiles them, one operation at a time, when it is first called.
"""

import msgspec


class Structure(msgspec.Struct, frozen=True, gc=False):
    name: str
    members: dict[str, str]
    required: tuple[str, ...]
    is_sensitive: bool = False


class List(msgspec.Struct, frozen=True, gc=False):
    member: str
    min: int | None = None
    max: int | None = None


class Map(msgspec.Struct, frozen=True, gc=False):
    key: str
    value: str
    min: int | None = None
    max: int | None = None
    is_sensitive: bool = False


class String(msgspec.Struct, frozen=True, gc=False):
    pattern: str | None = None
    enum: tuple[str, ...] | None = None
    min: int | None = None
    max: int | None = None
    is_sensitive: bool = False


class Number(msgspec.Struct, frozen=True, gc=False):
    kind: str
    min: int | None = None
    max: int | None = None


class Blob(msgspec.Struct, frozen=True, gc=False):
    min: int | None = None
    max: int | None = None


class Boolean(msgspec.Struct, frozen=True, gc=False):
    pass


class Timestamp(msgspec.Struct, frozen=True, gc=False):
    pass


class Document(msgspec.Struct, frozen=True, gc=False):
    pass


Constraint = Structure | List | Map | String | Number | Blob | Boolean | Timestamp | Document

# The model's regular expression -> the same in Python's words, for re.ASCII and fullmatch. `{LMSNP}` and `{Z}` stand for
# the Unicode classes of wire/characters.py (Python has no `\\p{..}`).
PATTERNS: dict[str, str] = {
    "(?s).*": "[\\s\\S]*",
    "(arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?)?": "(arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?)?",
    ".*\\{####\\}.*": "(?s:(?=[^\\n\\r\\x85\\u2028\\u2029]*+\\Z).*\\{####\\}.*)",
    "Level[1-4]": "Level[1-4]",
    "[0-9]+": "[0-9]+",
    "[A-Za-z0-9-_+/=.]+": "[A-Za-z0-9\\-_+/=.]+",
    "[A-Za-z0-9-_=.]+": "[A-Za-z0-9\\-_=.]+",
    "[\\S]+": "[\\S]+",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\p{Z}]+": "[{LMSNP}{Z}]+",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*": "[{LMSNP}\\s*]*",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{####\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*": "(?s:(?=[{LMSNP}\\s*]*+\\Z).*\\{####\\}.*)",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{##[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*##\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*": "(?s:(?=[{LMSNP}\\s*]*+\\Z)(?>.*?\\{##).*##\\}.*)",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]+": "[{LMSNP}\\s*]+",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+": "[{LMSNP}\\s]+",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+": "[{LMSNP}\\t\\n\\r ]+",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+": "[{LMSNP}]+",
    "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+@[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+": "(?s:(?=[{LMSNP}]++\\Z).+@.+)",
    "[\\w+-]+": "[\\w+-]+",
    "[\\w+=/]+": "[\\w+=/]+",
    "[\\w+]+": "[\\w+]+",
    "[\\w-]+_[0-9a-f-]+": "[\\w-]+_[0-9a-f-]+",
    "[\\w-]+_[0-9a-zA-Z]+": "[\\w-]+_[0-9a-zA-Z]+",
    "[\\w\\s+=,.@-]+": "[\\w\\s+=,.@-]+",
    "[\\w\\s+=.@-]+": "[\\w\\s+=.@-]+",
    "[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+": "[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+",
    "[\\x21\\x23-\\x5B\\x5D-\\x7E]+": "[\\x21\\x23-\\x5B\\x5D-\\x7E]+",
    "[^_\\p{Z}][\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}][^_\\p{Z}]+": "[^_{Z}][{LMSNP}][^_{Z}]+",
    "^(terms-of-use|privacy-policy)$": "(terms-of-use|privacy-policy)",
    "^(tkn|sso)[a-z0-9]{25}$": "(tkn|sso)[a-z0-9]{25}",
    "^[0-9a-fA-F]+$": "[0-9a-fA-F]+",
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$": "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}",
    "^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+$": "[{LMSNP}]+",
    "^[\\w\\- ]+$": "[\\w\\- ]+",
    "^[a-zA-Z0-9_-]+$": "[a-zA-Z0-9_-]+",
    "^cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))$": "cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))",
    "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?": "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
    "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:::[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?": "arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:::[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
    "import-[0-9a-zA-Z-]+": "import-[0-9a-zA-Z-]+",
}

SHAPES: dict[str, Constraint] = {
    "AccessTokenValidityType": Number("Integer", min=1, max=86400),
    "AccountRecoverySettingType": Structure(
        "AccountRecoverySettingType", {"RecoveryMechanisms": "RecoveryMechanismsType"}, ()
    ),
    "AccountTakeoverActionNotifyType": Boolean(),
    "AccountTakeoverActionType": Structure(
        "AccountTakeoverActionType",
        {"Notify": "AccountTakeoverActionNotifyType", "EventAction": "AccountTakeoverEventActionType"},
        ("Notify", "EventAction"),
    ),
    "AccountTakeoverActionsType": Structure(
        "AccountTakeoverActionsType",
        {
            "LowAction": "AccountTakeoverActionType",
            "MediumAction": "AccountTakeoverActionType",
            "HighAction": "AccountTakeoverActionType",
        },
        (),
    ),
    "AccountTakeoverEventActionType": String(enum=("BLOCK", "MFA_IF_CONFIGURED", "MFA_REQUIRED", "NO_ACTION")),
    "AccountTakeoverRiskConfigurationType": Structure(
        "AccountTakeoverRiskConfigurationType",
        {"NotifyConfiguration": "NotifyConfigurationType", "Actions": "AccountTakeoverActionsType"},
        ("Actions",),
    ),
    "AcrConfigurationType": Map("AcrLevelKeyType", "AcrLevelConfigType", min=0, max=4),
    "AcrLevelConfigType": Structure("AcrLevelConfigType", {"AcrValue": "AcrValueType"}, ("AcrValue",)),
    "AcrLevelKeyType": String(pattern="Level[1-4]"),
    "AcrMappingKeyType": String(pattern="Level[1-4]"),
    "AcrMappingType": Map("AcrMappingKeyType", "AcrValueType", min=0, max=4),
    "AcrValueType": String(pattern="[\\x21\\x23-\\x5B\\x5D-\\x7E]+", min=1, max=64),
    "AddCustomAttributesRequest": Structure(
        "AddCustomAttributesRequest",
        {"UserPoolId": "UserPoolIdType", "CustomAttributes": "CustomAttributesListType"},
        ("UserPoolId", "CustomAttributes"),
    ),
    "AddUserPoolClientSecretRequest": Structure(
        "AddUserPoolClientSecretRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType", "ClientSecret": "ClientSecretType"},
        ("UserPoolId", "ClientId"),
    ),
    "AdminAddUserToGroupRequest": Structure(
        "AdminAddUserToGroupRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType", "GroupName": "GroupNameType"},
        ("UserPoolId", "Username", "GroupName"),
    ),
    "AdminConfirmSignUpRequest": Structure(
        "AdminConfirmSignUpRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType", "ClientMetadata": "ClientMetadataType"},
        ("UserPoolId", "Username"),
    ),
    "AdminCreateUserConfigType": Structure(
        "AdminCreateUserConfigType",
        {
            "AllowAdminCreateUserOnly": "BooleanType",
            "UnusedAccountValidityDays": "AdminCreateUserUnusedAccountValidityDaysType",
            "InviteMessageTemplate": "MessageTemplateType",
        },
        (),
    ),
    "AdminCreateUserRequest": Structure(
        "AdminCreateUserRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "UserAttributes": "AttributeListType",
            "ValidationData": "AttributeListType",
            "TemporaryPassword": "PasswordType",
            "ForceAliasCreation": "ForceAliasCreation",
            "MessageAction": "MessageActionType",
            "DesiredDeliveryMediums": "DeliveryMediumListType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("UserPoolId", "Username"),
    ),
    "AdminCreateUserUnusedAccountValidityDaysType": Number("Integer", min=0, max=365),
    "AdminDeleteSoftwareTokenRequest": Structure(
        "AdminDeleteSoftwareTokenRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType"},
        ("UserPoolId", "Username"),
    ),
    "AdminDeleteUserAttributesRequest": Structure(
        "AdminDeleteUserAttributesRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType", "UserAttributeNames": "AttributeNameListType"},
        ("UserPoolId", "Username", "UserAttributeNames"),
    ),
    "AdminDeleteUserRequest": Structure(
        "AdminDeleteUserRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType"},
        ("UserPoolId", "Username"),
    ),
    "AdminDisableProviderForUserRequest": Structure(
        "AdminDisableProviderForUserRequest",
        {"UserPoolId": "StringType", "User": "ProviderUserIdentifierType"},
        ("UserPoolId", "User"),
    ),
    "AdminDisableUserRequest": Structure(
        "AdminDisableUserRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType"},
        ("UserPoolId", "Username"),
    ),
    "AdminEnableUserRequest": Structure(
        "AdminEnableUserRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType"},
        ("UserPoolId", "Username"),
    ),
    "AdminForgetDeviceRequest": Structure(
        "AdminForgetDeviceRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType", "DeviceKey": "DeviceKeyType"},
        ("UserPoolId", "Username", "DeviceKey"),
    ),
    "AdminGetDeviceRequest": Structure(
        "AdminGetDeviceRequest",
        {"DeviceKey": "DeviceKeyType", "UserPoolId": "UserPoolIdType", "Username": "UsernameType"},
        ("DeviceKey", "UserPoolId", "Username"),
    ),
    "AdminGetUserAuthFactorsRequest": Structure(
        "AdminGetUserAuthFactorsRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType"},
        ("UserPoolId", "Username"),
    ),
    "AdminGetUserRequest": Structure(
        "AdminGetUserRequest", {"UserPoolId": "UserPoolIdType", "Username": "UsernameType"}, ("UserPoolId", "Username")
    ),
    "AdminInitiateAuthRequest": Structure(
        "AdminInitiateAuthRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ClientId": "ClientIdType",
            "AuthFlow": "AuthFlowType",
            "AuthParameters": "AuthParametersType",
            "ClientMetadata": "ClientMetadataType",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "ContextData": "ContextDataType",
            "Session": "SessionType",
        },
        ("UserPoolId", "ClientId", "AuthFlow"),
    ),
    "AdminLinkProviderForUserRequest": Structure(
        "AdminLinkProviderForUserRequest",
        {
            "UserPoolId": "StringType",
            "DestinationUser": "ProviderUserIdentifierType",
            "SourceUser": "ProviderUserIdentifierType",
        },
        ("UserPoolId", "DestinationUser", "SourceUser"),
    ),
    "AdminListDevicesRequest": Structure(
        "AdminListDevicesRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "Limit": "QueryLimitType",
            "PaginationToken": "SearchPaginationTokenType",
        },
        ("UserPoolId", "Username"),
    ),
    "AdminListGroupsForUserRequest": Structure(
        "AdminListGroupsForUserRequest",
        {
            "Username": "UsernameType",
            "UserPoolId": "UserPoolIdType",
            "Limit": "QueryLimitType",
            "NextToken": "PaginationKey",
        },
        ("Username", "UserPoolId"),
    ),
    "AdminListUserAuthEventsRequest": Structure(
        "AdminListUserAuthEventsRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "MaxResults": "QueryLimitType",
            "NextToken": "PaginationKey",
        },
        ("UserPoolId", "Username"),
    ),
    "AdminListUserSessionsRequest": Structure(
        "AdminListUserSessionsRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType", "NextToken": "PaginationKey"},
        ("UserPoolId", "Username"),
    ),
    "AdminRemoveUserFromGroupRequest": Structure(
        "AdminRemoveUserFromGroupRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType", "GroupName": "GroupNameType"},
        ("UserPoolId", "Username", "GroupName"),
    ),
    "AdminResetUserPasswordRequest": Structure(
        "AdminResetUserPasswordRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType", "ClientMetadata": "ClientMetadataType"},
        ("UserPoolId", "Username"),
    ),
    "AdminRespondToAuthChallengeRequest": Structure(
        "AdminRespondToAuthChallengeRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ClientId": "ClientIdType",
            "ChallengeName": "ChallengeNameType",
            "ChallengeResponses": "ChallengeResponsesType",
            "Session": "SessionType",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "ContextData": "ContextDataType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("UserPoolId", "ClientId", "ChallengeName"),
    ),
    "AdminRevokeUserSessionRequest": Structure(
        "AdminRevokeUserSessionRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "SessionId": "SessionIdType",
            "RevokeAssociatedSessions": "RevokeAssociatedSessionsType",
        },
        ("UserPoolId", "Username", "SessionId"),
    ),
    "AdminSetUserMFAPreferenceRequest": Structure(
        "AdminSetUserMFAPreferenceRequest",
        {
            "SMSMfaSettings": "SMSMfaSettingsType",
            "SoftwareTokenMfaSettings": "SoftwareTokenMfaSettingsType",
            "EmailMfaSettings": "EmailMfaSettingsType",
            "WebAuthnMfaSettings": "WebAuthnMfaSettingsType",
            "Username": "UsernameType",
            "UserPoolId": "UserPoolIdType",
        },
        ("Username", "UserPoolId"),
    ),
    "AdminSetUserPasswordRequest": Structure(
        "AdminSetUserPasswordRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "Password": "PasswordType",
            "Permanent": "BooleanType",
        },
        ("UserPoolId", "Username", "Password"),
    ),
    "AdminSetUserSettingsRequest": Structure(
        "AdminSetUserSettingsRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType", "MFAOptions": "MFAOptionListType"},
        ("UserPoolId", "Username", "MFAOptions"),
    ),
    "AdminUpdateAuthEventFeedbackRequest": Structure(
        "AdminUpdateAuthEventFeedbackRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "EventId": "EventIdType",
            "FeedbackValue": "FeedbackValueType",
        },
        ("UserPoolId", "Username", "EventId", "FeedbackValue"),
    ),
    "AdminUpdateDeviceStatusRequest": Structure(
        "AdminUpdateDeviceStatusRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "DeviceKey": "DeviceKeyType",
            "DeviceRememberedStatus": "DeviceRememberedStatusType",
        },
        ("UserPoolId", "Username", "DeviceKey"),
    ),
    "AdminUpdateUserAttributesRequest": Structure(
        "AdminUpdateUserAttributesRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "UserAttributes": "AttributeListType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("UserPoolId", "Username", "UserAttributes"),
    ),
    "AdminUserGlobalSignOutRequest": Structure(
        "AdminUserGlobalSignOutRequest",
        {"UserPoolId": "UserPoolIdType", "Username": "UsernameType"},
        ("UserPoolId", "Username"),
    ),
    "AdvancedSecurityAdditionalFlowsType": Structure(
        "AdvancedSecurityAdditionalFlowsType", {"CustomAuthMode": "AdvancedSecurityEnabledModeType"}, ()
    ),
    "AdvancedSecurityEnabledModeType": String(enum=("AUDIT", "ENFORCED")),
    "AdvancedSecurityModeType": String(enum=("OFF", "AUDIT", "ENFORCED")),
    "AliasAttributeType": String(enum=("phone_number", "email", "preferred_username")),
    "AliasAttributesListType": List("AliasAttributeType"),
    "AllowedFirstAuthFactorsListType": List("AuthFactorType", min=1, max=5),
    "AnalyticsConfigurationType": Structure(
        "AnalyticsConfigurationType",
        {
            "ApplicationId": "HexStringType",
            "ApplicationArn": "ArnType",
            "RoleArn": "ArnType",
            "ExternalId": "StringType",
            "UserDataShared": "BooleanType",
        },
        (),
    ),
    "AnalyticsMetadataType": Structure("AnalyticsMetadataType", {"AnalyticsEndpointId": "StringType"}, ()),
    "ArnType": String(
        pattern="arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
        min=20,
        max=2048,
    ),
    "AssetBytesType": Blob(max=1000000),
    "AssetCategoryType": String(
        enum=(
            "FAVICON_ICO",
            "FAVICON_SVG",
            "EMAIL_GRAPHIC",
            "SMS_GRAPHIC",
            "AUTH_APP_GRAPHIC",
            "PASSWORD_GRAPHIC",
            "PASSKEY_GRAPHIC",
            "PAGE_HEADER_LOGO",
            "PAGE_HEADER_BACKGROUND",
            "PAGE_FOOTER_LOGO",
            "PAGE_FOOTER_BACKGROUND",
            "PAGE_BACKGROUND",
            "FORM_BACKGROUND",
            "FORM_LOGO",
            "IDP_BUTTON_ICON",
        )
    ),
    "AssetExtensionType": String(enum=("ICO", "JPEG", "PNG", "SVG", "WEBP")),
    "AssetListType": List("AssetType", min=0, max=40),
    "AssetType": Structure(
        "AssetType",
        {
            "Category": "AssetCategoryType",
            "ColorMode": "ColorSchemeModeType",
            "Extension": "AssetExtensionType",
            "Bytes": "AssetBytesType",
            "ResourceId": "ResourceIdType",
        },
        ("Category", "ColorMode", "Extension"),
    ),
    "AssociateSoftwareTokenRequest": Structure(
        "AssociateSoftwareTokenRequest", {"AccessToken": "TokenModelType", "Session": "SessionType"}, ()
    ),
    "AttributeDataType": String(enum=("String", "Number", "DateTime", "Boolean")),
    "AttributeListType": List("AttributeType"),
    "AttributeMappingKeyType": String(min=1, max=32),
    "AttributeMappingType": Map("AttributeMappingKeyType", "StringType"),
    "AttributeNameListType": List("AttributeNameType"),
    "AttributeNameType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+", min=1, max=32),
    "AttributeType": Structure(
        "AttributeType", {"Name": "AttributeNameType", "Value": "AttributeValueType"}, ("Name",)
    ),
    "AttributeValueType": String(max=2048, is_sensitive=True),
    "AttributesRequireVerificationBeforeUpdateType": List("VerifiedAttributeType"),
    "AudienceListType": List("AudienceType", min=0, max=1),
    "AudienceType": String(pattern="[\\x21\\x23-\\x5B\\x5D-\\x7E]+", min=1, max=256),
    "AuthFactorType": String(enum=("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "SOFTWARE_TOKEN")),
    "AuthFlowType": String(
        enum=(
            "USER_SRP_AUTH",
            "REFRESH_TOKEN_AUTH",
            "REFRESH_TOKEN",
            "CUSTOM_AUTH",
            "ADMIN_NO_SRP_AUTH",
            "USER_PASSWORD_AUTH",
            "ADMIN_USER_PASSWORD_AUTH",
            "USER_AUTH",
        )
    ),
    "AuthParametersType": Map("StringType", "StringType", is_sensitive=True),
    "AuthSessionValidityType": Number("Integer", min=3, max=15),
    "BlockedIPRangeListType": List("StringType", max=200),
    "BooleanType": Boolean(),
    "CSSType": String(min=0, max=131072),
    "CallbackURLsListType": List("RedirectUrlType", min=0, max=100),
    "ChallengeNameType": String(
        enum=(
            "SMS_MFA",
            "EMAIL_OTP",
            "SOFTWARE_TOKEN_MFA",
            "SELECT_MFA_TYPE",
            "MFA_SETUP",
            "PASSWORD_VERIFIER",
            "CUSTOM_CHALLENGE",
            "SELECT_CHALLENGE",
            "DEVICE_SRP_AUTH",
            "DEVICE_PASSWORD_VERIFIER",
            "ADMIN_NO_SRP_AUTH",
            "NEW_PASSWORD_REQUIRED",
            "SMS_OTP",
            "PASSWORD",
            "WEB_AUTHN",
            "PASSWORD_SRP",
        )
    ),
    "ChallengeResponsesType": Map("StringType", "StringType", is_sensitive=True),
    "ChangePasswordRequest": Structure(
        "ChangePasswordRequest",
        {"PreviousPassword": "PasswordType", "ProposedPassword": "PasswordType", "AccessToken": "TokenModelType"},
        ("ProposedPassword", "AccessToken"),
    ),
    "ClientIdType": String(pattern="[\\w+]+", min=1, max=128, is_sensitive=True),
    "ClientMetadataType": Map("StringType", "StringType"),
    "ClientNameType": String(pattern="[\\w\\s+=,.@-]+", min=1, max=128),
    "ClientPermissionListType": List("ClientPermissionType"),
    "ClientPermissionType": String(min=1, max=2048),
    "ClientSSOSessionConfigType": Structure(
        "ClientSSOSessionConfigType",
        {"MaxValidityMinutes": "SSOSessionMaxValidityMinutesType"},
        ("MaxValidityMinutes",),
    ),
    "ClientSecretIdType": String(min=1, max=128),
    "ClientSecretType": String(pattern="[\\w+]+", min=24, max=64, is_sensitive=True),
    "ClientTypeType": String(enum=("REGULAR", "DCR")),
    "CloudWatchLogsConfigurationType": Structure("CloudWatchLogsConfigurationType", {"LogGroupArn": "ArnType"}, ()),
    "ColorSchemeModeType": String(enum=("LIGHT", "DARK", "DYNAMIC")),
    "CompleteWebAuthnRegistrationRequest": Structure(
        "CompleteWebAuthnRegistrationRequest",
        {"AccessToken": "TokenModelType", "Credential": "Document"},
        ("AccessToken", "Credential"),
    ),
    "CompromisedCredentialsActionsType": Structure(
        "CompromisedCredentialsActionsType", {"EventAction": "CompromisedCredentialsEventActionType"}, ("EventAction",)
    ),
    "CompromisedCredentialsEventActionType": String(enum=("BLOCK", "NO_ACTION")),
    "CompromisedCredentialsRiskConfigurationType": Structure(
        "CompromisedCredentialsRiskConfigurationType",
        {"EventFilter": "EventFiltersType", "Actions": "CompromisedCredentialsActionsType"},
        ("Actions",),
    ),
    "ConfirmDeviceRequest": Structure(
        "ConfirmDeviceRequest",
        {
            "AccessToken": "TokenModelType",
            "DeviceKey": "DeviceKeyType",
            "DeviceSecretVerifierConfig": "DeviceSecretVerifierConfigType",
            "DeviceName": "DeviceNameType",
        },
        ("AccessToken", "DeviceKey"),
    ),
    "ConfirmForgotPasswordRequest": Structure(
        "ConfirmForgotPasswordRequest",
        {
            "ClientId": "ClientIdType",
            "SecretHash": "SecretHashType",
            "Username": "UsernameType",
            "ConfirmationCode": "ConfirmationCodeType",
            "Password": "PasswordType",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "UserContextData": "UserContextDataType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("ClientId", "Username", "ConfirmationCode", "Password"),
    ),
    "ConfirmSignUpRequest": Structure(
        "ConfirmSignUpRequest",
        {
            "ClientId": "ClientIdType",
            "SecretHash": "SecretHashType",
            "Username": "UsernameType",
            "ConfirmationCode": "ConfirmationCodeType",
            "ForceAliasCreation": "ForceAliasCreation",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "UserContextData": "UserContextDataType",
            "ClientMetadata": "ClientMetadataType",
            "Session": "SessionType",
        },
        ("ClientId", "Username", "ConfirmationCode"),
    ),
    "ConfirmationCodeType": String(pattern="[\\S]+", min=1, max=2048),
    "ContextDataType": Structure(
        "ContextDataType",
        {
            "IpAddress": "StringType",
            "ServerName": "StringType",
            "ServerPath": "StringType",
            "HttpHeaders": "HttpHeaderList",
            "EncodedData": "StringType",
        },
        ("IpAddress", "ServerName", "ServerPath", "HttpHeaders"),
    ),
    "CreateGroupRequest": Structure(
        "CreateGroupRequest",
        {
            "GroupName": "GroupNameType",
            "UserPoolId": "UserPoolIdType",
            "Description": "DescriptionType",
            "RoleArn": "ArnType",
            "Precedence": "PrecedenceType",
        },
        ("GroupName", "UserPoolId"),
    ),
    "CreateIdentityProviderRequest": Structure(
        "CreateIdentityProviderRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ProviderName": "ProviderNameTypeV2",
            "ProviderType": "IdentityProviderTypeType",
            "ProviderDetails": "ProviderDetailsType",
            "AttributeMapping": "AttributeMappingType",
            "IdpIdentifiers": "IdpIdentifiersListType",
            "AcrMapping": "AcrMappingType",
        },
        ("UserPoolId", "ProviderName", "ProviderType", "ProviderDetails"),
    ),
    "CreateManagedLoginBrandingRequest": Structure(
        "CreateManagedLoginBrandingRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ClientId": "ClientIdType",
            "UseCognitoProvidedValues": "BooleanType",
            "Settings": "Document",
            "Assets": "AssetListType",
        },
        ("UserPoolId", "ClientId"),
    ),
    "CreateResourceServerRequest": Structure(
        "CreateResourceServerRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Identifier": "ResourceServerIdentifierType",
            "Name": "ResourceServerNameType",
            "Scopes": "ResourceServerScopeListType",
        },
        ("UserPoolId", "Identifier", "Name"),
    ),
    "CreateTermsRequest": Structure(
        "CreateTermsRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ClientId": "ClientIdType",
            "TermsName": "TermsNameType",
            "TermsSource": "TermsSourceType",
            "Enforcement": "TermsEnforcementType",
            "Links": "LinksType",
        },
        ("UserPoolId", "ClientId", "TermsName", "TermsSource", "Enforcement"),
    ),
    "CreateUserImportJobRequest": Structure(
        "CreateUserImportJobRequest",
        {
            "JobName": "UserImportJobNameType",
            "UserPoolId": "UserPoolIdType",
            "CloudWatchLogsRoleArn": "ArnType",
            "PasswordHashingAlgorithm": "PasswordHashingAlgorithmType",
        },
        ("JobName", "UserPoolId", "CloudWatchLogsRoleArn"),
    ),
    "CreateUserPoolClientRequest": Structure(
        "CreateUserPoolClientRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ClientName": "ClientNameType",
            "GenerateSecret": "GenerateSecret",
            "ClientSecret": "ClientSecretType",
            "RefreshTokenValidity": "RefreshTokenValidityType",
            "AccessTokenValidity": "AccessTokenValidityType",
            "IdTokenValidity": "IdTokenValidityType",
            "TokenValidityUnits": "TokenValidityUnitsType",
            "ReadAttributes": "ClientPermissionListType",
            "WriteAttributes": "ClientPermissionListType",
            "ExplicitAuthFlows": "ExplicitAuthFlowsListType",
            "SupportedIdentityProviders": "SupportedIdentityProvidersListType",
            "CallbackURLs": "CallbackURLsListType",
            "LogoutURLs": "LogoutURLsListType",
            "DefaultRedirectURI": "RedirectUrlType",
            "AllowedOAuthFlows": "OAuthFlowsType",
            "AllowedOAuthScopes": "ScopeListType",
            "AllowedOAuthFlowsUserPoolClient": "BooleanType",
            "AnalyticsConfiguration": "AnalyticsConfigurationType",
            "PreventUserExistenceErrors": "PreventUserExistenceErrorTypes",
            "EnableTokenRevocation": "WrappedBooleanType",
            "EnablePropagateAdditionalUserContextData": "WrappedBooleanType",
            "AuthSessionValidity": "AuthSessionValidityType",
            "RefreshTokenRotation": "RefreshTokenRotationType",
        },
        ("UserPoolId", "ClientName"),
    ),
    "CreateUserPoolDomainRequest": Structure(
        "CreateUserPoolDomainRequest",
        {
            "Domain": "DomainType",
            "UserPoolId": "UserPoolIdType",
            "ManagedLoginVersion": "WrappedIntegerType",
            "CustomDomainConfig": "CustomDomainConfigType",
            "Routing": "RoutingType",
        },
        ("Domain", "UserPoolId"),
    ),
    "CreateUserPoolReplicaRequest": Structure(
        "CreateUserPoolReplicaRequest",
        {"UserPoolId": "UserPoolIdType", "RegionName": "RegionNameType", "UserPoolTags": "UserPoolTagsType"},
        ("UserPoolId", "RegionName"),
    ),
    "CreateUserPoolRequest": Structure(
        "CreateUserPoolRequest",
        {
            "PoolName": "UserPoolNameType",
            "Policies": "UserPoolPolicyType",
            "DeletionProtection": "DeletionProtectionType",
            "LambdaConfig": "LambdaConfigType",
            "AutoVerifiedAttributes": "VerifiedAttributesListType",
            "AliasAttributes": "AliasAttributesListType",
            "UsernameAttributes": "UsernameAttributesListType",
            "SmsVerificationMessage": "SmsVerificationMessageType",
            "EmailVerificationMessage": "EmailVerificationMessageType",
            "EmailVerificationSubject": "EmailVerificationSubjectType",
            "VerificationMessageTemplate": "VerificationMessageTemplateType",
            "SmsAuthenticationMessage": "SmsVerificationMessageType",
            "MfaConfiguration": "UserPoolMfaType",
            "UserAttributeUpdateSettings": "UserAttributeUpdateSettingsType",
            "DeviceConfiguration": "DeviceConfigurationType",
            "EmailConfiguration": "EmailConfigurationType",
            "SmsConfiguration": "SmsConfigurationType",
            "UserPoolTags": "UserPoolTagsType",
            "AdminCreateUserConfig": "AdminCreateUserConfigType",
            "Schema": "SchemaAttributesListType",
            "UserPoolAddOns": "UserPoolAddOnsType",
            "DcrConfiguration": "DcrConfigurationType",
            "UsernameConfiguration": "UsernameConfigurationType",
            "AccountRecoverySetting": "AccountRecoverySettingType",
            "UserPoolTier": "UserPoolTierType",
            "KeyConfiguration": "KeyConfigurationType",
            "IssuerConfiguration": "IssuerConfigurationType",
            "AcrConfiguration": "AcrConfigurationType",
        },
        ("PoolName",),
    ),
    "CustomAttributeNameType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+", min=1, max=20),
    "CustomAttributesListType": List("SchemaAttributeType", min=1, max=25),
    "CustomDomainConfigType": Structure(
        "CustomDomainConfigType",
        {"CertificateArn": "ArnType", "SecurityPolicy": "SecurityPolicyType"},
        ("CertificateArn",),
    ),
    "CustomEmailLambdaVersionConfigType": Structure(
        "CustomEmailLambdaVersionConfigType",
        {"LambdaVersion": "CustomEmailSenderLambdaVersionType", "LambdaArn": "ArnType"},
        ("LambdaVersion", "LambdaArn"),
    ),
    "CustomEmailSenderLambdaVersionType": String(enum=("V1_0",)),
    "CustomSMSLambdaVersionConfigType": Structure(
        "CustomSMSLambdaVersionConfigType",
        {"LambdaVersion": "CustomSMSSenderLambdaVersionType", "LambdaArn": "ArnType"},
        ("LambdaVersion", "LambdaArn"),
    ),
    "CustomSMSSenderLambdaVersionType": String(enum=("V1_0",)),
    "DcrConfigurationType": Structure(
        "DcrConfigurationType",
        {
            "EnableStatus": "StatusType",
            "OpenDcrEnabled": "BooleanType",
            "AuthenticatedGrantTypes": "OAuthFlowsType",
            "OpenDcrGrantTypes": "OAuthFlowsType",
            "AllowedScopes": "ScopeListType",
        },
        (),
    ),
    "DefaultEmailOptionType": String(enum=("CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE")),
    "DeleteGroupRequest": Structure(
        "DeleteGroupRequest",
        {"GroupName": "GroupNameType", "UserPoolId": "UserPoolIdType"},
        ("GroupName", "UserPoolId"),
    ),
    "DeleteIdentityProviderRequest": Structure(
        "DeleteIdentityProviderRequest",
        {"UserPoolId": "UserPoolIdType", "ProviderName": "ProviderNameType"},
        ("UserPoolId", "ProviderName"),
    ),
    "DeleteManagedLoginBrandingRequest": Structure(
        "DeleteManagedLoginBrandingRequest",
        {"ManagedLoginBrandingId": "ManagedLoginBrandingIdType", "UserPoolId": "UserPoolIdType"},
        ("ManagedLoginBrandingId", "UserPoolId"),
    ),
    "DeleteResourceServerRequest": Structure(
        "DeleteResourceServerRequest",
        {"UserPoolId": "UserPoolIdType", "Identifier": "ResourceServerIdentifierType"},
        ("UserPoolId", "Identifier"),
    ),
    "DeleteTermsRequest": Structure(
        "DeleteTermsRequest", {"TermsId": "TermsIdType", "UserPoolId": "UserPoolIdType"}, ("TermsId", "UserPoolId")
    ),
    "DeleteUserAttributesRequest": Structure(
        "DeleteUserAttributesRequest",
        {"UserAttributeNames": "AttributeNameListType", "AccessToken": "TokenModelType"},
        ("UserAttributeNames", "AccessToken"),
    ),
    "DeleteUserPoolClientRequest": Structure(
        "DeleteUserPoolClientRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType"},
        ("UserPoolId", "ClientId"),
    ),
    "DeleteUserPoolClientSecretRequest": Structure(
        "DeleteUserPoolClientSecretRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType", "ClientSecretId": "ClientSecretIdType"},
        ("UserPoolId", "ClientId", "ClientSecretId"),
    ),
    "DeleteUserPoolDomainRequest": Structure(
        "DeleteUserPoolDomainRequest",
        {"Domain": "DomainType", "UserPoolId": "UserPoolIdType"},
        ("Domain", "UserPoolId"),
    ),
    "DeleteUserPoolReplicaRequest": Structure(
        "DeleteUserPoolReplicaRequest",
        {"UserPoolId": "UserPoolIdType", "RegionName": "RegionNameType"},
        ("UserPoolId", "RegionName"),
    ),
    "DeleteUserPoolRequest": Structure("DeleteUserPoolRequest", {"UserPoolId": "UserPoolIdType"}, ("UserPoolId",)),
    "DeleteUserRequest": Structure("DeleteUserRequest", {"AccessToken": "TokenModelType"}, ("AccessToken",)),
    "DeleteWebAuthnCredentialRequest": Structure(
        "DeleteWebAuthnCredentialRequest",
        {"AccessToken": "TokenModelType", "CredentialId": "StringType"},
        ("AccessToken", "CredentialId"),
    ),
    "DeletionProtectionType": String(enum=("ACTIVE", "INACTIVE")),
    "DeliveryMediumListType": List("DeliveryMediumType"),
    "DeliveryMediumType": String(enum=("SMS", "EMAIL")),
    "DescribeIdentityProviderRequest": Structure(
        "DescribeIdentityProviderRequest",
        {"UserPoolId": "UserPoolIdType", "ProviderName": "ProviderNameType"},
        ("UserPoolId", "ProviderName"),
    ),
    "DescribeManagedLoginBrandingByClientRequest": Structure(
        "DescribeManagedLoginBrandingByClientRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType", "ReturnMergedResources": "BooleanType"},
        ("UserPoolId", "ClientId"),
    ),
    "DescribeManagedLoginBrandingRequest": Structure(
        "DescribeManagedLoginBrandingRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ManagedLoginBrandingId": "ManagedLoginBrandingIdType",
            "ReturnMergedResources": "BooleanType",
        },
        ("UserPoolId", "ManagedLoginBrandingId"),
    ),
    "DescribeResourceServerRequest": Structure(
        "DescribeResourceServerRequest",
        {"UserPoolId": "UserPoolIdType", "Identifier": "ResourceServerIdentifierType"},
        ("UserPoolId", "Identifier"),
    ),
    "DescribeRiskConfigurationRequest": Structure(
        "DescribeRiskConfigurationRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType"},
        ("UserPoolId",),
    ),
    "DescribeTermsByClientRequest": Structure(
        "DescribeTermsByClientRequest",
        {"ClientId": "ClientIdType", "UserPoolId": "UserPoolIdType", "TermsName": "TermsNameType"},
        ("ClientId", "UserPoolId", "TermsName"),
    ),
    "DescribeTermsRequest": Structure(
        "DescribeTermsRequest", {"TermsId": "TermsIdType", "UserPoolId": "UserPoolIdType"}, ("TermsId", "UserPoolId")
    ),
    "DescribeUserImportJobRequest": Structure(
        "DescribeUserImportJobRequest",
        {"UserPoolId": "UserPoolIdType", "JobId": "UserImportJobIdType"},
        ("UserPoolId", "JobId"),
    ),
    "DescribeUserPoolClientRequest": Structure(
        "DescribeUserPoolClientRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType"},
        ("UserPoolId", "ClientId"),
    ),
    "DescribeUserPoolDomainRequest": Structure("DescribeUserPoolDomainRequest", {"Domain": "DomainType"}, ("Domain",)),
    "DescribeUserPoolRequest": Structure("DescribeUserPoolRequest", {"UserPoolId": "UserPoolIdType"}, ("UserPoolId",)),
    "DescriptionType": String(max=2048),
    "DeviceConfigurationType": Structure(
        "DeviceConfigurationType",
        {"ChallengeRequiredOnNewDevice": "BooleanType", "DeviceOnlyRememberedOnUserPrompt": "BooleanType"},
        (),
    ),
    "DeviceKeyType": String(pattern="[\\w-]+_[0-9a-f-]+", min=1, max=55),
    "DeviceNameType": String(min=1, max=1024),
    "DeviceRememberedStatusType": String(enum=("remembered", "not_remembered")),
    "DeviceSecretVerifierConfigType": Structure(
        "DeviceSecretVerifierConfigType", {"PasswordVerifier": "StringType", "Salt": "StringType"}, ()
    ),
    "Document": Document(),
    "DomainType": String(min=1, max=63),
    "EmailAddressType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+@[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+"),
    "EmailConfigurationType": Structure(
        "EmailConfigurationType",
        {
            "SourceArn": "ArnType",
            "ReplyToEmailAddress": "EmailAddressType",
            "EmailSendingAccount": "EmailSendingAccountType",
            "From": "StringType",
            "ConfigurationSet": "SESConfigurationSet",
        },
        (),
    ),
    "EmailInviteMessageType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*", min=6, max=20000),
    "EmailMfaConfigType": Structure(
        "EmailMfaConfigType", {"Message": "EmailMfaMessageType", "Subject": "EmailMfaSubjectType"}, ()
    ),
    "EmailMfaMessageType": String(
        pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{####\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*", min=6, max=20000
    ),
    "EmailMfaSettingsType": Structure(
        "EmailMfaSettingsType", {"Enabled": "BooleanType", "PreferredMfa": "BooleanType"}, ()
    ),
    "EmailMfaSubjectType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+"),
    "EmailNotificationBodyType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]+", min=6, max=20000),
    "EmailNotificationSubjectType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+", min=1, max=140),
    "EmailSendingAccountType": String(enum=("COGNITO_DEFAULT", "DEVELOPER")),
    "EmailVerificationMessageByLinkType": String(
        pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{##[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*##\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*",
        min=6,
        max=20000,
    ),
    "EmailVerificationMessageType": String(
        pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*\\{####\\}[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s*]*", min=6, max=20000
    ),
    "EmailVerificationSubjectByLinkType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+", min=1, max=140),
    "EmailVerificationSubjectType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\s]+", min=1, max=140),
    "EncryptionKeyArnType": String(
        pattern="arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?",
        min=20,
        max=2048,
    ),
    "EncryptionKeyType": String(enum=("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KEY")),
    "EumsSmsConfigurationType": Structure(
        "EumsSmsConfigurationType",
        {
            "CallerArn": "ArnType",
            "ExternalId": "StringType",
            "OriginationIdentity": "StringType",
            "ConfigurationSetName": "StringType",
            "InEntityId": "StringType",
            "InTemplateId": "StringType",
            "Region": "RegionCodeType",
        },
        ("CallerArn",),
    ),
    "EventFilterType": String(enum=("SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP")),
    "EventFiltersType": List("EventFilterType"),
    "EventIdType": String(pattern="[\\w+-]+", min=1, max=50),
    "EventSourceName": String(enum=("userNotification", "userAuthEvents")),
    "ExplicitAuthFlowsListType": List("ExplicitAuthFlowsType"),
    "ExplicitAuthFlowsType": String(
        enum=(
            "ADMIN_NO_SRP_AUTH",
            "CUSTOM_AUTH_FLOW_ONLY",
            "USER_PASSWORD_AUTH",
            "ALLOW_ADMIN_USER_PASSWORD_AUTH",
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
            "ALLOW_USER_AUTH",
            "ALLOW_TOKEN_EXCHANGE_DELEGATION",
            "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
            "ALLOW_CLIENT_TOKEN_AUTH",
        )
    ),
    "FailoverType": Structure(
        "FailoverType",
        {"SecondaryRegion": "RegionNameType", "PrimaryRoute53HealthCheckId": "HealthCheckIdType"},
        ("SecondaryRegion", "PrimaryRoute53HealthCheckId"),
    ),
    "FeatureType": String(enum=("ENABLED", "DISABLED")),
    "FeedbackValueType": String(enum=("Valid", "Invalid")),
    "FirehoseConfigurationType": Structure("FirehoseConfigurationType", {"StreamArn": "ArnType"}, ()),
    "ForceAliasCreation": Boolean(),
    "ForgetDeviceRequest": Structure(
        "ForgetDeviceRequest", {"AccessToken": "TokenModelType", "DeviceKey": "DeviceKeyType"}, ("DeviceKey",)
    ),
    "ForgotPasswordRequest": Structure(
        "ForgotPasswordRequest",
        {
            "ClientId": "ClientIdType",
            "SecretHash": "SecretHashType",
            "UserContextData": "UserContextDataType",
            "Username": "UsernameType",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("ClientId", "Username"),
    ),
    "GenerateSecret": Boolean(),
    "GetCSVHeaderRequest": Structure("GetCSVHeaderRequest", {"UserPoolId": "UserPoolIdType"}, ("UserPoolId",)),
    "GetClientTokenRequest": Structure(
        "GetClientTokenRequest",
        {
            "ClientId": "ClientIdType",
            "Secret": "ClientSecretType",
            "Scopes": "ScopeListType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("ClientId", "Secret"),
    ),
    "GetDerivedTokenRequest": Structure(
        "GetDerivedTokenRequest",
        {
            "ClientId": "ClientIdType",
            "ClientSecret": "ClientSecretType",
            "SubjectToken": "GetDerivedTokenTokenModelType",
            "SubjectTokenType": "TokenTypeIdentifierType",
            "SubjectTokenProviderName": "ProviderNameType",
            "ActorToken": "GetDerivedTokenTokenModelType",
            "ActorTokenType": "TokenTypeIdentifierType",
            "ActorTokenProviderName": "ProviderNameType",
            "Scopes": "ScopeListType",
            "Audiences": "AudienceListType",
            "Resources": "ResourceListType",
            "RequestedTokenType": "IssuedTokenTypeIdentifierType",
        },
        ("ClientId", "SubjectToken", "SubjectTokenType"),
    ),
    "GetDerivedTokenTokenModelType": String(pattern="[A-Za-z0-9-_+/=.]+", min=0, max=131072, is_sensitive=True),
    "GetDeviceRequest": Structure(
        "GetDeviceRequest", {"DeviceKey": "DeviceKeyType", "AccessToken": "TokenModelType"}, ("DeviceKey",)
    ),
    "GetGroupRequest": Structure(
        "GetGroupRequest", {"GroupName": "GroupNameType", "UserPoolId": "UserPoolIdType"}, ("GroupName", "UserPoolId")
    ),
    "GetIdentityProviderByIdentifierRequest": Structure(
        "GetIdentityProviderByIdentifierRequest",
        {"UserPoolId": "UserPoolIdType", "IdpIdentifier": "IdpIdentifierType"},
        ("UserPoolId", "IdpIdentifier"),
    ),
    "GetLogDeliveryConfigurationRequest": Structure(
        "GetLogDeliveryConfigurationRequest", {"UserPoolId": "UserPoolIdType"}, ("UserPoolId",)
    ),
    "GetProvisionedLimitRequest": Structure(
        "GetProvisionedLimitRequest", {"LimitDefinition": "LimitDefinitionType"}, ("LimitDefinition",)
    ),
    "GetSigningCertificateRequest": Structure(
        "GetSigningCertificateRequest", {"UserPoolId": "UserPoolIdType"}, ("UserPoolId",)
    ),
    "GetTokensFromRefreshTokenRequest": Structure(
        "GetTokensFromRefreshTokenRequest",
        {
            "RefreshToken": "TokenModelType",
            "ClientId": "ClientIdType",
            "ClientSecret": "ClientSecretType",
            "DeviceKey": "DeviceKeyType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("RefreshToken", "ClientId"),
    ),
    "GetUICustomizationRequest": Structure(
        "GetUICustomizationRequest", {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType"}, ("UserPoolId",)
    ),
    "GetUserAttributeVerificationCodeRequest": Structure(
        "GetUserAttributeVerificationCodeRequest",
        {"AccessToken": "TokenModelType", "AttributeName": "AttributeNameType", "ClientMetadata": "ClientMetadataType"},
        ("AccessToken", "AttributeName"),
    ),
    "GetUserAuthFactorsRequest": Structure(
        "GetUserAuthFactorsRequest", {"AccessToken": "TokenModelType"}, ("AccessToken",)
    ),
    "GetUserPoolClientSessionConfigurationRequest": Structure(
        "GetUserPoolClientSessionConfigurationRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType"},
        ("UserPoolId", "ClientId"),
    ),
    "GetUserPoolMfaConfigRequest": Structure(
        "GetUserPoolMfaConfigRequest", {"UserPoolId": "UserPoolIdType"}, ("UserPoolId",)
    ),
    "GetUserPoolSessionConfigurationRequest": Structure(
        "GetUserPoolSessionConfigurationRequest", {"UserPoolId": "UserPoolIdType"}, ("UserPoolId",)
    ),
    "GetUserRequest": Structure("GetUserRequest", {"AccessToken": "TokenModelType"}, ("AccessToken",)),
    "GlobalSignOutRequest": Structure("GlobalSignOutRequest", {"AccessToken": "TokenModelType"}, ("AccessToken",)),
    "GroupNameType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+", min=1, max=128),
    "HealthCheckIdType": String(max=64),
    "HexStringType": String(pattern="^[0-9a-fA-F]+$"),
    "HttpHeader": Structure("HttpHeader", {"headerName": "StringType", "headerValue": "StringType"}, ()),
    "HttpHeaderList": List("HttpHeader"),
    "IdTokenValidityType": Number("Integer", min=1, max=86400),
    "IdentityProviderTypeType": String(
        enum=("SAML", "Facebook", "Google", "LoginWithAmazon", "SignInWithApple", "OIDC")
    ),
    "IdpIdentifierType": String(pattern="[\\w\\s+=.@-]+", min=1, max=40),
    "IdpIdentifiersListType": List("IdpIdentifierType", min=0, max=50),
    "ImageFileType": Blob(min=0, max=131072),
    "InboundFederationLambdaType": Structure(
        "InboundFederationLambdaType",
        {"LambdaVersion": "InboundFederationLambdaVersionType", "LambdaArn": "ArnType"},
        ("LambdaVersion", "LambdaArn"),
    ),
    "InboundFederationLambdaVersionType": String(enum=("V1_0",)),
    "InitiateAuthRequest": Structure(
        "InitiateAuthRequest",
        {
            "AuthFlow": "AuthFlowType",
            "AuthParameters": "AuthParametersType",
            "ClientMetadata": "ClientMetadataType",
            "ClientId": "ClientIdType",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "UserContextData": "UserContextDataType",
            "Session": "SessionType",
        },
        ("AuthFlow", "ClientId"),
    ),
    "IntegerType": Number("Integer"),
    "IssuedTokenTypeIdentifierType": String(enum=("ACCESS_TOKEN", "ID_TOKEN")),
    "IssuerConfigurationType": Structure("IssuerConfigurationType", {"Type": "IssuerType"}, ()),
    "IssuerType": String(enum=("ORIGINAL", "UPDATED")),
    "KeyConfigurationType": Structure(
        "KeyConfigurationType", {"KeyType": "EncryptionKeyType", "KmsKeyArn": "EncryptionKeyArnType"}, ()
    ),
    "LambdaConfigType": Structure(
        "LambdaConfigType",
        {
            "PreSignUp": "ArnType",
            "CustomMessage": "ArnType",
            "PostConfirmation": "ArnType",
            "PreAuthentication": "ArnType",
            "PostAuthentication": "ArnType",
            "DefineAuthChallenge": "ArnType",
            "CreateAuthChallenge": "ArnType",
            "VerifyAuthChallengeResponse": "ArnType",
            "PreTokenGeneration": "ArnType",
            "UserMigration": "ArnType",
            "PreTokenGenerationConfig": "PreTokenGenerationVersionConfigType",
            "CustomSMSSender": "CustomSMSLambdaVersionConfigType",
            "CustomEmailSender": "CustomEmailLambdaVersionConfigType",
            "KMSKeyID": "ArnType",
            "InboundFederation": "InboundFederationLambdaType",
        },
        (),
    ),
    "LanguageIdType": String(
        pattern="^cognito:(default|dutch|english|french|spanish|german|bahasa-indonesia|italian|japanese|korean|portuguese-brazil|chinese-(simplified|traditional))$"
    ),
    "LimitClass": String(enum=("API_CATEGORY",)),
    "LimitDefinitionType": Structure(
        "LimitDefinitionType",
        {"LimitClass": "LimitClass", "Attributes": "StringToStringMapType"},
        ("LimitClass", "Attributes"),
    ),
    "LinkUrlType": String(pattern="^[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+$", min=1, max=1024),
    "LinksType": Map("LanguageIdType", "LinkUrlType", min=1, max=13),
    "ListDevicesRequest": Structure(
        "ListDevicesRequest",
        {"AccessToken": "TokenModelType", "Limit": "QueryLimitType", "PaginationToken": "SearchPaginationTokenType"},
        ("AccessToken",),
    ),
    "ListGroupsRequest": Structure(
        "ListGroupsRequest",
        {"UserPoolId": "UserPoolIdType", "Limit": "QueryLimitType", "NextToken": "PaginationKey"},
        ("UserPoolId",),
    ),
    "ListIdentityProvidersRequest": Structure(
        "ListIdentityProvidersRequest",
        {"UserPoolId": "UserPoolIdType", "MaxResults": "ListProvidersLimitType", "NextToken": "PaginationKeyType"},
        ("UserPoolId",),
    ),
    "ListProvidersLimitType": Number("Integer", min=0, max=60),
    "ListResourceServersLimitType": Number("Integer", min=1, max=50),
    "ListResourceServersRequest": Structure(
        "ListResourceServersRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "MaxResults": "ListResourceServersLimitType",
            "NextToken": "PaginationKeyType",
        },
        ("UserPoolId",),
    ),
    "ListTagsForResourceRequest": Structure("ListTagsForResourceRequest", {"ResourceArn": "ArnType"}, ("ResourceArn",)),
    "ListTermsRequest": Structure(
        "ListTermsRequest",
        {"UserPoolId": "UserPoolIdType", "MaxResults": "ListTermsRequestMaxResultsInteger", "NextToken": "StringType"},
        ("UserPoolId",),
    ),
    "ListTermsRequestMaxResultsInteger": Number("Integer", min=1, max=60),
    "ListUserImportJobsRequest": Structure(
        "ListUserImportJobsRequest",
        {"UserPoolId": "UserPoolIdType", "MaxResults": "PoolQueryLimitType", "PaginationToken": "PaginationKeyType"},
        ("UserPoolId", "MaxResults"),
    ),
    "ListUserPoolClientSecretsRequest": Structure(
        "ListUserPoolClientSecretsRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType", "NextToken": "PaginationKey"},
        ("UserPoolId", "ClientId"),
    ),
    "ListUserPoolClientsRequest": Structure(
        "ListUserPoolClientsRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "MaxResults": "QueryLimit",
            "NextToken": "PaginationKey",
            "ClientType": "ClientTypeType",
        },
        ("UserPoolId",),
    ),
    "ListUserPoolReplicasRequest": Structure(
        "ListUserPoolReplicasRequest",
        {"UserPoolId": "UserPoolIdType", "NextToken": "PaginationKeyType"},
        ("UserPoolId",),
    ),
    "ListUserPoolsRequest": Structure(
        "ListUserPoolsRequest", {"NextToken": "PaginationKeyType", "MaxResults": "PoolQueryLimitType"}, ("MaxResults",)
    ),
    "ListUserSessionsRequest": Structure(
        "ListUserSessionsRequest", {"AccessToken": "TokenModelType", "NextToken": "PaginationKey"}, ("AccessToken",)
    ),
    "ListUsersInGroupRequest": Structure(
        "ListUsersInGroupRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "GroupName": "GroupNameType",
            "Limit": "QueryLimitType",
            "NextToken": "PaginationKey",
        },
        ("UserPoolId", "GroupName"),
    ),
    "ListUsersRequest": Structure(
        "ListUsersRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "AttributesToGet": "SearchedAttributeNamesListType",
            "Limit": "QueryLimitType",
            "PaginationToken": "SearchPaginationTokenType",
            "Filter": "UserFilterType",
        },
        ("UserPoolId",),
    ),
    "ListWebAuthnCredentialsRequest": Structure(
        "ListWebAuthnCredentialsRequest",
        {
            "AccessToken": "TokenModelType",
            "NextToken": "PaginationKey",
            "MaxResults": "WebAuthnCredentialsQueryLimitType",
        },
        ("AccessToken",),
    ),
    "LogConfigurationListType": List("LogConfigurationType", min=0, max=2),
    "LogConfigurationType": Structure(
        "LogConfigurationType",
        {
            "LogLevel": "LogLevel",
            "EventSource": "EventSourceName",
            "CloudWatchLogsConfiguration": "CloudWatchLogsConfigurationType",
            "S3Configuration": "S3ConfigurationType",
            "FirehoseConfiguration": "FirehoseConfigurationType",
        },
        ("LogLevel", "EventSource"),
    ),
    "LogLevel": String(enum=("ERROR", "INFO")),
    "LogoutURLsListType": List("RedirectUrlType", min=0, max=100),
    "MFAOptionListType": List("MFAOptionType"),
    "MFAOptionType": Structure(
        "MFAOptionType", {"DeliveryMedium": "DeliveryMediumType", "AttributeName": "AttributeNameType"}, ()
    ),
    "ManagedLoginBrandingIdType": String(
        pattern="^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    ),
    "MaxSessionsPerUserType": Number("Integer", min=1, max=100),
    "MessageActionType": String(enum=("RESEND", "SUPPRESS")),
    "MessageTemplateType": Structure(
        "MessageTemplateType",
        {
            "SMSMessage": "SmsInviteMessageType",
            "EmailMessage": "EmailInviteMessageType",
            "EmailSubject": "EmailVerificationSubjectType",
        },
        (),
    ),
    "NotifyConfigurationType": Structure(
        "NotifyConfigurationType",
        {
            "From": "StringType",
            "ReplyTo": "StringType",
            "SourceArn": "ArnType",
            "BlockEmail": "NotifyEmailType",
            "NoActionEmail": "NotifyEmailType",
            "MfaEmail": "NotifyEmailType",
        },
        ("SourceArn",),
    ),
    "NotifyEmailType": Structure(
        "NotifyEmailType",
        {
            "Subject": "EmailNotificationSubjectType",
            "HtmlBody": "EmailNotificationBodyType",
            "TextBody": "EmailNotificationBodyType",
        },
        ("Subject",),
    ),
    "NumberAttributeConstraintsType": Structure(
        "NumberAttributeConstraintsType", {"MinValue": "StringType", "MaxValue": "StringType"}, ()
    ),
    "OAuthFlowType": String(enum=("code", "implicit", "client_credentials")),
    "OAuthFlowsType": List("OAuthFlowType", min=0, max=3),
    "OptionalArnType": String(
        pattern="(arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?)?",
        min=0,
        max=2048,
    ),
    "PaginationKey": String(pattern="[\\S]+", min=1, max=131072),
    "PaginationKeyType": String(pattern="[\\S]+", min=1),
    "PasswordHashingAlgorithmType": String(enum=("BCRYPT", "SCRYPT", "ARGON2ID", "PBKDF2_SHA256")),
    "PasswordHistorySizeType": Number("Integer", min=0, max=24),
    "PasswordPolicyMinLengthType": Number("Integer", min=6, max=99),
    "PasswordPolicyType": Structure(
        "PasswordPolicyType",
        {
            "MinimumLength": "PasswordPolicyMinLengthType",
            "RequireUppercase": "BooleanType",
            "RequireLowercase": "BooleanType",
            "RequireNumbers": "BooleanType",
            "RequireSymbols": "BooleanType",
            "PasswordHistorySize": "PasswordHistorySizeType",
            "TemporaryPasswordValidityDays": "TemporaryPasswordValidityDaysType",
        },
        (),
    ),
    "PasswordType": String(pattern="[\\S]+", max=256, is_sensitive=True),
    "PoolQueryLimitType": Number("Integer", min=1, max=60),
    "PreTokenGenerationLambdaVersionType": String(enum=("V1_0", "V2_0", "V3_0")),
    "PreTokenGenerationVersionConfigType": Structure(
        "PreTokenGenerationVersionConfigType",
        {"LambdaVersion": "PreTokenGenerationLambdaVersionType", "LambdaArn": "ArnType"},
        ("LambdaVersion", "LambdaArn"),
    ),
    "PrecedenceType": Number("Integer", min=0),
    "PreventUserExistenceErrorTypes": String(enum=("LEGACY", "ENABLED")),
    "PriorityType": Number("Integer", min=1, max=2),
    "ProviderDetailsType": Map("StringType", "StringType"),
    "ProviderNameType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\p{Z}]+", min=1, max=32),
    "ProviderNameTypeV2": String(pattern="[^_\\p{Z}][\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}][^_\\p{Z}]+", min=1, max=32),
    "ProviderUserIdentifierType": Structure(
        "ProviderUserIdentifierType",
        {
            "ProviderName": "ProviderNameType",
            "ProviderAttributeName": "StringType",
            "ProviderAttributeValue": "StringType",
        },
        (),
    ),
    "QueryLimit": Number("Integer", min=1, max=60),
    "QueryLimitType": Number("Integer", min=0, max=60),
    "RecoveryMechanismsType": List("RecoveryOptionType", min=1, max=2),
    "RecoveryOptionNameType": String(enum=("verified_email", "verified_phone_number", "admin_only")),
    "RecoveryOptionType": Structure(
        "RecoveryOptionType", {"Priority": "PriorityType", "Name": "RecoveryOptionNameType"}, ("Priority", "Name")
    ),
    "RedirectUrlType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+", min=1, max=1024),
    "RefreshTokenRotationType": Structure(
        "RefreshTokenRotationType",
        {"Feature": "FeatureType", "RetryGracePeriodSeconds": "RetryGracePeriodSecondsType"},
        ("Feature",),
    ),
    "RefreshTokenValidityType": Number("Integer", min=0, max=315360000),
    "RegionCodeType": String(min=5, max=32),
    "RegionNameType": String(min=5, max=32),
    "RelyingPartyIdType": String(min=1, max=127),
    "ResendConfirmationCodeRequest": Structure(
        "ResendConfirmationCodeRequest",
        {
            "ClientId": "ClientIdType",
            "SecretHash": "SecretHashType",
            "UserContextData": "UserContextDataType",
            "Username": "UsernameType",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("ClientId", "Username"),
    ),
    "ResourceIdType": String(pattern="^[\\w\\- ]+$", min=1, max=40),
    "ResourceListType": List("ResourceServerIdentifierType", min=0, max=1),
    "ResourceServerIdentifierType": String(pattern="[\\x21\\x23-\\x5B\\x5D-\\x7E]+", min=1, max=256),
    "ResourceServerNameType": String(pattern="[\\w\\s+=,.@-]+", min=1, max=256),
    "ResourceServerScopeDescriptionType": String(min=1, max=256),
    "ResourceServerScopeListType": List("ResourceServerScopeType", max=100),
    "ResourceServerScopeNameType": String(pattern="[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+", min=1, max=256),
    "ResourceServerScopeType": Structure(
        "ResourceServerScopeType",
        {"ScopeName": "ResourceServerScopeNameType", "ScopeDescription": "ResourceServerScopeDescriptionType"},
        ("ScopeName", "ScopeDescription"),
    ),
    "RespondToAuthChallengeRequest": Structure(
        "RespondToAuthChallengeRequest",
        {
            "ClientId": "ClientIdType",
            "ChallengeName": "ChallengeNameType",
            "Session": "SessionType",
            "ChallengeResponses": "ChallengeResponsesType",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "UserContextData": "UserContextDataType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("ClientId", "ChallengeName"),
    ),
    "RetryGracePeriodSecondsType": Number("Integer", min=0, max=60),
    "RevokeAssociatedSessionsType": String(enum=("NONE", "LINKED")),
    "RevokeTokenRequest": Structure(
        "RevokeTokenRequest",
        {
            "Token": "TokenModelType",
            "ClientId": "ClientIdType",
            "ClientSecret": "ClientSecretType",
            "RevokeAssociatedSessions": "RevokeAssociatedSessionsType",
        },
        ("Token", "ClientId"),
    ),
    "RevokeUserSessionRequest": Structure(
        "RevokeUserSessionRequest",
        {
            "AccessToken": "TokenModelType",
            "SessionId": "SessionIdType",
            "RevokeAssociatedSessions": "RevokeAssociatedSessionsType",
        },
        ("AccessToken", "SessionId"),
    ),
    "RiskExceptionConfigurationType": Structure(
        "RiskExceptionConfigurationType",
        {"BlockedIPRangeList": "BlockedIPRangeListType", "SkippedIPRangeList": "SkippedIPRangeListType"},
        (),
    ),
    "RoutingType": Structure("RoutingType", {"Failover": "FailoverType"}, ()),
    "S3ArnType": String(
        pattern="arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:::[\\w+=/,.@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?", min=3, max=1024
    ),
    "S3ConfigurationType": Structure("S3ConfigurationType", {"BucketArn": "S3ArnType"}, ()),
    "SESConfigurationSet": String(pattern="^[a-zA-Z0-9_-]+$", min=1, max=64),
    "SMSMfaSettingsType": Structure(
        "SMSMfaSettingsType", {"Enabled": "BooleanType", "PreferredMfa": "BooleanType"}, ()
    ),
    "SSOSessionMaxValidityMinutesType": Number("Integer", min=0, max=129600),
    "SchemaAttributeType": Structure(
        "SchemaAttributeType",
        {
            "Name": "CustomAttributeNameType",
            "AttributeDataType": "AttributeDataType",
            "DeveloperOnlyAttribute": "BooleanType",
            "Mutable": "BooleanType",
            "Required": "BooleanType",
            "NumberAttributeConstraints": "NumberAttributeConstraintsType",
            "StringAttributeConstraints": "StringAttributeConstraintsType",
        },
        (),
    ),
    "SchemaAttributesListType": List("SchemaAttributeType", min=1, max=50),
    "ScopeListType": List("ScopeType", max=50),
    "ScopeType": String(pattern="[\\x21\\x23-\\x5B\\x5D-\\x7E]+", min=1, max=256),
    "SearchPaginationTokenType": String(pattern="[\\S]+", min=1),
    "SearchedAttributeNamesListType": List("AttributeNameType"),
    "SecretHashType": String(pattern="[\\w+=/]+", min=1, max=128, is_sensitive=True),
    "SecurityPolicyType": String(enum=("TLS_V1", "TLS_V1_2_2021", "TLS_V1_3_2025")),
    "SessionIdType": String(pattern="^(tkn|sso)[a-z0-9]{25}$", min=28, max=28),
    "SessionType": String(min=20, max=4096, is_sensitive=True),
    "SetLogDeliveryConfigurationRequest": Structure(
        "SetLogDeliveryConfigurationRequest",
        {"UserPoolId": "UserPoolIdType", "LogConfigurations": "LogConfigurationListType"},
        ("UserPoolId", "LogConfigurations"),
    ),
    "SetRiskConfigurationRequest": Structure(
        "SetRiskConfigurationRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ClientId": "ClientIdType",
            "CompromisedCredentialsRiskConfiguration": "CompromisedCredentialsRiskConfigurationType",
            "AccountTakeoverRiskConfiguration": "AccountTakeoverRiskConfigurationType",
            "RiskExceptionConfiguration": "RiskExceptionConfigurationType",
        },
        ("UserPoolId",),
    ),
    "SetUICustomizationRequest": Structure(
        "SetUICustomizationRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType", "CSS": "CSSType", "ImageFile": "ImageFileType"},
        ("UserPoolId",),
    ),
    "SetUserMFAPreferenceRequest": Structure(
        "SetUserMFAPreferenceRequest",
        {
            "SMSMfaSettings": "SMSMfaSettingsType",
            "SoftwareTokenMfaSettings": "SoftwareTokenMfaSettingsType",
            "EmailMfaSettings": "EmailMfaSettingsType",
            "WebAuthnMfaSettings": "WebAuthnMfaSettingsType",
            "AccessToken": "TokenModelType",
        },
        ("AccessToken",),
    ),
    "SetUserPoolClientSessionConfigurationRequest": Structure(
        "SetUserPoolClientSessionConfigurationRequest",
        {"UserPoolId": "UserPoolIdType", "ClientId": "ClientIdType", "SSOSession": "ClientSSOSessionConfigType"},
        ("UserPoolId", "ClientId", "SSOSession"),
    ),
    "SetUserPoolMfaConfigRequest": Structure(
        "SetUserPoolMfaConfigRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "SmsMfaConfiguration": "SmsMfaConfigType",
            "SoftwareTokenMfaConfiguration": "SoftwareTokenMfaConfigType",
            "EmailMfaConfiguration": "EmailMfaConfigType",
            "MfaConfiguration": "UserPoolMfaType",
            "WebAuthnConfiguration": "WebAuthnConfigurationType",
        },
        ("UserPoolId",),
    ),
    "SetUserPoolSessionConfigurationRequest": Structure(
        "SetUserPoolSessionConfigurationRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "UserSessionTracking": "UserSessionTrackingType",
            "TokenSession": "UserPoolTokenSessionConfigType",
        },
        ("UserPoolId", "UserSessionTracking", "TokenSession"),
    ),
    "SetUserSettingsRequest": Structure(
        "SetUserSettingsRequest",
        {"AccessToken": "TokenModelType", "MFAOptions": "MFAOptionListType"},
        ("AccessToken", "MFAOptions"),
    ),
    "SignInPolicyType": Structure(
        "SignInPolicyType", {"AllowedFirstAuthFactors": "AllowedFirstAuthFactorsListType"}, ()
    ),
    "SignUpRequest": Structure(
        "SignUpRequest",
        {
            "ClientId": "ClientIdType",
            "SecretHash": "SecretHashType",
            "Username": "UsernameType",
            "Password": "PasswordType",
            "UserAttributes": "AttributeListType",
            "ValidationData": "AttributeListType",
            "AnalyticsMetadata": "AnalyticsMetadataType",
            "UserContextData": "UserContextDataType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("ClientId", "Username"),
    ),
    "SkippedIPRangeListType": List("StringType", max=200),
    "SmsConfigurationType": Structure(
        "SmsConfigurationType",
        {
            "SnsCallerArn": "OptionalArnType",
            "ExternalId": "StringType",
            "SnsRegion": "RegionCodeType",
            "EumsSms": "EumsSmsConfigurationType",
        },
        (),
    ),
    "SmsInviteMessageType": String(pattern="(?s).*", min=6, max=140),
    "SmsMfaConfigType": Structure(
        "SmsMfaConfigType",
        {"SmsAuthenticationMessage": "SmsVerificationMessageType", "SmsConfiguration": "SmsConfigurationType"},
        (),
    ),
    "SmsVerificationMessageType": String(pattern=".*\\{####\\}.*", min=6, max=140),
    "SoftwareTokenMFAUserCodeType": String(pattern="[0-9]+", min=6, max=6, is_sensitive=True),
    "SoftwareTokenMfaConfigType": Structure("SoftwareTokenMfaConfigType", {"Enabled": "BooleanType"}, ()),
    "SoftwareTokenMfaSettingsType": Structure(
        "SoftwareTokenMfaSettingsType", {"Enabled": "BooleanType", "PreferredMfa": "BooleanType"}, ()
    ),
    "StartUserImportJobRequest": Structure(
        "StartUserImportJobRequest",
        {"UserPoolId": "UserPoolIdType", "JobId": "UserImportJobIdType"},
        ("UserPoolId", "JobId"),
    ),
    "StartWebAuthnRegistrationRequest": Structure(
        "StartWebAuthnRegistrationRequest", {"AccessToken": "TokenModelType"}, ("AccessToken",)
    ),
    "StatusType": String(enum=("Enabled", "Disabled")),
    "StopUserImportJobRequest": Structure(
        "StopUserImportJobRequest",
        {"UserPoolId": "UserPoolIdType", "JobId": "UserImportJobIdType"},
        ("UserPoolId", "JobId"),
    ),
    "StringAttributeConstraintsType": Structure(
        "StringAttributeConstraintsType", {"MinLength": "StringType", "MaxLength": "StringType"}, ()
    ),
    "StringToStringMapType": Map("StringType", "StringType"),
    "StringType": String(min=0, max=131072),
    "SupportedIdentityProvidersListType": List("ProviderNameType"),
    "TagKeysType": String(min=1, max=128),
    "TagResourceRequest": Structure(
        "TagResourceRequest", {"ResourceArn": "ArnType", "Tags": "UserPoolTagsType"}, ("ResourceArn", "Tags")
    ),
    "TagValueType": String(min=0, max=256),
    "TemporaryPasswordValidityDaysType": Number("Integer", min=0, max=365),
    "TermsEnforcementType": String(enum=("NONE",)),
    "TermsIdType": String(
        pattern="^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[4][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
    ),
    "TermsNameType": String(pattern="^(terms-of-use|privacy-policy)$"),
    "TermsSourceType": String(enum=("LINK",)),
    "TimeUnitsType": String(enum=("seconds", "minutes", "hours", "days")),
    "TokenModelType": String(pattern="[A-Za-z0-9-_=.]+", is_sensitive=True),
    "TokenTypeIdentifierType": String(enum=("ACCESS_TOKEN", "ID_TOKEN", "SAML2")),
    "TokenValidityUnitsType": Structure(
        "TokenValidityUnitsType",
        {"AccessToken": "TimeUnitsType", "IdToken": "TimeUnitsType", "RefreshToken": "TimeUnitsType"},
        (),
    ),
    "UntagResourceRequest": Structure(
        "UntagResourceRequest",
        {"ResourceArn": "ArnType", "TagKeys": "UserPoolTagsListType"},
        ("ResourceArn", "TagKeys"),
    ),
    "UpdateAuthEventFeedbackRequest": Structure(
        "UpdateAuthEventFeedbackRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Username": "UsernameType",
            "EventId": "EventIdType",
            "FeedbackToken": "TokenModelType",
            "FeedbackValue": "FeedbackValueType",
        },
        ("UserPoolId", "Username", "EventId", "FeedbackToken", "FeedbackValue"),
    ),
    "UpdateDeviceStatusRequest": Structure(
        "UpdateDeviceStatusRequest",
        {
            "AccessToken": "TokenModelType",
            "DeviceKey": "DeviceKeyType",
            "DeviceRememberedStatus": "DeviceRememberedStatusType",
        },
        ("AccessToken", "DeviceKey"),
    ),
    "UpdateGroupRequest": Structure(
        "UpdateGroupRequest",
        {
            "GroupName": "GroupNameType",
            "UserPoolId": "UserPoolIdType",
            "Description": "DescriptionType",
            "RoleArn": "ArnType",
            "Precedence": "PrecedenceType",
        },
        ("GroupName", "UserPoolId"),
    ),
    "UpdateIdentityProviderRequest": Structure(
        "UpdateIdentityProviderRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ProviderName": "ProviderNameType",
            "ProviderDetails": "ProviderDetailsType",
            "AttributeMapping": "AttributeMappingType",
            "IdpIdentifiers": "IdpIdentifiersListType",
            "AcrMapping": "AcrMappingType",
        },
        ("UserPoolId", "ProviderName"),
    ),
    "UpdateManagedLoginBrandingRequest": Structure(
        "UpdateManagedLoginBrandingRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ManagedLoginBrandingId": "ManagedLoginBrandingIdType",
            "UseCognitoProvidedValues": "BooleanType",
            "Settings": "Document",
            "Assets": "AssetListType",
        },
        (),
    ),
    "UpdateProvisionedLimitRequest": Structure(
        "UpdateProvisionedLimitRequest",
        {"LimitDefinition": "LimitDefinitionType", "RequestedLimitValue": "IntegerType"},
        ("LimitDefinition", "RequestedLimitValue"),
    ),
    "UpdateReplicaStatusType": String(enum=("ACTIVE", "INACTIVE")),
    "UpdateResourceServerRequest": Structure(
        "UpdateResourceServerRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Identifier": "ResourceServerIdentifierType",
            "Name": "ResourceServerNameType",
            "Scopes": "ResourceServerScopeListType",
        },
        ("UserPoolId", "Identifier", "Name"),
    ),
    "UpdateTermsRequest": Structure(
        "UpdateTermsRequest",
        {
            "TermsId": "TermsIdType",
            "UserPoolId": "UserPoolIdType",
            "TermsName": "TermsNameType",
            "TermsSource": "TermsSourceType",
            "Enforcement": "TermsEnforcementType",
            "Links": "LinksType",
        },
        ("TermsId", "UserPoolId"),
    ),
    "UpdateUserAttributesRequest": Structure(
        "UpdateUserAttributesRequest",
        {
            "UserAttributes": "AttributeListType",
            "AccessToken": "TokenModelType",
            "ClientMetadata": "ClientMetadataType",
        },
        ("UserAttributes", "AccessToken"),
    ),
    "UpdateUserPoolClientRequest": Structure(
        "UpdateUserPoolClientRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "ClientId": "ClientIdType",
            "ClientName": "ClientNameType",
            "RefreshTokenValidity": "RefreshTokenValidityType",
            "AccessTokenValidity": "AccessTokenValidityType",
            "IdTokenValidity": "IdTokenValidityType",
            "TokenValidityUnits": "TokenValidityUnitsType",
            "ReadAttributes": "ClientPermissionListType",
            "WriteAttributes": "ClientPermissionListType",
            "ExplicitAuthFlows": "ExplicitAuthFlowsListType",
            "SupportedIdentityProviders": "SupportedIdentityProvidersListType",
            "CallbackURLs": "CallbackURLsListType",
            "LogoutURLs": "LogoutURLsListType",
            "DefaultRedirectURI": "RedirectUrlType",
            "AllowedOAuthFlows": "OAuthFlowsType",
            "AllowedOAuthScopes": "ScopeListType",
            "AllowedOAuthFlowsUserPoolClient": "BooleanType",
            "AnalyticsConfiguration": "AnalyticsConfigurationType",
            "PreventUserExistenceErrors": "PreventUserExistenceErrorTypes",
            "EnableTokenRevocation": "WrappedBooleanType",
            "EnablePropagateAdditionalUserContextData": "WrappedBooleanType",
            "AuthSessionValidity": "AuthSessionValidityType",
            "RefreshTokenRotation": "RefreshTokenRotationType",
        },
        ("UserPoolId", "ClientId"),
    ),
    "UpdateUserPoolDomainRequest": Structure(
        "UpdateUserPoolDomainRequest",
        {
            "Domain": "DomainType",
            "UserPoolId": "UserPoolIdType",
            "ManagedLoginVersion": "WrappedIntegerType",
            "CustomDomainConfig": "CustomDomainConfigType",
            "Routing": "RoutingType",
        },
        ("Domain", "UserPoolId"),
    ),
    "UpdateUserPoolReplicaRequest": Structure(
        "UpdateUserPoolReplicaRequest",
        {"UserPoolId": "UserPoolIdType", "RegionName": "RegionNameType", "Status": "UpdateReplicaStatusType"},
        ("UserPoolId", "RegionName", "Status"),
    ),
    "UpdateUserPoolRequest": Structure(
        "UpdateUserPoolRequest",
        {
            "UserPoolId": "UserPoolIdType",
            "Policies": "UserPoolPolicyType",
            "DeletionProtection": "DeletionProtectionType",
            "LambdaConfig": "LambdaConfigType",
            "AutoVerifiedAttributes": "VerifiedAttributesListType",
            "SmsVerificationMessage": "SmsVerificationMessageType",
            "EmailVerificationMessage": "EmailVerificationMessageType",
            "EmailVerificationSubject": "EmailVerificationSubjectType",
            "VerificationMessageTemplate": "VerificationMessageTemplateType",
            "SmsAuthenticationMessage": "SmsVerificationMessageType",
            "UserAttributeUpdateSettings": "UserAttributeUpdateSettingsType",
            "MfaConfiguration": "UserPoolMfaType",
            "DeviceConfiguration": "DeviceConfigurationType",
            "EmailConfiguration": "EmailConfigurationType",
            "SmsConfiguration": "SmsConfigurationType",
            "UserPoolTags": "UserPoolTagsType",
            "AdminCreateUserConfig": "AdminCreateUserConfigType",
            "UserPoolAddOns": "UserPoolAddOnsType",
            "DcrConfiguration": "DcrConfigurationType",
            "AccountRecoverySetting": "AccountRecoverySettingType",
            "PoolName": "UserPoolNameType",
            "UserPoolTier": "UserPoolTierType",
            "KeyConfiguration": "KeyConfigurationType",
            "IssuerConfiguration": "IssuerConfigurationType",
            "AcrConfiguration": "AcrConfigurationType",
        },
        ("UserPoolId",),
    ),
    "UserAttributeUpdateSettingsType": Structure(
        "UserAttributeUpdateSettingsType",
        {"AttributesRequireVerificationBeforeUpdate": "AttributesRequireVerificationBeforeUpdateType"},
        (),
    ),
    "UserContextDataType": Structure(
        "UserContextDataType", {"IpAddress": "StringType", "EncodedData": "StringType"}, (), is_sensitive=True
    ),
    "UserFilterType": String(max=256),
    "UserImportJobIdType": String(pattern="import-[0-9a-zA-Z-]+", min=1, max=55),
    "UserImportJobNameType": String(pattern="[\\w\\s+=,.@-]+", min=1, max=128),
    "UserPoolAddOnsType": Structure(
        "UserPoolAddOnsType",
        {
            "AdvancedSecurityMode": "AdvancedSecurityModeType",
            "AdvancedSecurityAdditionalFlows": "AdvancedSecurityAdditionalFlowsType",
        },
        ("AdvancedSecurityMode",),
    ),
    "UserPoolIdType": String(pattern="[\\w-]+_[0-9a-zA-Z]+", min=1, max=55),
    "UserPoolMfaType": String(enum=("OFF", "ON", "OPTIONAL")),
    "UserPoolNameType": String(pattern="[\\w\\s+=,.@-]+", min=1, max=128),
    "UserPoolPolicyType": Structure(
        "UserPoolPolicyType", {"PasswordPolicy": "PasswordPolicyType", "SignInPolicy": "SignInPolicyType"}, ()
    ),
    "UserPoolTagsListType": List("TagKeysType"),
    "UserPoolTagsType": Map("TagKeysType", "TagValueType"),
    "UserPoolTierType": String(enum=("LITE", "ESSENTIALS", "PLUS")),
    "UserPoolTokenSessionConfigType": Structure(
        "UserPoolTokenSessionConfigType", {"MaxPerUser": "MaxSessionsPerUserType"}, ("MaxPerUser",)
    ),
    "UserSessionTrackingType": String(enum=("ENABLED", "DISABLED")),
    "UserVerificationType": String(enum=("required", "preferred")),
    "UsernameAttributeType": String(enum=("phone_number", "email")),
    "UsernameAttributesListType": List("UsernameAttributeType"),
    "UsernameConfigurationType": Structure(
        "UsernameConfigurationType", {"CaseSensitive": "WrappedBooleanType"}, ("CaseSensitive",)
    ),
    "UsernameType": String(pattern="[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+", min=1, max=128, is_sensitive=True),
    "VerificationMessageTemplateType": Structure(
        "VerificationMessageTemplateType",
        {
            "SmsMessage": "SmsVerificationMessageType",
            "EmailMessage": "EmailVerificationMessageType",
            "EmailSubject": "EmailVerificationSubjectType",
            "EmailMessageByLink": "EmailVerificationMessageByLinkType",
            "EmailSubjectByLink": "EmailVerificationSubjectByLinkType",
            "DefaultEmailOption": "DefaultEmailOptionType",
        },
        (),
    ),
    "VerifiedAttributeType": String(enum=("phone_number", "email")),
    "VerifiedAttributesListType": List("VerifiedAttributeType"),
    "VerifySoftwareTokenRequest": Structure(
        "VerifySoftwareTokenRequest",
        {
            "AccessToken": "TokenModelType",
            "Session": "SessionType",
            "UserCode": "SoftwareTokenMFAUserCodeType",
            "FriendlyDeviceName": "StringType",
        },
        ("UserCode",),
    ),
    "VerifyUserAttributeRequest": Structure(
        "VerifyUserAttributeRequest",
        {"AccessToken": "TokenModelType", "AttributeName": "AttributeNameType", "Code": "ConfirmationCodeType"},
        ("AccessToken", "AttributeName", "Code"),
    ),
    "WebAuthnConfigurationType": Structure(
        "WebAuthnConfigurationType",
        {
            "RelyingPartyId": "RelyingPartyIdType",
            "UserVerification": "UserVerificationType",
            "FactorConfiguration": "WebAuthnFactorConfigurationType",
        },
        (),
    ),
    "WebAuthnCredentialsQueryLimitType": Number("Integer", min=0, max=20),
    "WebAuthnFactorConfigurationType": String(enum=("SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION")),
    "WebAuthnMfaSettingsType": Structure("WebAuthnMfaSettingsType", {"Enabled": "BooleanType"}, ()),
    "WrappedBooleanType": Boolean(),
    "WrappedIntegerType": Number("Integer"),
}
