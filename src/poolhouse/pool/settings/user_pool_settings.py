"""What a CreateUserPool or UpdateUserPool request makes of a pool: defaults, rules between members (user-pools-api.md §3)."""

import re

from msgspec.structs import replace

from poolhouse.email_address import is_email_address, parse_mailbox
from poolhouse.pool import texts
from poolhouse.pool.configuration import first_factors
from poolhouse.pool.settings import password_policy, tags
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

PoolRequest = shapes.CreateUserPoolRequest | shapes.UpdateUserPoolRequest

DEFAULT_TIER = "ESSENTIALS"
_LINK = re.compile(
    r"\{##[^#{}]+##\}"
)  # What a message by link must hold; `{####}`, which the model lets pass, is none.
DEFAULT_ACR = {f"Level{level}": f"urn:cognito:loa:{level}" for level in range(1, 5)}


def settings(
    request: PoolRequest, mfa: shapes.GetUserPoolMfaConfigResponse, before: shapes.UserPoolType | None = None
) -> shapes.UserPoolType:
    """The mutable settings that the request describes, with defaults for whatever it leaves out.

    mfa: what SetUserPoolMfaConfig has stored.  before: the settings that an update replaces.
    Raises InvalidParameterException, UserPoolTaggingException.
    """
    password_policy, temporary_days = _password_policy(request)
    made = shapes.UserPoolType(
        Policies=shapes.UserPoolPolicyType(PasswordPolicy=password_policy, SignInPolicy=_sign_in_policy(request)),
        DeletionProtection=request.DeletionProtection or "INACTIVE",
        LambdaConfig=_triggers(request.LambdaConfig),
        AutoVerifiedAttributes=request.AutoVerifiedAttributes or None,
        UserAttributeUpdateSettings=_update_settings(request),
        SmsAuthenticationMessage=request.SmsAuthenticationMessage,
        MfaConfiguration=request.MfaConfiguration or "OFF",
        DeviceConfiguration=_device_configuration(request.DeviceConfiguration),
        EmailConfiguration=_email_configuration(request.EmailConfiguration),
        SmsConfiguration=checked_sms_configuration(request.SmsConfiguration),
        UserPoolTags=_tags(request, before),
        AdminCreateUserConfig=_admin_create_user(
            request.AdminCreateUserConfig, temporary_days, bool(first_factors.passwordless(request.Policies))
        ),
        UserPoolAddOns=request.UserPoolAddOns,
        DcrConfiguration=_client_registration(request.DcrConfiguration),
        AccountRecoverySetting=_recovery(request.AccountRecoverySetting),
        UserPoolTier=request.UserPoolTier
        or ("PLUS" if has_threat_protection(request.UserPoolAddOns) else DEFAULT_TIER),
        KeyConfiguration=_key_configuration(request.KeyConfiguration),
        IssuerConfiguration=request.IssuerConfiguration or shapes.IssuerConfigurationType(Type="ORIGINAL"),
        AcrConfiguration=_acr(request.AcrConfiguration),
    )
    _verification_messages(made, request)
    check_mfa(made, mfa)
    return made


# -- policies


def _password_policy(request: PoolRequest) -> tuple[shapes.PasswordPolicyType, int]:
    """The policy, and the days that a temporary password is valid."""
    sent = request.Policies.PasswordPolicy if request.Policies is not None else None
    days = _temporary_password_days(request, sent)
    if sent is None:
        return replace(password_policy.DEFAULT, TemporaryPasswordValidityDays=days), days
    # GUESS+: once a policy is sent, what it leaves out is not required.
    policy = shapes.PasswordPolicyType(
        MinimumLength=sent.MinimumLength or password_policy.MINIMUM_LENGTH,
        RequireUppercase=bool(sent.RequireUppercase),
        RequireLowercase=bool(sent.RequireLowercase),
        RequireNumbers=bool(sent.RequireNumbers),
        RequireSymbols=bool(sent.RequireSymbols),
        PasswordHistorySize=sent.PasswordHistorySize or None,
        TemporaryPasswordValidityDays=days,
    )
    return policy, days


def _temporary_password_days(request: PoolRequest, policy: shapes.PasswordPolicyType | None) -> int:
    """UnusedAccountValidityDays is the older name of the same setting; both at odds are refused."""
    admin = request.AdminCreateUserConfig
    older = admin.UnusedAccountValidityDays if admin is not None else None
    newer = policy.TemporaryPasswordValidityDays if policy is not None else None
    if older and newer and older != newer:
        raise errors.InvalidParameterException(texts.TEMPORARY_PASSWORD_DAYS_TWICE)
    return newer or older or password_policy.TEMPORARY_DAYS


def _sign_in_policy(request: PoolRequest) -> shapes.SignInPolicyType:
    factors = list(dict.fromkeys(first_factors.allowed(request.Policies)))
    if "SOFTWARE_TOKEN" in factors:
        raise errors.InvalidParameterException(texts.FIRST_FACTOR_SOFTWARE_TOKEN)
    if factors == ["WEB_AUTHN"]:
        raise errors.InvalidParameterException(texts.FIRST_FACTOR_PASSWORD_MISSING)
    return shapes.SignInPolicyType(AllowedFirstAuthFactors=factors)


# -- triggers and messages


def _triggers(sent: shapes.LambdaConfigType | None) -> shapes.LambdaConfigType:
    config = sent or shapes.LambdaConfigType()
    versioned = config.PreTokenGenerationConfig
    if config.PreTokenGeneration and versioned is not None and versioned.LambdaArn != config.PreTokenGeneration:
        raise errors.InvalidParameterException(texts.PRE_TOKEN_ARNS_DIFFER)
    if (config.CustomSMSSender is not None or config.CustomEmailSender is not None) and not config.KMSKeyID:
        raise errors.InvalidParameterException(texts.SENDER_NEEDS_KMS_KEY)
    return config


def _verification_messages(made: shapes.UserPoolType, request: PoolRequest) -> None:
    """The template and its older spelling mirror each other; the template wins.

    It may hold a message with a code and one with a link (OBS hashicorp/terraform-provider-aws#37024; the model says no).
    """
    sent = request.VerificationMessageTemplate or shapes.VerificationMessageTemplateType()
    if sent.EmailMessageByLink is not None and _LINK.search(sent.EmailMessageByLink) is None:
        raise errors.InvalidParameterException(texts.MESSAGE_INVALID)
    template = shapes.VerificationMessageTemplateType(
        SmsMessage=sent.SmsMessage or request.SmsVerificationMessage,
        EmailMessage=sent.EmailMessage or request.EmailVerificationMessage,
        EmailSubject=sent.EmailSubject or request.EmailVerificationSubject,
        EmailMessageByLink=sent.EmailMessageByLink,
        EmailSubjectByLink=sent.EmailSubjectByLink,
        DefaultEmailOption=sent.DefaultEmailOption or "CONFIRM_WITH_CODE",
    )
    made.VerificationMessageTemplate = template
    made.SmsVerificationMessage = template.SmsMessage
    made.EmailVerificationMessage = template.EmailMessage
    made.EmailVerificationSubject = template.EmailSubject


def _admin_create_user(
    sent: shapes.AdminCreateUserConfigType | None, temporary_days: int, is_passwordless: bool
) -> shapes.AdminCreateUserConfigType:
    invitation = sent.InviteMessageTemplate if sent is not None else None
    # A passwordless pool invites without a password (DOC).
    wanted = ("{username}",) if is_passwordless else ("{username}", "{####}")
    for message in (invitation.SMSMessage, invitation.EmailMessage) if invitation is not None else ():
        if message is not None and not all(placeholder in message for placeholder in wanted):
            raise errors.InvalidParameterException(texts.INVITATION_PLACEHOLDERS)
    return shapes.AdminCreateUserConfigType(
        AllowAdminCreateUserOnly=bool(sent is not None and sent.AllowAdminCreateUserOnly),
        UnusedAccountValidityDays=temporary_days,
        InviteMessageTemplate=invitation,
    )


def _email_configuration(sent: shapes.EmailConfigurationType | None) -> shapes.EmailConfigurationType:
    config = sent or shapes.EmailConfigurationType()
    config.EmailSendingAccount = config.EmailSendingAccount or "COGNITO_DEFAULT"
    if config.EmailSendingAccount == "DEVELOPER" and not config.SourceArn:
        raise errors.InvalidParameterException(texts.DEVELOPER_NEEDS_SOURCE_ARN)
    if config.From and parse_mailbox(config.From) is None:
        raise errors.InvalidParameterException(texts.INVALID_EMAIL)
    if config.ReplyToEmailAddress and not is_email_address(config.ReplyToEmailAddress):
        raise errors.InvalidParameterException(texts.INVALID_EMAIL)
    return config


def checked_sms_configuration(sent: shapes.SmsConfigurationType | None) -> shapes.SmsConfigurationType | None:
    """Raises InvalidParameterException when it names no sender, or two."""
    if sent is not None and bool(sent.SnsCallerArn) == (sent.EumsSms is not None):
        raise errors.InvalidParameterException(texts.SMS_ONE_SENDER)
    return sent


# -- accounts


def _update_settings(request: PoolRequest) -> shapes.UserAttributeUpdateSettingsType | None:
    sent = request.UserAttributeUpdateSettings
    wanted = (sent.AttributesRequireVerificationBeforeUpdate if sent is not None else None) or []
    if not set(wanted) <= set(request.AutoVerifiedAttributes or ()):
        raise errors.InvalidParameterException(texts.UPDATE_VERIFICATION_NOT_AUTOMATIC)
    return sent


def _device_configuration(sent: shapes.DeviceConfigurationType | None) -> shapes.DeviceConfigurationType | None:
    """Tracking is on as soon as any member is sent (DOC); an empty object is no configuration."""
    return None if sent == shapes.DeviceConfigurationType() else sent


def _recovery(sent: shapes.AccountRecoverySettingType | None) -> shapes.AccountRecoverySettingType | None:
    mechanisms = (sent.RecoveryMechanisms if sent is not None else None) or []
    names = [mechanism.Name for mechanism in mechanisms]
    if "admin_only" in names and len(names) > 1:
        raise errors.InvalidParameterException(texts.RECOVERY_ADMIN_ONLY)
    if len(set(names)) < len(names) or len({mechanism.Priority for mechanism in mechanisms}) < len(names):
        raise errors.InvalidParameterException(texts.RECOVERY_DUPLICATE)
    return sent


def check_mfa(made: shapes.UserPoolType, mfa: shapes.GetUserPoolMfaConfigResponse) -> None:
    """MFA needs a factor that a user can have, and leaves no one-time password as the first factor."""
    has_totp = mfa.SoftwareTokenMfaConfiguration is not None and bool(mfa.SoftwareTokenMfaConfiguration.Enabled)
    has_factor = made.SmsConfiguration is not None or has_totp or mfa.EmailMfaConfiguration is not None
    if made.MfaConfiguration != "OFF" and not has_factor:
        raise errors.InvalidParameterException(texts.MFA_NEEDS_SMS)
    factors = first_factors.allowed(made.Policies)
    if made.MfaConfiguration == "ON" and any(factor.endswith("_OTP") for factor in factors):
        raise errors.InvalidParameterException(texts.FIRST_FACTOR_OTP_WITH_MFA)


# -- the rest


def _tags(request: PoolRequest, before: shapes.UserPoolType | None) -> dict[str, str]:
    """Tags alone are kept by an update that leaves them out (GUESS+ user-pools-api.md §2.5): infrastructure code counts on it."""
    if request.UserPoolTags is None and before is not None:
        return before.UserPoolTags or {}
    sent = request.UserPoolTags or {}
    tags.check(sent, before.Id if before is not None else None)
    if len(sent) > tags.MOST_TAGS:
        raise errors.UserPoolTaggingException(texts.TOO_MANY_TAGS)
    return sent


def _client_registration(sent: shapes.DcrConfigurationType | None) -> shapes.DcrConfigurationType | None:
    """An object without EnableStatus turns dynamic client registration on (DOC)."""
    if sent is not None:
        sent.EnableStatus = sent.EnableStatus or "Enabled"
    return sent


def _key_configuration(sent: shapes.KeyConfigurationType | None) -> shapes.KeyConfigurationType:
    config = sent or shapes.KeyConfigurationType()
    config.KeyType = config.KeyType or ("CUSTOMER_MANAGED_KEY" if config.KmsKeyArn else "AWS_OWNED_KEY")
    if config.KeyType == "CUSTOMER_MANAGED_KEY" and not config.KmsKeyArn:
        raise errors.InvalidParameterException(texts.KMS_KEY_MISSING)
    return config


def _acr(sent: dict[str, shapes.AcrLevelConfigType] | None) -> dict[str, shapes.AcrLevelConfigType]:
    """The four levels: the default names, and over them what was sent."""
    levels = {level: shapes.AcrLevelConfigType(AcrValue=name) for level, name in DEFAULT_ACR.items()} | (sent or {})
    if len({level.AcrValue for level in levels.values()}) < len(levels):
        raise errors.InvalidParameterException(texts.ACR_NAMES_NOT_UNIQUE)
    return levels


def has_threat_protection(add_ons: shapes.UserPoolAddOnsType | None) -> bool:
    """Whether the add-ons turn any of it on."""
    if add_ons is None:
        return False
    custom = add_ons.AdvancedSecurityAdditionalFlows
    return add_ons.AdvancedSecurityMode != "OFF" or (custom is not None and custom.CustomAuthMode is not None)
