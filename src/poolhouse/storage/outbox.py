"""SQL for the outbox: sealed messages that wait for a gateway, each taken by one process at a time."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class OutboxRow(msgspec.Struct, frozen=True):
    """subject: the user's sub, or a stand-in for nobody.  message: sealed JSON.  attempts: with the one under way.

    due_at: epoch ms of the machine's clock; None: given up.  holder: the process that has it until then, or empty.
    expires_at: epoch ms.
    """

    user_pool_id: str
    message_id: str
    subject: str
    topic: str
    message: bytes
    attempts: int
    due_at: int | None
    holder: str
    expires_at: int


_COLUMNS = ", ".join(OutboxRow.__struct_fields__)


async def put(tx: Transaction, row: OutboxRow) -> None:
    """In place of what waits for the same person about the same: a code that no longer works need not arrive."""
    await tx.execute(
        "DELETE FROM outbox_messages WHERE user_pool_id = $1 AND subject = $2 AND topic = $3",
        row.user_pool_id,
        row.subject,
        row.topic,
    )
    await tx.execute(
        f"INSERT INTO outbox_messages ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        row.user_pool_id,
        row.message_id,
        row.subject,
        row.topic,
        row.message,
        row.attempts,
        row.due_at,
        row.holder,
        row.expires_at,
    )


async def is_due(db: Reader, machine_ms: int) -> bool:
    """Whether there is a message to take."""
    return await db.one("SELECT 1 FROM outbox_messages WHERE due_at <= $1 LIMIT 1", machine_ms) is not None


async def take(  # noqa: PLR0913  who takes how many until when
    tx: Transaction, holder: str, machine_ms: int, until: int, now_ms: int, limit: int
) -> list[OutboxRow]:
    """The messages that are due the longest, which nobody else gets until then. now_ms: for what has expired."""
    rows = await tx.all(
        "WITH due AS MATERIALIZED (SELECT user_pool_id, message_id FROM outbox_messages "
        "WHERE due_at <= $1 AND expires_at > $2 ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) "
        "UPDATE outbox_messages SET due_at = $4, holder = $5, attempts = attempts + 1 "
        f"WHERE (user_pool_id, message_id) IN (SELECT user_pool_id, message_id FROM due) RETURNING {_COLUMNS}",
        machine_ms,
        now_ms,
        limit,
        until,
        holder,
    )
    return [OutboxRow(*row) for row in rows]


async def delete(tx: Transaction, row: OutboxRow) -> None:
    """Once it was accepted, whoever has it now."""
    await tx.execute(
        "DELETE FROM outbox_messages WHERE user_pool_id = $1 AND message_id = $2", row.user_pool_id, row.message_id
    )


async def put_off(tx: Transaction, row: OutboxRow, due_at: int | None) -> None:
    """Let it wait, unless another process has it by now. None: for ever."""
    await tx.execute(
        "UPDATE outbox_messages SET due_at = $4, holder = '' WHERE user_pool_id = $1 AND message_id = $2 AND holder = $3",
        row.user_pool_id,
        row.message_id,
        row.holder,
        due_at,
    )


async def hand_back(tx: Transaction, holder: str, machine_ms: int) -> int:
    """Let others take what a process has and will not send; how many that were."""
    return await tx.execute(
        "UPDATE outbox_messages SET due_at = $2, holder = '' WHERE holder = $1 AND due_at > $2", holder, machine_ms
    )
