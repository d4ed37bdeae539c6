"""SQL that counts resources, for quotas; it walks an index, and runs where quotas are switched on."""

from typing import Literal

from poolhouse.storage.engine import Reader

Resource = Literal["user_pool_clients", "resource_servers", "user_groups", "user_import_jobs"]


async def of_pool(db: Reader, resource: Resource, user_pool_id: str) -> int:
    row = await db.one(f"SELECT COUNT(*) FROM {resource} WHERE user_pool_id = $1", user_pool_id)
    return 0 if row is None else row[0]


async def user_pools(db: Reader) -> int:
    row = await db.one("SELECT COUNT(*) FROM user_pools")
    return 0 if row is None else row[0]


async def custom_domains(db: Reader) -> int:
    """Those with a dot; a prefix has none."""
    row = await db.one("SELECT COUNT(*) FROM user_pool_domains WHERE domain LIKE '%.%'")
    return 0 if row is None else row[0]


async def groups_of_user(db: Reader, user_pool_id: str, sub: str) -> int:
    row = await db.one(
        "SELECT COUNT(*) FROM user_group_members WHERE user_pool_id = $1 AND sub = $2", user_pool_id, sub
    )
    return 0 if row is None else row[0]
