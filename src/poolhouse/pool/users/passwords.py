"""Passwords: records, checking, changing. The policy has a file of its own, and so have forgotten passwords (recovery.py)."""

from msgspec.structs import replace

from poolhouse.crypto import password_hash
from poolhouse.pool import texts
from poolhouse.pool.call import Call, PoolCall, UserCall
from poolhouse.pool.configuration import not_built
from poolhouse.pool.settings import password_policy
from poolhouse.pool.threat_protection import auth_events, compromised_passwords
from poolhouse.pool.users import lockout, quotas, users
from poolhouse.storage import confirmation_codes as stored_codes
from poolhouse.storage import refresh_tokens as stored_refresh_tokens
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

SALT_BYTES = 16


# -- records


def record_context(user_pool_id: str, username: str) -> str:
    """What a password record is sealed for."""
    return f"users/{user_pool_id}/{username}/password"


async def seal_record(call: PoolCall, username: str, password: str) -> bytes:
    """The sealed record of a new password, in the kind that the pool keeps.

    Raises TooManyRequestsException when too many Argon2id computations wait already.
    """
    salt = call.random(SALT_BYTES)
    if call.user_pool.password_storage == "argon2id":
        record = await call.house.hashing_threads.run(lambda: password_hash.argon2id_record(password, salt))
    else:
        power = call.house.batches.power
        record = await password_hash.srp_record(power, call.user_pool.name, username, password, salt)
    return call.keyring.seal(record, record_context(call.user_pool.id, username))


def open_record(call: Call, user: User) -> bytes | None:
    """The user's password record, or None for a user without a password."""
    if user.password is None:
        return None
    return call.keyring.open(user.password, record_context(user.user_pool_id, user.username))


async def verify(call: PoolCall, user: User | None, password: str) -> bool:
    """Whether this is the user's password. Costs the same for nobody and for a user without one.

    Raises TooManyRequestsException when too many Argon2id computations wait already.
    """
    record = None if user is None else open_record(call, user)
    if record is None:
        record = _nobodys_record(call)
    if password_hash.algorithm(record) == "argon2id":
        return await call.house.hashing_threads.run(lambda: password_hash.verify_argon2id(record, password))
    username = "" if user is None else user.username
    power = call.house.batches.power
    return await password_hash.verify_srp(power, record, call.user_pool.name, username, password)


def _nobodys_record(call: PoolCall) -> bytes:
    """Sealed once and opened each time, as the record of a user is."""
    kind, context = call.user_pool.password_storage, "nobody"
    sealed = call.house.nobodys_records.get(kind)
    if sealed is None:
        sealed = call.keyring.seal(password_hash.nobodys_record(kind, call.random), context)
        call.house.nobodys_records[kind] = sealed
    return call.keyring.open(sealed, context)


# -- changing


def renewed(call: PoolCall, user: User, record: bytes) -> User:
    """The user with a new password: the browser sessions of before are over (ASVS 7.4.3), and where the pool says so its tokens."""
    after = replace(user, password=record, browser_epoch=user.browser_epoch + 1, updated_at=call.now_ms)
    return users.signed_out(call, after) if call.user_pool.revokes_on_password_change else after


async def change(call: UserCall, previous: str | None, proposed: str) -> None:
    """ChangePassword by the user of call.access_token. The sign-in that it is done in goes on in any case (GUESS+: all do).

    previous: None only for a user who has no password.
    Raises LimitExceededException, NotAuthorizedException (wrong, or a user of a provider), InvalidPasswordException.
    """
    user, pool = call.access_token.user, call.user_pool
    not_built.refuse(pool, "new_password")
    await quotas.spend(call, user.username, quotas.CHANGE_PASSWORD)
    if (
        user.status == "EXTERNAL_PROVIDER"
    ):  # An administrator alone gives a first password (DOC), also after taking one away.
        detail = f"user {user.username} is of an identity provider, or was made so by AdminDisableProviderForUser"
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)
    # Without a password there is nothing to prove; a given one is checked all the same, and fails.
    if (user.password is not None or previous is not None) and not await verify(call, user, previous or ""):
        await _note_refusal(call, user, auth_events.PASSWORD_WRONG)
        detail = f"the previous password does not match ({user.username})"
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)
    password_policy.check(pool, proposed, texts.PASSWORD_DOES_NOT_CONFORM)
    is_compromised = await compromised_passwords.is_found(call, "PASSWORD_CHANGE", proposed)
    if compromised_passwords.is_blocked(call, is_compromised=is_compromised):
        await _note_refusal(call, user, auth_events.PASSWORD_RIGHT, is_compromised=True)
    compromised_passwords.check(call, is_compromised=is_compromised)
    record = await seal_record(call, user.username, proposed)

    async def work(tx: Transaction) -> None:
        before = await users.reload(tx, user)
        if before.browser_epoch != user.browser_epoch:  # changed since it was proven: the proof is worth nothing
            raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD)
        after = renewed(call, before, record)
        await users.update(tx, call, before, after)
        right = (auth_events.PASSWORD_RIGHT,)
        await auth_events.note(tx, call, after, "PasswordChange", "Pass", right, is_compromised=is_compromised)
        if after.token_epoch != before.token_epoch:
            await stored_refresh_tokens.move_on(tx, before, call.access_token.origin_jti, after.token_epoch)

    await call.write(work)


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

    Raises UserNotFoundException, InvalidPasswordException.
    """
    pool = call.user_pool
    not_built.refuse(pool, "new_password")
    user = await users.require(call, username)
    password_policy.check(pool, password, texts.PASSWORD_DID_NOT_CONFORM)
    record = await seal_record(call, user.username, password)

    async def work(tx: Transaction) -> None:
        await lockout.clear(tx, pool.id, user.username)
        before = await users.reload(tx, user)
        after = replace(
            renewed(call, before, record),
            status="CONFIRMED" if is_permanent else "FORCE_CHANGE_PASSWORD",
            password_expires_at=None if is_permanent else password_policy.temporary_expires_at(call),
        )
        await users.update(tx, call, before, after)
        await stored_codes.delete(tx, pool.id, user.sub, "forgot_password")

    try:
        await call.write(work)
    except users.AliasTaken as taken:  # preferred_username of an UNCONFIRMED user; AliasExistsException is not declared
        raise errors.InvalidParameterException(texts.ALIAS_EXISTS, taken.alias) from taken
