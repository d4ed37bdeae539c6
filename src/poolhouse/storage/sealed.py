"""SQL that walks over sealed columns, so that their secrets can be sealed anew. It never opens one."""

from collections.abc import Sequence

from poolhouse.storage.engine import Reader, Row, Transaction
from poolhouse.storage.tables import Table

BATCH_ROWS = 500
MARK_BYTES = 5  # crypto/seal.py: version and key of a sealed value


async def list_after(db: Reader, table: Table, after: Sequence[str]) -> Sequence[Row]:
    """The next rows in key order: the key's values, then the sealed value. after: the last key, or () to begin."""
    key = ", ".join(table.whole_key)
    place = f"AND ({key}) > ({', '.join(f'${n}' for n in range(1, len(after) + 1))})" if after else ""
    return await db.all(
        f"SELECT {key}, {table.sealed} FROM {table.name} WHERE {table.sealed} IS NOT NULL {place} "
        f"ORDER BY {key} LIMIT {BATCH_ROWS}",
        *after,
    )


async def list_marks(db: Reader, table: Table) -> Sequence[Row]:
    """The first bytes of the column's values, each once: which keys sealed them."""
    return await db.all(
        f"SELECT DISTINCT substr({table.sealed}, 1, {MARK_BYTES}) FROM {table.name} WHERE {table.sealed} IS NOT NULL"
    )


async def replace(tx: Transaction, table: Table, key: Sequence[str], old: bytes, new: bytes) -> int:
    """Put `new` where `old` still is; 0 when somebody has changed the row meanwhile, with a key of their own."""
    where = " AND ".join(f"{name} = ${number}" for number, name in enumerate(table.whole_key, 3))
    return await tx.execute(
        f"UPDATE {table.name} SET {table.sealed} = $1 WHERE {table.sealed} = $2 AND {where}", new, old, *key
    )
