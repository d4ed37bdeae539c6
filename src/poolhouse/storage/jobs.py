"""SQL for jobs: when each is due, and who has it. One column says both: the lease of a process that died ends by itself."""

from collections.abc import Collection

from poolhouse.storage.engine import Reader, Transaction


async def list_due(db: Reader, names: Collection[str], machine_ms: int) -> list[str]:
    """Those of the jobs that somebody may take; one that was never run has no row yet."""
    rows = await db.all("SELECT name FROM jobs WHERE due_at > $1", machine_ms)
    waiting = {row[0] for row in rows}
    return [name for name in names if name not in waiting]


async def take(tx: Transaction, name: str, holder: str, machine_ms: int, until: int) -> bool:
    """Whether the job is the holder's now. machine_ms, until: epoch ms of the machine's clock."""
    taken = await tx.execute(
        "INSERT INTO jobs (name, due_at, holder) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE "
        "SET due_at = excluded.due_at, holder = excluded.holder WHERE jobs.due_at <= $4",
        name,
        until,
        holder,
        machine_ms,
    )
    return taken == 1


async def keep(tx: Transaction, name: str, holder: str, due_at: int) -> bool:
    """Renew the lease. Whether the job was still the holder's."""
    return await tx.execute("UPDATE jobs SET due_at = $3 WHERE name = $1 AND holder = $2", name, holder, due_at) == 1


async def hand_back(tx: Transaction, name: str, holder: str, due_at: int) -> None:
    """Say when the job is due again, unless another process has it by now."""
    await tx.execute("UPDATE jobs SET due_at = $3, holder = '' WHERE name = $1 AND holder = $2", name, holder, due_at)
