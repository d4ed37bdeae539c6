"""Which second factor a user is asked for, and asking for it (user-pools-api.md §6.9)."""

from collections.abc import Sequence

from poolhouse.delivery import messages
from poolhouse.delivery.messages import Wording
from poolhouse.delivery.outbox import Notice
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration.mfa_rules import ATTRIBUTES, EMAIL_OTP, SOFTWARE_TOKEN_MFA, Factor
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import Asked, CodeSent, Memory, MfaSetup, SelectMfaType, SoftwareTokenCode
from poolhouse.pool.triggers import custom_message, custom_sender
from poolhouse.pool.users import confirmation_codes as codes
from poolhouse.pool.users import mfa
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

# What counts as one when it comes behind another factor.
_SECOND = frozenset({"SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA", "MFA_SETUP"})
_CODE_LABEL = "sign_in_code"


async def demanded(call: ClientCall, attempt: Attempt) -> Asked | None:
    """What still has to be proven; None: nothing. Raises MFAMethodNotFoundException."""
    pool, user = call.user_pool, attempt.user
    if pool.mfa.mode == "OFF" or not _SECOND.isdisjoint(attempt.proven[1:]):
        return None
    if attempt.chosen:
        return await ask(call, attempt, attempt.chosen)
    active = mfa.active(pool, user)
    if pool.mfa.mode == "OPTIONAL" and not active and not attempt.requires_mfa:
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
    return await send_code(call, user, factor, user.attributes[ATTRIBUTES[factor]])


async def send_code(call: ClientCall, user: User, factor: str, address: str) -> Asked:
    """A code to this address. Raises invocation.REFUSALS."""
    pool, channel = call.user_pool, codes.medium(ATTRIBUTES[factor])
    code = codes.new_code(call)
    said = await custom_message.fire(call, user, "Authentication", (channel,)) or Wording()
    wording = Wording(
        said.sms_message or pool.mfa.sms_message,
        said.email_message or pool.mfa.email_message,
        said.email_subject or pool.mfa.email_subject,
    )
    sent = messages.authentication(pool.settings, channel, address, code, user.username, wording)
    message = custom_sender.handed_over(call, user, "Authentication", sent)
    notice = Notice(
        message,
        pool.id,
        user.sub,
        # Each sign-in has a code of its own; none takes the place of another's.
        f"{factor}/{call.random(8).hex()}",
        call.now_ms + 1000 * call.client.auth_session_ttl_seconds,
        is_by_function=custom_sender.takes_any(pool),
    )
    memory = Memory(code_hash=pool.mac(_CODE_LABEL, user.sub, factor, address, code), address=address)
    return Asked(CodeSent(factor, user.username, channel.upper(), codes.mask(address)), memory, notice)


def code_hashes(pool: UserPool, user: User, factor: str, address: str, code: str) -> Sequence[bytes]:
    """What the Session remembers of this code, under each key that may have made it."""
    return list(pool.macs(_CODE_LABEL, user.sub, factor, address, code))
