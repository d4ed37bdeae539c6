"""GENERATED: the structures of the service model. Members keep their wire names; an absent member is None."""

# Postponed annotations: read by msgspec when a decoder is first built, so that importing 370 classes stays cheap.
from __future__ import annotations

from typing import Any

import msgspec

# The members that must never be printed.
SENSITIVE: dict[str, tuple[str, ...]] = {
    "AddUserPoolClientSecretRequest": ("ClientId", "ClientSecret"),
    "AdminAddUserToGroupRequest": ("Username",),
    "AdminConfirmSignUpRequest": ("Username",),
    "AdminCreateUserRequest": ("TemporaryPassword", "Username"),
    "AdminDeleteSoftwareTokenRequest": ("Username",),
    "AdminDeleteUserAttributesRequest": ("Username",),
    "AdminDeleteUserRequest": ("Username",),
    "AdminDisableUserRequest": ("Username",),
    "AdminEnableUserRequest": ("Username",),
    "AdminForgetDeviceRequest": ("Username",),
    "AdminGetDeviceRequest": ("Username",),
    "AdminGetUserAuthFactorsRequest": ("Username",),
    "AdminGetUserAuthFactorsResponse": ("Username",),
    "AdminGetUserRequest": ("Username",),
    "AdminGetUserResponse": ("Username",),
    "AdminInitiateAuthRequest": ("AuthParameters", "ClientId", "Session"),
    "AdminInitiateAuthResponse": ("Session",),
    "AdminListDevicesRequest": ("Username",),
    "AdminListGroupsForUserRequest": ("Username",),
    "AdminListUserAuthEventsRequest": ("Username",),
    "AdminListUserSessionsRequest": ("Username",),
    "AdminRemoveUserFromGroupRequest": ("Username",),
    "AdminResetUserPasswordRequest": ("Username",),
    "AdminRespondToAuthChallengeRequest": ("ChallengeResponses", "ClientId", "Session"),
    "AdminRespondToAuthChallengeResponse": ("Session",),
    "AdminRevokeUserSessionRequest": ("Username",),
    "AdminSetUserMFAPreferenceRequest": ("Username",),
    "AdminSetUserPasswordRequest": ("Password", "Username"),
    "AdminSetUserSettingsRequest": ("Username",),
    "AdminUpdateAuthEventFeedbackRequest": ("Username",),
    "AdminUpdateDeviceStatusRequest": ("Username",),
    "AdminUpdateUserAttributesRequest": ("Username",),
    "AdminUserGlobalSignOutRequest": ("Username",),
    "AssociateSoftwareTokenRequest": ("AccessToken", "Session"),
    "AssociateSoftwareTokenResponse": ("SecretCode", "Session"),
    "AttributeType": ("Value",),
    "AuthenticationResultType": ("AccessToken", "IdToken", "RefreshToken"),
    "ChangePasswordRequest": ("AccessToken", "PreviousPassword", "ProposedPassword"),
    "ClientAuthenticationResultType": ("AccessToken",),
    "ClientSecretDescriptorType": ("ClientSecretValue",),
    "CompleteWebAuthnRegistrationRequest": ("AccessToken",),
    "ConfirmDeviceRequest": ("AccessToken",),
    "ConfirmForgotPasswordRequest": ("ClientId", "Password", "SecretHash", "UserContextData", "Username"),
    "ConfirmSignUpRequest": ("ClientId", "SecretHash", "Session", "UserContextData", "Username"),
    "ConfirmSignUpResponse": ("Session",),
    "CreateManagedLoginBrandingRequest": ("ClientId",),
    "CreateTermsRequest": ("ClientId",),
    "CreateUserPoolClientRequest": ("ClientSecret",),
    "DeleteUserAttributesRequest": ("AccessToken",),
    "DeleteUserPoolClientRequest": ("ClientId",),
    "DeleteUserPoolClientSecretRequest": ("ClientId",),
    "DeleteUserRequest": ("AccessToken",),
    "DeleteWebAuthnCredentialRequest": ("AccessToken",),
    "DescribeManagedLoginBrandingByClientRequest": ("ClientId",),
    "DescribeRiskConfigurationRequest": ("ClientId",),
    "DescribeTermsByClientRequest": ("ClientId",),
    "DescribeUserPoolClientRequest": ("ClientId",),
    "ForgetDeviceRequest": ("AccessToken",),
    "ForgotPasswordRequest": ("ClientId", "SecretHash", "UserContextData", "Username"),
    "GetClientTokenRequest": ("ClientId", "Secret"),
    "GetDerivedTokenRequest": ("ActorToken", "ClientId", "ClientSecret", "SubjectToken"),
    "GetDerivedTokenResponse": ("IssuedToken",),
    "GetDeviceRequest": ("AccessToken",),
    "GetTokensFromRefreshTokenRequest": ("ClientId", "ClientSecret", "RefreshToken"),
    "GetUICustomizationRequest": ("ClientId",),
    "GetUserAttributeVerificationCodeRequest": ("AccessToken",),
    "GetUserAuthFactorsRequest": ("AccessToken",),
    "GetUserAuthFactorsResponse": ("Username",),
    "GetUserPoolClientSessionConfigurationRequest": ("ClientId",),
    "GetUserPoolClientSessionConfigurationResponse": ("ClientId",),
    "GetUserRequest": ("AccessToken",),
    "GetUserResponse": ("Username",),
    "GlobalSignOutRequest": ("AccessToken",),
    "InitiateAuthRequest": ("AuthParameters", "ClientId", "Session", "UserContextData"),
    "InitiateAuthResponse": ("Session",),
    "ListDevicesRequest": ("AccessToken",),
    "ListUserPoolClientSecretsRequest": ("ClientId",),
    "ListUserSessionsRequest": ("AccessToken",),
    "ListWebAuthnCredentialsRequest": ("AccessToken",),
    "ResendConfirmationCodeRequest": ("ClientId", "SecretHash", "UserContextData", "Username"),
    "RespondToAuthChallengeRequest": ("ChallengeResponses", "ClientId", "Session", "UserContextData"),
    "RespondToAuthChallengeResponse": ("Session",),
    "RevokeTokenRequest": ("ClientId", "ClientSecret", "Token"),
    "RevokeUserSessionRequest": ("AccessToken",),
    "RiskConfigurationType": ("ClientId",),
    "SessionDescriptionType": ("ClientId", "LastIPAddress"),
    "SetRiskConfigurationRequest": ("ClientId",),
    "SetUICustomizationRequest": ("ClientId",),
    "SetUserMFAPreferenceRequest": ("AccessToken",),
    "SetUserPoolClientSessionConfigurationRequest": ("ClientId",),
    "SetUserPoolClientSessionConfigurationResponse": ("ClientId",),
    "SetUserSettingsRequest": ("AccessToken",),
    "SignUpRequest": ("ClientId", "Password", "SecretHash", "UserContextData", "Username"),
    "SignUpResponse": ("Session",),
    "StartWebAuthnRegistrationRequest": ("AccessToken",),
    "TermsType": ("ClientId",),
    "UICustomizationType": ("ClientId",),
    "UpdateAuthEventFeedbackRequest": ("FeedbackToken", "Username"),
    "UpdateDeviceStatusRequest": ("AccessToken",),
    "UpdateUserAttributesRequest": ("AccessToken",),
    "UpdateUserPoolClientRequest": ("ClientId",),
    "UserContextDataType": ("EncodedData", "IpAddress"),
    "UserPoolClientDescription": ("ClientId",),
    "UserPoolClientType": ("ClientId", "ClientSecret"),
    "UserType": ("Username",),
    "VerifySoftwareTokenRequest": ("AccessToken", "Session", "UserCode"),
    "VerifySoftwareTokenResponse": ("Session",),
    "VerifyUserAttributeRequest": ("AccessToken",),
}


class Shape(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A structure of the model. Its repr hides the members that the model marks sensitive."""

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        hidden = SENSITIVE.get(type(self).__name__, ())
        members = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return [(name, "***" if name in hidden else value) for name, value in members if value is not None]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.__rich_repr__())})"


class AccountRecoverySettingType(Shape, kw_only=True):
    RecoveryMechanisms: list[RecoveryOptionType] | None = None


class AccountTakeoverActionType(Shape, kw_only=True):
    Notify: bool
    EventAction: str


class AccountTakeoverActionsType(Shape, kw_only=True):
    LowAction: AccountTakeoverActionType | None = None
    MediumAction: AccountTakeoverActionType | None = None
    HighAction: AccountTakeoverActionType | None = None


class AccountTakeoverRiskConfigurationType(Shape, kw_only=True):
    NotifyConfiguration: NotifyConfigurationType | None = None
    Actions: AccountTakeoverActionsType


class AcrLevelConfigType(Shape, kw_only=True):
    AcrValue: str


class AddCustomAttributesRequest(Shape, kw_only=True):
    UserPoolId: str
    CustomAttributes: list[SchemaAttributeType]


class AddCustomAttributesResponse(Shape, kw_only=True):
    pass


class AddUserPoolClientSecretRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    ClientSecret: str | None = None


class AddUserPoolClientSecretResponse(Shape, kw_only=True):
    ClientSecretDescriptor: ClientSecretDescriptorType | None = None


class AdminAddUserToGroupRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    GroupName: str


class AdminConfirmSignUpRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    ClientMetadata: dict[str, str] | None = None


class AdminConfirmSignUpResponse(Shape, kw_only=True):
    pass


class AdminCreateUserConfigType(Shape, kw_only=True):
    AllowAdminCreateUserOnly: bool | None = None
    UnusedAccountValidityDays: int | None = None
    InviteMessageTemplate: MessageTemplateType | None = None


class AdminCreateUserRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    UserAttributes: list[AttributeType] | None = None
    ValidationData: list[AttributeType] | None = None
    TemporaryPassword: str | None = None
    ForceAliasCreation: bool | None = None
    MessageAction: str | None = None
    DesiredDeliveryMediums: list[str] | None = None
    ClientMetadata: dict[str, str] | None = None


class AdminCreateUserResponse(Shape, kw_only=True):
    User: UserType | None = None


class AdminDeleteSoftwareTokenRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str


class AdminDeleteSoftwareTokenResponse(Shape, kw_only=True):
    pass


class AdminDeleteUserAttributesRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    UserAttributeNames: list[str]


class AdminDeleteUserAttributesResponse(Shape, kw_only=True):
    pass


class AdminDeleteUserRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str


class AdminDisableProviderForUserRequest(Shape, kw_only=True):
    UserPoolId: str
    User: ProviderUserIdentifierType


class AdminDisableProviderForUserResponse(Shape, kw_only=True):
    pass


class AdminDisableUserRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str


class AdminDisableUserResponse(Shape, kw_only=True):
    pass


class AdminEnableUserRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str


class AdminEnableUserResponse(Shape, kw_only=True):
    pass


class AdminForgetDeviceRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    DeviceKey: str


class AdminGetDeviceRequest(Shape, kw_only=True):
    DeviceKey: str
    UserPoolId: str
    Username: str


class AdminGetDeviceResponse(Shape, kw_only=True):
    Device: DeviceType


class AdminGetUserAuthFactorsRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str


class AdminGetUserAuthFactorsResponse(Shape, kw_only=True):
    Username: str
    PreferredMfaSetting: str | None = None
    UserMFASettingList: list[str] | None = None
    ConfiguredUserAuthFactors: list[str] | None = None


class AdminGetUserRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str


class AdminGetUserResponse(Shape, kw_only=True):
    Username: str
    UserAttributes: list[AttributeType] | None = None
    UserCreateDate: float | None = None
    UserLastModifiedDate: float | None = None
    Enabled: bool | None = None
    UserStatus: str | None = None
    MFAOptions: list[MFAOptionType] | None = None
    PreferredMfaSetting: str | None = None
    UserMFASettingList: list[str] | None = None


class AdminInitiateAuthRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    AuthFlow: str
    AuthParameters: dict[str, str] | None = None
    ClientMetadata: dict[str, str] | None = None
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    ContextData: ContextDataType | None = None
    Session: str | None = None


class AdminInitiateAuthResponse(Shape, kw_only=True):
    ChallengeName: str | None = None
    Session: str | None = None
    ChallengeParameters: dict[str, str] | None = None
    AuthenticationResult: AuthenticationResultType | None = None
    AvailableChallenges: list[str] | None = None


class AdminLinkProviderForUserRequest(Shape, kw_only=True):
    UserPoolId: str
    DestinationUser: ProviderUserIdentifierType
    SourceUser: ProviderUserIdentifierType


class AdminLinkProviderForUserResponse(Shape, kw_only=True):
    pass


class AdminListDevicesRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    Limit: int | None = None
    PaginationToken: str | None = None


class AdminListDevicesResponse(Shape, kw_only=True):
    Devices: list[DeviceType] | None = None
    PaginationToken: str | None = None


class AdminListGroupsForUserRequest(Shape, kw_only=True):
    Username: str
    UserPoolId: str
    Limit: int | None = None
    NextToken: str | None = None


class AdminListGroupsForUserResponse(Shape, kw_only=True):
    Groups: list[GroupType] | None = None
    NextToken: str | None = None


class AdminListUserAuthEventsRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    MaxResults: int | None = None
    NextToken: str | None = None


class AdminListUserAuthEventsResponse(Shape, kw_only=True):
    AuthEvents: list[AuthEventType] | None = None
    NextToken: str | None = None


class AdminListUserSessionsRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    NextToken: str | None = None


class AdminListUserSessionsResponse(Shape, kw_only=True):
    Sessions: list[SessionDescriptionType] | None = None
    NextToken: str | None = None


class AdminRemoveUserFromGroupRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    GroupName: str


class AdminResetUserPasswordRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    ClientMetadata: dict[str, str] | None = None


class AdminResetUserPasswordResponse(Shape, kw_only=True):
    pass


class AdminRespondToAuthChallengeRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    ChallengeName: str
    ChallengeResponses: dict[str, str] | None = None
    Session: str | None = None
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    ContextData: ContextDataType | None = None
    ClientMetadata: dict[str, str] | None = None


class AdminRespondToAuthChallengeResponse(Shape, kw_only=True):
    ChallengeName: str | None = None
    Session: str | None = None
    ChallengeParameters: dict[str, str] | None = None
    AuthenticationResult: AuthenticationResultType | None = None
    AvailableChallenges: list[str] | None = None


class AdminRevokeUserSessionRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    SessionId: str
    RevokeAssociatedSessions: str | None = None


class AdminRevokeUserSessionResponse(Shape, kw_only=True):
    pass


class AdminSetUserMFAPreferenceRequest(Shape, kw_only=True):
    SMSMfaSettings: SMSMfaSettingsType | None = None
    SoftwareTokenMfaSettings: SoftwareTokenMfaSettingsType | None = None
    EmailMfaSettings: EmailMfaSettingsType | None = None
    WebAuthnMfaSettings: WebAuthnMfaSettingsType | None = None
    Username: str
    UserPoolId: str


class AdminSetUserMFAPreferenceResponse(Shape, kw_only=True):
    pass


class AdminSetUserPasswordRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    Password: str
    Permanent: bool | None = None


class AdminSetUserPasswordResponse(Shape, kw_only=True):
    pass


class AdminSetUserSettingsRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    MFAOptions: list[MFAOptionType]


class AdminSetUserSettingsResponse(Shape, kw_only=True):
    pass


class AdminUpdateAuthEventFeedbackRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    EventId: str
    FeedbackValue: str


class AdminUpdateAuthEventFeedbackResponse(Shape, kw_only=True):
    pass


class AdminUpdateDeviceStatusRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    DeviceKey: str
    DeviceRememberedStatus: str | None = None


class AdminUpdateDeviceStatusResponse(Shape, kw_only=True):
    pass


class AdminUpdateUserAttributesRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    UserAttributes: list[AttributeType]
    ClientMetadata: dict[str, str] | None = None


class AdminUpdateUserAttributesResponse(Shape, kw_only=True):
    pass


class AdminUserGlobalSignOutRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str


class AdminUserGlobalSignOutResponse(Shape, kw_only=True):
    pass


class AdvancedSecurityAdditionalFlowsType(Shape, kw_only=True):
    CustomAuthMode: str | None = None


class AnalyticsConfigurationType(Shape, kw_only=True):
    ApplicationId: str | None = None
    ApplicationArn: str | None = None
    RoleArn: str | None = None
    ExternalId: str | None = None
    UserDataShared: bool | None = None


class AnalyticsMetadataType(Shape, kw_only=True):
    AnalyticsEndpointId: str | None = None


class AssetType(Shape, kw_only=True):
    Category: str
    ColorMode: str
    Extension: str
    Bytes: bytes | None = None
    ResourceId: str | None = None


class AssociateSoftwareTokenRequest(Shape, kw_only=True):
    AccessToken: str | None = None
    Session: str | None = None


class AssociateSoftwareTokenResponse(Shape, kw_only=True):
    SecretCode: str | None = None
    Session: str | None = None


class AttributeType(Shape, kw_only=True):
    Name: str
    Value: str | None = None


class AuthEventType(Shape, kw_only=True):
    EventId: str | None = None
    EventType: str | None = None
    CreationDate: float | None = None
    EventResponse: str | None = None
    EventRisk: EventRiskType | None = None
    ChallengeResponses: list[ChallengeResponseType] | None = None
    EventContextData: EventContextDataType | None = None
    EventFeedback: EventFeedbackType | None = None


class AuthenticationResultType(Shape, kw_only=True):
    AccessToken: str | None = None
    ExpiresIn: int | None = None
    TokenType: str | None = None
    RefreshToken: str | None = None
    IdToken: str | None = None
    NewDeviceMetadata: NewDeviceMetadataType | None = None


class ChallengeResponseType(Shape, kw_only=True):
    ChallengeName: str | None = None
    ChallengeResponse: str | None = None


class ChangePasswordRequest(Shape, kw_only=True):
    PreviousPassword: str | None = None
    ProposedPassword: str
    AccessToken: str


class ChangePasswordResponse(Shape, kw_only=True):
    pass


class ClientAuthenticationResultType(Shape, kw_only=True):
    AccessToken: str | None = None
    ExpiresIn: int | None = None
    TokenType: str | None = None


class ClientSSOSessionConfigType(Shape, kw_only=True):
    MaxValidityMinutes: int


class ClientSecretDescriptorType(Shape, kw_only=True):
    ClientSecretId: str | None = None
    ClientSecretValue: str | None = None
    ClientSecretCreateDate: float | None = None


class CloudWatchLogsConfigurationType(Shape, kw_only=True):
    LogGroupArn: str | None = None


class CodeDeliveryDetailsType(Shape, kw_only=True):
    Destination: str | None = None
    DeliveryMedium: str | None = None
    AttributeName: str | None = None


class CompleteWebAuthnRegistrationRequest(Shape, kw_only=True):
    AccessToken: str
    Credential: Any


class CompleteWebAuthnRegistrationResponse(Shape, kw_only=True):
    pass


class CompromisedCredentialsActionsType(Shape, kw_only=True):
    EventAction: str


class CompromisedCredentialsRiskConfigurationType(Shape, kw_only=True):
    EventFilter: list[str] | None = None
    Actions: CompromisedCredentialsActionsType


class ConfirmDeviceRequest(Shape, kw_only=True):
    AccessToken: str
    DeviceKey: str
    DeviceSecretVerifierConfig: DeviceSecretVerifierConfigType | None = None
    DeviceName: str | None = None


class ConfirmDeviceResponse(Shape, kw_only=True):
    UserConfirmationNecessary: bool | None = None


class ConfirmForgotPasswordRequest(Shape, kw_only=True):
    ClientId: str
    SecretHash: str | None = None
    Username: str
    ConfirmationCode: str
    Password: str
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    UserContextData: UserContextDataType | None = None
    ClientMetadata: dict[str, str] | None = None


class ConfirmForgotPasswordResponse(Shape, kw_only=True):
    pass


class ConfirmSignUpRequest(Shape, kw_only=True):
    ClientId: str
    SecretHash: str | None = None
    Username: str
    ConfirmationCode: str
    ForceAliasCreation: bool | None = None
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    UserContextData: UserContextDataType | None = None
    ClientMetadata: dict[str, str] | None = None
    Session: str | None = None


class ConfirmSignUpResponse(Shape, kw_only=True):
    Session: str | None = None


class ContextDataType(Shape, kw_only=True):
    IpAddress: str
    ServerName: str
    ServerPath: str
    HttpHeaders: list[HttpHeader]
    EncodedData: str | None = None


class CreateGroupRequest(Shape, kw_only=True):
    GroupName: str
    UserPoolId: str
    Description: str | None = None
    RoleArn: str | None = None
    Precedence: int | None = None


class CreateGroupResponse(Shape, kw_only=True):
    Group: GroupType | None = None


class CreateIdentityProviderRequest(Shape, kw_only=True):
    UserPoolId: str
    ProviderName: str
    ProviderType: str
    ProviderDetails: dict[str, str]
    AttributeMapping: dict[str, str] | None = None
    IdpIdentifiers: list[str] | None = None
    AcrMapping: dict[str, str] | None = None


class CreateIdentityProviderResponse(Shape, kw_only=True):
    IdentityProvider: IdentityProviderType


class CreateManagedLoginBrandingRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    UseCognitoProvidedValues: bool | None = None
    Settings: Any = None
    Assets: list[AssetType] | None = None


class CreateManagedLoginBrandingResponse(Shape, kw_only=True):
    ManagedLoginBranding: ManagedLoginBrandingType | None = None


class CreateResourceServerRequest(Shape, kw_only=True):
    UserPoolId: str
    Identifier: str
    Name: str
    Scopes: list[ResourceServerScopeType] | None = None


class CreateResourceServerResponse(Shape, kw_only=True):
    ResourceServer: ResourceServerType


class CreateTermsRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    TermsName: str
    TermsSource: str
    Enforcement: str
    Links: dict[str, str] | None = None


class CreateTermsResponse(Shape, kw_only=True):
    Terms: TermsType | None = None


class CreateUserImportJobRequest(Shape, kw_only=True):
    JobName: str
    UserPoolId: str
    CloudWatchLogsRoleArn: str
    PasswordHashingAlgorithm: str | None = None


class CreateUserImportJobResponse(Shape, kw_only=True):
    UserImportJob: UserImportJobType | None = None


class CreateUserPoolClientRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientName: str
    GenerateSecret: bool | None = None
    ClientSecret: str | None = None
    RefreshTokenValidity: int | None = None
    AccessTokenValidity: int | None = None
    IdTokenValidity: int | None = None
    TokenValidityUnits: TokenValidityUnitsType | None = None
    ReadAttributes: list[str] | None = None
    WriteAttributes: list[str] | None = None
    ExplicitAuthFlows: list[str] | None = None
    SupportedIdentityProviders: list[str] | None = None
    CallbackURLs: list[str] | None = None
    LogoutURLs: list[str] | None = None
    DefaultRedirectURI: str | None = None
    AllowedOAuthFlows: list[str] | None = None
    AllowedOAuthScopes: list[str] | None = None
    AllowedOAuthFlowsUserPoolClient: bool | None = None
    AnalyticsConfiguration: AnalyticsConfigurationType | None = None
    PreventUserExistenceErrors: str | None = None
    EnableTokenRevocation: bool | None = None
    EnablePropagateAdditionalUserContextData: bool | None = None
    AuthSessionValidity: int | None = None
    RefreshTokenRotation: RefreshTokenRotationType | None = None


class CreateUserPoolClientResponse(Shape, kw_only=True):
    UserPoolClient: UserPoolClientType | None = None


class CreateUserPoolDomainRequest(Shape, kw_only=True):
    Domain: str
    UserPoolId: str
    ManagedLoginVersion: int | None = None
    CustomDomainConfig: CustomDomainConfigType | None = None
    Routing: RoutingType | None = None


class CreateUserPoolDomainResponse(Shape, kw_only=True):
    ManagedLoginVersion: int | None = None
    CloudFrontDomain: str | None = None
    Routing: RoutingType | None = None


class CreateUserPoolReplicaRequest(Shape, kw_only=True):
    UserPoolId: str
    RegionName: str
    UserPoolTags: dict[str, str] | None = None


class CreateUserPoolReplicaResponse(Shape, kw_only=True):
    UserPoolReplica: UserPoolReplicaType | None = None


class CreateUserPoolRequest(Shape, kw_only=True):
    PoolName: str
    Policies: UserPoolPolicyType | None = None
    DeletionProtection: str | None = None
    LambdaConfig: LambdaConfigType | None = None
    AutoVerifiedAttributes: list[str] | None = None
    AliasAttributes: list[str] | None = None
    UsernameAttributes: list[str] | None = None
    SmsVerificationMessage: str | None = None
    EmailVerificationMessage: str | None = None
    EmailVerificationSubject: str | None = None
    VerificationMessageTemplate: VerificationMessageTemplateType | None = None
    SmsAuthenticationMessage: str | None = None
    MfaConfiguration: str | None = None
    UserAttributeUpdateSettings: UserAttributeUpdateSettingsType | None = None
    DeviceConfiguration: DeviceConfigurationType | None = None
    EmailConfiguration: EmailConfigurationType | None = None
    SmsConfiguration: SmsConfigurationType | None = None
    UserPoolTags: dict[str, str] | None = None
    AdminCreateUserConfig: AdminCreateUserConfigType | None = None
    Schema: list[SchemaAttributeType] | None = None
    UserPoolAddOns: UserPoolAddOnsType | None = None
    DcrConfiguration: DcrConfigurationType | None = None
    UsernameConfiguration: UsernameConfigurationType | None = None
    AccountRecoverySetting: AccountRecoverySettingType | None = None
    UserPoolTier: str | None = None
    KeyConfiguration: KeyConfigurationType | None = None
    IssuerConfiguration: IssuerConfigurationType | None = None
    AcrConfiguration: dict[str, AcrLevelConfigType] | None = None


class CreateUserPoolResponse(Shape, kw_only=True):
    UserPool: UserPoolType | None = None


class CustomDomainConfigType(Shape, kw_only=True):
    CertificateArn: str | None = None
    SecurityPolicy: str | None = None


class CustomEmailLambdaVersionConfigType(Shape, kw_only=True):
    LambdaVersion: str
    LambdaArn: str


class CustomSMSLambdaVersionConfigType(Shape, kw_only=True):
    LambdaVersion: str
    LambdaArn: str


class DcrConfigurationType(Shape, kw_only=True):
    EnableStatus: str | None = None
    OpenDcrEnabled: bool | None = None
    AuthenticatedGrantTypes: list[str] | None = None
    OpenDcrGrantTypes: list[str] | None = None
    AllowedScopes: list[str] | None = None


class DeleteGroupRequest(Shape, kw_only=True):
    GroupName: str
    UserPoolId: str


class DeleteIdentityProviderRequest(Shape, kw_only=True):
    UserPoolId: str
    ProviderName: str


class DeleteManagedLoginBrandingRequest(Shape, kw_only=True):
    ManagedLoginBrandingId: str
    UserPoolId: str


class DeleteResourceServerRequest(Shape, kw_only=True):
    UserPoolId: str
    Identifier: str


class DeleteTermsRequest(Shape, kw_only=True):
    TermsId: str
    UserPoolId: str


class DeleteUserAttributesRequest(Shape, kw_only=True):
    UserAttributeNames: list[str]
    AccessToken: str


class DeleteUserAttributesResponse(Shape, kw_only=True):
    pass


class DeleteUserPoolClientRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str


class DeleteUserPoolClientSecretRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    ClientSecretId: str


class DeleteUserPoolClientSecretResponse(Shape, kw_only=True):
    pass


class DeleteUserPoolDomainRequest(Shape, kw_only=True):
    Domain: str
    UserPoolId: str


class DeleteUserPoolDomainResponse(Shape, kw_only=True):
    pass


class DeleteUserPoolReplicaRequest(Shape, kw_only=True):
    UserPoolId: str
    RegionName: str


class DeleteUserPoolReplicaResponse(Shape, kw_only=True):
    UserPoolReplica: UserPoolReplicaType | None = None


class DeleteUserPoolRequest(Shape, kw_only=True):
    UserPoolId: str


class DeleteUserRequest(Shape, kw_only=True):
    AccessToken: str


class DeleteWebAuthnCredentialRequest(Shape, kw_only=True):
    AccessToken: str
    CredentialId: str


class DeleteWebAuthnCredentialResponse(Shape, kw_only=True):
    pass


class DescribeIdentityProviderRequest(Shape, kw_only=True):
    UserPoolId: str
    ProviderName: str


class DescribeIdentityProviderResponse(Shape, kw_only=True):
    IdentityProvider: IdentityProviderType


class DescribeManagedLoginBrandingByClientRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    ReturnMergedResources: bool | None = None


class DescribeManagedLoginBrandingByClientResponse(Shape, kw_only=True):
    ManagedLoginBranding: ManagedLoginBrandingType | None = None


class DescribeManagedLoginBrandingRequest(Shape, kw_only=True):
    UserPoolId: str
    ManagedLoginBrandingId: str
    ReturnMergedResources: bool | None = None


class DescribeManagedLoginBrandingResponse(Shape, kw_only=True):
    ManagedLoginBranding: ManagedLoginBrandingType | None = None


class DescribeResourceServerRequest(Shape, kw_only=True):
    UserPoolId: str
    Identifier: str


class DescribeResourceServerResponse(Shape, kw_only=True):
    ResourceServer: ResourceServerType


class DescribeRiskConfigurationRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str | None = None


class DescribeRiskConfigurationResponse(Shape, kw_only=True):
    RiskConfiguration: RiskConfigurationType


class DescribeTermsByClientRequest(Shape, kw_only=True):
    ClientId: str
    UserPoolId: str
    TermsName: str


class DescribeTermsByClientResponse(Shape, kw_only=True):
    Terms: TermsType | None = None


class DescribeTermsRequest(Shape, kw_only=True):
    TermsId: str
    UserPoolId: str


class DescribeTermsResponse(Shape, kw_only=True):
    Terms: TermsType | None = None


class DescribeUserImportJobRequest(Shape, kw_only=True):
    UserPoolId: str
    JobId: str


class DescribeUserImportJobResponse(Shape, kw_only=True):
    UserImportJob: UserImportJobType | None = None


class DescribeUserPoolClientRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str


class DescribeUserPoolClientResponse(Shape, kw_only=True):
    UserPoolClient: UserPoolClientType | None = None


class DescribeUserPoolDomainRequest(Shape, kw_only=True):
    Domain: str


class DescribeUserPoolDomainResponse(Shape, kw_only=True):
    DomainDescription: DomainDescriptionType | None = None


class DescribeUserPoolRequest(Shape, kw_only=True):
    UserPoolId: str


class DescribeUserPoolResponse(Shape, kw_only=True):
    UserPool: UserPoolType | None = None


class DeviceConfigurationType(Shape, kw_only=True):
    ChallengeRequiredOnNewDevice: bool | None = None
    DeviceOnlyRememberedOnUserPrompt: bool | None = None


class DeviceSecretVerifierConfigType(Shape, kw_only=True):
    PasswordVerifier: str | None = None
    Salt: str | None = None


class DeviceType(Shape, kw_only=True):
    DeviceKey: str | None = None
    DeviceAttributes: list[AttributeType] | None = None
    DeviceCreateDate: float | None = None
    DeviceLastModifiedDate: float | None = None
    DeviceLastAuthenticatedDate: float | None = None


class DomainDescriptionType(Shape, kw_only=True):
    UserPoolId: str | None = None
    AWSAccountId: str | None = None
    Domain: str | None = None
    S3Bucket: str | None = None
    CloudFrontDistribution: str | None = None
    Version: str | None = None
    Status: str | None = None
    CustomDomainConfig: CustomDomainConfigType | None = None
    ManagedLoginVersion: int | None = None
    Routing: RoutingType | None = None


class EmailConfigurationType(Shape, kw_only=True):
    SourceArn: str | None = None
    ReplyToEmailAddress: str | None = None
    EmailSendingAccount: str | None = None
    From: str | None = None
    ConfigurationSet: str | None = None


class EmailMfaConfigType(Shape, kw_only=True):
    Message: str | None = None
    Subject: str | None = None


class EmailMfaSettingsType(Shape, kw_only=True):
    Enabled: bool | None = None
    PreferredMfa: bool | None = None


class EumsSmsConfigurationType(Shape, kw_only=True):
    CallerArn: str
    ExternalId: str | None = None
    OriginationIdentity: str | None = None
    ConfigurationSetName: str | None = None
    InEntityId: str | None = None
    InTemplateId: str | None = None
    Region: str | None = None


class EventContextDataType(Shape, kw_only=True):
    IpAddress: str | None = None
    DeviceName: str | None = None
    Timezone: str | None = None
    City: str | None = None
    Country: str | None = None


class EventFeedbackType(Shape, kw_only=True):
    FeedbackValue: str
    Provider: str
    FeedbackDate: float | None = None


class EventRiskType(Shape, kw_only=True):
    RiskDecision: str | None = None
    RiskLevel: str | None = None
    CompromisedCredentialsDetected: bool | None = None


class FailoverType(Shape, kw_only=True):
    SecondaryRegion: str
    PrimaryRoute53HealthCheckId: str


class FirehoseConfigurationType(Shape, kw_only=True):
    StreamArn: str | None = None


class ForgetDeviceRequest(Shape, kw_only=True):
    AccessToken: str | None = None
    DeviceKey: str


class ForgotPasswordRequest(Shape, kw_only=True):
    ClientId: str
    SecretHash: str | None = None
    UserContextData: UserContextDataType | None = None
    Username: str
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    ClientMetadata: dict[str, str] | None = None


class ForgotPasswordResponse(Shape, kw_only=True):
    CodeDeliveryDetails: CodeDeliveryDetailsType | None = None


class GetCSVHeaderRequest(Shape, kw_only=True):
    UserPoolId: str


class GetCSVHeaderResponse(Shape, kw_only=True):
    UserPoolId: str | None = None
    CSVHeader: list[str] | None = None


class GetClientTokenRequest(Shape, kw_only=True):
    ClientId: str
    Secret: str
    Scopes: list[str] | None = None
    ClientMetadata: dict[str, str] | None = None


class GetClientTokenResponse(Shape, kw_only=True):
    ClientAuthenticationResult: ClientAuthenticationResultType | None = None


class GetDerivedTokenRequest(Shape, kw_only=True):
    ClientId: str
    ClientSecret: str | None = None
    SubjectToken: str
    SubjectTokenType: str
    SubjectTokenProviderName: str | None = None
    ActorToken: str | None = None
    ActorTokenType: str | None = None
    ActorTokenProviderName: str | None = None
    Scopes: list[str] | None = None
    Audiences: list[str] | None = None
    Resources: list[str] | None = None
    RequestedTokenType: str | None = None


class GetDerivedTokenResponse(Shape, kw_only=True):
    IssuedToken: str
    IssuedTokenType: str
    TokenType: str
    ExpiresIn: int | None = None
    Scopes: list[str] | None = None


class GetDeviceRequest(Shape, kw_only=True):
    DeviceKey: str
    AccessToken: str | None = None


class GetDeviceResponse(Shape, kw_only=True):
    Device: DeviceType


class GetGroupRequest(Shape, kw_only=True):
    GroupName: str
    UserPoolId: str


class GetGroupResponse(Shape, kw_only=True):
    Group: GroupType | None = None


class GetIdentityProviderByIdentifierRequest(Shape, kw_only=True):
    UserPoolId: str
    IdpIdentifier: str


class GetIdentityProviderByIdentifierResponse(Shape, kw_only=True):
    IdentityProvider: IdentityProviderType


class GetLogDeliveryConfigurationRequest(Shape, kw_only=True):
    UserPoolId: str


class GetLogDeliveryConfigurationResponse(Shape, kw_only=True):
    LogDeliveryConfiguration: LogDeliveryConfigurationType | None = None


class GetProvisionedLimitRequest(Shape, kw_only=True):
    LimitDefinition: LimitDefinitionType


class GetProvisionedLimitResponse(Shape, kw_only=True):
    Limit: LimitType


class GetSigningCertificateRequest(Shape, kw_only=True):
    UserPoolId: str


class GetSigningCertificateResponse(Shape, kw_only=True):
    Certificate: str | None = None


class GetTokensFromRefreshTokenRequest(Shape, kw_only=True):
    RefreshToken: str
    ClientId: str
    ClientSecret: str | None = None
    DeviceKey: str | None = None
    ClientMetadata: dict[str, str] | None = None


class GetTokensFromRefreshTokenResponse(Shape, kw_only=True):
    AuthenticationResult: AuthenticationResultType | None = None


class GetUICustomizationRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str | None = None


class GetUICustomizationResponse(Shape, kw_only=True):
    UICustomization: UICustomizationType


class GetUserAttributeVerificationCodeRequest(Shape, kw_only=True):
    AccessToken: str
    AttributeName: str
    ClientMetadata: dict[str, str] | None = None


class GetUserAttributeVerificationCodeResponse(Shape, kw_only=True):
    CodeDeliveryDetails: CodeDeliveryDetailsType | None = None


class GetUserAuthFactorsRequest(Shape, kw_only=True):
    AccessToken: str


class GetUserAuthFactorsResponse(Shape, kw_only=True):
    Username: str
    PreferredMfaSetting: str | None = None
    UserMFASettingList: list[str] | None = None
    ConfiguredUserAuthFactors: list[str] | None = None


class GetUserPoolClientSessionConfigurationRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str


class GetUserPoolClientSessionConfigurationResponse(Shape, kw_only=True):
    UserPoolId: str | None = None
    ClientId: str | None = None
    SSOSession: ClientSSOSessionConfigType | None = None


class GetUserPoolMfaConfigRequest(Shape, kw_only=True):
    UserPoolId: str


class GetUserPoolMfaConfigResponse(Shape, kw_only=True):
    SmsMfaConfiguration: SmsMfaConfigType | None = None
    SoftwareTokenMfaConfiguration: SoftwareTokenMfaConfigType | None = None
    EmailMfaConfiguration: EmailMfaConfigType | None = None
    MfaConfiguration: str | None = None
    WebAuthnConfiguration: WebAuthnConfigurationType | None = None


class GetUserPoolSessionConfigurationRequest(Shape, kw_only=True):
    UserPoolId: str


class GetUserPoolSessionConfigurationResponse(Shape, kw_only=True):
    UserPoolId: str | None = None
    UserSessionTracking: str | None = None
    TokenSession: UserPoolTokenSessionConfigType | None = None


class GetUserRequest(Shape, kw_only=True):
    AccessToken: str


class GetUserResponse(Shape, kw_only=True):
    Username: str
    UserAttributes: list[AttributeType]
    MFAOptions: list[MFAOptionType] | None = None
    PreferredMfaSetting: str | None = None
    UserMFASettingList: list[str] | None = None


class GlobalSignOutRequest(Shape, kw_only=True):
    AccessToken: str


class GlobalSignOutResponse(Shape, kw_only=True):
    pass


class GroupType(Shape, kw_only=True):
    GroupName: str | None = None
    UserPoolId: str | None = None
    Description: str | None = None
    RoleArn: str | None = None
    Precedence: int | None = None
    LastModifiedDate: float | None = None
    CreationDate: float | None = None


class HttpHeader(Shape, kw_only=True):
    headerName: str | None = None
    headerValue: str | None = None


class IdentityProviderType(Shape, kw_only=True):
    UserPoolId: str | None = None
    ProviderName: str | None = None
    ProviderType: str | None = None
    ProviderDetails: dict[str, str] | None = None
    AttributeMapping: dict[str, str] | None = None
    IdpIdentifiers: list[str] | None = None
    AcrMapping: dict[str, str] | None = None
    LastModifiedDate: float | None = None
    CreationDate: float | None = None


class InboundFederationLambdaType(Shape, kw_only=True):
    LambdaVersion: str
    LambdaArn: str


class InitiateAuthRequest(Shape, kw_only=True):
    AuthFlow: str
    AuthParameters: dict[str, str] | None = None
    ClientMetadata: dict[str, str] | None = None
    ClientId: str
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    UserContextData: UserContextDataType | None = None
    Session: str | None = None


class InitiateAuthResponse(Shape, kw_only=True):
    ChallengeName: str | None = None
    Session: str | None = None
    ChallengeParameters: dict[str, str] | None = None
    AuthenticationResult: AuthenticationResultType | None = None
    AvailableChallenges: list[str] | None = None


class IssuerConfigurationType(Shape, kw_only=True):
    Type: str | None = None


class KeyConfigurationType(Shape, kw_only=True):
    KeyType: str | None = None
    KmsKeyArn: str | None = None


class LambdaConfigType(Shape, kw_only=True):
    PreSignUp: str | None = None
    CustomMessage: str | None = None
    PostConfirmation: str | None = None
    PreAuthentication: str | None = None
    PostAuthentication: str | None = None
    DefineAuthChallenge: str | None = None
    CreateAuthChallenge: str | None = None
    VerifyAuthChallengeResponse: str | None = None
    PreTokenGeneration: str | None = None
    UserMigration: str | None = None
    PreTokenGenerationConfig: PreTokenGenerationVersionConfigType | None = None
    CustomSMSSender: CustomSMSLambdaVersionConfigType | None = None
    CustomEmailSender: CustomEmailLambdaVersionConfigType | None = None
    KMSKeyID: str | None = None
    InboundFederation: InboundFederationLambdaType | None = None


class LimitDefinitionType(Shape, kw_only=True):
    LimitClass: str
    Attributes: dict[str, str]


class LimitType(Shape, kw_only=True):
    LimitDefinition: LimitDefinitionType
    ProvisionedLimitValue: int
    FreeLimitValue: int


class ListDevicesRequest(Shape, kw_only=True):
    AccessToken: str
    Limit: int | None = None
    PaginationToken: str | None = None


class ListDevicesResponse(Shape, kw_only=True):
    Devices: list[DeviceType] | None = None
    PaginationToken: str | None = None


class ListGroupsRequest(Shape, kw_only=True):
    UserPoolId: str
    Limit: int | None = None
    NextToken: str | None = None


class ListGroupsResponse(Shape, kw_only=True):
    Groups: list[GroupType] | None = None
    NextToken: str | None = None


class ListIdentityProvidersRequest(Shape, kw_only=True):
    UserPoolId: str
    MaxResults: int | None = None
    NextToken: str | None = None


class ListIdentityProvidersResponse(Shape, kw_only=True):
    Providers: list[ProviderDescription]
    NextToken: str | None = None


class ListResourceServersRequest(Shape, kw_only=True):
    UserPoolId: str
    MaxResults: int | None = None
    NextToken: str | None = None


class ListResourceServersResponse(Shape, kw_only=True):
    ResourceServers: list[ResourceServerType]
    NextToken: str | None = None


class ListTagsForResourceRequest(Shape, kw_only=True):
    ResourceArn: str


class ListTagsForResourceResponse(Shape, kw_only=True):
    Tags: dict[str, str] | None = None


class ListTermsRequest(Shape, kw_only=True):
    UserPoolId: str
    MaxResults: int | None = None
    NextToken: str | None = None


class ListTermsResponse(Shape, kw_only=True):
    Terms: list[TermsDescriptionType]
    NextToken: str | None = None


class ListUserImportJobsRequest(Shape, kw_only=True):
    UserPoolId: str
    MaxResults: int
    PaginationToken: str | None = None


class ListUserImportJobsResponse(Shape, kw_only=True):
    UserImportJobs: list[UserImportJobType] | None = None
    PaginationToken: str | None = None


class ListUserPoolClientSecretsRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    NextToken: str | None = None


class ListUserPoolClientSecretsResponse(Shape, kw_only=True):
    ClientSecrets: list[ClientSecretDescriptorType] | None = None
    NextToken: str | None = None


class ListUserPoolClientsRequest(Shape, kw_only=True):
    UserPoolId: str
    MaxResults: int | None = None
    NextToken: str | None = None
    ClientType: str | None = None


class ListUserPoolClientsResponse(Shape, kw_only=True):
    UserPoolClients: list[UserPoolClientDescription] | None = None
    NextToken: str | None = None


class ListUserPoolReplicasRequest(Shape, kw_only=True):
    UserPoolId: str
    NextToken: str | None = None


class ListUserPoolReplicasResponse(Shape, kw_only=True):
    UserPoolReplicas: list[UserPoolReplicaType] | None = None
    NextToken: str | None = None


class ListUserPoolsRequest(Shape, kw_only=True):
    NextToken: str | None = None
    MaxResults: int


class ListUserPoolsResponse(Shape, kw_only=True):
    UserPools: list[UserPoolDescriptionType] | None = None
    NextToken: str | None = None


class ListUserSessionsRequest(Shape, kw_only=True):
    AccessToken: str
    NextToken: str | None = None


class ListUserSessionsResponse(Shape, kw_only=True):
    Sessions: list[SessionDescriptionType] | None = None
    NextToken: str | None = None


class ListUsersInGroupRequest(Shape, kw_only=True):
    UserPoolId: str
    GroupName: str
    Limit: int | None = None
    NextToken: str | None = None


class ListUsersInGroupResponse(Shape, kw_only=True):
    Users: list[UserType] | None = None
    NextToken: str | None = None


class ListUsersRequest(Shape, kw_only=True):
    UserPoolId: str
    AttributesToGet: list[str] | None = None
    Limit: int | None = None
    PaginationToken: str | None = None
    Filter: str | None = None


class ListUsersResponse(Shape, kw_only=True):
    Users: list[UserType] | None = None
    PaginationToken: str | None = None


class ListWebAuthnCredentialsRequest(Shape, kw_only=True):
    AccessToken: str
    NextToken: str | None = None
    MaxResults: int | None = None


class ListWebAuthnCredentialsResponse(Shape, kw_only=True):
    Credentials: list[WebAuthnCredentialDescription]
    NextToken: str | None = None


class LogConfigurationType(Shape, kw_only=True):
    LogLevel: str
    EventSource: str
    CloudWatchLogsConfiguration: CloudWatchLogsConfigurationType | None = None
    S3Configuration: S3ConfigurationType | None = None
    FirehoseConfiguration: FirehoseConfigurationType | None = None


class LogDeliveryConfigurationType(Shape, kw_only=True):
    UserPoolId: str
    LogConfigurations: list[LogConfigurationType]


class MFAOptionType(Shape, kw_only=True):
    DeliveryMedium: str | None = None
    AttributeName: str | None = None


class ManagedLoginBrandingType(Shape, kw_only=True):
    ManagedLoginBrandingId: str | None = None
    UserPoolId: str | None = None
    UseCognitoProvidedValues: bool | None = None
    Settings: Any = None
    Assets: list[AssetType] | None = None
    CreationDate: float | None = None
    LastModifiedDate: float | None = None


class MessageTemplateType(Shape, kw_only=True):
    SMSMessage: str | None = None
    EmailMessage: str | None = None
    EmailSubject: str | None = None


class NewDeviceMetadataType(Shape, kw_only=True):
    DeviceKey: str | None = None
    DeviceGroupKey: str | None = None


class NotifyConfigurationType(Shape, kw_only=True):
    From: str | None = None
    ReplyTo: str | None = None
    SourceArn: str
    BlockEmail: NotifyEmailType | None = None
    NoActionEmail: NotifyEmailType | None = None
    MfaEmail: NotifyEmailType | None = None


class NotifyEmailType(Shape, kw_only=True):
    Subject: str
    HtmlBody: str | None = None
    TextBody: str | None = None


class NumberAttributeConstraintsType(Shape, kw_only=True):
    MinValue: str | None = None
    MaxValue: str | None = None


class PasswordPolicyType(Shape, kw_only=True):
    MinimumLength: int | None = None
    RequireUppercase: bool | None = None
    RequireLowercase: bool | None = None
    RequireNumbers: bool | None = None
    RequireSymbols: bool | None = None
    PasswordHistorySize: int | None = None
    TemporaryPasswordValidityDays: int | None = None


class PreTokenGenerationVersionConfigType(Shape, kw_only=True):
    LambdaVersion: str
    LambdaArn: str


class ProviderDescription(Shape, kw_only=True):
    ProviderName: str | None = None
    ProviderType: str | None = None
    LastModifiedDate: float | None = None
    CreationDate: float | None = None


class ProviderUserIdentifierType(Shape, kw_only=True):
    ProviderName: str | None = None
    ProviderAttributeName: str | None = None
    ProviderAttributeValue: str | None = None


class RecoveryOptionType(Shape, kw_only=True):
    Priority: int
    Name: str


class RefreshTokenRotationType(Shape, kw_only=True):
    Feature: str
    RetryGracePeriodSeconds: int | None = None


class ResendConfirmationCodeRequest(Shape, kw_only=True):
    ClientId: str
    SecretHash: str | None = None
    UserContextData: UserContextDataType | None = None
    Username: str
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    ClientMetadata: dict[str, str] | None = None


class ResendConfirmationCodeResponse(Shape, kw_only=True):
    CodeDeliveryDetails: CodeDeliveryDetailsType | None = None


class ResourceServerScopeType(Shape, kw_only=True):
    ScopeName: str
    ScopeDescription: str


class ResourceServerType(Shape, kw_only=True):
    UserPoolId: str | None = None
    Identifier: str | None = None
    Name: str | None = None
    Scopes: list[ResourceServerScopeType] | None = None
    ManagedBy: str | None = None


class RespondToAuthChallengeRequest(Shape, kw_only=True):
    ClientId: str
    ChallengeName: str
    Session: str | None = None
    ChallengeResponses: dict[str, str] | None = None
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    UserContextData: UserContextDataType | None = None
    ClientMetadata: dict[str, str] | None = None


class RespondToAuthChallengeResponse(Shape, kw_only=True):
    ChallengeName: str | None = None
    Session: str | None = None
    ChallengeParameters: dict[str, str] | None = None
    AuthenticationResult: AuthenticationResultType | None = None
    AvailableChallenges: list[str] | None = None


class RevokeTokenRequest(Shape, kw_only=True):
    Token: str
    ClientId: str
    ClientSecret: str | None = None
    RevokeAssociatedSessions: str | None = None


class RevokeTokenResponse(Shape, kw_only=True):
    pass


class RevokeUserSessionRequest(Shape, kw_only=True):
    AccessToken: str
    SessionId: str
    RevokeAssociatedSessions: str | None = None


class RevokeUserSessionResponse(Shape, kw_only=True):
    pass


class RiskConfigurationType(Shape, kw_only=True):
    UserPoolId: str | None = None
    ClientId: str | None = None
    CompromisedCredentialsRiskConfiguration: CompromisedCredentialsRiskConfigurationType | None = None
    AccountTakeoverRiskConfiguration: AccountTakeoverRiskConfigurationType | None = None
    RiskExceptionConfiguration: RiskExceptionConfigurationType | None = None
    LastModifiedDate: float | None = None


class RiskExceptionConfigurationType(Shape, kw_only=True):
    BlockedIPRangeList: list[str] | None = None
    SkippedIPRangeList: list[str] | None = None


class RoutingType(Shape, kw_only=True):
    Failover: FailoverType | None = None


class S3ConfigurationType(Shape, kw_only=True):
    BucketArn: str | None = None


class SMSMfaSettingsType(Shape, kw_only=True):
    Enabled: bool | None = None
    PreferredMfa: bool | None = None


class SchemaAttributeType(Shape, kw_only=True):
    Name: str | None = None
    AttributeDataType: str | None = None
    DeveloperOnlyAttribute: bool | None = None
    Mutable: bool | None = None
    Required: bool | None = None
    NumberAttributeConstraints: NumberAttributeConstraintsType | None = None
    StringAttributeConstraints: StringAttributeConstraintsType | None = None


class SessionDescriptionType(Shape, kw_only=True):
    SessionId: str | None = None
    SessionType: str | None = None
    ClientId: str | None = None
    CreateDate: float | None = None
    LastActiveDate: float | None = None
    DeviceType: str | None = None
    LastIPAddress: str | None = None
    LastLocation: SessionLocationType | None = None
    OriginSessionId: str | None = None
    IsCurrentSession: bool | None = None


class SessionLocationType(Shape, kw_only=True):
    City: str | None = None
    Country: str | None = None


class SetLogDeliveryConfigurationRequest(Shape, kw_only=True):
    UserPoolId: str
    LogConfigurations: list[LogConfigurationType]


class SetLogDeliveryConfigurationResponse(Shape, kw_only=True):
    LogDeliveryConfiguration: LogDeliveryConfigurationType | None = None


class SetRiskConfigurationRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str | None = None
    CompromisedCredentialsRiskConfiguration: CompromisedCredentialsRiskConfigurationType | None = None
    AccountTakeoverRiskConfiguration: AccountTakeoverRiskConfigurationType | None = None
    RiskExceptionConfiguration: RiskExceptionConfigurationType | None = None


class SetRiskConfigurationResponse(Shape, kw_only=True):
    RiskConfiguration: RiskConfigurationType


class SetUICustomizationRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str | None = None
    CSS: str | None = None
    ImageFile: bytes | None = None


class SetUICustomizationResponse(Shape, kw_only=True):
    UICustomization: UICustomizationType


class SetUserMFAPreferenceRequest(Shape, kw_only=True):
    SMSMfaSettings: SMSMfaSettingsType | None = None
    SoftwareTokenMfaSettings: SoftwareTokenMfaSettingsType | None = None
    EmailMfaSettings: EmailMfaSettingsType | None = None
    WebAuthnMfaSettings: WebAuthnMfaSettingsType | None = None
    AccessToken: str


class SetUserMFAPreferenceResponse(Shape, kw_only=True):
    pass


class SetUserPoolClientSessionConfigurationRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    SSOSession: ClientSSOSessionConfigType


class SetUserPoolClientSessionConfigurationResponse(Shape, kw_only=True):
    UserPoolId: str | None = None
    ClientId: str | None = None
    SSOSession: ClientSSOSessionConfigType | None = None


class SetUserPoolMfaConfigRequest(Shape, kw_only=True):
    UserPoolId: str
    SmsMfaConfiguration: SmsMfaConfigType | None = None
    SoftwareTokenMfaConfiguration: SoftwareTokenMfaConfigType | None = None
    EmailMfaConfiguration: EmailMfaConfigType | None = None
    MfaConfiguration: str | None = None
    WebAuthnConfiguration: WebAuthnConfigurationType | None = None


class SetUserPoolMfaConfigResponse(Shape, kw_only=True):
    SmsMfaConfiguration: SmsMfaConfigType | None = None
    SoftwareTokenMfaConfiguration: SoftwareTokenMfaConfigType | None = None
    EmailMfaConfiguration: EmailMfaConfigType | None = None
    MfaConfiguration: str | None = None
    WebAuthnConfiguration: WebAuthnConfigurationType | None = None


class SetUserPoolSessionConfigurationRequest(Shape, kw_only=True):
    UserPoolId: str
    UserSessionTracking: str
    TokenSession: UserPoolTokenSessionConfigType


class SetUserPoolSessionConfigurationResponse(Shape, kw_only=True):
    UserPoolId: str | None = None
    UserSessionTracking: str | None = None
    TokenSession: UserPoolTokenSessionConfigType | None = None


class SetUserSettingsRequest(Shape, kw_only=True):
    AccessToken: str
    MFAOptions: list[MFAOptionType]


class SetUserSettingsResponse(Shape, kw_only=True):
    pass


class SignInPolicyType(Shape, kw_only=True):
    AllowedFirstAuthFactors: list[str] | None = None


class SignUpRequest(Shape, kw_only=True):
    ClientId: str
    SecretHash: str | None = None
    Username: str
    Password: str | None = None
    UserAttributes: list[AttributeType] | None = None
    ValidationData: list[AttributeType] | None = None
    AnalyticsMetadata: AnalyticsMetadataType | None = None
    UserContextData: UserContextDataType | None = None
    ClientMetadata: dict[str, str] | None = None


class SignUpResponse(Shape, kw_only=True):
    UserConfirmed: bool
    CodeDeliveryDetails: CodeDeliveryDetailsType | None = None
    UserSub: str
    Session: str | None = None


class SmsConfigurationType(Shape, kw_only=True):
    SnsCallerArn: str | None = None
    ExternalId: str | None = None
    SnsRegion: str | None = None
    EumsSms: EumsSmsConfigurationType | None = None


class SmsMfaConfigType(Shape, kw_only=True):
    SmsAuthenticationMessage: str | None = None
    SmsConfiguration: SmsConfigurationType | None = None


class SoftwareTokenMfaConfigType(Shape, kw_only=True):
    Enabled: bool | None = None


class SoftwareTokenMfaSettingsType(Shape, kw_only=True):
    Enabled: bool | None = None
    PreferredMfa: bool | None = None


class StartUserImportJobRequest(Shape, kw_only=True):
    UserPoolId: str
    JobId: str


class StartUserImportJobResponse(Shape, kw_only=True):
    UserImportJob: UserImportJobType | None = None


class StartWebAuthnRegistrationRequest(Shape, kw_only=True):
    AccessToken: str


class StartWebAuthnRegistrationResponse(Shape, kw_only=True):
    CredentialCreationOptions: Any


class StopUserImportJobRequest(Shape, kw_only=True):
    UserPoolId: str
    JobId: str


class StopUserImportJobResponse(Shape, kw_only=True):
    UserImportJob: UserImportJobType | None = None


class StringAttributeConstraintsType(Shape, kw_only=True):
    MinLength: str | None = None
    MaxLength: str | None = None


class TagResourceRequest(Shape, kw_only=True):
    ResourceArn: str
    Tags: dict[str, str]


class TagResourceResponse(Shape, kw_only=True):
    pass


class TermsDescriptionType(Shape, kw_only=True):
    TermsId: str
    TermsName: str
    Enforcement: str
    CreationDate: float
    LastModifiedDate: float


class TermsType(Shape, kw_only=True):
    TermsId: str
    UserPoolId: str
    ClientId: str
    TermsName: str
    TermsSource: str
    Enforcement: str
    Links: dict[str, str]
    CreationDate: float
    LastModifiedDate: float


class TokenValidityUnitsType(Shape, kw_only=True):
    AccessToken: str | None = None
    IdToken: str | None = None
    RefreshToken: str | None = None


class UICustomizationType(Shape, kw_only=True):
    UserPoolId: str | None = None
    ClientId: str | None = None
    ImageUrl: str | None = None
    CSS: str | None = None
    CSSVersion: str | None = None
    LastModifiedDate: float | None = None
    CreationDate: float | None = None


class UntagResourceRequest(Shape, kw_only=True):
    ResourceArn: str
    TagKeys: list[str]


class UntagResourceResponse(Shape, kw_only=True):
    pass


class UpdateAuthEventFeedbackRequest(Shape, kw_only=True):
    UserPoolId: str
    Username: str
    EventId: str
    FeedbackToken: str
    FeedbackValue: str


class UpdateAuthEventFeedbackResponse(Shape, kw_only=True):
    pass


class UpdateDeviceStatusRequest(Shape, kw_only=True):
    AccessToken: str
    DeviceKey: str
    DeviceRememberedStatus: str | None = None


class UpdateDeviceStatusResponse(Shape, kw_only=True):
    pass


class UpdateGroupRequest(Shape, kw_only=True):
    GroupName: str
    UserPoolId: str
    Description: str | None = None
    RoleArn: str | None = None
    Precedence: int | None = None


class UpdateGroupResponse(Shape, kw_only=True):
    Group: GroupType | None = None


class UpdateIdentityProviderRequest(Shape, kw_only=True):
    UserPoolId: str
    ProviderName: str
    ProviderDetails: dict[str, str] | None = None
    AttributeMapping: dict[str, str] | None = None
    IdpIdentifiers: list[str] | None = None
    AcrMapping: dict[str, str] | None = None


class UpdateIdentityProviderResponse(Shape, kw_only=True):
    IdentityProvider: IdentityProviderType


class UpdateManagedLoginBrandingRequest(Shape, kw_only=True):
    UserPoolId: str | None = None
    ManagedLoginBrandingId: str | None = None
    UseCognitoProvidedValues: bool | None = None
    Settings: Any = None
    Assets: list[AssetType] | None = None


class UpdateManagedLoginBrandingResponse(Shape, kw_only=True):
    ManagedLoginBranding: ManagedLoginBrandingType | None = None


class UpdateProvisionedLimitRequest(Shape, kw_only=True):
    LimitDefinition: LimitDefinitionType
    RequestedLimitValue: int


class UpdateProvisionedLimitResponse(Shape, kw_only=True):
    Limit: LimitType


class UpdateResourceServerRequest(Shape, kw_only=True):
    UserPoolId: str
    Identifier: str
    Name: str
    Scopes: list[ResourceServerScopeType] | None = None


class UpdateResourceServerResponse(Shape, kw_only=True):
    ResourceServer: ResourceServerType


class UpdateTermsRequest(Shape, kw_only=True):
    TermsId: str
    UserPoolId: str
    TermsName: str | None = None
    TermsSource: str | None = None
    Enforcement: str | None = None
    Links: dict[str, str] | None = None


class UpdateTermsResponse(Shape, kw_only=True):
    Terms: TermsType | None = None


class UpdateUserAttributesRequest(Shape, kw_only=True):
    UserAttributes: list[AttributeType]
    AccessToken: str
    ClientMetadata: dict[str, str] | None = None


class UpdateUserAttributesResponse(Shape, kw_only=True):
    CodeDeliveryDetailsList: list[CodeDeliveryDetailsType] | None = None


class UpdateUserPoolClientRequest(Shape, kw_only=True):
    UserPoolId: str
    ClientId: str
    ClientName: str | None = None
    RefreshTokenValidity: int | None = None
    AccessTokenValidity: int | None = None
    IdTokenValidity: int | None = None
    TokenValidityUnits: TokenValidityUnitsType | None = None
    ReadAttributes: list[str] | None = None
    WriteAttributes: list[str] | None = None
    ExplicitAuthFlows: list[str] | None = None
    SupportedIdentityProviders: list[str] | None = None
    CallbackURLs: list[str] | None = None
    LogoutURLs: list[str] | None = None
    DefaultRedirectURI: str | None = None
    AllowedOAuthFlows: list[str] | None = None
    AllowedOAuthScopes: list[str] | None = None
    AllowedOAuthFlowsUserPoolClient: bool | None = None
    AnalyticsConfiguration: AnalyticsConfigurationType | None = None
    PreventUserExistenceErrors: str | None = None
    EnableTokenRevocation: bool | None = None
    EnablePropagateAdditionalUserContextData: bool | None = None
    AuthSessionValidity: int | None = None
    RefreshTokenRotation: RefreshTokenRotationType | None = None


class UpdateUserPoolClientResponse(Shape, kw_only=True):
    UserPoolClient: UserPoolClientType | None = None


class UpdateUserPoolDomainRequest(Shape, kw_only=True):
    Domain: str
    UserPoolId: str
    ManagedLoginVersion: int | None = None
    CustomDomainConfig: CustomDomainConfigType | None = None
    Routing: RoutingType | None = None


class UpdateUserPoolDomainResponse(Shape, kw_only=True):
    ManagedLoginVersion: int | None = None
    CloudFrontDomain: str | None = None
    Routing: RoutingType | None = None


class UpdateUserPoolReplicaRequest(Shape, kw_only=True):
    UserPoolId: str
    RegionName: str
    Status: str


class UpdateUserPoolReplicaResponse(Shape, kw_only=True):
    UserPoolReplica: UserPoolReplicaType | None = None


class UpdateUserPoolRequest(Shape, kw_only=True):
    UserPoolId: str
    Policies: UserPoolPolicyType | None = None
    DeletionProtection: str | None = None
    LambdaConfig: LambdaConfigType | None = None
    AutoVerifiedAttributes: list[str] | None = None
    SmsVerificationMessage: str | None = None
    EmailVerificationMessage: str | None = None
    EmailVerificationSubject: str | None = None
    VerificationMessageTemplate: VerificationMessageTemplateType | None = None
    SmsAuthenticationMessage: str | None = None
    UserAttributeUpdateSettings: UserAttributeUpdateSettingsType | None = None
    MfaConfiguration: str | None = None
    DeviceConfiguration: DeviceConfigurationType | None = None
    EmailConfiguration: EmailConfigurationType | None = None
    SmsConfiguration: SmsConfigurationType | None = None
    UserPoolTags: dict[str, str] | None = None
    AdminCreateUserConfig: AdminCreateUserConfigType | None = None
    UserPoolAddOns: UserPoolAddOnsType | None = None
    DcrConfiguration: DcrConfigurationType | None = None
    AccountRecoverySetting: AccountRecoverySettingType | None = None
    PoolName: str | None = None
    UserPoolTier: str | None = None
    KeyConfiguration: KeyConfigurationType | None = None
    IssuerConfiguration: IssuerConfigurationType | None = None
    AcrConfiguration: dict[str, AcrLevelConfigType] | None = None


class UpdateUserPoolResponse(Shape, kw_only=True):
    pass


class UserAttributeUpdateSettingsType(Shape, kw_only=True):
    AttributesRequireVerificationBeforeUpdate: list[str] | None = None


class UserContextDataType(Shape, kw_only=True):
    IpAddress: str | None = None
    EncodedData: str | None = None


class UserImportJobType(Shape, kw_only=True):
    JobName: str | None = None
    JobId: str | None = None
    UserPoolId: str | None = None
    PreSignedUrl: str | None = None
    CreationDate: float | None = None
    StartDate: float | None = None
    CompletionDate: float | None = None
    Status: str | None = None
    CloudWatchLogsRoleArn: str | None = None
    ImportedUsers: int | None = None
    SkippedUsers: int | None = None
    FailedUsers: int | None = None
    CompletionMessage: str | None = None
    PasswordHashingAlgorithm: str | None = None


class UserPoolAddOnsType(Shape, kw_only=True):
    AdvancedSecurityMode: str
    AdvancedSecurityAdditionalFlows: AdvancedSecurityAdditionalFlowsType | None = None


class UserPoolClientDescription(Shape, kw_only=True):
    ClientId: str | None = None
    UserPoolId: str | None = None
    ClientName: str | None = None


class UserPoolClientType(Shape, kw_only=True):
    UserPoolId: str | None = None
    ClientName: str | None = None
    ClientId: str | None = None
    ClientSecret: str | None = None
    LastModifiedDate: float | None = None
    CreationDate: float | None = None
    RefreshTokenValidity: int | None = None
    AccessTokenValidity: int | None = None
    IdTokenValidity: int | None = None
    TokenValidityUnits: TokenValidityUnitsType | None = None
    ReadAttributes: list[str] | None = None
    WriteAttributes: list[str] | None = None
    ExplicitAuthFlows: list[str] | None = None
    SupportedIdentityProviders: list[str] | None = None
    CallbackURLs: list[str] | None = None
    LogoutURLs: list[str] | None = None
    DefaultRedirectURI: str | None = None
    AllowedOAuthFlows: list[str] | None = None
    AllowedOAuthScopes: list[str] | None = None
    AllowedOAuthFlowsUserPoolClient: bool | None = None
    AnalyticsConfiguration: AnalyticsConfigurationType | None = None
    PreventUserExistenceErrors: str | None = None
    EnableTokenRevocation: bool | None = None
    EnablePropagateAdditionalUserContextData: bool | None = None
    AuthSessionValidity: int | None = None
    RefreshTokenRotation: RefreshTokenRotationType | None = None
    ClientType: str | None = None


class UserPoolDescriptionType(Shape, kw_only=True):
    Id: str | None = None
    Name: str | None = None
    LambdaConfig: LambdaConfigType | None = None
    Status: str | None = None
    LastModifiedDate: float | None = None
    CreationDate: float | None = None
    ReplicaRegions: list[str] | None = None


class UserPoolPolicyType(Shape, kw_only=True):
    PasswordPolicy: PasswordPolicyType | None = None
    SignInPolicy: SignInPolicyType | None = None


class UserPoolReplicaType(Shape, kw_only=True):
    RegionName: str | None = None
    Status: str | None = None
    Role: str | None = None
    UserPoolArn: str | None = None


class UserPoolTokenSessionConfigType(Shape, kw_only=True):
    MaxPerUser: int


class UserPoolType(Shape, kw_only=True):
    Id: str | None = None
    Name: str | None = None
    Policies: UserPoolPolicyType | None = None
    DeletionProtection: str | None = None
    LambdaConfig: LambdaConfigType | None = None
    Status: str | None = None
    LastModifiedDate: float | None = None
    CreationDate: float | None = None
    SchemaAttributes: list[SchemaAttributeType] | None = None
    AutoVerifiedAttributes: list[str] | None = None
    AliasAttributes: list[str] | None = None
    UsernameAttributes: list[str] | None = None
    SmsVerificationMessage: str | None = None
    EmailVerificationMessage: str | None = None
    EmailVerificationSubject: str | None = None
    VerificationMessageTemplate: VerificationMessageTemplateType | None = None
    SmsAuthenticationMessage: str | None = None
    UserAttributeUpdateSettings: UserAttributeUpdateSettingsType | None = None
    MfaConfiguration: str | None = None
    DeviceConfiguration: DeviceConfigurationType | None = None
    EstimatedNumberOfUsers: int | None = None
    EmailConfiguration: EmailConfigurationType | None = None
    SmsConfiguration: SmsConfigurationType | None = None
    UserPoolTags: dict[str, str] | None = None
    SmsConfigurationFailure: str | None = None
    EmailConfigurationFailure: str | None = None
    Domain: str | None = None
    CustomDomain: str | None = None
    AdminCreateUserConfig: AdminCreateUserConfigType | None = None
    UserPoolAddOns: UserPoolAddOnsType | None = None
    DcrConfiguration: DcrConfigurationType | None = None
    UsernameConfiguration: UsernameConfigurationType | None = None
    Arn: str | None = None
    AccountRecoverySetting: AccountRecoverySettingType | None = None
    UserPoolTier: str | None = None
    KeyConfiguration: KeyConfigurationType | None = None
    IssuerConfiguration: IssuerConfigurationType | None = None
    AcrConfiguration: dict[str, AcrLevelConfigType] | None = None


class UserType(Shape, kw_only=True):
    Username: str | None = None
    Attributes: list[AttributeType] | None = None
    UserCreateDate: float | None = None
    UserLastModifiedDate: float | None = None
    Enabled: bool | None = None
    UserStatus: str | None = None
    MFAOptions: list[MFAOptionType] | None = None


class UsernameConfigurationType(Shape, kw_only=True):
    CaseSensitive: bool


class VerificationMessageTemplateType(Shape, kw_only=True):
    SmsMessage: str | None = None
    EmailMessage: str | None = None
    EmailSubject: str | None = None
    EmailMessageByLink: str | None = None
    EmailSubjectByLink: str | None = None
    DefaultEmailOption: str | None = None


class VerifySoftwareTokenRequest(Shape, kw_only=True):
    AccessToken: str | None = None
    Session: str | None = None
    UserCode: str
    FriendlyDeviceName: str | None = None


class VerifySoftwareTokenResponse(Shape, kw_only=True):
    Status: str | None = None
    Session: str | None = None


class VerifyUserAttributeRequest(Shape, kw_only=True):
    AccessToken: str
    AttributeName: str
    Code: str


class VerifyUserAttributeResponse(Shape, kw_only=True):
    pass


class WebAuthnConfigurationType(Shape, kw_only=True):
    RelyingPartyId: str | None = None
    UserVerification: str | None = None
    FactorConfiguration: str | None = None


class WebAuthnCredentialDescription(Shape, kw_only=True):
    CredentialId: str
    FriendlyCredentialName: str
    RelyingPartyId: str
    AuthenticatorAttachment: str | None = None
    AuthenticatorTransports: list[str]
    CreatedAt: float


class WebAuthnMfaSettingsType(Shape, kw_only=True):
    Enabled: bool | None = None
