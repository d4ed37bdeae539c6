"""SQL for what pools and clients want of threat protection."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import shapes

POOL = ""  # the client_id of what a pool wants for all its clients


async def list_for_pool(db: Reader, user_pool_id: str) -> dict[str, shapes.RiskConfigurationType]:
    """client_id, or POOL → what was set for it."""
    rows = await db.all("SELECT client_id, settings FROM risk_configurations WHERE user_pool_id = $1", user_pool_id)
    return {row[0]: msgspec.json.decode(row[1], type=shapes.RiskConfigurationType) for row in rows}


async def put(tx: Transaction, user_pool_id: str, client_id: str, settings: shapes.RiskConfigurationType) -> None:
    await tx.execute(
        "INSERT INTO risk_configurations (user_pool_id, client_id, settings) VALUES ($1, $2, $3) "
        "ON CONFLICT (user_pool_id, client_id) DO UPDATE SET settings = $3",
        user_pool_id,
        client_id,
        msgspec.json.encode(settings).decode(),
    )


async def delete(tx: Transaction, user_pool_id: str, client_id: str) -> None:
    await tx.execute(
        "DELETE FROM risk_configurations WHERE user_pool_id = $1 AND client_id = $2", user_pool_id, client_id
    )
