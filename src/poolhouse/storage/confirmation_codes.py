"""SQL for confirmation codes: at most one per user and purpose, stored as HMAC, gone when used."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class ConfirmationCodeRow(msgspec.Struct, frozen=True):
    """purpose: sign_up, forgot_password, attribute:email, attribute:phone_number.  attribute: what it was sent to.

    expires_at: epoch ms.
    """

    user_pool_id: str
    username: str
    purpose: str
    code_hash: bytes
    attribute: str
    expires_at: int


async def put(tx: Transaction, row: ConfirmationCodeRow) -> None:
    """Insert; the code replaces an earlier one of the same purpose."""
    await tx.execute(
        "INSERT INTO confirmation_codes (user_pool_id, username, purpose, code_hash, attribute, expires_at) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_pool_id, username, purpose) DO UPDATE SET "
        "code_hash = excluded.code_hash, attribute = excluded.attribute, expires_at = excluded.expires_at",
        row.user_pool_id,
        row.username,
        row.purpose,
        row.code_hash,
        row.attribute,
        row.expires_at,
    )


async def take(  # noqa: PLR0913  a key, a proof and a time
    tx: Transaction, user_pool_id: str, username: str, purpose: str, code_hash: bytes, now_ms: int
) -> ConfirmationCodeRow | None:
    """Remove and return the code when it is the right one and has not expired; once."""
    row = await tx.one(
        "DELETE FROM confirmation_codes WHERE user_pool_id = $1 AND username = $2 AND purpose = $3 "
        "AND code_hash = $4 AND expires_at > $5 "
        "RETURNING user_pool_id, username, purpose, code_hash, attribute, expires_at",
        user_pool_id,
        username,
        purpose,
        code_hash,
        now_ms,
    )
    return None if row is None else ConfirmationCodeRow(*row)


async def is_outstanding(db: Reader, user_pool_id: str, username: str, purpose: str, now_ms: int) -> bool:
    row = await db.one(
        "SELECT 1 FROM confirmation_codes WHERE user_pool_id = $1 AND username = $2 AND purpose = $3 AND expires_at > $4",
        user_pool_id,
        username,
        purpose,
        now_ms,
    )
    return row is not None


async def delete(tx: Transaction, user_pool_id: str, username: str, purpose: str) -> None:
    await tx.execute(
        "DELETE FROM confirmation_codes WHERE user_pool_id = $1 AND username = $2 AND purpose = $3",
        user_pool_id,
        username,
        purpose,
    )


async def delete_sent_to(tx: Transaction, user_pool_id: str, username: str, attribute: str) -> None:
    """Codes that went to a value of this attribute; they prove nothing about another value."""
    await tx.execute(
        "DELETE FROM confirmation_codes WHERE user_pool_id = $1 AND username = $2 AND attribute = $3",
        user_pool_id,
        username,
        attribute,
    )


async def delete_all(tx: Transaction, user_pool_id: str, username: str) -> None:
    await tx.execute("DELETE FROM confirmation_codes WHERE user_pool_id = $1 AND username = $2", user_pool_id, username)
