"""Passwords: records and checking. Changing has a file of its own, and so have the policy and forgotten passwords (recovery.py)."""

from msgspec.structs import replace

from poolhouse.crypto import imported_hash, password_hash
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.users import users
from poolhouse.storage.users import User

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


def seal_imported(call: PoolCall, username: str, record: bytes) -> bytes:
    """The sealed record of a password that another system has hashed."""
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
    return await matches(call, "" if user is None else user.username, record or _nobodys_record(call), password)


async def matches(call: PoolCall, username: str, record: bytes, password: str) -> bool:
    """Whether the password is the one of an opened record that was made for this username.

    Raises TooManyRequestsException when too many Argon2id computations wait already.
    """
    kind = password_hash.kind(record)
    if kind == "argon2id":
        return await call.house.hashing_threads.run(lambda: password_hash.verify_argon2id(record, password))
    if kind == "imported":
        return await call.house.hashing_threads.run(lambda: imported_hash.verify(record, password))
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
