"""SQL for refresh tokens: one row per sign-in, found by `origin_jti`; a rotation replaces its hash."""

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction
from poolhouse.storage.users import JOINED_USER_COLUMNS, USER_WIDTH, WHILE_STANDING, User, from_row, standing


class RefreshTokenRow(msgspec.Struct, frozen=True):
    """Times in epoch ms, but auth_time in epoch seconds. prune_at: when the last access token of the row has expired.

    token_epoch: of the user when the sign-in was made; it is over when the user's own has moved on.
    """

    user_pool_id: str
    sub: str
    token_epoch: int
    origin_jti: str
    client_id: str
    token_hash: bytes
    scope: str
    auth_time: int
    source: str
    resource: str
    created_at: int
    expires_at: int
    prune_at: int
    device_key: str = ""
    previous_token_hash: bytes | None = None
    rotated_at: int | None = None
    revoked_at: int | None = None


_JOINED = ", ".join(f"r.{name}" for name in RefreshTokenRow.__struct_fields__)

# $1, $2 and $4 are both the row's own and what the user is compared with.
_INSERT = (
    "INSERT INTO refresh_tokens (user_pool_id, sub, token_epoch, origin_jti, client_id, token_hash, scope, auth_time, source, "
    "resource, created_at, expires_at, prune_at, device_key) "
    f"SELECT $1, $2, $4, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17 {WHILE_STANDING} "
    "RETURNING EXISTS (SELECT 1 FROM user_group_members m WHERE m.user_pool_id = $1 AND m.sub = $2)"
)
_GET_WITH_USER = (
    f"SELECT {JOINED_USER_COLUMNS}, "
    "EXISTS (SELECT 1 FROM user_group_members m WHERE m.user_pool_id = r.user_pool_id AND m.sub = r.sub), "
    f"{_JOINED} FROM refresh_tokens r "
    "JOIN users u ON u.user_pool_id = r.user_pool_id AND u.sub = r.sub "
    "WHERE r.user_pool_id = $1 AND r.origin_jti = $2"
)
_USER_AND_REVOCATION = (
    f"SELECT {JOINED_USER_COLUMNS}, r.origin_jti, r.revoked_at FROM users u "
    "LEFT JOIN refresh_tokens r ON r.user_pool_id = u.user_pool_id AND r.origin_jti = $3 AND r.sub = u.sub "
    "AND r.token_epoch = u.token_epoch WHERE u.user_pool_id = $1 AND u.sub = $2"
)


async def insert(tx: Transaction, row: RefreshTokenRow, user: User) -> bool | None:
    """A new sign-in; whether its user is in any group. user: as looked at when it was decided; None when that is no longer true."""
    inserted = await tx.one(
        _INSERT,
        *standing(user),
        row.origin_jti,
        row.client_id,
        row.token_hash,
        row.scope,
        row.auth_time,
        row.source,
        row.resource,
        row.created_at,
        row.expires_at,
        row.prune_at,
        row.device_key,
    )
    return None if inserted is None else bool(inserted[0])


class Found(msgspec.Struct, frozen=True):
    """A sign-in and whose it is. is_member: whether the user is in any group."""

    user: User
    row: RefreshTokenRow
    is_member: bool


async def get(db: Reader, user_pool_id: str, origin_jti: str) -> Found | None:
    row = await db.one(_GET_WITH_USER, user_pool_id, origin_jti)
    return None if row is None else Found(from_row(row), RefreshTokenRow(*row[USER_WIDTH + 1 :]), bool(row[USER_WIDTH]))


async def get_user_and_liveness(db: Reader, user_pool_id: str, sub: str, origin_jti: str) -> tuple[User, bool] | None:
    """The user of an access token, and whether the sign-in behind it is known, of the user's epoch and not revoked."""
    row: Row | None = await db.one(_USER_AND_REVOCATION, user_pool_id, sub, origin_jti)
    if row is None:
        return None
    return from_row(row), row[USER_WIDTH] is not None and row[USER_WIDTH + 1] is None


async def last_expiry(db: Reader, user_pool_id: str) -> int:
    """When the last refresh token of the pool expires; 0 when it has none."""
    row = await db.one("SELECT MAX(expires_at) FROM refresh_tokens WHERE user_pool_id = $1", user_pool_id)
    return (row[0] or 0) if row else 0


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


async def move_on(tx: Transaction, user: User, origin_jti: str, token_epoch: int) -> None:
    """Take one living sign-in along into a new epoch, which ends the others. user: before that."""
    await tx.execute(
        "UPDATE refresh_tokens SET token_epoch = $1 WHERE user_pool_id = $2 AND origin_jti = $3 AND sub = $4 AND token_epoch = $5",
        token_epoch,
        user.user_pool_id,
        origin_jti,
        user.sub,
        user.token_epoch,
    )
