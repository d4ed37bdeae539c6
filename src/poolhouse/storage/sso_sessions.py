"""SQL for the browser sessions of a user pool domain, found by the hash of the cookie."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.users import JOINED_USER_COLUMNS, USER_WIDTH, WHILE_STANDING, User, from_row, standing


class SSOSessionRow(msgspec.Struct, frozen=True):
    """auth_time in epoch seconds, expires_at in epoch ms.

    browser_epoch: of the user when the session was made; it is over when the user's own has moved on.
    """

    user_pool_id: str
    session_hash: bytes
    sub: str
    browser_epoch: int
    identity_provider: str
    auth_time: int
    expires_at: int


_COLUMNS = ", ".join(f"s.{name}" for name in SSOSessionRow.__struct_fields__)
# $1, $2 and $5 are both the row's own and what the user is compared with.
_INSERT = (
    "INSERT INTO sso_sessions (user_pool_id, sub, browser_epoch, session_hash, identity_provider, auth_time, expires_at) "
    f"SELECT $1, $2, $5, $7, $8, $9, $10 {WHILE_STANDING}"
)


async def insert(tx: Transaction, row: SSOSessionRow, user: User) -> bool:
    """A new session. user: as looked at when the sign-in was decided; False when that is no longer true."""
    inserted = await tx.execute(
        _INSERT, *standing(user), row.session_hash, row.identity_provider, row.auth_time, row.expires_at
    )
    return inserted == 1


async def get_with_user(db: Reader, user_pool_id: str, session_hash: bytes) -> tuple[User, SSOSessionRow] | None:
    """A session of its user's epoch."""
    row = await db.one(
        f"SELECT {JOINED_USER_COLUMNS}, {_COLUMNS} "
        "FROM sso_sessions s JOIN users u ON u.user_pool_id = s.user_pool_id AND u.sub = s.sub "
        "AND u.browser_epoch = s.browser_epoch WHERE s.user_pool_id = $1 AND s.session_hash = $2",
        user_pool_id,
        session_hash,
    )
    return None if row is None else (from_row(row), SSOSessionRow(*row[USER_WIDTH:]))


async def delete(tx: Transaction, user_pool_id: str, session_hash: bytes) -> None:
    await tx.execute(
        "DELETE FROM sso_sessions WHERE user_pool_id = $1 AND session_hash = $2", user_pool_id, session_hash
    )


async def move_on(tx: Transaction, user: User, session_hash: bytes, browser_epoch: int) -> None:
    """Take one living session along into a new epoch, which ends the others. user: before that."""
    await tx.execute(
        "UPDATE sso_sessions SET browser_epoch = $1 "
        "WHERE user_pool_id = $2 AND session_hash = $3 AND sub = $4 AND browser_epoch = $5",
        browser_epoch,
        user.user_pool_id,
        session_hash,
        user.sub,
        user.browser_epoch,
    )
