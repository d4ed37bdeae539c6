"""Which second factor a user is asked for, and asking for it (user-pools-api.md §6.9)."""

from collections.abc import Sequence

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration.mfa_rules import ATTRIBUTES, EMAIL_OTP, SOFTWARE_TOKEN_MFA, Factor
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.sign_in import one_time_codes
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import Asked, Memory, MfaSetup, SelectMfaType, SoftwareTokenCode
from poolhouse.pool.users import mfa
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

# What counts as one when it comes behind another factor.
_SECOND = frozenset({"SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA", "MFA_SETUP"})


async def demanded(call: ClientCall, attempt: Attempt) -> Asked | None:
    """What still has to be proven; None: nothing. Raises MFAMethodNotFoundException."""
    pool, user = call.user_pool, attempt.user
    if pool.mfa.mode == "OFF" or attempt.skips_mfa or not _SECOND.isdisjoint(attempt.proven[1:]):
        return None
    if attempt.chosen:
        return await ask(call, attempt, attempt.chosen)
    active = mfa.active(pool, user)
    if pool.mfa.mode == "OPTIONAL" and not active and not attempt.wants_mfa:
        return None
    preferred = next((factor for factor in active if factor == user.mfa.preferred), None)
    if preferred is not None:
        return await ask(call, attempt, preferred)
    possible = active if pool.mfa.mode == "OPTIONAL" and active else _possible(pool, user, active)
    if len(possible) == 1:
        return await ask(call, attempt, possible[0])
    if possible:
        choices = tuple(possible)
        return Asked(SelectMfaType(user.username, choices), Memory(choices=choices))
    return _set_up(call, user)


def can_be_asked(pool: UserPool, user: User) -> bool:
    """Whether there is anything that the user could prove."""
    return bool(mfa.active(pool, user) or _possible(pool, user, ()))


def _possible(pool: UserPool, user: User, active: Sequence[Factor]) -> list[Factor]:
    """With what the user could prove it where it is required, also without having turned it on.

    The address that recovery uses first is no second factor, since who holds it could do both; but who would have nothing else is not
    locked out for it (GUESS).
    """
    held = [f for f in pool.mfa.factors if f in active or (f != SOFTWARE_TOKEN_MFA and mfa.has_means(user, f))]
    return [f for f in held if f in active or ATTRIBUTES[f] != pool.mfa.recovery] or held


def _set_up(call: ClientCall, user: User) -> Asked:
    """Raises MFAMethodNotFoundException: there is nothing that the user could set up here."""
    pool = call.user_pool
    offered = tuple(f for f in pool.mfa.factors if f in (SOFTWARE_TOKEN_MFA, EMAIL_OTP))
    if offered and pool.mfa.mode == "ON":
        return Asked(MfaSetup(user.username, offered), Memory(choices=offered))
    if call.operation == "InitiateAuth":  # which alone of those that sign in does not declare the exception
        raise errors.InvalidParameterException(texts.MFA_METHOD_NOT_FOUND)
    raise errors.MFAMethodNotFoundException(texts.MFA_METHOD_NOT_FOUND)


async def ask(call: ClientCall, attempt: Attempt, factor: str) -> Asked:
    """The challenge of this factor."""
    user = attempt.user
    if factor == SOFTWARE_TOKEN_MFA:
        return Asked(SoftwareTokenCode(user.username, user.mfa.software_token_name))
    return await one_time_codes.ask(call, user, factor, user.attributes[ATTRIBUTES[factor]])
