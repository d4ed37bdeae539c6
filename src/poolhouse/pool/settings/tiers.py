"""What the tier of a pool has, where the server keeps to it: `tiers = "strict"` (user-pools-api.md §3.2). Otherwise every tier has all."""

from collections.abc import Sequence

from poolhouse.pool import texts
from poolhouse.pool.call import Call
from poolhouse.pool.configuration import first_factors
from poolhouse.pool.settings.user_pool_settings import DEFAULT_ACR, DEFAULT_TIER, has_threat_protection
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

_TIERS = ("LITE", "ESSENTIALS", "PLUS")
Feature = tuple[str, str]  # its name, and the lowest tier that has it
CHOICES = ("Choice-based sign-in", "ESSENTIALS")
MANAGED_LOGIN = ("Managed login", "ESSENTIALS")
SESSIONS = ("Session management", "ESSENTIALS")
ACTIVITY_LOGS = ("User activity log export", "PLUS")  # DOC: userAuthEvents


def require(call: Call, pool: shapes.UserPoolType, *features: Feature) -> None:
    """Raises FeatureUnavailableInTierException."""
    _check(call, pool, features, None)


def check(
    call: Call,
    made: shapes.UserPoolType,
    mfa: shapes.GetUserPoolMfaConfigResponse,
    beside: Sequence[Feature] = (),
    before: shapes.UserPoolType | None = None,
) -> None:
    """All that a pool uses. beside: what stands elsewhere than in its settings.

    before: the settings that an update replaces; a lower tier than theirs is refused as a change of tier.
    Raises FeatureUnavailableInTierException, TierChangeNotAllowedException.
    """
    _check(call, made, [*_features(made, mfa), *beside], before)


def _check(
    call: Call, pool: shapes.UserPoolType, features: Sequence[Feature], before: shapes.UserPoolType | None
) -> None:
    if call.settings.tiers == "free":
        return
    for feature, needed in features:
        if _has(pool, needed):
            continue
        if before is not None and _has(before, needed):
            raise errors.TierChangeNotAllowedException(texts.TIER_CHANGE_NOT_ALLOWED, feature, _tier(pool))
        raise errors.FeatureUnavailableInTierException(texts.FEATURE_UNAVAILABLE_IN_TIER, feature, _tier(pool))


def _has(pool: shapes.UserPoolType, needed: str) -> bool:
    return _TIERS.index(_tier(pool)) >= _TIERS.index(needed)


def _tier(pool: shapes.UserPoolType) -> str:
    return pool.UserPoolTier or DEFAULT_TIER


def _features(made: shapes.UserPoolType, mfa: shapes.GetUserPoolMfaConfigResponse) -> list[Feature]:
    """What the settings of the pool use beyond LITE."""
    policies = made.Policies or shapes.UserPoolPolicyType()
    pre_token = made.LambdaConfig.PreTokenGenerationConfig if made.LambdaConfig is not None else None
    custom_acr = {level: acr.AcrValue for level, acr in (made.AcrConfiguration or {}).items()} != DEFAULT_ACR
    uses = {
        "Passwordless sign-in": bool(first_factors.passwordless(policies)),
        "Password history": bool(policies.PasswordPolicy and policies.PasswordPolicy.PasswordHistorySize),
        "Access token customization": pre_token is not None and pre_token.LambdaVersion != "V1_0",
        "Custom ACR names": custom_acr,
        "Dynamic client registration": made.DcrConfiguration is not None,
        "Email MFA": mfa.EmailMfaConfiguration is not None,
    }
    features = [(feature, "ESSENTIALS") for feature, is_used in uses.items() if is_used]
    if has_threat_protection(made.UserPoolAddOns):
        features.append(("Threat protection", "PLUS"))
    return features
