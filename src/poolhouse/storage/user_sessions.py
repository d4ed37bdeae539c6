"""SQL for the account of sessions. Whether one lives, the rows of its tokens and of its cookie say."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class UserSessionRow(msgspec.Struct, frozen=True):
    """session_hash: None for a session of tokens, whose origin_jti is not empty.  Times in epoch ms."""

    user_pool_id: str
    session_id: str
    sub: str
    client_id: str
    origin_jti: str
    session_hash: bytes | None
    origin_session_id: str
    device: str
    ip: str
    created_at: int
    active_at: int
    expires_at: int


_FIELDS = UserSessionRow.__struct_fields__
_COLUMNS, _JOINED = ", ".join(_FIELDS), ", ".join(f"s.{name}" for name in _FIELDS)
# Living: of tokens that were not revoked, or of a cookie that is still there, each of the user's epoch.
_LIVING = (
    f"SELECT {_JOINED} FROM user_sessions s "
    "JOIN users u ON u.user_pool_id = s.user_pool_id AND u.sub = s.sub "
    "LEFT JOIN refresh_tokens r ON r.user_pool_id = s.user_pool_id AND r.origin_jti = s.origin_jti "
    "AND r.revoked_at IS NULL AND r.token_epoch = u.token_epoch "
    "LEFT JOIN sso_sessions b ON b.user_pool_id = s.user_pool_id AND b.session_hash = s.session_hash "
    "AND b.browser_epoch = u.browser_epoch "
    "WHERE s.user_pool_id = $1 AND s.sub = $2 AND s.expires_at > $3 "
    "AND (r.origin_jti IS NOT NULL OR b.session_hash IS NOT NULL)"
)


async def insert(tx: Transaction, row: UserSessionRow) -> None:
    await tx.execute(
        f"INSERT INTO user_sessions ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        *msgspec.structs.astuple(row),
    )


async def list_living(db: Reader, user_pool_id: str, sub: str, now_ms: int, limit: int) -> Sequence[UserSessionRow]:
    """The ones that were active last, first."""
    rows = await db.all(f"{_LIVING} ORDER BY s.active_at DESC, s.session_id LIMIT $4", user_pool_id, sub, now_ms, limit)
    return [UserSessionRow(*row) for row in rows]


async def list_living_of_tokens(db: Reader, user_pool_id: str, sub: str, now_ms: int) -> Sequence[UserSessionRow]:
    """The one that was active longest ago, first."""
    rows = await db.all(
        f"{_LIVING} AND s.origin_jti <> '' ORDER BY s.active_at, s.session_id", user_pool_id, sub, now_ms
    )
    return [UserSessionRow(*row) for row in rows]


async def get(db: Reader, user_pool_id: str, sub: str, session_id: str) -> UserSessionRow | None:
    """If it is this user's."""
    row = await db.one(
        f"SELECT {_COLUMNS} FROM user_sessions WHERE user_pool_id = $1 AND session_id = $2 AND sub = $3",
        user_pool_id,
        session_id,
        sub,
    )
    return None if row is None else UserSessionRow(*row)


async def find_by_cookie(db: Reader, user_pool_id: str, session_hash: bytes) -> str:
    """The id of the browser's session; empty when there is no account of it."""
    row = await db.one(
        "SELECT session_id FROM user_sessions WHERE user_pool_id = $1 AND session_hash = $2", user_pool_id, session_hash
    )
    return "" if row is None else row[0]


async def find_by_tokens(db: Reader, user_pool_id: str, origin_jti: str) -> UserSessionRow | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM user_sessions WHERE user_pool_id = $1 AND origin_jti = $2", user_pool_id, origin_jti
    )
    return None if row is None else UserSessionRow(*row)


async def list_of_browser(db: Reader, user_pool_id: str, session_id: str) -> Sequence[UserSessionRow]:
    """The sessions of tokens that came through it."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM user_sessions WHERE user_pool_id = $1 AND origin_session_id = $2",
        user_pool_id,
        session_id,
    )
    return [UserSessionRow(*row) for row in rows]


async def touch(  # noqa: PLR0913  what is known of the newest activity
    tx: Transaction, user_pool_id: str, origin_jti: str, device: str, ip: str, now_ms: int
) -> None:
    """Of the tokens with this origin_jti. A browser is active where its cookie is used."""
    await tx.execute(
        "UPDATE user_sessions SET device = $3, ip = $4, active_at = $5 WHERE user_pool_id = $1 AND origin_jti = $2",
        user_pool_id,
        origin_jti,
        device,
        ip,
        now_ms,
    )


async def delete(tx: Transaction, user_pool_id: str, session_id: str) -> bool:
    """False when there is none."""
    deleted = await tx.execute(
        "DELETE FROM user_sessions WHERE user_pool_id = $1 AND session_id = $2", user_pool_id, session_id
    )
    return deleted == 1
