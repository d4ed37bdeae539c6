"""SQL for events that wait to be written to the audit log."""

from collections.abc import Sequence

from poolhouse.storage.engine import Reader, Transaction


async def put(tx: Transaction, event_id: str, line: str) -> None:
    await tx.execute("INSERT INTO outbox_events (event_id, line) VALUES ($1, $2)", event_id, line)


async def is_any(db: Reader) -> bool:
    return await db.one("SELECT 1 FROM outbox_events LIMIT 1") is not None


async def list_oldest(db: Reader, limit: int) -> list[tuple[str, str]]:
    """(event_id, line), in the order of the ids, which begin with the time."""
    rows = await db.all("SELECT event_id, line FROM outbox_events ORDER BY event_id LIMIT $1", limit)
    return [(row[0], row[1]) for row in rows]


async def delete(tx: Transaction, event_ids: Sequence[str]) -> None:
    """Once they are written. One by one: a later read may find an event that is older."""
    for event_id in event_ids:
        await tx.execute("DELETE FROM outbox_events WHERE event_id = $1", event_id)
