"""SQL for the RSA keys that sign a pool's tokens."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class SigningKeyRow(msgspec.Struct, frozen=True):
    """private_key: sealed PKCS#8. signs_until: epoch ms, None while the key signs."""

    user_pool_id: str
    kid: str
    token_use: str
    private_key: bytes
    public_jwk: str
    created_at: int
    signs_until: int | None = None


async def list_for_pool(db: Reader, user_pool_id: str) -> Sequence[SigningKeyRow]:
    """Every key of the pool, the ID token's key first, then by age."""
    rows = await db.all(
        "SELECT user_pool_id, kid, token_use, private_key, public_jwk, created_at, signs_until FROM signing_keys "
        "WHERE user_pool_id = $1 ORDER BY CASE token_use WHEN 'id' THEN 0 ELSE 1 END, created_at, kid",
        user_pool_id,
    )
    return [SigningKeyRow(*row) for row in rows]


async def insert(tx: Transaction, row: SigningKeyRow) -> None:
    await tx.execute(
        "INSERT INTO signing_keys (user_pool_id, kid, token_use, private_key, public_jwk, created_at, signs_until) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        *msgspec.structs.astuple(row),
    )
