"""Removes expired rows in small batches, each a short write of its own, so that nobody waits long behind them."""

from poolhouse.storage.engine import Database, Transaction

BATCH_ROWS = 500  # Some 5 ms of the one writer that SQLite has.

# Table, its primary key, the indexed column that says when a row may go.
_EXPIRING = (
    ("confirmation_codes", "user_pool_id, subject, purpose", "expires_at"),
    ("attempts", "user_pool_id, username, kind", "expires_at"),
    ("spent", "user_pool_id, value_hash", "expires_at"),
    ("refresh_tokens", "user_pool_id, origin_jti", "prune_at"),
    ("authorization_codes", "user_pool_id, code_hash", "expires_at"),
    ("sso_sessions", "user_pool_id, session_hash", "expires_at"),
    ("inbox_messages", "user_pool_id, message_id", "expires_at"),
    ("signing_keys", "user_pool_id, kid", "expires_at"),
    ("pool_keys", "user_pool_id, key_id", "expires_at"),
)


def _statement(table: str, key: str, expiry: str) -> str:
    expired = f"SELECT {key} FROM {table} WHERE {expiry} <= $1 ORDER BY {expiry} LIMIT {BATCH_ROWS}"
    return f"DELETE FROM {table} WHERE ({key}) IN ({expired})"


_STATEMENTS = tuple(_statement(*row) for row in _EXPIRING)


async def prune(db: Database, now_ms: int) -> int:
    """Delete what has expired at `now_ms`; returns how many rows."""
    total = 0
    for statement in _STATEMENTS:

        async def batch(tx: Transaction, statement: str = statement) -> int:
            return await tx.execute(statement, now_ms)

        while True:
            count = await db.write(batch)
            total += count
            if count < BATCH_ROWS:
                break
    return total
