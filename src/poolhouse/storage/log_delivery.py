"""SQL for where pools want their logs, and for the lines that wait to be taken there."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import shapes


async def get(db: Reader, user_pool_id: str) -> shapes.LogDeliveryConfigurationType | None:
    row = await db.one("SELECT settings FROM log_delivery_configurations WHERE user_pool_id = $1", user_pool_id)
    return None if row is None else msgspec.json.decode(row[0], type=shapes.LogDeliveryConfigurationType)


async def put(tx: Transaction, user_pool_id: str, settings: shapes.LogDeliveryConfigurationType) -> None:
    await tx.execute(
        "INSERT INTO log_delivery_configurations (user_pool_id, settings) VALUES ($1, $2) "
        "ON CONFLICT (user_pool_id) DO UPDATE SET settings = $2",
        user_pool_id,
        msgspec.json.encode(settings).decode(),
    )


# -- lines on their way


class Line(msgspec.Struct, frozen=True):
    """destination: the ARN.  line: JSON.  expires_at: epoch ms."""

    user_pool_id: str
    log_id: str
    destination: str
    line: str
    expires_at: int


async def insert_line(tx: Transaction, line: Line) -> None:
    await tx.execute(
        "INSERT INTO outbox_logs (user_pool_id, log_id, destination, line, expires_at) VALUES ($1, $2, $3, $4, $5)",
        line.user_pool_id,
        line.log_id,
        line.destination,
        line.line,
        line.expires_at,
    )


async def is_any(db: Reader) -> bool:
    return await db.one("SELECT 1 FROM outbox_logs LIMIT 1") is not None


async def list_destinations(db: Reader) -> Sequence[str]:
    """Where lines wait to be taken to."""
    return [row[0] for row in await db.all("SELECT DISTINCT destination FROM outbox_logs")]


async def list_oldest(db: Reader, destination: str, limit: int) -> Sequence[Line]:
    """Of one destination, in the order of the ids, which begin with the time."""
    rows = await db.all(
        "SELECT user_pool_id, log_id, destination, line, expires_at FROM outbox_logs WHERE destination = $1 "
        "ORDER BY log_id LIMIT $2",
        destination,
        limit,
    )
    return [Line(*row) for row in rows]


async def delete_lines(tx: Transaction, lines: Sequence[Line]) -> None:
    """Once they were taken."""
    for line in lines:
        await tx.execute(
            "DELETE FROM outbox_logs WHERE user_pool_id = $1 AND log_id = $2", line.user_pool_id, line.log_id
        )
