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
    """False when this identity is linked already, or the provider is gone. The user's row is locked before."""
    inserted = await tx.execute(
        f"INSERT INTO linked_identities ({_COLUMNS}) SELECT $1, $2, $3, $4, $5, $6 FROM identity_providers p "
        "WHERE p.user_pool_id = $1 AND p.provider_name = $2 FOR SHARE ON CONFLICT DO NOTHING",
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


async def list_subs(db: Reader, user_pool_id: str, provider_name: str, limit: int) -> list[str]:
    """At most `limit` users that an identity of this provider is linked to."""
    rows = await db.all(
        "SELECT DISTINCT sub FROM linked_identities WHERE user_pool_id = $1 AND provider_name = $2 LIMIT $3",
        user_pool_id,
        provider_name,
        limit,
    )
    return [row[0] for row in rows]


async def delete_for_user(tx: Transaction, user_pool_id: str, provider_name: str, sub: str) -> None:
    """Those of one provider."""
    await tx.execute(
        "DELETE FROM linked_identities WHERE user_pool_id = $1 AND provider_name = $2 AND sub = $3",
        user_pool_id,
        provider_name,
        sub,
    )


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
