"""The second factors that a user has and prefers (user-pools-api.md §2.3, §6.9)."""

from collections.abc import Callable
from typing import Final

import msgspec
from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.first_factors import allowed
from poolhouse.pool.configuration.mfa_rules import ATTRIBUTES, EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA, WEB_AUTHN, Factor
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.users import users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import Mfa, User
from poolhouse.wire import exceptions as errors

_OTP_ATTRIBUTES: Final = {"EMAIL_OTP": "email", "SMS_OTP": "phone_number"}


class Wish(msgspec.Struct, frozen=True):
    """What SetUserMFAPreference says of one factor; None: nothing."""

    is_enabled: bool | None = None
    is_preferred: bool | None = None


def active(user_pool: UserPool, user: User) -> list[Factor]:
    """The factors that the user has turned on and can be asked for now, in the order in which a choice lists them."""
    return [f for f in user_pool.mfa.factors if f in user.mfa.enabled and has_means(user, f)]


def check_has_none(user_pool: UserPool, user: User) -> None:
    """MFA_SETUP is for who has no factor: whoever began it before there was one knows the password alone.

    Raises NotAuthorizedException.
    """
    if active(user_pool, user):
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="a second factor was set up meanwhile")


def has_means(user: User, factor: str) -> bool:
    """Whether there is an app, or an address, to prove the factor with."""
    return (
        user.mfa.has_software_token if factor == SOFTWARE_TOKEN_MFA else bool(user.attributes.get(ATTRIBUTES[factor]))
    )


def configured_factors(user_pool: UserPool, user: User) -> list[str]:
    """ConfiguredUserAuthFactors: what the user could begin or go on with."""
    first = allowed(user_pool.settings.Policies)
    found = ["PASSWORD"] if user.password is not None else []
    found += [
        factor for factor, attribute in _OTP_ATTRIBUTES.items() if factor in first and user.attributes.get(attribute)
    ]
    found += ["WEB_AUTHN"] if user.mfa.passkeys and "WEB_AUTHN" in first else []
    return [*found, "SOFTWARE_TOKEN"] if user.mfa.has_software_token else found


# -- changing


async def set_preference(call: PoolCall, user: User, wishes: dict[Factor, Wish], *, by_admin: bool) -> None:
    """Raises InvalidParameterException (no app or address for it, two preferred, none left where MFA is required)."""

    def decide(before: User) -> Mfa:
        mfa = preferring(call.user_pool, before, wishes)
        if call.user_pool.mfa.mode == "ON" and before.mfa.enabled and not mfa.enabled and not by_admin:
            raise errors.InvalidParameterException(texts.MFA_CANNOT_BE_DISABLED)
        return mfa

    await change(call, user, decide)


def preferring(user_pool: UserPool, user: User, wishes: dict[Factor, Wish]) -> Mfa:
    """The user's factors after these wishes. Raises InvalidParameterException."""
    enabled, preferred = set(user.mfa.enabled), user.mfa.preferred
    if sum(bool(wish.is_preferred) for wish in wishes.values()) > 1:
        raise errors.InvalidParameterException(texts.MFA_TWO_PREFERRED)
    for factor, wish in wishes.items():
        if wish.is_enabled:
            _check_possible(user_pool, user, factor)
            enabled.add(factor)
        elif wish.is_enabled is False:
            enabled.discard(factor)
        if wish.is_preferred:
            if factor not in enabled:
                raise errors.InvalidParameterException(texts.MFA_PREFERRED_NOT_ENABLED, factor)
            preferred = factor
        elif preferred == factor and (wish.is_preferred is False or factor not in enabled):
            preferred = ""
    ordered = tuple(each for each in (SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP, WEB_AUTHN) if each in enabled)
    if ordered == (WEB_AUTHN,):
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MFA_ALONE)
    return replace(user.mfa, enabled=ordered, preferred=preferred)


def _check_possible(user_pool: UserPool, user: User, factor: Factor) -> None:
    if factor == WEB_AUTHN:
        if not user_pool.web_authn.satisfies_mfa:
            raise errors.InvalidParameterException(texts.MFA_FACTOR_NOT_IN_POOL, WEB_AUTHN)
        if not user.mfa.passkeys:
            raise errors.InvalidParameterException(texts.WEB_AUTHN_NO_CREDENTIAL)
        return
    if factor not in user_pool.mfa.factors:
        raise errors.InvalidParameterException(texts.MFA_FACTOR_NOT_IN_POOL, factor)
    if has_means(user, factor):
        return
    if factor == SOFTWARE_TOKEN_MFA:
        raise errors.InvalidParameterException(texts.SOFTWARE_TOKEN_NOT_VERIFIED)
    raise errors.InvalidParameterException(texts.MFA_NO_DELIVERY, factor)


async def change(call: PoolCall, user: User, decide: Callable[[User], Mfa]) -> None:
    """Write what `decide` makes of the user as of now. Raises UserNotFoundException and what it raises."""

    async def work(tx: Transaction) -> None:
        before = await users.reload(tx, user)
        await users.update(tx, call, before, replace(before, mfa=decide(before), updated_at=call.now_ms))

    await call.write(work)
