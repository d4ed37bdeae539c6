"""Takes the events that wait to the audit log."""

import asyncio

from poolhouse.delivery import audit_log
from poolhouse.storage import events
from poolhouse.storage.engine import Database

AT_ONCE = 500  # Lines of one append and one write.


async def write_log(db: Database, target: str) -> None:
    """Until nothing waits. Killed between the file and the database it writes some lines again; each has an id."""
    while waiting := await events.list_oldest(db, AT_ONCE):
        await asyncio.to_thread(audit_log.append, target, [line for _, line in waiting])
        written = [event_id for event_id, _ in waiting]
        await db.write(lambda tx, written=written: events.delete(tx, written))  # type: ignore[misc]
