"""Changing a password: ChangePassword and AdminSetUserPassword."""

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall, UserCall
from poolhouse.pool.settings import password_policy
from poolhouse.pool.threat_protection import auth_events, compromised_passwords
from poolhouse.pool.users import lockout, password_history, passwords, quotas, users
from poolhouse.pool.users.password_history import Compared
from poolhouse.storage import confirmation_codes as stored_codes
from poolhouse.storage import refresh_tokens as stored_refresh_tokens
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


async def change(call: UserCall, previous: str | None, proposed: str) -> None:
    """ChangePassword by the user of call.access_token. The sign-in that it is done in goes on in any case (GUESS+: all do).

    previous: None only for a user who has no password.
    Raises LimitExceededException, NotAuthorizedException (wrong, or a user of a provider), InvalidPasswordException,
    PasswordHistoryPolicyViolationException.
    """
    user, pool = call.access_token.user, call.user_pool
    await quotas.spend(call, user.username, quotas.CHANGE_PASSWORD)
    if (
        user.status == "EXTERNAL_PROVIDER"
    ):  # An administrator alone gives a first password (DOC), also after taking one away.
        detail = f"user {user.username} is of an identity provider, or was made so by AdminDisableProviderForUser"
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)
    # Without a password there is nothing to prove; a given one is checked all the same, and fails.
    if (user.password is not None or previous is not None) and not await passwords.verify(call, user, previous or ""):
        await _note_refusal(call, user, auth_events.PASSWORD_WRONG)
        detail = f"the previous password does not match ({user.username})"
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)
    password_policy.check(pool, proposed, texts.PASSWORD_DOES_NOT_CONFORM)
    is_compromised = await compromised_passwords.is_found(call, "PASSWORD_CHANGE", proposed)
    if compromised_passwords.is_blocked(call, is_compromised=is_compromised):
        await _note_refusal(call, user, auth_events.PASSWORD_RIGHT, is_compromised=True)
    compromised_passwords.check(call, is_compromised=is_compromised)
    record = await passwords.seal_record(call, user.username, proposed)

    async def work(tx: Transaction, compared: Compared) -> None:
        before = await users.reload(tx, user)
        if before.browser_epoch != user.browser_epoch:  # changed since it was proven: the proof is worth nothing
            raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD)
        compared.require(call, before)
        after = passwords.renewed(call, before, record)
        await password_history.update_user(tx, call, before, after)
        right = (auth_events.PASSWORD_RIGHT,)
        await auth_events.note(tx, call, after, "PasswordChange", "Pass", right, is_compromised=is_compromised)
        if after.token_epoch != before.token_epoch:
            await stored_refresh_tokens.move_on(tx, before, call.access_token.origin_jti, after.token_epoch)

    await password_history.with_new_password(call, proposed, lambda compared: call.write(lambda tx: work(tx, compared)))


async def _note_refusal(
    call: UserCall, user: User, challenge: tuple[str, str], *, is_compromised: bool = False
) -> None:
    """A write of its own: it has to survive the refusal."""
    if not call.user_pool.is_watched:
        return

    async def write(tx: Transaction) -> None:
        await auth_events.note(tx, call, user, "PasswordChange", "Fail", (challenge,), is_compromised=is_compromised)

    await call.write(write)


async def set_by_admin(call: PoolCall, username: str, password: str, *, is_permanent: bool) -> None:
    """AdminSetUserPassword: the user is CONFIRMED, or has to change a temporary password.

    Raises UserNotFoundException, InvalidPasswordException, PasswordHistoryPolicyViolationException.
    """
    pool = call.user_pool
    user = await users.require(call, username)
    password_policy.check(pool, password, texts.PASSWORD_DID_NOT_CONFORM)
    record = await passwords.seal_record(call, user.username, password)

    async def work(tx: Transaction, compared: Compared) -> None:
        await lockout.clear(tx, pool.id, user.username)
        before = await users.reload(tx, user)
        compared.require(call, before)
        after = replace(
            passwords.renewed(call, before, record),
            status="CONFIRMED" if is_permanent else "FORCE_CHANGE_PASSWORD",
            password_expires_at=None if is_permanent else password_policy.temporary_expires_at(call),
        )
        await password_history.update_user(tx, call, before, after)
        await stored_codes.delete(tx, pool.id, user.sub, "forgot_password")

    try:
        await password_history.with_new_password(
            call, password, lambda compared: call.write(lambda tx: work(tx, compared))
        )
    except users.AliasTaken as taken:  # preferred_username of an UNCONFIRMED user; AliasExistsException is not declared
        raise errors.InvalidParameterException(texts.ALIAS_EXISTS, taken.alias) from taken
