"""Values that may be used once: challenge sessions, SRP secret blocks. Only the fact that one was used is stored."""

from poolhouse.storage.engine import Transaction


async def take(tx: Transaction, user_pool_id: str, value_hash: bytes, expires_at_ms: int) -> bool:
    """True for exactly one caller. `expires_at_ms`: when the value would be refused anyway, so the row may go."""
    sql = "INSERT INTO spent (user_pool_id, value_hash, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
    return await tx.execute(sql, user_pool_id, value_hash, expires_at_ms) == 1
