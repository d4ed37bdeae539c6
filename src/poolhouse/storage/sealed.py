"""SQL that walks over sealed columns, so that their secrets can be sealed anew. It never opens one."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction

BATCH_ROWS = 500
MARK_BYTES = 5  # crypto/seal.py: version and key of a sealed value


class SealedColumn(msgspec.Struct, frozen=True):
    """One column of sealed values. key: the primary key."""

    table: str
    key: tuple[str, ...]
    column: str


# Every sealed column of the schema; a test compares it with the migrations.
COLUMNS = (
    SealedColumn("access_keys", ("access_key_id",), "secret"),
    SealedColumn("user_pools", ("user_pool_id",), "pool_key"),
    SealedColumn("pool_keys", ("user_pool_id", "key_id"), "pool_key"),
    SealedColumn("signing_keys", ("user_pool_id", "kid"), "private_key"),
    SealedColumn("user_pool_client_secrets", ("user_pool_id", "client_id", "secret_id"), "secret"),
    SealedColumn("users", ("user_pool_id", "username"), "password"),
    SealedColumn("inbox_messages", ("user_pool_id", "message_id"), "message"),
)


async def list_after(db: Reader, sealed: SealedColumn, after: Sequence[str]) -> Sequence[Row]:
    """The next rows in key order: the key's values, then the sealed value. after: the last key, or () to begin."""
    key = ", ".join(sealed.key)
    place = f"AND ({key}) > ({', '.join(f'${n}' for n in range(1, len(after) + 1))})" if after else ""
    return await db.all(
        f"SELECT {key}, {sealed.column} FROM {sealed.table} WHERE {sealed.column} IS NOT NULL {place} "
        f"ORDER BY {key} LIMIT {BATCH_ROWS}",
        *after,
    )


async def list_marks(db: Reader, sealed: SealedColumn) -> Sequence[Row]:
    """The first bytes of the column's values, each once: which keys sealed them."""
    return await db.all(
        f"SELECT DISTINCT substr({sealed.column}, 1, {MARK_BYTES}) FROM {sealed.table} "
        f"WHERE {sealed.column} IS NOT NULL"
    )


async def replace(tx: Transaction, sealed: SealedColumn, key: Sequence[str], old: bytes, new: bytes) -> int:
    """Put `new` where `old` still is; 0 when somebody has changed the row meanwhile, with a key of their own."""
    where = " AND ".join(f"{name} = ${number}" for number, name in enumerate(sealed.key, 3))
    return await tx.execute(
        f"UPDATE {sealed.table} SET {sealed.column} = $1 WHERE {sealed.column} = $2 AND {where}", new, old, *key
    )
