"""Expired rows go, others stay, and nobody waits long behind the pruning."""

import asyncio

from poolhouse.storage import prune, tables
from poolhouse.storage.engine import Database, Transaction

# Each inserts one row that may go at $2.
INSERTS = {
    "confirmation_codes": "VALUES ($1, $1, 'sign_up', $3, 'email', $2)",
    "attempts": "VALUES ($1, $1, 'password', 1, 1, 1, $2)",
    "spent": "VALUES ($1, $3, $2)",
    "authorization_codes": "VALUES ($1, $3, 'sub', 0, '{}', $2, NULL)",
    "sso_sessions": "VALUES ($1, $3, 'sub', 0, 'COGNITO', 1, $2)",
    "auth_events": "VALUES ($1, 'e', 'sub', 1, '', 'SignIn', 'Pass', 'NoRisk', '', 0, '[]', '', '', '', '', '', '', 0, $2)",
    "outbox_logs": "VALUES ($1, 'l', 'arn', '{}', $2)",
    "user_import_chunks": "VALUES ($1, 'j', 'u', 0, $3, $2)",
    "user_import_lines": "VALUES ($1, 'j', 1, 'FAILED', 'why', $2)",
    "request_rates": "VALUES ($1, 1, 1, $2)",
    "user_sessions": "VALUES ($1, 's', 'sub', 'c', 'j', NULL, '', '', '', 1, 1, $2)",
    "outbox_messages": "VALUES ($1, $1, 's', 't', $3, 1, NULL, '', $2, '')",
    "inbox_messages": "VALUES ($1, $1, 'r', $3, $2)",
    "pool_keys": "VALUES ($1, 'k', $3, 0, $2)",
    "signing_keys": "(user_pool_id, kid, token_use, private_key, public_jwk, created_at, expires_at)"
    " VALUES ($1, 'k', 'id', $3, '{}', 1, $2)",
    "refresh_tokens": "(user_pool_id, origin_jti, sub, token_epoch, client_id, token_hash, scope, auth_time, source,"
    " created_at, expires_at, prune_at) VALUES ($1, 'j', 'sub', 0, 'c', $3, '', 1, 'api', 1, 1, $2)",
}


async def _fill(db: Database, table: str, expiries: range) -> None:
    rest = INSERTS[table]

    async def work(tx: Transaction) -> None:
        for expiry in expiries:
            arguments = [f"p{expiry}", expiry, *([b"x"] if "$3" in rest else [])]
            await tx.execute(f"INSERT INTO {table} {rest}", *arguments)

    await db.write(work)


async def _left(db: Database, table: str) -> list[str]:
    key = next(each for each in tables.TABLES if each.name == table).whole_key[0]
    return sorted(row[0] for row in await db.all(f"SELECT {key} FROM {table}"))


async def test_what_has_expired_goes_from_every_table_and_the_rest_stays(db: Database) -> None:
    for table in INSERTS:
        await _fill(db, table, range(10, 16))
    assert await prune.prune(db.write, 12) == 3 * len(INSERTS)
    for table in INSERTS:
        assert await _left(db, table) == ["p13", "p14", "p15"]
    assert await prune.prune(db.write, 12) == 0


async def test_keys_without_a_successor_stay(db: Database) -> None:
    """They have no expiry; attack-0.1 "Noted": keys can be rotated."""

    async def work(tx: Transaction) -> None:
        await tx.execute(
            "INSERT INTO pool_keys (user_pool_id, key_id, pool_key, seals_from) VALUES ('p', 'k', $1, 0)", b"x"
        )
        await tx.execute(
            "INSERT INTO signing_keys (user_pool_id, kid, token_use, private_key, public_jwk, created_at) "
            "VALUES ('p', 'k', 'id', $1, '{}', 1)",
            b"x",
        )

    await db.write(work)
    assert await prune.prune(db.write, 10**15) == 0


async def test_every_table_with_an_expiry_is_pruned() -> None:
    """tests/unit/storage/test_tables.py compares the list with the schema."""
    assert {table.name for table in tables.EXPIRING} == set(INSERTS)


async def test_many_rows_go_in_small_batches_between_other_writes(db: Database) -> None:
    await _fill(db, "spent", range(2 * prune.BATCH_ROWS + 7))
    batches: list[int] = []
    write = db.write

    async def counting(work):  # type: ignore
        result = await write(work)
        batches.append(result)
        return result

    db.write = counting  # type: ignore
    assert await prune.prune(db.write, 10**6) == 2 * prune.BATCH_ROWS + 7
    assert max(batches) == prune.BATCH_ROWS
    assert await _left(db, "spent") == []


async def test_two_that_prune_at_once_do_no_harm(db: Database) -> None:
    await _fill(db, "spent", range(1000))
    totals = await asyncio.gather(prune.prune(db.write, 899), prune.prune(db.write, 899))
    assert sum(totals) == 900
    assert len(await _left(db, "spent")) == 100


async def test_the_expired_are_found_by_index(db: Database, engine: str) -> None:
    await _fill(db, "spent", range(2000))
    if engine == "sqlite":
        for statement in prune._STATEMENTS.values():
            plan = " ".join(str(row[3]) for row in await db.all(f"EXPLAIN QUERY PLAN {statement}", 1))
            assert "_by_expiry" in plan
            assert "SCAN" not in plan.replace("SCAN CONSTANT ROW", "")
    else:
        await db.all("ANALYZE spent")
        plan = " ".join(row[0] for row in await db.all(f"EXPLAIN {prune._STATEMENTS['spent']}", 1))
        assert "spent_by_expiry" in plan
