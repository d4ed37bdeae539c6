"""SQL for user pool domains. A domain name belongs to one pool of the whole server."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import shapes


def _decode(settings: str) -> shapes.DomainDescriptionType:
    return msgspec.json.decode(settings, type=shapes.DomainDescriptionType)


async def find(db: Reader, domain: str) -> shapes.DomainDescriptionType | None:
    """The domain of any pool."""
    row = await db.one("SELECT settings FROM user_pool_domains WHERE domain = $1", domain)
    return None if row is None else _decode(row[0])


async def find_user_pool_id(db: Reader, domain: str) -> str | None:
    row = await db.one("SELECT user_pool_id FROM user_pool_domains WHERE domain = $1", domain)
    return None if row is None else str(row[0])


async def list_for_pool(db: Reader, user_pool_id: str) -> Sequence[shapes.DomainDescriptionType]:
    """At most one prefix and one custom domain."""
    rows = await db.all("SELECT settings FROM user_pool_domains WHERE user_pool_id = $1 ORDER BY domain", user_pool_id)
    return [_decode(row[0]) for row in rows]


async def insert(tx: Transaction, user_pool_id: str, domain: str, settings: shapes.DomainDescriptionType) -> bool:
    """False when the name is taken, by whichever pool."""
    return (
        await tx.execute(
            "INSERT INTO user_pool_domains (user_pool_id, domain, settings) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            user_pool_id,
            domain,
            msgspec.json.encode(settings).decode(),
        )
        == 1
    )


async def update(tx: Transaction, user_pool_id: str, domain: str, settings: shapes.DomainDescriptionType) -> None:
    await tx.execute(
        "UPDATE user_pool_domains SET settings = $3 WHERE user_pool_id = $1 AND domain = $2",
        user_pool_id,
        domain,
        msgspec.json.encode(settings).decode(),
    )


async def delete(tx: Transaction, user_pool_id: str, domain: str) -> bool:
    """False when the pool has no such domain."""
    return (
        await tx.execute("DELETE FROM user_pool_domains WHERE user_pool_id = $1 AND domain = $2", user_pool_id, domain)
        == 1
    )
