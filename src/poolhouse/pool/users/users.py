"""Finding, writing and deleting users, with all that follows from a user: aliases, search rows, counts."""

from typing import Final

from msgspec.structs import replace

from poolhouse.pool import events, texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.users import user_search
from poolhouse.storage import aliases, attempts, confirmation_codes, tables
from poolhouse.storage import user_pools as stored_user_pools
from poolhouse.storage import users as stored
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_UUID_LENGTH: Final = 36


class AliasTaken(Exception):
    """Somebody else has this alias. Raised inside a write, so that it rolls back; each operation has its own answer."""

    def __init__(self, alias: str) -> None:
        super().__init__(alias)
        self.alias = alias


# -- finding


async def find(call: PoolCall, username: str) -> User | None:
    """The user of a username, a sub or an alias, as somebody typed it."""
    name = call.user_pool.fold(username)
    found = await _find(call, name)
    if username.isascii() or (older := call.user_pool.fold_uncomposed(username)) == name:
        return found
    # Whose name was stored as it was typed is the one who is meant by exactly that.
    return await _find(call, older) or found


async def _find(call: PoolCall, name: str) -> User | None:
    sub, by = name.lower() if looks_like_sub(name) else "", _possible_aliases(call.user_pool, name)
    if not sub and not by:
        return await stored.get(call.db, call.user_pool.id, name)
    return await stored.find(call.db, call.user_pool.id, name, sub, by)


def looks_like_sub(name: str) -> bool:
    return len(name) == _UUID_LENGTH and name.count("-") == 4


def _possible_aliases(user_pool: UserPool, name: str) -> list[str]:
    allowed = user_pool.username_attributes | user_pool.alias_attributes
    looks_like = "email" if "@" in name else "phone_number" if name.startswith("+") else ""
    return [alias for alias in (looks_like, "preferred_username") if alias in allowed]


async def require(call: PoolCall, username: str) -> User:
    """As `find`. Raises UserNotFoundException."""
    user = await find(call, username)
    if user is None:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    return user


async def require_declared(call: PoolCall, username: str) -> User:
    """As `require`, where no UserNotFoundException is declared. Raises ResourceNotFoundException (GUESS)."""
    user = await find(call, username)
    if user is None:
        raise errors.ResourceNotFoundException(texts.USER_DOES_NOT_EXIST)
    return user


async def reload(db: Reader, user: User) -> User:
    """The user as of now, inside a write. Raises UserNotFoundException when it is gone, even if the name lives on."""
    current = await stored.get_by_sub(db, user.user_pool_id, user.sub)
    if current is None:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    return current


# -- writing


async def insert(tx: Transaction, call: PoolCall, user: User, *, steals_aliases: bool = False) -> bool:
    """Insert a user with all that follows from them. False when the username is taken.

    Raises AliasTaken, and ResourceNotFoundException when the pool was deleted meanwhile, also if another one has its id.
    """
    user_pool = call.user_pool
    if not await stored.insert(tx, user, user_pool.created_at):
        if await stored_user_pools.created_at(tx, user_pool.id) != user_pool.created_at:
            raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, user_pool.id)
        return False
    if _reserves_usernames(user_pool):
        await _claim(tx, call, user.username, "preferred_username", user.username, steals=False)
    for alias, value in aliases_of(user_pool, user).items():
        await _claim(tx, call, user.username, alias, value, steals=steals_aliases)
    await aliases.insert_search(tx, user.user_pool_id, user.username, user_search.rows(user))
    await stored.change_count(tx, user.user_pool_id, user.username, 1)
    await call.record(tx, events.UserCreated(**events.whose(user), status=user.status))
    return True


async def update(tx: Transaction, call: PoolCall, before: User, after: User, *, steals_aliases: bool = False) -> None:
    """Write a changed user and what follows from them. before: as read in this write. Raises AliasTaken."""
    user_pool = call.user_pool
    await _store(tx, call, before, after)
    for attribute in ("email", "phone_number"):
        if _destination(before, attribute) != _destination(after, attribute):
            await confirmation_codes.delete_sent_to(tx, user_pool.id, after.sub, attribute)
    if before.attributes == after.attributes and before.status == after.status:
        return
    had, has = aliases_of(user_pool, before), aliases_of(user_pool, after)
    for alias, value in had.items():
        if has.get(alias) != value:
            for stored_value in {value, user_pool.fold_uncomposed(before.attributes[alias])}:
                await aliases.delete(tx, user_pool.id, alias, stored_value, after.username)
    for alias, value in has.items():
        if had.get(alias) != value:
            await _claim(tx, call, after.username, alias, value, steals=steals_aliases)
    searched, searchable = user_search.rows(before), user_search.rows(after)
    for attribute, value in searched - searchable:
        await aliases.delete_search(tx, user_pool.id, after.username, attribute, value)
    await aliases.insert_search(tx, user_pool.id, after.username, searchable - searched)


async def _store(tx: Transaction, call: Call, before: User, after: User) -> None:
    await stored.update(tx, after)
    if call.is_recorded:
        await call.record(tx, *events.of_change(before, after))


def _destination(user: User, attribute: str) -> tuple[str | None, str | None]:
    """Where codes of the attribute went. They are bound to the address; without this they would only be refused by another text."""
    return user.attributes.get(attribute), user.pending_attributes.get(attribute)


def aliases_of(user_pool: UserPool, user: User) -> dict[str, str]:
    """What the user may sign in with besides the username, folded (user-pools-api.md §3.2 UsernameAttributes, AliasAttributes)."""
    found = {}
    for alias in user_pool.username_attributes | user_pool.alias_attributes:
        value = user.attributes.get(alias)
        if value and (alias in user_pool.username_attributes or _is_active(alias, user)):
            found[alias] = user_pool.fold(value)
    if found.get("preferred_username") == user.username:
        del found["preferred_username"]  # it is reserved with the username
    return found


def _is_active(alias: str, user: User) -> bool:
    if alias == "preferred_username":
        return user.status != "UNCONFIRMED"
    return user.attributes.get(f"{alias}_verified") == "true"


async def _claim(  # noqa: PLR0913  who, what, how
    tx: Transaction, call: PoolCall, username: str, alias: str, value: str, *, steals: bool
) -> None:
    user_pool = call.user_pool
    if alias == "preferred_username":
        await _check_not_username(tx, user_pool, username, value)
    if await aliases.insert(tx, user_pool.id, alias, value, username):
        return
    owner = await aliases.get_owner(tx, user_pool.id, alias, value)
    if not steals or owner is None or alias not in user_pool.alias_attributes or alias == "preferred_username":
        raise AliasTaken(alias)
    # ForceAliasCreation: the alias moves, the old owner keeps the attribute, no longer verified (DOC).
    await aliases.delete(tx, user_pool.id, alias, value, owner)
    loser = await stored.get(tx, user_pool.id, owner)
    if loser is not None:
        attributes = {**loser.attributes, f"{alias}_verified": "false"}
        await _store(tx, call, loser, replace(loser, attributes=attributes))
    if not await aliases.insert(tx, user_pool.id, alias, value, username):
        raise AliasTaken(alias)


def _reserves_usernames(user_pool: UserPool) -> bool:
    """Where preferred_username signs in, usernames and preferred usernames are one name space: each username takes a row of
    it, so that two writes cannot give one name to two users."""
    return "preferred_username" in user_pool.alias_attributes


async def _check_not_username(tx: Transaction, user_pool: UserPool, username: str, value: str) -> None:
    """Users from before 0.2 have no row that reserves their username. Raises AliasTaken."""
    if value != username and await stored.get(tx, user_pool.id, value) is not None:
        raise AliasTaken("preferred_username")


async def delete_rows(tx: Transaction, user: User) -> bool:
    """Delete a user and everything of the user's. False when somebody did it first; the write has to be undone then."""
    await attempts.delete_all(tx, user.user_pool_id, user.username)
    if not await stored.delete(tx, user.user_pool_id, user.sub):
        return False
    await tables.delete_of_username(tx, user.user_pool_id, user.username)
    await tables.delete_of_user(tx, user.user_pool_id, user.sub)
    await stored.change_count(tx, user.user_pool_id, user.username, -1)
    return True


# -- what operations do to a whole user


async def delete(call: Call, user: User) -> None:
    """Delete a user with everything of the user's. Raises UserNotFoundException when somebody did it first."""

    async def work(tx: Transaction) -> None:
        if not await delete_rows(tx, user):
            raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
        await call.record(tx, events.UserDeleted(**events.whose(user)))

    async def sweep(tx: Transaction) -> None:
        await tables.delete_of_user(tx, user.user_pool_id, user.sub)

    await call.write(work)
    # On PostgreSQL a write that held the user when the deletion began may have left a row that the deletion did not see.
    # It is dead, since its sub is nobody's; no later write can add another.
    await call.write(sweep)


async def enable(call: Call, user: User) -> None:
    async def work(tx: Transaction) -> None:
        before = await reload(tx, user)
        await _store(tx, call, before, replace(before, is_enabled=True, updated_at=call.now_ms))

    await call.write(work)


async def disable(call: Call, user: User) -> None:
    """The user can no longer sign in; tokens and browser sessions end now (DOC)."""

    async def work(tx: Transaction) -> None:
        before = await reload(tx, user)
        after = replace(signed_out(call, before), is_enabled=False, browser_epoch=before.browser_epoch + 1)
        await _store(tx, call, before, replace(after, updated_at=call.now_ms))

    await call.write(work)


def signed_out(call: Call, user: User) -> User:
    """The user in a new epoch of tokens: those of before are revoked, also by writes that are on their way."""
    return replace(user, token_epoch=user.token_epoch + 1, signed_out_at=call.now_ms)
