"""GENERATED: the exceptions of the service model, named as on the wire."""

from typing import ClassVar

from poolhouse.errors import CognitoError


class AccessDeniedException(CognitoError):
    code: ClassVar[str] = "AccessDeniedException"


class AliasExistsException(CognitoError):
    code: ClassVar[str] = "AliasExistsException"


class CodeDeliveryFailureException(CognitoError):
    code: ClassVar[str] = "CodeDeliveryFailureException"


class CodeMismatchException(CognitoError):
    code: ClassVar[str] = "CodeMismatchException"


class ConcurrentModificationException(CognitoError):
    code: ClassVar[str] = "ConcurrentModificationException"


class DeviceKeyExistsException(CognitoError):
    code: ClassVar[str] = "DeviceKeyExistsException"


class DuplicateProviderException(CognitoError):
    code: ClassVar[str] = "DuplicateProviderException"


class EnableSoftwareTokenMFAException(CognitoError):
    code: ClassVar[str] = "EnableSoftwareTokenMFAException"


class ExpiredCodeException(CognitoError):
    code: ClassVar[str] = "ExpiredCodeException"


class FeatureUnavailableInTierException(CognitoError):
    code: ClassVar[str] = "FeatureUnavailableInTierException"


class ForbiddenException(CognitoError):
    code: ClassVar[str] = "ForbiddenException"


class GroupExistsException(CognitoError):
    code: ClassVar[str] = "GroupExistsException"


class InternalErrorException(CognitoError):
    code: ClassVar[str] = "InternalErrorException"
    status: ClassVar[int] = 500


class InternalServerException(CognitoError):
    code: ClassVar[str] = "InternalServerException"
    status: ClassVar[int] = 500


class InvalidEmailRoleAccessPolicyException(CognitoError):
    code: ClassVar[str] = "InvalidEmailRoleAccessPolicyException"


class InvalidLambdaResponseException(CognitoError):
    code: ClassVar[str] = "InvalidLambdaResponseException"


class InvalidOAuthFlowException(CognitoError):
    code: ClassVar[str] = "InvalidOAuthFlowException"


class InvalidParameterException(CognitoError):
    code: ClassVar[str] = "InvalidParameterException"


class InvalidPasswordException(CognitoError):
    code: ClassVar[str] = "InvalidPasswordException"


class InvalidSmsRoleAccessPolicyException(CognitoError):
    code: ClassVar[str] = "InvalidSmsRoleAccessPolicyException"


class InvalidSmsRoleTrustRelationshipException(CognitoError):
    code: ClassVar[str] = "InvalidSmsRoleTrustRelationshipException"


class InvalidUserPoolConfigurationException(CognitoError):
    code: ClassVar[str] = "InvalidUserPoolConfigurationException"


class LimitExceededException(CognitoError):
    code: ClassVar[str] = "LimitExceededException"


class MFAMethodNotFoundException(CognitoError):
    code: ClassVar[str] = "MFAMethodNotFoundException"


class ManagedLoginBrandingExistsException(CognitoError):
    code: ClassVar[str] = "ManagedLoginBrandingExistsException"


class NotAuthorizedException(CognitoError):
    code: ClassVar[str] = "NotAuthorizedException"


class OperationNotEnabledException(CognitoError):
    code: ClassVar[str] = "OperationNotEnabledException"


class PasswordHistoryPolicyViolationException(CognitoError):
    code: ClassVar[str] = "PasswordHistoryPolicyViolationException"


class PasswordResetRequiredException(CognitoError):
    code: ClassVar[str] = "PasswordResetRequiredException"


class PreconditionNotMetException(CognitoError):
    code: ClassVar[str] = "PreconditionNotMetException"


class RefreshTokenReuseException(CognitoError):
    code: ClassVar[str] = "RefreshTokenReuseException"


class ResourceNotFoundException(CognitoError):
    code: ClassVar[str] = "ResourceNotFoundException"


class ScopeDoesNotExistException(CognitoError):
    code: ClassVar[str] = "ScopeDoesNotExistException"


class ServiceQuotaExceededException(CognitoError):
    code: ClassVar[str] = "ServiceQuotaExceededException"


class SoftwareTokenMFANotFoundException(CognitoError):
    code: ClassVar[str] = "SoftwareTokenMFANotFoundException"


class TermsExistsException(CognitoError):
    code: ClassVar[str] = "TermsExistsException"


class TierChangeNotAllowedException(CognitoError):
    code: ClassVar[str] = "TierChangeNotAllowedException"


class TooManyFailedAttemptsException(CognitoError):
    code: ClassVar[str] = "TooManyFailedAttemptsException"


class TooManyRequestsException(CognitoError):
    code: ClassVar[str] = "TooManyRequestsException"


class UnauthorizedException(CognitoError):
    code: ClassVar[str] = "UnauthorizedException"


class UnexpectedLambdaException(CognitoError):
    code: ClassVar[str] = "UnexpectedLambdaException"


class UnsupportedIdentityProviderException(CognitoError):
    code: ClassVar[str] = "UnsupportedIdentityProviderException"


class UnsupportedOperationException(CognitoError):
    code: ClassVar[str] = "UnsupportedOperationException"


class UnsupportedTokenTypeException(CognitoError):
    code: ClassVar[str] = "UnsupportedTokenTypeException"


class UnsupportedUserStateException(CognitoError):
    code: ClassVar[str] = "UnsupportedUserStateException"


class UserImportInProgressException(CognitoError):
    code: ClassVar[str] = "UserImportInProgressException"


class UserLambdaValidationException(CognitoError):
    code: ClassVar[str] = "UserLambdaValidationException"


class UserNotConfirmedException(CognitoError):
    code: ClassVar[str] = "UserNotConfirmedException"


class UserNotFoundException(CognitoError):
    code: ClassVar[str] = "UserNotFoundException"


class UserPoolAddOnNotEnabledException(CognitoError):
    code: ClassVar[str] = "UserPoolAddOnNotEnabledException"


class UserPoolTaggingException(CognitoError):
    code: ClassVar[str] = "UserPoolTaggingException"


class UsernameExistsException(CognitoError):
    code: ClassVar[str] = "UsernameExistsException"


class WebAuthnChallengeNotFoundException(CognitoError):
    code: ClassVar[str] = "WebAuthnChallengeNotFoundException"


class WebAuthnClientMismatchException(CognitoError):
    code: ClassVar[str] = "WebAuthnClientMismatchException"


class WebAuthnConfigurationMissingException(CognitoError):
    code: ClassVar[str] = "WebAuthnConfigurationMissingException"


class WebAuthnCredentialNotSupportedException(CognitoError):
    code: ClassVar[str] = "WebAuthnCredentialNotSupportedException"


class WebAuthnNotEnabledException(CognitoError):
    code: ClassVar[str] = "WebAuthnNotEnabledException"


class WebAuthnOriginNotAllowedException(CognitoError):
    code: ClassVar[str] = "WebAuthnOriginNotAllowedException"


class WebAuthnRelyingPartyMismatchException(CognitoError):
    code: ClassVar[str] = "WebAuthnRelyingPartyMismatchException"
