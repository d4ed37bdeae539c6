"""SQL for user pools: the row of a pool, its pages, and what is left when it is deleted."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage import tables
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.tables import Table
from poolhouse.wire import shapes


class UserPoolRow(msgspec.Struct, frozen=True):
    """mfa: the part of the MFA configuration that has no member in UserPoolType.  pool_key: sealed.

    created_at: epoch ms; tells two pools of one id from each other.
    """

    settings: shapes.UserPoolType
    mfa: shapes.GetUserPoolMfaConfigResponse
    pool_key: bytes
    generation: int
    created_at: int


def _encode(settings: shapes.Shape) -> str:
    return msgspec.json.encode(settings).decode()


async def totals(db: Reader) -> tuple[int, int]:
    """How many pools and users there are."""
    row = await db.one(
        "SELECT (SELECT COUNT(*) FROM user_pools), (SELECT CAST(COALESCE(SUM(users), 0) AS BIGINT) FROM user_counts)"
    )
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


async def get(db: Reader, user_pool_id: str) -> UserPoolRow | None:
    row = await db.one(
        "SELECT settings, mfa_settings, pool_key, generation, created_at FROM user_pools WHERE user_pool_id = $1",
        user_pool_id,
    )
    if row is None:
        return None
    return UserPoolRow(
        msgspec.json.decode(row[0], type=shapes.UserPoolType),
        msgspec.json.decode(row[1], type=shapes.GetUserPoolMfaConfigResponse),
        row[2],
        row[3],
        row[4],
    )


async def created_at(db: Reader, user_pool_id: str) -> int | None:
    """When the pool that has this id now was made; None: there is none."""
    row = await db.one("SELECT created_at FROM user_pools WHERE user_pool_id = $1", user_pool_id)
    return None if row is None else int(row[0])


async def oldest(db: Reader) -> str | None:
    """The id of the pool that was created first."""
    row = await db.one("SELECT user_pool_id FROM user_pools ORDER BY created_at, user_pool_id LIMIT 1")
    return None if row is None else str(row[0])


async def list_page(db: Reader, after: str, limit: int) -> Sequence[shapes.UserPoolType]:
    """Pools by id, those after the id `after`."""
    rows = await db.all(
        "SELECT settings FROM user_pools WHERE user_pool_id > $1 ORDER BY user_pool_id LIMIT $2", after, limit
    )
    return [msgspec.json.decode(row[0], type=shapes.UserPoolType) for row in rows]


async def insert(
    tx: Transaction, user_pool_id: str, settings: shapes.UserPoolType, pool_key: bytes, created_at: int
) -> bool:
    """False when the id is taken.

    Its generation begins with the server's, which every change moves, deletion too: it is one that no pool of this id had
    before. With a fixed beginning, a worker could take its snapshot of a deleted pool for that of the pool made anew.
    """
    return (
        await tx.execute(
            "INSERT INTO user_pools (user_pool_id, settings, pool_key, generation, created_at) VALUES "
            "($1, $2, $3, (SELECT value FROM server_state WHERE name = 'generation'), $4) ON CONFLICT DO NOTHING",
            user_pool_id,
            _encode(settings),
            pool_key,
            created_at,
        )
        == 1
    )


async def update(tx: Transaction, user_pool_id: str, settings: shapes.UserPoolType) -> None:
    await tx.execute("UPDATE user_pools SET settings = $2 WHERE user_pool_id = $1", user_pool_id, _encode(settings))


async def update_mfa(tx: Transaction, user_pool_id: str, mfa: shapes.GetUserPoolMfaConfigResponse) -> None:
    await tx.execute("UPDATE user_pools SET mfa_settings = $2 WHERE user_pool_id = $1", user_pool_id, _encode(mfa))


async def delete(tx: Transaction, user_pool_id: str) -> None:
    """Delete the pool and its configuration; what its users left goes with `delete_runtime_rows`."""
    for table in tables.CONFIGURATION:
        await tx.execute(f"DELETE FROM {table.name} WHERE user_pool_id = $1", user_pool_id)


async def delete_runtime_rows(tx: Transaction, user_pool_id: str, table: Table, limit: int) -> int:
    """Delete at most `limit` rows of one of tables.RUNTIME; how many were deleted."""
    key = ", ".join(table.key)
    return await tx.execute(
        f"DELETE FROM {table.name} WHERE user_pool_id = $1 AND ({key}) IN "
        f"(SELECT {key} FROM {table.name} WHERE user_pool_id = $1 LIMIT $2)",
        user_pool_id,
        limit,
    )
