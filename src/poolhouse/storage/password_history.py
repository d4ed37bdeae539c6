"""SQL for the passwords that users had before."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction


class FormerPassword(msgspec.Struct, frozen=True):
    """browser_epoch: of the user while it served.  password: sealed record."""

    browser_epoch: int
    password: bytes


async def list_newest(db: Reader, user_pool_id: str, sub: str, limit: int) -> list[FormerPassword]:
    rows = await db.all(
        "SELECT browser_epoch, password FROM password_history WHERE user_pool_id = $1 AND sub = $2 "
        "ORDER BY browser_epoch DESC LIMIT $3",
        user_pool_id,
        sub,
        limit,
    )
    return [FormerPassword(row[0], row[1]) for row in rows]


async def insert(tx: Transaction, user_pool_id: str, sub: str, former: FormerPassword) -> None:
    await tx.execute(
        "INSERT INTO password_history (user_pool_id, sub, browser_epoch, password) VALUES ($1, $2, $3, $4)",
        user_pool_id,
        sub,
        former.browser_epoch,
        former.password,
    )


async def keep_newest(tx: Transaction, user_pool_id: str, sub: str, limit: int) -> None:
    """Delete all but so many."""
    await tx.execute(
        "DELETE FROM password_history WHERE user_pool_id = $1 AND sub = $2 AND browser_epoch NOT IN ("
        "SELECT browser_epoch FROM password_history WHERE user_pool_id = $1 AND sub = $2 "
        "ORDER BY browser_epoch DESC LIMIT $3)",
        user_pool_id,
        sub,
        limit,
    )
