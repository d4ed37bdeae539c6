"""SQL for aliases: what else a user may sign in with, and the search rows of ListUsers. Both follow from the user."""

from collections.abc import Collection

from poolhouse.storage.engine import Reader, Transaction


async def insert(tx: Transaction, user_pool_id: str, alias: str, value: str, username: str) -> bool:
    """False when somebody has this alias. value: folded as the pool says."""
    inserted = await tx.execute(
        "INSERT INTO user_aliases (user_pool_id, alias, value, username) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        user_pool_id,
        alias,
        value,
        username,
    )
    return inserted == 1


async def get_owner(db: Reader, user_pool_id: str, alias: str, value: str) -> str | None:
    """The username of who has this alias."""
    row = await db.one(
        "SELECT username FROM user_aliases WHERE user_pool_id = $1 AND alias = $2 AND value = $3",
        user_pool_id,
        alias,
        value,
    )
    return None if row is None else row[0]


async def delete(tx: Transaction, user_pool_id: str, alias: str, value: str, username: str) -> None:
    await tx.execute(
        "DELETE FROM user_aliases WHERE user_pool_id = $1 AND alias = $2 AND value = $3 AND username = $4",
        user_pool_id,
        alias,
        value,
        username,
    )


async def insert_search(tx: Transaction, user_pool_id: str, username: str, rows: Collection[tuple[str, str]]) -> None:
    """rows: (attribute, value in lower case), none of them stored yet."""
    places = ", ".join(f"($1, ${2 * n + 3}, ${2 * n + 4}, $2)" for n in range(len(rows)))
    if places:
        await tx.execute(
            f"INSERT INTO user_search (user_pool_id, attribute, value, username) VALUES {places}",
            user_pool_id,
            username,
            *(part for row in rows for part in row),
        )


async def delete_search(tx: Transaction, user_pool_id: str, username: str, attribute: str, value: str) -> None:
    await tx.execute(
        "DELETE FROM user_search WHERE user_pool_id = $1 AND attribute = $2 AND value = $3 AND username = $4",
        user_pool_id,
        attribute,
        value,
        username,
    )
