"""SQL for resource servers."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import shapes


def _decode(settings: str) -> shapes.ResourceServerType:
    return msgspec.json.decode(settings, type=shapes.ResourceServerType)


async def get(db: Reader, user_pool_id: str, identifier: str) -> shapes.ResourceServerType | None:
    row = await db.one(
        "SELECT settings FROM resource_servers WHERE user_pool_id = $1 AND identifier = $2", user_pool_id, identifier
    )
    return None if row is None else _decode(row[0])


async def list_for_pool(db: Reader, user_pool_id: str) -> Sequence[shapes.ResourceServerType]:
    rows = await db.all(
        "SELECT settings FROM resource_servers WHERE user_pool_id = $1 ORDER BY identifier", user_pool_id
    )
    return [_decode(row[0]) for row in rows]


async def list_page(db: Reader, user_pool_id: str, after: str, limit: int) -> Sequence[shapes.ResourceServerType]:
    """Resource servers by identifier, those after the identifier `after`."""
    rows = await db.all(
        "SELECT settings FROM resource_servers WHERE user_pool_id = $1 AND identifier > $2 ORDER BY identifier LIMIT $3",
        user_pool_id,
        after,
        limit,
    )
    return [_decode(row[0]) for row in rows]


async def insert(tx: Transaction, user_pool_id: str, identifier: str, settings: shapes.ResourceServerType) -> bool:
    """False when the identifier is taken."""
    return (
        await tx.execute(
            "INSERT INTO resource_servers (user_pool_id, identifier, settings) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            user_pool_id,
            identifier,
            msgspec.json.encode(settings).decode(),
        )
        == 1
    )


async def update(tx: Transaction, user_pool_id: str, identifier: str, settings: shapes.ResourceServerType) -> bool:
    """False when there is no such resource server."""
    return (
        await tx.execute(
            "UPDATE resource_servers SET settings = $3 WHERE user_pool_id = $1 AND identifier = $2",
            user_pool_id,
            identifier,
            msgspec.json.encode(settings).decode(),
        )
        == 1
    )


async def delete(tx: Transaction, user_pool_id: str, identifier: str) -> bool:
    """False when there is no such resource server."""
    return (
        await tx.execute(
            "DELETE FROM resource_servers WHERE user_pool_id = $1 AND identifier = $2", user_pool_id, identifier
        )
        == 1
    )
