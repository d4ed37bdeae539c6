"""SQL for the local inbox: sealed messages, found by recipient or as the newest of all."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class InboxRow(msgspec.Struct, frozen=True):
    """message_id: sorts by time.  message: sealed JSON.  expires_at: epoch ms."""

    user_pool_id: str
    message_id: str
    recipient: str
    message: bytes
    expires_at: int


_COLUMNS = ", ".join(InboxRow.__struct_fields__)


async def insert(tx: Transaction, row: InboxRow) -> None:
    await tx.execute(
        f"INSERT INTO inbox_messages ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5)",
        row.user_pool_id,
        row.message_id,
        row.recipient,
        row.message,
        row.expires_at,
    )


async def delete(tx: Transaction, recipient: str | None) -> int:
    """Every message, or those of one recipient; how many rows that were."""
    if recipient is None:
        return await tx.execute("DELETE FROM inbox_messages")
    return await tx.execute("DELETE FROM inbox_messages WHERE recipient = $1", recipient)


async def list_for_recipient(db: Reader, recipient: str, now_ms: int, limit: int) -> list[InboxRow]:
    """Newest first."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM inbox_messages WHERE recipient = $1 AND expires_at > $2 "
        "ORDER BY message_id DESC LIMIT $3",
        recipient,
        now_ms,
        limit,
    )
    return [InboxRow(*row) for row in rows]


async def list_newest(db: Reader, now_ms: int, limit: int) -> list[InboxRow]:
    """Newest first, over all pools. By expiry, since that index exists and every message lives equally long."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM inbox_messages WHERE expires_at > $1 ORDER BY expires_at DESC, message_id DESC LIMIT $2",
        now_ms,
        limit,
    )
    return [InboxRow(*row) for row in rows]
