"""SQL for the secrets of authenticator apps: at most one that serves and one that waits for its first code, per user."""

from typing import Literal

import msgspec

from poolhouse.storage.engine import Reader, Transaction

State = Literal["pending", "active"]


class SoftwareTokenRow(msgspec.Struct, frozen=True):
    """secret: sealed.  last_step: of the newest code that was taken.  created_at: epoch ms."""

    user_pool_id: str
    sub: str
    state: str
    secret: bytes
    last_step: int
    created_at: int


_COLUMNS = ", ".join(SoftwareTokenRow.__struct_fields__)


async def put(tx: Transaction, row: SoftwareTokenRow) -> bool:
    """In place of an earlier one in the same state. False when the user is gone."""
    stored = await tx.execute(
        f"INSERT INTO software_tokens ({_COLUMNS}) SELECT $1, $2, $3, $4, $5, $6 "
        "FROM users WHERE users.user_pool_id = $1 AND users.sub = $2 FOR SHARE "
        "ON CONFLICT (user_pool_id, sub, state) DO UPDATE SET "
        "secret = excluded.secret, last_step = excluded.last_step, created_at = excluded.created_at",
        *msgspec.structs.astuple(row),
    )
    return stored == 1


async def get(db: Reader, user_pool_id: str, sub: str, state: State) -> SoftwareTokenRow | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM software_tokens WHERE user_pool_id = $1 AND sub = $2 AND state = $3",
        user_pool_id,
        sub,
        state,
    )
    return None if row is None else SoftwareTokenRow(*row)


async def take_step(tx: Transaction, row: SoftwareTokenRow, step: int) -> bool:
    """Use up this step and those before it: True for exactly one caller, as long as it is still the same secret."""
    taken = await tx.execute(
        "UPDATE software_tokens SET last_step = $5 "
        "WHERE user_pool_id = $1 AND sub = $2 AND state = $3 AND secret = $4 AND last_step < $5",
        row.user_pool_id,
        row.sub,
        row.state,
        row.secret,
        step,
    )
    return taken == 1


async def delete(tx: Transaction, user_pool_id: str, sub: str, state: State) -> bool:
    """False when there was none."""
    deleted = await tx.execute(
        "DELETE FROM software_tokens WHERE user_pool_id = $1 AND sub = $2 AND state = $3", user_pool_id, sub, state
    )
    return deleted == 1
