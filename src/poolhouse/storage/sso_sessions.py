"""SQL for the browser sessions of a user pool domain, found by the hash of the cookie."""

import msgspec

from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.users import JOINED_USER_COLUMNS, USER_WIDTH, User, from_row


class SSOSessionRow(msgspec.Struct, frozen=True):
    """auth_time in epoch seconds, expires_at in epoch ms."""

    user_pool_id: str
    session_hash: bytes
    username: str
    identity_provider: str
    auth_time: int
    expires_at: int


async def insert(tx: Transaction, row: SSOSessionRow) -> None:
    await tx.execute(
        "INSERT INTO sso_sessions (user_pool_id, session_hash, username, identity_provider, auth_time, expires_at) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        *msgspec.structs.astuple(row),
    )


async def get_with_user(db: Reader, user_pool_id: str, session_hash: bytes) -> tuple[User, SSOSessionRow] | None:
    row = await db.one(
        f"SELECT {JOINED_USER_COLUMNS}, "
        "s.user_pool_id, s.session_hash, s.username, s.identity_provider, s.auth_time, s.expires_at "
        "FROM sso_sessions s JOIN users u ON u.user_pool_id = s.user_pool_id AND u.username = s.username "
        "WHERE s.user_pool_id = $1 AND s.session_hash = $2",
        user_pool_id,
        session_hash,
    )
    return None if row is None else (from_row(row), SSOSessionRow(*row[USER_WIDTH:]))


async def delete(tx: Transaction, user_pool_id: str, session_hash: bytes) -> None:
    await tx.execute(
        "DELETE FROM sso_sessions WHERE user_pool_id = $1 AND session_hash = $2", user_pool_id, session_hash
    )


async def delete_all(tx: Transaction, user_pool_id: str, username: str) -> int:
    return await tx.execute(
        "DELETE FROM sso_sessions WHERE user_pool_id = $1 AND username = $2", user_pool_id, username
    )
