"""SetUserMFAPreference, SetUserSettings, GetUserAuthFactors, and the same by administrators."""

from collections.abc import Sequence
from typing import Any

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall, UserCall
from poolhouse.pool.configuration.mfa_rules import EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA, WEB_AUTHN, Factor
from poolhouse.pool.users import mfa, users
from poolhouse.pool.users.mfa import Wish
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

_SMS_OPTION = ("SMS", "phone_number")

# -- by the users themselves


async def set_user_mfa_preference(
    call: UserCall, request: shapes.SetUserMFAPreferenceRequest
) -> shapes.SetUserMFAPreferenceResponse:
    await mfa.set_preference(call, call.access_token.user, _wishes(request), by_admin=False)
    return shapes.SetUserMFAPreferenceResponse()


async def set_user_settings(call: UserCall, request: shapes.SetUserSettingsRequest) -> shapes.SetUserSettingsResponse:
    await mfa.set_preference(call, call.access_token.user, _sms_wish(request.MFAOptions), by_admin=False)
    return shapes.SetUserSettingsResponse()


async def get_user_auth_factors(
    call: UserCall, request: shapes.GetUserAuthFactorsRequest
) -> shapes.GetUserAuthFactorsResponse:
    user = call.access_token.user
    return shapes.GetUserAuthFactorsResponse(Username=user.username, **factors(call, user))


# -- by administrators


async def admin_set_user_mfa_preference(
    call: PoolCall, request: shapes.AdminSetUserMFAPreferenceRequest
) -> shapes.AdminSetUserMFAPreferenceResponse:
    user = await users.require(call, request.Username)
    await mfa.set_preference(call, user, _wishes(request), by_admin=True)
    return shapes.AdminSetUserMFAPreferenceResponse()


async def admin_set_user_settings(
    call: PoolCall, request: shapes.AdminSetUserSettingsRequest
) -> shapes.AdminSetUserSettingsResponse:
    user = await users.require(call, request.Username)
    await mfa.set_preference(call, user, _sms_wish(request.MFAOptions), by_admin=True)
    return shapes.AdminSetUserSettingsResponse()


async def admin_get_user_auth_factors(
    call: PoolCall, request: shapes.AdminGetUserAuthFactorsRequest
) -> shapes.AdminGetUserAuthFactorsResponse:
    user = await users.require(call, request.Username)
    return shapes.AdminGetUserAuthFactorsResponse(Username=user.username, **factors(call, user))


# -- from and to the wire


def settings(user: User) -> dict[str, Any]:
    """UserMFASettingList and PreferredMfaSetting; each absent where there is none (OBS moto aws_verified)."""
    return {
        "UserMFASettingList": list(user.mfa.enabled) or None,
        "PreferredMfaSetting": user.mfa.preferred or None,
    }


def options(user: User) -> list[shapes.MFAOptionType] | None:
    """MFAOptions, which know SMS alone."""
    if SMS_MFA not in user.mfa.enabled:
        return None
    return [shapes.MFAOptionType(DeliveryMedium=_SMS_OPTION[0], AttributeName=_SMS_OPTION[1])]


def factors(call: PoolCall, user: User) -> dict[str, Any]:
    return {**settings(user), "ConfiguredUserAuthFactors": mfa.configured_factors(call.user_pool, user) or None}


def _wishes(
    request: shapes.SetUserMFAPreferenceRequest | shapes.AdminSetUserMFAPreferenceRequest,
) -> dict[Factor, Wish]:
    said: dict[Factor, Any] = {
        SMS_MFA: request.SMSMfaSettings,
        SOFTWARE_TOKEN_MFA: request.SoftwareTokenMfaSettings,
        EMAIL_OTP: request.EmailMfaSettings,
    }
    wishes = {factor: Wish(each.Enabled, each.PreferredMfa) for factor, each in said.items() if each is not None}
    passkeys = request.WebAuthnMfaSettings
    return wishes if passkeys is None else {**wishes, WEB_AUTHN: Wish(passkeys.Enabled)}


def _sms_wish(given: Sequence[shapes.MFAOptionType]) -> dict[Factor, Wish]:
    """Raises InvalidParameterException: no other option exists."""
    if any((option.DeliveryMedium, option.AttributeName) != _SMS_OPTION for option in given):
        raise errors.InvalidParameterException(texts.MFA_OPTION_INVALID)
    return {SMS_MFA: Wish(is_enabled=bool(given))}
