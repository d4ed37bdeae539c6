"""SQL for identities of providers that sign in as a user of the pool."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class LinkedIdentity(msgspec.Struct, frozen=True):
    """attribute: Cognito_Subject, or a pool attribute.  created_at: epoch ms."""

    user_pool_id: str
    provider_name: str
    attribute: str
    value: str
    sub: str
    created_at: int


_COLUMNS = ", ".join(LinkedIdentity.__struct_fields__)


async def insert(tx: Transaction, link: LinkedIdentity) -> bool:
    """False when this identity is linked already."""
    inserted = await tx.execute(
        f"INSERT INTO linked_identities ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        *msgspec.structs.astuple(link),
    )
    return inserted == 1


async def get(db: Reader, user_pool_id: str, provider_name: str, attribute: str, value: str) -> LinkedIdentity | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM linked_identities "
        "WHERE user_pool_id = $1 AND provider_name = $2 AND attribute = $3 AND value = $4",
        user_pool_id,
        provider_name,
        attribute,
        value,
    )
    return None if row is None else LinkedIdentity(*row)


async def list_for_user(db: Reader, user_pool_id: str, sub: str) -> Sequence[LinkedIdentity]:
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM linked_identities WHERE user_pool_id = $1 AND sub = $2 "
        "ORDER BY created_at, provider_name, attribute, value",
        user_pool_id,
        sub,
    )
    return [LinkedIdentity(*row) for row in rows]


async def list_attributes(db: Reader, user_pool_id: str, provider_name: str) -> list[str]:
    """By which attributes identities of this provider are linked."""
    rows = await db.all(
        "SELECT DISTINCT attribute FROM linked_identities WHERE user_pool_id = $1 AND provider_name = $2",
        user_pool_id,
        provider_name,
    )
    return [row[0] for row in rows]


async def delete(tx: Transaction, link: LinkedIdentity) -> bool:
    """False when there was none."""
    deleted = await tx.execute(
        "DELETE FROM linked_identities "
        "WHERE user_pool_id = $1 AND provider_name = $2 AND attribute = $3 AND value = $4 AND sub = $5",
        link.user_pool_id,
        link.provider_name,
        link.attribute,
        link.value,
        link.sub,
    )
    return deleted == 1
