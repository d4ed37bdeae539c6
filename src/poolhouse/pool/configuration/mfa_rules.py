"""What a pool says of second factors, read from its settings (user-pools-api.md §6.9)."""

from typing import Literal

import msgspec

from poolhouse.wire import shapes

Factor = Literal["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP", "WEB_AUTHN"]
SMS_MFA: Factor = "SMS_MFA"
SOFTWARE_TOKEN_MFA: Factor = "SOFTWARE_TOKEN_MFA"
EMAIL_OTP: Factor = "EMAIL_OTP"
WEB_AUTHN: Factor = "WEB_AUTHN"  # of users alone: that their passkeys are verified, and stand for both

# The attribute that a code goes to.
ATTRIBUTES: dict[str, str] = {SMS_MFA: "phone_number", "SMS_OTP": "phone_number", EMAIL_OTP: "email"}
_RECOVERY_ATTRIBUTES = {"verified_email": "email", "verified_phone_number": "phone_number"}


class MfaRules(msgspec.Struct, frozen=True):
    """factors: those of the pool, in the order in which a choice lists them.

    recovery: the attribute that AccountRecoverySetting puts first, or empty.
    sms_message, email_message, email_subject: the pool's own words, or empty.
    """

    mode: str
    factors: tuple[Factor, ...]
    recovery: str
    sms_message: str
    email_message: str
    email_subject: str


def read(settings: shapes.UserPoolType, mfa: shapes.GetUserPoolMfaConfigResponse) -> MfaRules:
    """mfa: what SetUserPoolMfaConfig, or a pool's SmsConfiguration, has left."""
    sms, totp, email = mfa.SmsMfaConfiguration, mfa.SoftwareTokenMfaConfiguration, mfa.EmailMfaConfiguration
    has: dict[Factor, bool] = {
        SMS_MFA: sms is not None,
        SOFTWARE_TOKEN_MFA: totp is not None and bool(totp.Enabled),
        EMAIL_OTP: email is not None,
    }
    recovery = settings.AccountRecoverySetting
    mechanisms = sorted((recovery and recovery.RecoveryMechanisms) or (), key=lambda option: option.Priority)
    return MfaRules(
        mode=settings.MfaConfiguration or "OFF",
        factors=tuple(factor for factor, is_there in has.items() if is_there),
        recovery=_RECOVERY_ATTRIBUTES.get(mechanisms[0].Name, "") if mechanisms else "",
        sms_message=(sms and sms.SmsAuthenticationMessage) or settings.SmsAuthenticationMessage or "",
        email_message=(email and email.Message) or "",
        email_subject=(email and email.Subject) or "",
    )
