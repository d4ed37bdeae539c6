"""SQL for WebAuthn credentials."""

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction


class PasskeyRow(msgspec.Struct, frozen=True):
    """credential_id: base64url.  public_key: COSE.  attachment: or empty.  created_at: epoch ms."""

    user_pool_id: str
    credential_id: str
    sub: str
    public_key: bytes
    sign_count: int
    name: str
    relying_party_id: str
    attachment: str
    transports: list[str]
    created_at: int


_COLUMNS = ", ".join(PasskeyRow.__struct_fields__)
_TRANSPORTS = PasskeyRow.__struct_fields__.index("transports")


def _from_row(row: Row) -> PasskeyRow:
    values = list(row)
    values[_TRANSPORTS] = msgspec.json.decode(values[_TRANSPORTS], type=list[str])
    return PasskeyRow(*values)


async def insert(tx: Transaction, row: PasskeyRow) -> bool:
    """False when somebody of the pool has this credential already."""
    values = list(msgspec.structs.astuple(row))
    values[_TRANSPORTS] = msgspec.json.encode(row.transports).decode()
    inserted = await tx.execute(
        f"INSERT INTO passkeys ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        *values,
    )
    return inserted == 1


async def get(db: Reader, user_pool_id: str, sub: str, credential_id: str) -> PasskeyRow | None:
    """The credential, if it is this user's."""
    row = await db.one(
        f"SELECT {_COLUMNS} FROM passkeys WHERE user_pool_id = $1 AND credential_id = $2 AND sub = $3",
        user_pool_id,
        credential_id,
        sub,
    )
    return None if row is None else _from_row(row)


async def list_page(db: Reader, user_pool_id: str, sub: str, after: str, limit: int) -> list[PasskeyRow]:
    """In the order of their ids, after `after` ("" at first)."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM passkeys WHERE user_pool_id = $1 AND sub = $2 AND credential_id > $3 "
        "ORDER BY credential_id LIMIT $4",
        user_pool_id,
        sub,
        after,
        limit,
    )
    return [_from_row(row) for row in rows]


async def move_count(tx: Transaction, row: PasskeyRow, sign_count: int) -> bool:
    """Keep the newest counter. False when another sign-in has moved it meanwhile, or the credential is gone."""
    moved = await tx.execute(
        "UPDATE passkeys SET sign_count = $4 WHERE user_pool_id = $1 AND credential_id = $2 AND sub = $3 AND sign_count = $5",
        row.user_pool_id,
        row.credential_id,
        row.sub,
        sign_count,
        row.sign_count,
    )
    return moved == 1


async def delete(tx: Transaction, user_pool_id: str, sub: str, credential_id: str) -> bool:
    """False when the user has none of this id."""
    deleted = await tx.execute(
        "DELETE FROM passkeys WHERE user_pool_id = $1 AND credential_id = $2 AND sub = $3",
        user_pool_id,
        credential_id,
        sub,
    )
    return deleted == 1
