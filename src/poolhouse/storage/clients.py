"""SQL for app clients and their secrets."""

from collections.abc import Sequence

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.wire import shapes


class ClientSecretRow(msgspec.Struct, frozen=True):
    """secret: sealed.  created_at: epoch ms."""

    secret_id: str
    secret: bytes
    created_at: int


def _decode(settings: str) -> shapes.UserPoolClientType:
    return msgspec.json.decode(settings, type=shapes.UserPoolClientType)


async def get(db: Reader, user_pool_id: str, client_id: str) -> shapes.UserPoolClientType | None:
    """The settings, without a secret."""
    row = await db.one(
        "SELECT settings FROM user_pool_clients WHERE user_pool_id = $1 AND client_id = $2", user_pool_id, client_id
    )
    return None if row is None else _decode(row[0])


async def find_user_pool_id(db: Reader, client_id: str) -> str | None:
    """The pool of a client. Client ids carry 134 random bits, so that one id names one client of all pools."""
    row = await db.one("SELECT user_pool_id FROM user_pool_clients WHERE client_id = $1", client_id)
    return None if row is None else str(row[0])


async def list_page(db: Reader, user_pool_id: str, after: str, limit: int) -> Sequence[shapes.UserPoolClientType]:
    """Clients by id, those after the id `after`."""
    rows = await db.all(
        "SELECT settings FROM user_pool_clients WHERE user_pool_id = $1 AND client_id > $2 ORDER BY client_id LIMIT $3",
        user_pool_id,
        after,
        limit,
    )
    return [_decode(row[0]) for row in rows]


async def insert(
    tx: Transaction, user_pool_id: str, client_id: str, settings: shapes.UserPoolClientType, created_at: int
) -> None:
    await tx.execute(
        "INSERT INTO user_pool_clients (user_pool_id, client_id, settings, created_at) VALUES ($1, $2, $3, $4)",
        user_pool_id,
        client_id,
        msgspec.json.encode(settings).decode(),
        created_at,
    )


async def update(tx: Transaction, user_pool_id: str, client_id: str, settings: shapes.UserPoolClientType) -> bool:
    """False when there is no such client."""
    return (
        await tx.execute(
            "UPDATE user_pool_clients SET settings = $3 WHERE user_pool_id = $1 AND client_id = $2",
            user_pool_id,
            client_id,
            msgspec.json.encode(settings).decode(),
        )
        == 1
    )


async def delete(tx: Transaction, user_pool_id: str, client_id: str) -> bool:
    """Delete the client, its secrets and its risk configuration; False when there is no such client."""
    for table in ("user_pool_client_secrets", "risk_configurations"):
        await tx.execute(f"DELETE FROM {table} WHERE user_pool_id = $1 AND client_id = $2", user_pool_id, client_id)
    return (
        await tx.execute(
            "DELETE FROM user_pool_clients WHERE user_pool_id = $1 AND client_id = $2", user_pool_id, client_id
        )
        == 1
    )


async def list_secrets(db: Reader, user_pool_id: str, client_id: str) -> Sequence[ClientSecretRow]:
    """At most two, the older one first."""
    rows = await db.all(
        "SELECT secret_id, secret, created_at FROM user_pool_client_secrets "
        "WHERE user_pool_id = $1 AND client_id = $2 ORDER BY created_at, secret_id",
        user_pool_id,
        client_id,
    )
    return [ClientSecretRow(*row) for row in rows]


async def insert_secret(tx: Transaction, user_pool_id: str, client_id: str, row: ClientSecretRow) -> None:
    await tx.execute(
        "INSERT INTO user_pool_client_secrets (user_pool_id, client_id, secret_id, secret, created_at) "
        "VALUES ($1, $2, $3, $4, $5)",
        user_pool_id,
        client_id,
        row.secret_id,
        row.secret,
        row.created_at,
    )


async def delete_secret(tx: Transaction, user_pool_id: str, client_id: str, secret_id: str) -> bool:
    """False when there is no such secret."""
    return (
        await tx.execute(
            "DELETE FROM user_pool_client_secrets WHERE user_pool_id = $1 AND client_id = $2 AND secret_id = $3",
            user_pool_id,
            client_id,
            secret_id,
        )
        == 1
    )
