"""SQL for how long browser sessions of a pool's clients last, and whether sessions are kept account of."""

from collections.abc import Mapping

from poolhouse.storage.engine import Reader, Transaction


async def list_for_pool(db: Reader, user_pool_id: str) -> Mapping[str, str]:
    """Client id, empty for the pool's own → settings as JSON."""
    rows = await db.all("SELECT client_id, settings FROM session_configurations WHERE user_pool_id = $1", user_pool_id)
    return {row[0]: row[1] for row in rows}


async def put(tx: Transaction, user_pool_id: str, client_id: str, settings: str) -> None:
    await tx.execute(
        "INSERT INTO session_configurations (user_pool_id, client_id, settings) VALUES ($1, $2, $3) "
        "ON CONFLICT (user_pool_id, client_id) DO UPDATE SET settings = excluded.settings",
        user_pool_id,
        client_id,
        settings,
    )


async def delete_for_client(tx: Transaction, user_pool_id: str, client_id: str) -> None:
    await tx.execute(
        "DELETE FROM session_configurations WHERE user_pool_id = $1 AND client_id = $2", user_pool_id, client_id
    )
