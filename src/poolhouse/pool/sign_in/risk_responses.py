"""What follows from what threat protection thinks of a sign-in: it is recorded, the user is told, it goes on or ends here."""

from msgspec.structs import replace

from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.outcomes import Assessment
from poolhouse.pool.sign_in import second_factors
from poolhouse.pool.sign_in.admission import record_block
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.refusals import password_reset_required
from poolhouse.pool.threat_protection import assessment, auth_events, compromised_passwords, notifications
from poolhouse.pool.users import quotas, users
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


async def weighed(call: ClientCall, attempt: Attempt) -> Attempt:
    """The attempt with what is thought of it, once for all its steps. The event is stored as it is now.

    Raises NotAuthorizedException (too risky), PasswordResetRequiredException (strangers know the password).
    """
    if attempt.assessment is not None or not call.user_pool.is_watched:
        return attempt
    if attempt.flow == "CUSTOM_AUTH" and not attempt.is_decided:  # weighed when the triggers have had their say
        return attempt
    thought = await assessment.assess(call, attempt)
    if thought is None:
        return attempt
    if not _may_go_on(attempt.user):  # the steps refuse; nothing else follows
        await _record(call, attempt.user, replace(thought.event, response="Fail", risk_decision="NoRisk"))
        return attempt
    # Who has a temporary password chooses another one at once, and has no other way to.
    is_checked = attempt.is_compromised and attempt.user.status == "CONFIRMED"
    if compromised_passwords.is_blocked(call, is_compromised=is_checked):
        await _reset(call, attempt.user, replace(thought.event, response="Fail", risk_decision="Block"))
        raise password_reset_required(attempt.user)
    if thought.wants_mfa and not second_factors.can_be_asked(call.user_pool, attempt.user):
        # DOC: then one that is required blocks, and one that is optional is left out.
        thought = (
            assessment.blocked(thought) if thought.action == "MFA_REQUIRED" else replace(thought, action="NO_ACTION")
        )
    await _record(call, attempt.user, thought.event, thought)
    if thought.action == "BLOCK":
        raise _refusal(thought.event)
    return replace(attempt, assessment=thought)


def _may_go_on(user: User) -> bool:
    return user.is_enabled and user.status not in ("RESET_REQUIRED", "UNCONFIRMED")


def _refusal(event: AuthEvent) -> CognitoError:
    if not event.risk_level:
        return errors.NotAuthorizedException(texts.REQUEST_BLOCKED, detail="the address is in BlockedIPRangeList")
    return errors.NotAuthorizedException(texts.SIGN_IN_BLOCKED, detail=f"the risk is {event.risk_level}")


async def _record(call: ClientCall, user: User, event: AuthEvent, thought: Assessment | None = None) -> None:
    """A write of its own, which survives a refusal. thought: what the user may have to be told."""
    is_told = thought is not None and thought.is_notified
    notice = notifications.notice(call, user, event, thought.action) if thought is not None and is_told else None

    async def write(tx: Transaction) -> None:
        may_tell = notice is not None and await quotas.is_left(tx, call, user.username, quotas.RISK_NOTICE)
        await auth_events.put(tx, call, user, event)
        await record_block(tx, call, user, event)
        if notice is not None and may_tell:
            await call.house.outbox.note(tx, notice)

    await call.write(write)


async def _reset(call: ClientCall, user: User, event: AuthEvent) -> None:
    """DOC: the user has to choose another password before the next sign-in."""

    async def write(tx: Transaction) -> None:
        before = await users.reload(tx, user)
        is_still_that_one = before.browser_epoch == user.browser_epoch  # the password
        if before.status == "CONFIRMED" and is_still_that_one:
            await users.update(tx, call, before, replace(before, status="RESET_REQUIRED", updated_at=call.now_ms))
        await auth_events.put(tx, call, user, event)
        await record_block(tx, call, user, event)

    await call.write(write)
