"""SQL for the classic look of the pages."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import shapes


class UICustomizationRow(msgspec.Struct, frozen=True):
    """settings: without ImageUrl.  image_type: media type, or empty."""

    settings: shapes.UICustomizationType
    image: bytes | None
    image_type: str


async def get(db: Reader, user_pool_id: str, client_id: str) -> UICustomizationRow | None:
    row = await db.one(
        "SELECT settings, image, image_type FROM ui_customizations WHERE user_pool_id = $1 AND client_id = $2",
        user_pool_id,
        client_id,
    )
    if row is None:
        return None
    return UICustomizationRow(msgspec.json.decode(row[0], type=shapes.UICustomizationType), row[1], row[2])


async def put(tx: Transaction, user_pool_id: str, client_id: str, row: UICustomizationRow) -> None:
    """In place of an earlier one."""
    await tx.execute(
        "INSERT INTO ui_customizations (user_pool_id, client_id, settings, image, image_type) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT (user_pool_id, client_id) DO UPDATE SET "
        "settings = excluded.settings, image = excluded.image, image_type = excluded.image_type",
        user_pool_id,
        client_id,
        msgspec.json.encode(row.settings).decode(),
        row.image,
        row.image_type,
    )


async def delete_for_client(tx: Transaction, user_pool_id: str, client_id: str) -> None:
    await tx.execute(
        "DELETE FROM ui_customizations WHERE user_pool_id = $1 AND client_id = $2", user_pool_id, client_id
    )
