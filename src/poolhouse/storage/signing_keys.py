"""SQL for the RSA keys that sign a pool's tokens."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class SigningKeyRow(msgspec.Struct, frozen=True):
    """private_key: sealed PKCS#8.  Times: epoch ms; signs_until and expires_at are None while the key has no successor."""

    user_pool_id: str
    kid: str
    token_use: str
    private_key: bytes
    public_jwk: str
    created_at: int
    signs_from: int
    signs_until: int | None = None
    expires_at: int | None = None


_COLUMNS = ", ".join(SigningKeyRow.__struct_fields__)


async def list_for_pool(db: Reader, user_pool_id: str) -> Sequence[SigningKeyRow]:
    """Every key of the pool, the ID token's key first, then by age."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM signing_keys "
        "WHERE user_pool_id = $1 ORDER BY CASE token_use WHEN 'id' THEN 0 ELSE 1 END, created_at, kid",
        user_pool_id,
    )
    return [SigningKeyRow(*row) for row in rows]


async def insert(tx: Transaction, row: SigningKeyRow) -> None:
    await tx.execute(
        f"INSERT INTO signing_keys ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *msgspec.structs.astuple(row),
    )


async def retire(tx: Transaction, user_pool_id: str, signs_until: int, expires_at: int) -> None:
    """Say when the keys without a successor stop to sign and when they go; they get one in the same write."""
    await tx.execute(
        "UPDATE signing_keys SET signs_until = $2, expires_at = $3 WHERE user_pool_id = $1 AND signs_until IS NULL",
        user_pool_id,
        signs_until,
        expires_at,
    )


async def delete_all(tx: Transaction, user_pool_id: str) -> int:
    """How many there were."""
    return await tx.execute("DELETE FROM signing_keys WHERE user_pool_id = $1", user_pool_id)
