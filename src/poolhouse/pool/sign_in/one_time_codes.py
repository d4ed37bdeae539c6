"""Codes that are sent for a sign-in, as its first factor or its second (user-pools-api.md §6.5, §6.9)."""

from collections.abc import Sequence

from msgspec.structs import replace

from poolhouse.delivery import messages
from poolhouse.delivery.messages import Wording
from poolhouse.delivery.outbox import Notice
from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration.mfa_rules import ATTRIBUTES
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.outcomes import Spend
from poolhouse.pool.sign_in import sessions
from poolhouse.pool.sign_in.candidates import Candidate
from poolhouse.pool.sign_in.challenges import Asked, Challenged, CodeSent, Memory
from poolhouse.pool.tokens import tokens
from poolhouse.pool.triggers import authentication, custom_message, custom_sender
from poolhouse.pool.users import confirmation_codes as codes
from poolhouse.pool.users import quotas
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_LABEL = "sign_in_code"
# GUESS+: six digits as the second factor, eight as the first (2026 runbook).
FIRST_FACTOR_DIGITS = 8


async def ask(call: ClientCall, user: User, factor: str, address: str, *, digits: int = codes.DIGITS) -> Asked:
    """A code to this address, which leaves with the write that follows. Raises invocation.REFUSALS."""
    pool, channel = call.user_pool, codes.medium(ATTRIBUTES[factor])
    code = codes.new_code(call, digits)
    said = await custom_message.fire(call, user, "Authentication", (channel,)) or Wording()
    wording = Wording(
        said.sms_message or pool.mfa.sms_message,
        said.email_message or pool.mfa.email_message,
        said.email_subject or pool.mfa.email_subject,
    )
    sent = messages.authentication(pool.settings, channel, address, code, user.username, wording)
    message = custom_sender.handed_over(call, user, "Authentication", sent)
    memory = Memory(code_hash=pool.mac(_LABEL, user.sub, factor, address, code))
    challenge = CodeSent(factor, user.username, channel.upper(), codes.mask(address))
    return Asked(challenge, memory, _notice(call, user.sub, factor, message))


def _notice(call: ClientCall, subject: str, factor: str, message: messages.Message | None) -> Notice:
    return Notice(
        message,
        call.user_pool.id,
        subject,
        # Each sign-in has a code of its own; none takes the place of another's.
        f"{factor}/{call.random(8).hex()}",
        call.now_ms + 1000 * call.client.auth_session_ttl_seconds,
        is_awaited=False,
        is_by_function=custom_sender.takes_any(call.user_pool),
    )


def hashes(pool: UserPool, user: User, factor: str, address: str, code: str) -> Sequence[bytes]:
    """What the Session remembers of this code, under each key that may have made it."""
    return list(pool.macs(_LABEL, user.sub, factor, address, code))


# -- the first factor


async def begin(call: ClientCall, candidate: Candidate, typed: str, factor: str, *spends: Spend) -> Challenged:
    """A code as the first factor; for a name that nobody has, all the same but for the message.

    spends: taken in the write that lets it leave.
    Raises NotAuthorizedException (one was taken before), TooManyRequestsException, and what the PreAuthentication trigger refuses.
    """
    await authentication.before(call, candidate.user, candidate.name)
    asked = await _asked(call, candidate, typed, factor)

    async def write(tx: Transaction) -> CognitoError | None:
        if not await quotas.is_left(tx, call, candidate.name, quotas.SIGN_IN_CODE):
            return errors.TooManyRequestsException(texts.TOO_MANY_REQUESTS)  # returned, so that the count stays
        await tokens.spend(tx, call.user_pool.id, spends)
        if asked.notice is not None:
            await call.house.outbox.note(tx, asked.notice)
        return None

    refusal = await call.write(write)
    if refusal is not None:
        raise refusal
    session = sessions.begin(call, factor, candidate.user, typed, asked.memory)
    return Challenged(asked.challenge, session, available=(factor,))


async def _asked(call: ClientCall, candidate: Candidate, typed: str, factor: str) -> Asked:
    user, attribute = candidate.user, ATTRIBUTES[factor]
    if user is not None:
        asked = await ask(call, user, factor, user.attributes[attribute], digits=FIRST_FACTOR_DIGITS)
        details = codes.details(attribute, user.attributes[attribute])
    else:
        call.note = f"{codes.NO_USER}; nothing was sent"
        subject = codes.addressee(call.user_pool, None, typed).subject
        details = codes.simulated_details(call.user_pool, call.user_pool.fold(typed), [attribute])
        asked = Asked(
            CodeSent(factor, "", "", ""), Memory(code_hash=call.random(32)), _notice(call, subject, factor, None)
        )
    challenge = CodeSent(factor, "", details.DeliveryMedium or "", details.Destination or "")
    return replace(asked, challenge=challenge)
