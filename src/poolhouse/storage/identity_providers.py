"""SQL for identity providers and their identifiers."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Row, Transaction
from poolhouse.wire import shapes


class IdentityProviderRow(msgspec.Struct, frozen=True):
    """provider_id: links name it.  settings: without what is secret.  secrets: sealed."""

    provider_id: str
    settings: shapes.IdentityProviderType
    secrets: bytes


_COLUMNS = "provider_id, settings, secrets"


def _from_row(row: Row) -> IdentityProviderRow:
    return IdentityProviderRow(row[0], msgspec.json.decode(row[1], type=shapes.IdentityProviderType), bytes(row[2]))


async def get(db: Reader, user_pool_id: str, provider_name: str) -> IdentityProviderRow | None:
    row = await db.one(
        f"SELECT {_COLUMNS} FROM identity_providers WHERE user_pool_id = $1 AND provider_name = $2",
        user_pool_id,
        provider_name,
    )
    return None if row is None else _from_row(row)


async def find_by_identifier(db: Reader, user_pool_id: str, identifier: str) -> str | None:
    """The name of the provider."""
    row = await db.one(
        "SELECT provider_name FROM idp_identifiers WHERE user_pool_id = $1 AND identifier = $2",
        user_pool_id,
        identifier,
    )
    return None if row is None else row[0]


async def list_for_pool(db: Reader, user_pool_id: str) -> Sequence[IdentityProviderRow]:
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM identity_providers WHERE user_pool_id = $1 ORDER BY provider_name", user_pool_id
    )
    return [_from_row(row) for row in rows]


async def list_names(db: Reader, user_pool_id: str) -> list[str]:
    rows = await db.all("SELECT provider_name FROM identity_providers WHERE user_pool_id = $1", user_pool_id)
    return [row[0] for row in rows]


async def list_page(db: Reader, user_pool_id: str, after: str, limit: int) -> Sequence[shapes.IdentityProviderType]:
    """By name, those after the name `after`."""
    rows = await db.all(
        f"SELECT {_COLUMNS} FROM identity_providers WHERE user_pool_id = $1 AND provider_name > $2 "
        "ORDER BY provider_name LIMIT $3",
        user_pool_id,
        after,
        limit,
    )
    return [_from_row(row).settings for row in rows]


async def insert(tx: Transaction, user_pool_id: str, provider_name: str, row: IdentityProviderRow) -> bool:
    """False when the name is taken."""
    inserted = await tx.execute(
        "INSERT INTO identity_providers (user_pool_id, provider_name, provider_id, settings, secrets) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT DO NOTHING",
        user_pool_id,
        provider_name,
        row.provider_id,
        msgspec.json.encode(row.settings).decode(),
        row.secrets,
    )
    return inserted == 1


async def update(tx: Transaction, user_pool_id: str, provider_name: str, row: IdentityProviderRow) -> bool:
    """False when there is no such provider."""
    updated = await tx.execute(
        "UPDATE identity_providers SET settings = $3, secrets = $4 WHERE user_pool_id = $1 AND provider_name = $2",
        user_pool_id,
        provider_name,
        msgspec.json.encode(row.settings).decode(),
        row.secrets,
    )
    return updated == 1


async def delete(tx: Transaction, user_pool_id: str, provider_name: str) -> bool:
    """With its identifiers. False when there is no such provider. Links to it are the caller's."""
    await tx.execute(
        "DELETE FROM idp_identifiers WHERE user_pool_id = $1 AND provider_name = $2", user_pool_id, provider_name
    )
    deleted = await tx.execute(
        "DELETE FROM identity_providers WHERE user_pool_id = $1 AND provider_name = $2", user_pool_id, provider_name
    )
    return deleted == 1


async def replace_identifiers(
    tx: Transaction, user_pool_id: str, provider_name: str, identifiers: Sequence[str]
) -> str | None:
    """In place of those that it had. The first that another provider has, if any: the write has to be undone then."""
    await tx.execute(
        "DELETE FROM idp_identifiers WHERE user_pool_id = $1 AND provider_name = $2", user_pool_id, provider_name
    )
    for identifier in dict.fromkeys(identifiers):
        inserted = await tx.execute(
            "INSERT INTO idp_identifiers (user_pool_id, identifier, provider_name) VALUES ($1, $2, $3) "
            "ON CONFLICT DO NOTHING",
            user_pool_id,
            identifier,
            provider_name,
        )
        if inserted == 0:
            return identifier
    return None
