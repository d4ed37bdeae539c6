"""SQL for users. Aliases and search rows, which follow from a user, have files of their own."""

from collections.abc import Sequence
from functools import cache
from typing import Literal
from zlib import crc32

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction

# No text sorts after it, in SQLite's BINARY and PostgreSQL's "C" collation alike (both compare UTF-8 bytes).
LAST_CHARACTER = "\U0010ffff"

# Spread so that parallel sign-ups of one pool rarely meet on a row: 16 slots cost 20 % of them a second attempt on PostgreSQL, 64 cost 6 %.
COUNT_SLOTS = 64


class Mfa(msgspec.Struct, frozen=True, omit_defaults=True):
    """The second factors of a user, by the words of UserMFASettingList.

    preferred: one of enabled, or empty.  has_software_token: whether an authenticator app has given its first code.
    software_token_name: FriendlyDeviceName.  passkeys: how many the user has.
    """

    enabled: tuple[str, ...] = ()
    preferred: str = ""
    has_software_token: bool = False
    software_token_name: str = ""
    passkeys: int = 0


NO_MFA = Mfa()


class User(msgspec.Struct, frozen=True):
    """One user as stored. Times in epoch ms.

    username: immutable; lower case where the pool ignores case.  attributes: all but sub.
    pending_attributes: values that wait for VerifyUserAttribute.  password: sealed record; None: has no password.
    signed_out_at: tokens without `origin_jti` issued before this are revoked.
    token_epoch, browser_epoch: the sign-ins and the browser sessions of an earlier epoch are over.
    """

    user_pool_id: str
    username: str
    sub: str
    status: str
    is_enabled: bool
    attributes: dict[str, str]
    pending_attributes: dict[str, str]
    password: bytes | None
    password_expires_at: int | None
    signed_out_at: int
    created_at: int
    updated_at: int
    token_epoch: int = 0
    browser_epoch: int = 0
    mfa: Mfa = NO_MFA


# In the order of the members of User, for `from_row`.
USER_COLUMNS = (
    "user_pool_id, username, sub, status, is_enabled, attributes, pending_attributes, "
    "password, password_expires_at, signed_out_at, created_at, updated_at, token_epoch, browser_epoch, mfa"
)
# For queries that join `users u`; whatever else they select comes after these USER_WIDTH values.
JOINED_USER_COLUMNS = ", ".join(f"u.{name}" for name in USER_COLUMNS.split(", "))
USER_WIDTH = len(USER_COLUMNS.split(", "))

_decode = msgspec.json.Decoder(dict[str, str]).decode
_decode_mfa = msgspec.json.Decoder(Mfa).decode
_encoder = msgspec.json.Encoder()


def from_row(row: Row) -> User:
    """A user from the first USER_WIDTH values of a row, selected by USER_COLUMNS or JOINED_USER_COLUMNS."""
    return User(
        row[0],
        row[1],
        row[2],
        row[3],
        row[4] == 1,
        _decode(row[5]),
        {} if row[6] == "{}" else _decode(row[6]),
        row[7],
        row[8],
        row[9],
        row[10],
        row[11],
        row[12],
        row[13],
        NO_MFA if row[14] == "{}" else _decode_mfa(row[14]),
    )


def _text(value: dict[str, str] | Mfa) -> str:
    return _encoder.encode(value).decode()


async def get(db: Reader, user_pool_id: str, username: str) -> User | None:
    row = await db.one(
        f"SELECT {USER_COLUMNS} FROM users WHERE user_pool_id = $1 AND username = $2", user_pool_id, username
    )
    return None if row is None else from_row(row)


async def take_turn(tx: Transaction, user_pool_id: str, sub: str) -> None:
    """Let writes for this user come one after the other; to be called before anything of the user is read in them."""
    await tx.execute("UPDATE users SET sub = sub WHERE user_pool_id = $1 AND sub = $2", user_pool_id, sub)


async def get_by_sub(db: Reader, user_pool_id: str, sub: str) -> User | None:
    row = await db.one(f"SELECT {USER_COLUMNS} FROM users WHERE user_pool_id = $1 AND sub = $2", user_pool_id, sub)
    return None if row is None else from_row(row)


async def find(db: Reader, user_pool_id: str, name: str, sub: str, aliases: Sequence[str]) -> User | None:
    """By username, else by sub ("": not looked for), else by the first of these aliases whose value is `name`.

    name: folded as the pool says.  One query whatever is found, so that its time does not tell a stranger from a user.
    """
    rows = await db.all(_find(bool(sub), len(aliases)), user_pool_id, name, *((sub,) if sub else ()), *aliases)
    return from_row(min(rows, key=lambda row: row[USER_WIDTH])) if rows else None


@cache
def _find(with_sub: bool, aliases: int) -> str:
    ways = [f"SELECT {JOINED_USER_COLUMNS}, 0 FROM users u WHERE u.user_pool_id = $1 AND u.username = $2"]
    if with_sub:
        ways.append(f"SELECT {JOINED_USER_COLUMNS}, 1 FROM users u WHERE u.user_pool_id = $1 AND u.sub = $3")
    ways += [
        f"SELECT {JOINED_USER_COLUMNS}, {2 + number} FROM user_aliases a "
        "JOIN users u ON u.user_pool_id = a.user_pool_id AND u.username = a.username "
        f"WHERE a.user_pool_id = $1 AND a.alias = ${3 + with_sub + number} AND a.value = $2"
        for number in range(aliases)
    ]
    return " UNION ALL ".join(ways)


_INSERT = (
    f"INSERT INTO users ({USER_COLUMNS}) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 "
    "FROM user_pools WHERE user_pools.user_pool_id = $1 AND user_pools.created_at = $16 ON CONFLICT DO NOTHING"
)


async def insert(tx: Transaction, user: User, pool_created_at: int) -> bool:
    """False when the username is taken, or the pool is not the one that was made then (user_pools.created_at)."""
    inserted = await tx.execute(
        _INSERT,
        user.user_pool_id,
        user.username,
        user.sub,
        user.status,
        int(user.is_enabled),
        _text(user.attributes),
        _text(user.pending_attributes),
        user.password,
        user.password_expires_at,
        user.signed_out_at,
        user.created_at,
        user.updated_at,
        user.token_epoch,
        user.browser_epoch,
        _text(user.mfa),
        pool_created_at,
    )
    return inserted == 1


async def update(tx: Transaction, user: User) -> bool:
    """Write everything that can change. False when the user is gone."""
    updated = await tx.execute(
        "UPDATE users SET status = $3, is_enabled = $4, attributes = $5, pending_attributes = $6, password = $7, "
        "password_expires_at = $8, signed_out_at = $9, updated_at = $10, token_epoch = $11, browser_epoch = $12, mfa = $13 "
        "WHERE user_pool_id = $1 AND sub = $2",
        user.user_pool_id,
        user.sub,
        user.status,
        int(user.is_enabled),
        _text(user.attributes),
        _text(user.pending_attributes),
        user.password,
        user.password_expires_at,
        user.signed_out_at,
        user.updated_at,
        user.token_epoch,
        user.browser_epoch,
        _text(user.mfa),
    )
    return updated == 1


async def delete(tx: Transaction, user_pool_id: str, sub: str) -> bool:
    """False when there is no such user. What belongs to the user is deleted by the files of the other tables."""
    deleted = await tx.execute("DELETE FROM users WHERE user_pool_id = $1 AND sub = $2", user_pool_id, sub)
    return deleted == 1


# The end of `INSERT INTO ... SELECT ...`: stores only for a user who is still as looked at when the sign-in was decided, and
# keeps the user so until the write ends. Its parameters are the first ones, from `standing`; checking inside the insert saves
# a round trip.
WHILE_STANDING = (
    "FROM users WHERE user_pool_id = $1 AND sub = $2 AND status = $3 AND token_epoch = $4 AND browser_epoch = $5 "
    "AND mfa = $6 AND is_enabled = 1 FOR SHARE"
)


def standing(user: User) -> tuple[str, str, str, int, int, str]:
    """$1 to $6 of WHILE_STANDING."""
    mfa = "{}" if user.mfa is NO_MFA else _text(user.mfa)
    return user.user_pool_id, user.sub, user.status, user.token_epoch, user.browser_epoch, mfa


async def change_count(tx: Transaction, user_pool_id: str, username: str, change: int) -> None:
    """Add 1 or -1 to the number of users, in the transaction that inserts or deletes the user."""
    await tx.execute(
        "INSERT INTO user_counts (user_pool_id, slot, users) VALUES ($1, $2, $3) "
        "ON CONFLICT (user_pool_id, slot) DO UPDATE SET users = user_counts.users + $3",
        user_pool_id,
        crc32(username.encode()) % COUNT_SLOTS,
        change,
    )


_INSERT_COUNTS = (
    "INSERT INTO user_counts (user_pool_id, slot, users) VALUES "
    + ", ".join(f"($1, {slot}, 0)" for slot in range(COUNT_SLOTS))
    + " ON CONFLICT DO NOTHING"
)


async def insert_counts(tx: Transaction, user_pool_id: str) -> None:
    """Every counter of a pool whose id another one may have had, in the write that makes it.

    On PostgreSQL the insertion of a user of the earlier pool, on its way in a snapshot that still has it, meets this write on
    one of these rows: the second of the two begins anew and sees what the first left. No lock is needed for that.
    """
    await tx.execute(_INSERT_COUNTS, user_pool_id)


async def count(db: Reader, user_pool_id: str) -> int:
    """The number of users; costs at most COUNT_SLOTS rows."""
    row = await db.one(
        "SELECT CAST(COALESCE(SUM(users), 0) AS BIGINT) FROM user_counts WHERE user_pool_id = $1", user_pool_id
    )
    return 0 if row is None else row[0]


# -- pages of ListUsers; every one walks an index from a key, so that its cost does not grow with the pool


async def list_page(db: Reader, user_pool_id: str, prefix: str, after: str, limit: int) -> list[User]:
    """Usernames that begin with `prefix` ("" for all) and come after `after` ("" at first), ascending."""
    return await _list_range(db, "username", user_pool_id, prefix, after, limit)


async def list_page_by_sub(db: Reader, user_pool_id: str, prefix: str, after: str, limit: int) -> list[User]:
    return await _list_range(db, "sub", user_pool_id, prefix, after, limit)


async def _list_range(  # noqa: PLR0913  the key of an index
    db: Reader, column: Literal["username", "sub"], user_pool_id: str, prefix: str, after: str, limit: int
) -> list[User]:
    # One lower bound only: with two of them SQLite may seek to the lower one and walk all earlier pages again.
    rows = await db.all(
        f"SELECT {USER_COLUMNS} FROM users WHERE user_pool_id = $1 AND {column} {'>' if after else '>='} $2 "
        f"AND {column} < $3 ORDER BY {column} LIMIT $4",
        user_pool_id,
        after or prefix,
        prefix + LAST_CHARACTER,
        limit,
    )
    return [from_row(row) for row in rows]


async def list_page_by_status(db: Reader, user_pool_id: str, status: str, after: str, limit: int) -> list[User]:
    rows = await db.all(
        f"SELECT {USER_COLUMNS} FROM users WHERE user_pool_id = $1 AND status = $2 AND username > $3 "
        "ORDER BY username LIMIT $4",
        user_pool_id,
        status,
        after,
        limit,
    )
    return [from_row(row) for row in rows]


async def list_page_by_enabled(
    db: Reader, user_pool_id: str, *, is_enabled: bool, after: str, limit: int
) -> list[User]:
    rows = await db.all(
        f"SELECT {USER_COLUMNS} FROM users WHERE user_pool_id = $1 AND is_enabled = $2 AND username > $3 "
        "ORDER BY username LIMIT $4",
        user_pool_id,
        int(is_enabled),
        after,
        limit,
    )
    return [from_row(row) for row in rows]


async def list_page_by_attribute(  # noqa: PLR0913  the key of an index
    db: Reader, user_pool_id: str, attribute: str, value: str, after: str, limit: int
) -> list[User]:
    """Users whose attribute, folded, is exactly `value`; username after `after`, ascending."""
    rows = await db.all(
        f"SELECT {JOINED_USER_COLUMNS} FROM user_search s "
        "JOIN users u ON u.user_pool_id = s.user_pool_id AND u.username = s.username "
        "WHERE s.user_pool_id = $1 AND s.attribute = $2 AND s.value = $3 AND s.username > $4 "
        "ORDER BY s.username LIMIT $5",
        user_pool_id,
        attribute,
        value,
        after,
        limit,
    )
    return [from_row(row) for row in rows]


async def list_page_by_prefix(  # noqa: PLR0913  the key of an index
    db: Reader, user_pool_id: str, attribute: str, prefix: str, after: tuple[str, str] | None, limit: int
) -> list[tuple[str, User]]:
    """(folded value, user) of values that begin with `prefix`, after (value, username), ascending by both."""
    value, username = after or (prefix, "")  # no username is empty, so (prefix, "") comes before every match
    rows = await db.all(
        f"SELECT {JOINED_USER_COLUMNS}, s.value FROM user_search s "
        "JOIN users u ON u.user_pool_id = s.user_pool_id AND u.username = s.username "
        "WHERE s.user_pool_id = $1 AND s.attribute = $2 AND (s.value, s.username) > ($3, $4) AND s.value < $5 "
        "ORDER BY s.value, s.username LIMIT $6",
        user_pool_id,
        attribute,
        value,
        username,
        prefix + LAST_CHARACTER,
        limit,
    )
    return [(row[USER_WIDTH], from_row(row)) for row in rows]
