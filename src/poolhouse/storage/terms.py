"""SQL for the documents that people agree to: each kind once per app client."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction
from poolhouse.wire import shapes


def _decode(row: Row | None) -> shapes.TermsType | None:
    return None if row is None else msgspec.json.decode(row[0], type=shapes.TermsType)


async def get(db: Reader, user_pool_id: str, terms_id: str) -> shapes.TermsType | None:
    return _decode(
        await db.one("SELECT settings FROM terms WHERE user_pool_id = $1 AND terms_id = $2", user_pool_id, terms_id)
    )


async def get_by_client(db: Reader, user_pool_id: str, client_id: str, terms_name: str) -> shapes.TermsType | None:
    return _decode(
        await db.one(
            "SELECT settings FROM terms WHERE user_pool_id = $1 AND client_id = $2 AND terms_name = $3",
            user_pool_id,
            client_id,
            terms_name,
        )
    )


async def list_page(db: Reader, user_pool_id: str, after: str, limit: int) -> Sequence[shapes.TermsType]:
    """By id, those after the id `after`."""
    rows = await db.all(
        "SELECT settings FROM terms WHERE user_pool_id = $1 AND terms_id > $2 ORDER BY terms_id LIMIT $3",
        user_pool_id,
        after,
        limit,
    )
    return [msgspec.json.decode(row[0], type=shapes.TermsType) for row in rows]


async def count(db: Reader, user_pool_id: str) -> int:
    row = await db.one("SELECT COUNT(*) FROM terms WHERE user_pool_id = $1", user_pool_id)
    return 0 if row is None else row[0]


async def insert(tx: Transaction, made: shapes.TermsType) -> bool:
    """False when the client has such a document already."""
    inserted = await tx.execute(
        "INSERT INTO terms (user_pool_id, terms_id, client_id, terms_name, settings) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT DO NOTHING",
        made.UserPoolId,
        made.TermsId,
        made.ClientId,
        made.TermsName,
        msgspec.json.encode(made).decode(),
    )
    return inserted == 1


async def update(tx: Transaction, made: shapes.TermsType) -> bool:
    """False when the document is gone. Whether another one of the client has the name, `get_by_client` says in the same write."""
    updated = await tx.execute(
        "UPDATE terms SET terms_name = $3, settings = $4 WHERE user_pool_id = $1 AND terms_id = $2",
        made.UserPoolId,
        made.TermsId,
        made.TermsName,
        msgspec.json.encode(made).decode(),
    )
    return updated == 1


async def delete(tx: Transaction, user_pool_id: str, terms_id: str) -> bool:
    """False when there is none."""
    deleted = await tx.execute("DELETE FROM terms WHERE user_pool_id = $1 AND terms_id = $2", user_pool_id, terms_id)
    return deleted == 1


async def delete_for_client(tx: Transaction, user_pool_id: str, client_id: str) -> None:
    await tx.execute("DELETE FROM terms WHERE user_pool_id = $1 AND client_id = $2", user_pool_id, client_id)
