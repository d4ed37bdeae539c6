"""SQL for the keys that a pool's own tokens are sealed under, once the first of them was rotated."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class PoolKeyRow(msgspec.Struct, frozen=True):
    """pool_key: sealed.  seals_from, expires_at: epoch ms; None while the key has no successor."""

    user_pool_id: str
    key_id: str
    pool_key: bytes
    seals_from: int
    expires_at: int | None = None


async def list_for_pool(db: Reader, user_pool_id: str) -> Sequence[PoolKeyRow]:
    """Every key of the pool, the newest first; none before the first rotation."""
    rows = await db.all(
        "SELECT user_pool_id, key_id, pool_key, seals_from, expires_at FROM pool_keys "
        "WHERE user_pool_id = $1 ORDER BY seals_from DESC, key_id",
        user_pool_id,
    )
    return [PoolKeyRow(*row) for row in rows]


async def insert(tx: Transaction, row: PoolKeyRow) -> None:
    await tx.execute(
        "INSERT INTO pool_keys (user_pool_id, key_id, pool_key, seals_from, expires_at) VALUES ($1, $2, $3, $4, $5)",
        *msgspec.structs.astuple(row),
    )


async def retire(tx: Transaction, user_pool_id: str, expires_at: int) -> None:
    """Say when the key without a successor goes; it gets one in the same write."""
    await tx.execute(
        "UPDATE pool_keys SET expires_at = $2 WHERE user_pool_id = $1 AND expires_at IS NULL", user_pool_id, expires_at
    )


async def delete_all(tx: Transaction, user_pool_id: str) -> None:
    await tx.execute("DELETE FROM pool_keys WHERE user_pool_id = $1", user_pool_id)
