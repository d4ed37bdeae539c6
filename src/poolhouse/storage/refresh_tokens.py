"""SQL for refresh tokens: one row per sign-in, found by `origin_jti`; a rotation replaces its hash."""

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction
from poolhouse.storage.users import JOINED_USER_COLUMNS, USER_WIDTH, User, from_row


class RefreshTokenRow(msgspec.Struct, frozen=True):
    """Times in epoch ms, but auth_time in epoch seconds. prune_at: when the last access token of the row has expired."""

    user_pool_id: str
    origin_jti: str
    username: str
    client_id: str
    token_hash: bytes
    scope: str
    auth_time: int
    source: str
    resource: str
    created_at: int
    expires_at: int
    prune_at: int
    previous_token_hash: bytes | None = None
    rotated_at: int | None = None
    revoked_at: int | None = None


_COLUMNS = ", ".join(RefreshTokenRow.__struct_fields__)
_JOINED = ", ".join(f"r.{name}" for name in RefreshTokenRow.__struct_fields__)

_INSERT = (
    f"INSERT INTO refresh_tokens ({_COLUMNS}) "
    f"VALUES ({', '.join(f'${n}' for n in range(1, len(RefreshTokenRow.__struct_fields__) + 1))})"
)
_GET_WITH_USER = (
    f"SELECT {JOINED_USER_COLUMNS}, {_JOINED} FROM refresh_tokens r "
    "JOIN users u ON u.user_pool_id = r.user_pool_id AND u.username = r.username "
    "WHERE r.user_pool_id = $1 AND r.origin_jti = $2"
)
_USER_AND_REVOCATION = (
    f"SELECT {JOINED_USER_COLUMNS}, r.origin_jti, r.revoked_at FROM users u "
    "LEFT JOIN refresh_tokens r ON r.user_pool_id = u.user_pool_id AND r.origin_jti = $3 AND r.username = u.username "
    "WHERE u.user_pool_id = $1 AND u.username = $2"
)


async def insert(tx: Transaction, row: RefreshTokenRow) -> None:
    await tx.execute(_INSERT, *msgspec.structs.astuple(row))


async def get_with_user(db: Reader, user_pool_id: str, origin_jti: str) -> tuple[User, RefreshTokenRow] | None:
    row = await db.one(_GET_WITH_USER, user_pool_id, origin_jti)
    return None if row is None else (from_row(row), RefreshTokenRow(*row[USER_WIDTH:]))


async def get_user_and_liveness(
    db: Reader, user_pool_id: str, username: str, origin_jti: str
) -> tuple[User, bool] | None:
    """The user of an access token, and whether the sign-in behind it is known and not revoked."""
    row: Row | None = await db.one(_USER_AND_REVOCATION, user_pool_id, username, origin_jti)
    if row is None:
        return None
    return from_row(row), row[USER_WIDTH] is not None and row[USER_WIDTH + 1] is None


async def rotate(tx: Transaction, row: RefreshTokenRow, token_hash: bytes, now_ms: int) -> bool:
    """Replace the hash; False when somebody else did it first or the row was revoked."""
    changed = await tx.execute(
        "UPDATE refresh_tokens SET token_hash = $1, previous_token_hash = $2, rotated_at = $3 "
        "WHERE user_pool_id = $4 AND origin_jti = $5 AND token_hash = $2 AND revoked_at IS NULL",
        token_hash,
        row.token_hash,
        now_ms,
        row.user_pool_id,
        row.origin_jti,
    )
    return changed == 1


async def revoke(tx: Transaction, user_pool_id: str, origin_jti: str, now_ms: int) -> bool:
    changed = await tx.execute(
        "UPDATE refresh_tokens SET revoked_at = $1 WHERE user_pool_id = $2 AND origin_jti = $3 AND revoked_at IS NULL",
        now_ms,
        user_pool_id,
        origin_jti,
    )
    return changed == 1


async def revoke_all(tx: Transaction, user_pool_id: str, username: str, now_ms: int) -> int:
    """Revoke every sign-in of a user; returns how many were live."""
    return await tx.execute(
        "UPDATE refresh_tokens SET revoked_at = $1 WHERE user_pool_id = $2 AND username = $3 AND revoked_at IS NULL",
        now_ms,
        user_pool_id,
        username,
    )


async def delete_all(tx: Transaction, user_pool_id: str, username: str) -> int:
    return await tx.execute(
        "DELETE FROM refresh_tokens WHERE user_pool_id = $1 AND username = $2", user_pool_id, username
    )
