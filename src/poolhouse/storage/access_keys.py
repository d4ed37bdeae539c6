"""Queries of access_keys: the AWS-style credentials of this server, which belong to no pool."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction

COLUMNS = "access_key_id, secret, description, created_at"


class AccessKeyRow(msgspec.Struct, frozen=True):
    """secret: sealed.  created_at: epoch milliseconds."""

    access_key_id: str
    secret: bytes
    description: str
    created_at: int


def _from_row(row: Row) -> AccessKeyRow:
    return AccessKeyRow(row[0], bytes(row[1]), row[2], row[3])


async def get(db: Reader, access_key_id: str) -> AccessKeyRow | None:
    row = await db.one(f"SELECT {COLUMNS} FROM access_keys WHERE access_key_id = $1", access_key_id)
    return None if row is None else _from_row(row)


async def list_all(db: Reader) -> Sequence[AccessKeyRow]:
    """All of them, oldest first: there are a handful."""
    rows = await db.all(f"SELECT {COLUMNS} FROM access_keys ORDER BY created_at, access_key_id")
    return [_from_row(row) for row in rows]


async def insert(tx: Transaction, key: AccessKeyRow) -> None:
    await tx.execute(
        f"INSERT INTO access_keys ({COLUMNS}) VALUES ($1, $2, $3, $4)",
        key.access_key_id,
        key.secret,
        key.description,
        key.created_at,
    )


async def update_secret(tx: Transaction, access_key_id: str, secret: bytes) -> int:
    """Replace the sealed secret, when it is sealed anew under another master key."""
    return await tx.execute("UPDATE access_keys SET secret = $2 WHERE access_key_id = $1", access_key_id, secret)


async def delete(tx: Transaction, access_key_id: str) -> int:
    return await tx.execute("DELETE FROM access_keys WHERE access_key_id = $1", access_key_id)
