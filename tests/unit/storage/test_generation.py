"""Counters of configuration changes: in the database, and mapped into every worker of one host."""

import subprocess
import sys
from pathlib import Path

from poolhouse.storage import generation
from poolhouse.storage.engine import Database, Transaction
from poolhouse.storage.generation import MOMENT_BITS, SharedCounters


async def test_a_bump_shows_in_the_pool_and_in_the_server(db: Database) -> None:
    async def pool(tx: Transaction) -> None:
        sql = "INSERT INTO user_pools (user_pool_id, settings, pool_key, generation, created_at) VALUES ($1, '{}', $2, 1, 0)"
        await tx.execute(sql, "a", b"")
        await tx.execute(sql, "b", b"")

    await db.write(pool)

    async def change(tx: Transaction, user_pool_id: str) -> None:
        await generation.bump_pool(tx, user_pool_id)
        await generation.bump(tx)

    before = await generation.current(db)
    await db.write(lambda tx: change(tx, "a"))
    assert await generation.current(db) == before + 1
    assert [await generation.pool_generation(db, each) for each in ("a", "b", "c")] == [2, 1, None]
    await db.write(lambda tx: change(tx, "deleted"))
    assert await generation.current(db) == before + 2


def test_workers_see_each_other(tmp_path: Path) -> None:
    one, two = SharedCounters(tmp_path / "counters"), SharedCounters(tmp_path / "counters")
    assert (one.generation, one.clock_offset_ms) == (0, 0)
    one.bump()
    two.bump()
    two.clock_offset_ms = -(2**40)
    assert (one.generation, two.generation, one.clock_offset_ms) == (2, 2, -(2**40))
    one.close()
    two.close()
    again = SharedCounters(tmp_path / "counters")
    assert again.generation == 2
    again.close()
    assert (tmp_path / "counters").read_bytes()[:16] == (2).to_bytes(8, "little") + (-(2**40)).to_bytes(
        8, "little", signed=True
    )


def test_moments_never_go_back(tmp_path: Path) -> None:
    """Issue 5, review: over all workers and a restart, also when the clock does."""
    one, two = SharedCounters(tmp_path / "counters"), SharedCounters(tmp_path / "counters")
    drawn = [one.next_moment(7), two.next_moment(7), one.next_moment(5), two.next_moment(-9), one.next_moment(8)]
    two.close()
    again = SharedCounters(tmp_path / "counters")
    drawn.append(again.next_moment(0))
    assert drawn == sorted(set(drawn))
    assert [moment >> MOMENT_BITS for moment in drawn] == [7, 7, 7, 7, 8, 8]
    one.close()
    again.close()


def test_a_file_of_an_older_release_grows(tmp_path: Path) -> None:
    (tmp_path / "counters").write_bytes((3).to_bytes(16, "little"))
    counters = SharedCounters(tmp_path / "counters")
    assert (counters.generation, counters.next_moment(1)) == (3, 1 << MOMENT_BITS)
    counters.close()


def test_bumps_of_several_processes_all_count(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from poolhouse.storage.generation import SharedCounters\n"
        "counters = SharedCounters(Path(sys.argv[1]))\n"
        "for _ in range(5000): counters.bump()"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "counters")]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    counters = SharedCounters(tmp_path / "counters")
    assert counters.generation == 15_000
    counters.close()


def test_a_look_is_a_read_of_memory(tmp_path: Path) -> None:
    """It calls nothing, the system least of all; `make timing` shows the fraction of a microsecond that is left."""
    counters = SharedCounters(tmp_path / "counters")
    calls: list[object] = []
    sys.setprofile(lambda _frame, event, arg: calls.append(arg) if event == "c_call" else None)
    try:
        counters.generation  # noqa: B018
    finally:
        sys.setprofile(None)
    counters.close()
    assert calls == [sys.setprofile]
