"""SQL for how many requests of a kind came in a second, on all servers of the database, and how many may."""

from poolhouse.storage.engine import Reader, Transaction


async def count(tx: Transaction, category: str, second: int, requests: int, expires_at: int) -> int:
    """Add requests to those of this second. Returns their number, with these."""
    row = await tx.one(
        "INSERT INTO request_rates (category, second, requests, expires_at) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (category, second) DO UPDATE SET requests = request_rates.requests + $3 RETURNING requests",
        category,
        second,
        requests,
        expires_at,
    )
    return requests if row is None else row[0]


async def provisioned(db: Reader) -> dict[str, int]:
    """Category → requests in a second, of those that were changed."""
    rows = await db.all("SELECT category, requests_per_second FROM provisioned_limits")
    return {row[0]: row[1] for row in rows}


async def provision(tx: Transaction, category: str, requests_per_second: int) -> None:
    await tx.execute(
        "INSERT INTO provisioned_limits (category, requests_per_second) VALUES ($1, $2) "
        "ON CONFLICT (category) DO UPDATE SET requests_per_second = excluded.requests_per_second",
        category,
        requests_per_second,
    )
