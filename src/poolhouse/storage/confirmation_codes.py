"""SQL for confirmation codes: at most one per subject and purpose, stored as HMAC, gone when used."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.users import JOINED_USER_COLUMNS, USER_WIDTH, User, from_row


class ConfirmationCodeRow(msgspec.Struct, frozen=True):
    """subject: the user's sub, or what stands for a name that nobody has.  attribute: what it was sent to.

    purpose: sign_up, forgot_password, attribute:email, attribute:phone_number.  expires_at: epoch ms.
    """

    user_pool_id: str
    subject: str
    purpose: str
    code_hash: bytes
    attribute: str
    expires_at: int


_COLUMNS = ", ".join(ConfirmationCodeRow.__struct_fields__)
_GET_WITH_USER = (
    f"SELECT {JOINED_USER_COLUMNS}, {', '.join(f'c.{name}' for name in ConfirmationCodeRow.__struct_fields__)} "
    "FROM confirmation_codes c LEFT JOIN users u ON u.user_pool_id = c.user_pool_id AND u.sub = c.subject "
    "WHERE c.user_pool_id = $1 AND c.subject = $2 AND c.purpose = $3 AND c.expires_at > $4"
)
_INSERT = f"INSERT INTO confirmation_codes ({_COLUMNS}) "
_REPLACE = (
    " ON CONFLICT (user_pool_id, subject, purpose) DO UPDATE SET "
    "code_hash = excluded.code_hash, attribute = excluded.attribute, expires_at = excluded.expires_at"
)
_PUT = (
    f"{_INSERT}SELECT $1, $2, $3, $4, $5, $6 FROM users WHERE users.user_pool_id = $1 AND users.sub = $2 FOR SHARE"
    f"{_REPLACE}"
)
_PUT_FOR_NOBODY = f"{_INSERT}VALUES ($1, $2, $3, $4, $5, $6){_REPLACE}"


async def put(tx: Transaction, row: ConfirmationCodeRow) -> bool:
    """The code of a user, in place of an earlier one of the same purpose. False when the user is gone."""
    return await tx.execute(_PUT, *msgspec.structs.astuple(row)) == 1


async def put_for_nobody(tx: Transaction, row: ConfirmationCodeRow) -> bool:
    """As `put`, for a name that no user has; always True."""
    return await tx.execute(_PUT_FOR_NOBODY, *msgspec.structs.astuple(row)) == 1


async def get_with_user(
    db: Reader, user_pool_id: str, subject: str, purpose: str, now_ms: int
) -> tuple[ConfirmationCodeRow, User | None] | None:
    """The code that has not expired, without consuming it, and the user whose it is; None for that of nobody."""
    row = await db.one(_GET_WITH_USER, user_pool_id, subject, purpose, now_ms)
    if row is None:
        return None
    return ConfirmationCodeRow(*row[USER_WIDTH:]), None if row[0] is None else from_row(row)


async def take(tx: Transaction, row: ConfirmationCodeRow) -> bool:
    """Consume exactly this code: True for exactly one caller."""
    removed = await tx.execute(
        "DELETE FROM confirmation_codes WHERE user_pool_id = $1 AND subject = $2 AND purpose = $3 AND code_hash = $4",
        row.user_pool_id,
        row.subject,
        row.purpose,
        row.code_hash,
    )
    return removed == 1


async def delete(tx: Transaction, user_pool_id: str, subject: str, purpose: str) -> None:
    await tx.execute(
        "DELETE FROM confirmation_codes WHERE user_pool_id = $1 AND subject = $2 AND purpose = $3",
        user_pool_id,
        subject,
        purpose,
    )


async def delete_sent_to(tx: Transaction, user_pool_id: str, subject: str, attribute: str) -> None:
    """Codes that went to a value of this attribute; they prove nothing about another value."""
    await tx.execute(
        "DELETE FROM confirmation_codes WHERE user_pool_id = $1 AND subject = $2 AND attribute = $3",
        user_pool_id,
        subject,
        attribute,
    )
