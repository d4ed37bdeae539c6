"""USER_AUTH: with what a user may begin, and beginning with it (user-pools-api.md §6.5)."""

from collections.abc import Callable

from msgspec.structs import replace

from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration import first_factors
from poolhouse.pool.configuration.mfa_rules import ATTRIBUTES
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.outcomes import Spend
from poolhouse.pool.sign_in import candidates, one_time_codes, sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import (
    EMAIL_OTP,
    PASSWORD,
    PASSWORD_SRP,
    SELECT_CHALLENGE,
    SMS_OTP,
    Challenged,
    SelectChallenge,
)
from poolhouse.pool.sign_in.flows import user_password_auth, user_srp_auth
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.users import mfa
from poolhouse.storage.users import User


def available(user_pool: UserPool, user: User | None) -> list[str]:
    """AvailableChallenges, in their order (the first two OBS, the rest GUESS); for nobody, those that the pool allows."""
    allowed = first_factors.allowed(user_pool.settings.Policies)
    passwords = [PASSWORD_SRP, PASSWORD] if first_factors.PASSWORD in allowed else []
    if user_pool.password_storage == "argon2id":
        passwords = passwords[1:]  # no verifier, no SRP
    codes = [factor for factor in (EMAIL_OTP, SMS_OTP) if factor in allowed]
    if user is None:
        return passwords + ([] if user_pool.mfa.mode == "ON" else codes)
    if user.password is None:
        passwords = []
    if user.status == "FORCE_CHANGE_PASSWORD":
        return passwords
    if user_pool.mfa.mode == "ON" or (user_pool.mfa.mode == "OPTIONAL" and mfa.active(user_pool, user)):
        return passwords  # a code that is sent would be the only factor
    return passwords + [factor for factor in codes if user.attributes.get(ATTRIBUTES[factor])]


def offer(call: ClientCall, user: User | None, typed: str) -> Challenged:
    """SELECT_CHALLENGE."""
    session = sessions.begin(call, SELECT_CHALLENGE, user, typed)
    return Challenged(SelectChallenge(), session, tuple(available(call.user_pool, user)))


async def begin(
    call: ClientCall, typed: str, factor: str, given: Parameters, spends: Callable[[], tuple[Spend, ...]] = tuple
) -> Attempt | Challenged:
    """The factor, one of those that are available. given: PASSWORD or SRP_A.  spends: what is used up by it.

    Raises InvalidParameterException (something is missing) and what the factor raises.
    """
    if factor == PASSWORD:
        attempt = await user_password_auth.prove(call, typed, required(given, "PASSWORD"))
        return replace(attempt, flow="USER_AUTH", spends=(*attempt.spends, *spends()))
    if factor == PASSWORD_SRP:
        return await user_srp_auth.begin(call, {**given, "USERNAME": typed}, flow="USER_AUTH")
    candidate = await candidates.find(call, typed)
    return await one_time_codes.begin(call, candidate, typed, factor, *spends())
