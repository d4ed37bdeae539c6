"""SQL for identities of providers that sign in as a user of the pool."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class LinkedIdentity(msgspec.Struct, frozen=True):
    """attribute: Cognito_Subject, or a pool attribute.  created_at: epoch ms.  provider_name: of the provider that has the id."""

    user_pool_id: str
    provider_id: str
    attribute: str
    value: str
    sub: str
    created_at: int
    provider_name: str


# A link whose provider is gone is dead, and nobody sees it.
_SELECT = (
    "SELECT l.user_pool_id, l.provider_id, l.attribute, l.value, l.sub, l.created_at, p.provider_name "
    "FROM linked_identities l JOIN identity_providers p ON p.user_pool_id = l.user_pool_id AND p.provider_id = l.provider_id"
)


async def insert(tx: Transaction, link: LinkedIdentity) -> bool:
    """False when this identity is linked already, or the provider is gone. The user's row is locked before."""
    inserted = await tx.execute(
        "INSERT INTO linked_identities (user_pool_id, provider_id, attribute, value, sub, created_at) "
        "SELECT $1, $2, $3, $4, $5, $6 FROM identity_providers p "
        "WHERE p.user_pool_id = $1 AND p.provider_id = $2 FOR SHARE ON CONFLICT DO NOTHING",
        *msgspec.structs.astuple(link)[:6],
    )
    return inserted == 1


async def get(db: Reader, user_pool_id: str, provider_id: str, attribute: str, value: str) -> LinkedIdentity | None:
    row = await db.one(
        f"{_SELECT} WHERE l.user_pool_id = $1 AND l.provider_id = $2 AND l.attribute = $3 AND l.value = $4",
        user_pool_id,
        provider_id,
        attribute,
        value,
    )
    return None if row is None else LinkedIdentity(*row)


async def list_for_user(db: Reader, user_pool_id: str, sub: str) -> Sequence[LinkedIdentity]:
    """The oldest first."""
    rows = await db.all(
        f"{_SELECT} WHERE l.user_pool_id = $1 AND l.sub = $2 "
        "ORDER BY l.created_at, l.provider_id, l.attribute, l.value",
        user_pool_id,
        sub,
    )
    return [LinkedIdentity(*row) for row in rows]


async def list_attributes(db: Reader, user_pool_id: str, provider_id: str) -> list[str]:
    """By which attributes identities of this provider are linked."""
    rows = await db.all(
        "SELECT DISTINCT attribute FROM linked_identities WHERE user_pool_id = $1 AND provider_id = $2",
        user_pool_id,
        provider_id,
    )
    return [row[0] for row in rows]


async def delete(tx: Transaction, link: LinkedIdentity) -> bool:
    """False when there was none."""
    deleted = await tx.execute(
        "DELETE FROM linked_identities "
        "WHERE user_pool_id = $1 AND provider_id = $2 AND attribute = $3 AND value = $4 AND sub = $5",
        link.user_pool_id,
        link.provider_id,
        link.attribute,
        link.value,
        link.sub,
    )
    return deleted == 1


# -- of a provider that is gone


async def list_subs(db: Reader, user_pool_id: str, provider_id: str, limit: int) -> list[str]:
    """At most `limit` users that an identity of this provider is linked to."""
    rows = await db.all(
        "SELECT DISTINCT sub FROM linked_identities WHERE user_pool_id = $1 AND provider_id = $2 LIMIT $3",
        user_pool_id,
        provider_id,
        limit,
    )
    return [row[0] for row in rows]


async def delete_for_user(tx: Transaction, user_pool_id: str, provider_id: str, sub: str) -> None:
    await tx.execute(
        "DELETE FROM linked_identities WHERE user_pool_id = $1 AND provider_id = $2 AND sub = $3",
        user_pool_id,
        provider_id,
        sub,
    )
