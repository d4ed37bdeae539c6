"""SQL for the devices that users have confirmed."""

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction


class DeviceRow(msgspec.Struct, frozen=True):
    """verifier: sealed.  waiting_session: of the sign-in that waits for the device, or empty.  Times in epoch ms."""

    user_pool_id: str
    sub: str
    device_key: str
    verifier: bytes
    name: str
    is_remembered: bool
    last_ip: str
    created_at: int
    updated_at: int
    authenticated_at: int
    waiting_session: str = ""


_COLUMNS = ", ".join(DeviceRow.__struct_fields__)
_REMEMBERED = DeviceRow.__struct_fields__.index("is_remembered")


def _from_row(row: Row) -> DeviceRow:
    values = list(row)
    values[_REMEMBERED] = values[_REMEMBERED] == 1
    return DeviceRow(*values)


async def insert(tx: Transaction, row: DeviceRow) -> bool:
    """False when the device is there already, or the user is gone."""
    values = list(msgspec.structs.astuple(row))
    values[_REMEMBERED] = int(row.is_remembered)
    inserted = await tx.execute(
        f"INSERT INTO devices ({_COLUMNS}) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 "
        "FROM users WHERE users.user_pool_id = $1 AND users.sub = $2 FOR SHARE ON CONFLICT DO NOTHING",
        *values,
    )
    return inserted == 1


async def get(db: Reader, user_pool_id: str, sub: str, device_key: str) -> DeviceRow | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM devices WHERE user_pool_id = $1 AND sub = $2 AND device_key = $3",
        user_pool_id,
        sub,
        device_key,
    )
    return None if row is None else _from_row(row)


async def list_page(db: Reader, user_pool_id: str, sub: str, after: str, limit: int) -> list[DeviceRow]:
    """In the order of their keys, after `after` ("" at first)."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM devices WHERE user_pool_id = $1 AND sub = $2 AND device_key > $3 "
        "ORDER BY device_key LIMIT $4",
        user_pool_id,
        sub,
        after,
        limit,
    )
    return [_from_row(row) for row in rows]


async def set_remembered(tx: Transaction, row: DeviceRow, *, is_remembered: bool, now_ms: int) -> bool:
    """False when the device is gone."""
    updated = await tx.execute(
        "UPDATE devices SET is_remembered = $4, updated_at = $5 WHERE user_pool_id = $1 AND sub = $2 AND device_key = $3",
        row.user_pool_id,
        row.sub,
        row.device_key,
        int(is_remembered),
        now_ms,
    )
    return updated == 1


async def set_waiting(tx: Transaction, row: DeviceRow, session: str) -> None:
    await tx.execute(
        "UPDATE devices SET waiting_session = $4 WHERE user_pool_id = $1 AND sub = $2 AND device_key = $3",
        row.user_pool_id,
        row.sub,
        row.device_key,
        session,
    )


async def note_sign_in(tx: Transaction, row: DeviceRow, last_ip: str, now_ms: int) -> bool:
    """The device has proven itself; nothing waits for it any more. False when it is gone, or has another verifier."""
    updated = await tx.execute(
        "UPDATE devices SET last_ip = $5, authenticated_at = $6, waiting_session = '' "
        "WHERE user_pool_id = $1 AND sub = $2 AND device_key = $3 AND verifier = $4",
        row.user_pool_id,
        row.sub,
        row.device_key,
        row.verifier,
        last_ip,
        now_ms,
    )
    return updated == 1


async def delete(tx: Transaction, user_pool_id: str, sub: str, device_key: str) -> bool:
    """False when there was none."""
    deleted = await tx.execute(
        "DELETE FROM devices WHERE user_pool_id = $1 AND sub = $2 AND device_key = $3", user_pool_id, sub, device_key
    )
    return deleted == 1
