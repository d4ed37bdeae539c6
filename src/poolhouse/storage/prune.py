"""Removes expired rows in small batches, each a short write of its own, so that nobody waits long behind them."""

from poolhouse.storage import tables
from poolhouse.storage.engine import Transaction, Write
from poolhouse.storage.tables import Table

BATCH_ROWS = 500  # Some 5 ms of the one writer that SQLite has.


def _statement(table: Table) -> str:
    key = ", ".join(table.whole_key)
    expired = f"SELECT {key} FROM {table.name} WHERE {table.expiry} <= $1 ORDER BY {table.expiry} LIMIT {BATCH_ROWS}"
    return f"DELETE FROM {table.name} WHERE ({key}) IN ({expired})"


_STATEMENTS = {table.name: _statement(table) for table in tables.EXPIRING}


async def prune(write: Write, now_ms: int) -> int:
    """Delete what has expired at `now_ms`; returns how many rows."""
    total = 0
    for statement in _STATEMENTS.values():

        async def batch(tx: Transaction, statement: str = statement) -> int:
            return await tx.execute(statement, now_ms)

        while True:
            count = await write(batch)
            total += count
            if count < BATCH_ROWS:
                break
    return total
