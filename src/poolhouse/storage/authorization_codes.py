"""SQL for authorization codes: kept as hashes, consumed by one atomic `take`."""

from poolhouse.storage.engine import Reader, Transaction


async def insert(tx: Transaction, user_pool_id: str, code_hash: bytes, grant_data: str, expires_at: int) -> None:
    await tx.execute(
        "INSERT INTO authorization_codes (user_pool_id, code_hash, grant_data, expires_at) VALUES ($1, $2, $3, $4)",
        user_pool_id,
        code_hash,
        grant_data,
        expires_at,
    )


async def get(db: Reader, user_pool_id: str, code_hash: bytes) -> tuple[str, int] | None:
    """(grant data, expires_at in epoch ms), without consuming the code."""
    row = await db.one(
        "SELECT grant_data, expires_at FROM authorization_codes WHERE user_pool_id = $1 AND code_hash = $2",
        user_pool_id,
        code_hash,
    )
    return None if row is None else (row[0], row[1])


async def take(tx: Transaction, user_pool_id: str, code_hash: bytes) -> bool:
    """Consume the code: True for exactly one caller."""
    removed = await tx.execute(
        "DELETE FROM authorization_codes WHERE user_pool_id = $1 AND code_hash = $2", user_pool_id, code_hash
    )
    return removed == 1
