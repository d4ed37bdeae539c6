"""SQL for the outbox: sealed messages that wait for a gateway, each taken by one process at a time."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class OutboxRow(msgspec.Struct, frozen=True):
    """subject: the user's sub, or a stand-in for nobody.  message: sealed JSON.  attempts: with the one under way.

    due_at: epoch ms of the machine's clock; None: given up.  holder: the process that has it until then, or empty.
    expires_at: epoch ms.  failure: why the last attempt was none; empty before the first.
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
    failure: str = ""


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
        f"INSERT INTO outbox_messages ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        row.user_pool_id,
        row.message_id,
        row.subject,
        row.topic,
        row.message,
        row.attempts,
        row.due_at,
        row.holder,
        row.expires_at,
        row.failure,
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


async def put_off(tx: Transaction, row: OutboxRow, due_at: int | None, failure: str) -> None:
    """Let it wait, unless another process has it by now. None: for ever."""
    await tx.execute(
        "UPDATE outbox_messages SET due_at = $4, holder = '', failure = $5 "
        "WHERE user_pool_id = $1 AND message_id = $2 AND holder = $3",
        row.user_pool_id,
        row.message_id,
        row.holder,
        due_at,
        failure,
    )


async def hand_back(tx: Transaction, holder: str, machine_ms: int) -> int:
    """Let others take what a process has and will not send; how many that were."""
    return await tx.execute(
        "UPDATE outbox_messages SET due_at = $2, holder = '' WHERE holder = $1 AND due_at > $2", holder, machine_ms
    )


# -- what an operator sees and does


async def list_waiting(db: Reader, now_ms: int, limit: int, begins: str = "") -> list[OutboxRow]:
    """What is still worth something, the latest first. begins: of the message_id."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM outbox_messages WHERE expires_at > $1 AND substr(message_id, 1, $2) = $3 "
        "ORDER BY expires_at DESC, message_id LIMIT $4",
        now_ms,
        len(begins),
        begins,
        limit,
    )
    return [OutboxRow(*row) for row in rows]


async def retry(tx: Transaction, message_id: str | None, now_ms: int, machine_ms: int) -> int:
    """Let a message, or all (None), be taken at once, also one that was given up; its attempts begin anew. How many.

    What a process is sending just now is left.
    """
    return await tx.execute(
        "UPDATE outbox_messages SET due_at = $1, holder = '', attempts = 0 WHERE expires_at > $2 "
        "AND (due_at IS NULL OR holder = '' OR due_at <= $1) AND (message_id = $3 OR $4 = 1)",
        machine_ms,
        now_ms,
        message_id or "",
        int(message_id is None),
    )
