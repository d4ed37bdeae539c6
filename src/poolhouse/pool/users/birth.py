"""Where users are born, whoever asks: how they are named, what they begin with, and that nobody else has the name."""

import msgspec

from poolhouse.crypto.identifiers import uuid4
from poolhouse.pool import names, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration import first_factors
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import passwords, users
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


class Named(msgspec.Struct, frozen=True):
    """Whom somebody wants to make. attributes: with the one that the name itself is, where it is one."""

    username: str
    sub: str
    attributes: dict[str, str]


def name(call: PoolCall, username: str, attributes: dict[str, str]) -> Named:
    """Username, sub and attributes of a new user (user-pools-api.md §3.2 UsernameAttributes, AliasAttributes).

    Raises InvalidParameterException when the pool wants another kind of username.
    """
    user_pool = call.user_pool
    sub = uuid4(call.random(16))
    if not user_pool.username_attributes:
        names.check_username(username)
        _check_not_alias(user_pool, username)
        return Named(user_pool.fold(username), sub, attributes)
    is_email = "email" in user_pool.username_attributes and attribute_rules.is_email(username)
    is_phone_number = "phone_number" in user_pool.username_attributes and attribute_rules.is_phone_number(username)
    if is_email or is_phone_number:
        return Named(sub, sub, {**attributes, "email" if is_email else "phone_number": username})
    if len(user_pool.username_attributes) > 1:
        raise errors.InvalidParameterException(texts.USERNAME_SHOULD_BE_EITHER)
    raise errors.InvalidParameterException(
        texts.USERNAME_SHOULD_BE_EMAIL
        if "email" in user_pool.username_attributes
        else texts.USERNAME_SHOULD_BE_PHONE_NUMBER
    )


def _check_not_alias(user_pool: UserPool, username: str) -> None:
    """Whatever `users.find` would look for among the addresses, an address or not: usernames win there."""
    if "email" in user_pool.alias_attributes and "@" in username:
        raise errors.InvalidParameterException(texts.USERNAME_OF_EMAIL_FORMAT)
    if "phone_number" in user_pool.alias_attributes and username.startswith("+"):
        raise errors.InvalidParameterException(texts.USERNAME_OF_PHONE_FORMAT)


async def make(  # noqa: PLR0913  what a user begins with
    call: PoolCall,
    named: Named,
    *,
    status: str,
    attributes: dict[str, str],
    password: str | None,
    password_expires_at: int | None = None,
) -> User:
    """A new user, not stored yet. attributes: checked.  password: None for a user without one.

    Raises TooManyRequestsException when too many Argon2id computations wait already.
    """
    record = None if password is None else await passwords.seal_record(call, named.username, password)
    return User(
        user_pool_id=call.user_pool.id,
        username=named.username,
        sub=named.sub,
        status=status,
        is_enabled=True,
        attributes=attributes,
        pending_attributes={},
        password=record,
        password_expires_at=password_expires_at,
        signed_out_at=0,
        created_at=call.now_ms,
        updated_at=call.now_ms,
    )


async def insert(tx: Transaction, call: PoolCall, user: User, *, steals_aliases: bool = False) -> bool:
    """False when the username is taken, also as the sub of somebody else. Raises users.AliasTaken."""
    if await _is_a_sub(tx, user):
        return False
    return await users.insert(tx, call, user, steals_aliases=steals_aliases)


async def _is_a_sub(db: Reader, user: User) -> bool:
    """Whether the username is somebody else's sub, by which that user is found too."""
    if user.username == user.sub or not users.looks_like_sub(user.username):
        return False
    return await stored_users.get_by_sub(db, user.user_pool_id, user.username.lower()) is not None


def allows_passwordless(user_pool: UserPool) -> bool:
    """Whether users may do without a password (DOC: when a one-time password is an allowed first factor)."""
    return not {"EMAIL_OTP", "SMS_OTP"}.isdisjoint(first_factors.allowed(user_pool.settings.Policies))
