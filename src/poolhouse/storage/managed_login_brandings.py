"""SQL for the styles of managed login: one per app client."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import shapes


class BrandingRow(msgspec.Struct, frozen=True):
    client_id: str
    settings: shapes.ManagedLoginBrandingType


async def _one(db: Reader, column: str, user_pool_id: str, value: str) -> BrandingRow | None:
    row = await db.one(
        f"SELECT client_id, settings FROM managed_login_brandings WHERE user_pool_id = $1 AND {column} = $2",
        user_pool_id,
        value,
    )
    return (
        None if row is None else BrandingRow(row[0], msgspec.json.decode(row[1], type=shapes.ManagedLoginBrandingType))
    )


async def get(db: Reader, user_pool_id: str, branding_id: str) -> BrandingRow | None:
    return await _one(db, "branding_id", user_pool_id, branding_id)


async def get_by_client(db: Reader, user_pool_id: str, client_id: str) -> BrandingRow | None:
    return await _one(db, "client_id", user_pool_id, client_id)


async def count(db: Reader, user_pool_id: str) -> int:
    row = await db.one("SELECT COUNT(*) FROM managed_login_brandings WHERE user_pool_id = $1", user_pool_id)
    return 0 if row is None else row[0]


async def insert(tx: Transaction, user_pool_id: str, branding_id: str, row: BrandingRow) -> bool:
    """False when the client has one already."""
    inserted = await tx.execute(
        "INSERT INTO managed_login_brandings (user_pool_id, branding_id, client_id, settings) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT DO NOTHING",
        user_pool_id,
        branding_id,
        row.client_id,
        msgspec.json.encode(row.settings).decode(),
    )
    return inserted == 1


async def update(
    tx: Transaction, user_pool_id: str, branding_id: str, settings: shapes.ManagedLoginBrandingType
) -> bool:
    """False when there is none."""
    updated = await tx.execute(
        "UPDATE managed_login_brandings SET settings = $3 WHERE user_pool_id = $1 AND branding_id = $2",
        user_pool_id,
        branding_id,
        msgspec.json.encode(settings).decode(),
    )
    return updated == 1


async def delete(tx: Transaction, user_pool_id: str, branding_id: str) -> bool:
    """False when there is none."""
    deleted = await tx.execute(
        "DELETE FROM managed_login_brandings WHERE user_pool_id = $1 AND branding_id = $2", user_pool_id, branding_id
    )
    return deleted == 1


async def delete_for_client(tx: Transaction, user_pool_id: str, client_id: str) -> None:
    await tx.execute(
        "DELETE FROM managed_login_brandings WHERE user_pool_id = $1 AND client_id = $2", user_pool_id, client_id
    )
