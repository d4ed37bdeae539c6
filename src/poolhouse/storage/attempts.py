"""SQL for counted attempts: failed passwords and hourly quotas, for known and unknown names alike."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class Attempts(msgspec.Struct, frozen=True):
    """Times in epoch ms."""

    count: int
    last_at: int
    expires_at: int


async def get(db: Reader, user_pool_id: str, username: str, kind: str) -> Attempts | None:
    row = await db.one(
        "SELECT count, last_at, expires_at FROM attempts WHERE user_pool_id = $1 AND username = $2 AND kind = $3",
        user_pool_id,
        username,
        kind,
    )
    return None if row is None else Attempts(*row)


async def count(  # noqa: PLR0913  a key and two times
    tx: Transaction, user_pool_id: str, username: str, kind: str, now_ms: int, expires_at: int
) -> int:
    """Count one attempt of a fixed window; a window that has expired begins anew. Returns the number in the window."""
    row = await tx.one(
        "INSERT INTO attempts (user_pool_id, username, kind, count, since, last_at, expires_at) "
        "VALUES ($1, $2, $3, 1, $4, $4, $5) ON CONFLICT (user_pool_id, username, kind) DO UPDATE SET "
        "count = CASE WHEN attempts.expires_at <= $4 THEN 1 ELSE attempts.count + 1 END, "
        "since = CASE WHEN attempts.expires_at <= $4 THEN $4 ELSE attempts.since END, "
        "last_at = $4, "
        "expires_at = CASE WHEN attempts.expires_at <= $4 THEN $5 ELSE attempts.expires_at END "
        "RETURNING count",
        user_pool_id,
        username,
        kind,
        now_ms,
        expires_at,
    )
    return 1 if row is None else row[0]


async def count_failure(  # noqa: PLR0913  a key and two times
    tx: Transaction, user_pool_id: str, username: str, kind: str, now_ms: int, expires_at: int
) -> int:
    """As `count`, but every attempt prolongs the window: it ends when nothing has happened for its length."""
    row = await tx.one(
        "INSERT INTO attempts (user_pool_id, username, kind, count, since, last_at, expires_at) "
        "VALUES ($1, $2, $3, 1, $4, $4, $5) ON CONFLICT (user_pool_id, username, kind) DO UPDATE SET "
        "count = CASE WHEN attempts.expires_at <= $4 THEN 1 ELSE attempts.count + 1 END, "
        "since = CASE WHEN attempts.expires_at <= $4 THEN $4 ELSE attempts.since END, "
        "last_at = $4, expires_at = $5 "
        "RETURNING count",
        user_pool_id,
        username,
        kind,
        now_ms,
        expires_at,
    )
    return 1 if row is None else row[0]


async def delete_all(tx: Transaction, user_pool_id: str, username: str) -> None:
    await tx.execute("DELETE FROM attempts WHERE user_pool_id = $1 AND username = $2", user_pool_id, username)


async def delete(tx: Transaction, user_pool_id: str, username: str, kind: str) -> None:
    await tx.execute(
        "DELETE FROM attempts WHERE user_pool_id = $1 AND username = $2 AND kind = $3", user_pool_id, username, kind
    )
