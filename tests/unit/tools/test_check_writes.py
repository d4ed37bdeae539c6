"""The check that writes go through the call finds one that does not."""

import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[3] / "tools" / "check_writes.py"


@pytest.mark.parametrize(
    ("line", "is_refused"),
    [
        ("await call.db.write(work)", True),
        ("await self._db.write(work)", True),
        ("await prune(house.db.write, now)", True),
        ("await db.exclusive(work)", True),
        ("await call.write(work)", False),
        ("await db.one(query)", False),
        ("file.write(text)", False),
    ],
)
def test_a_write_beside_the_call_is_found(tmp_path: Path, line: str, is_refused: bool) -> None:
    tree = tmp_path / "src" / "poolhouse"
    (tree / "pool").mkdir(parents=True)
    (tree / "jobs").mkdir()
    (tmp_path / "tools").mkdir()
    tool = tmp_path / "tools" / "check_writes.py"
    tool.write_text(TOOL.read_text())
    source = f"async def f(call, db, self, house, work, now, query, file, text):\n    {line}\n"
    (tree / "jobs" / "prune.py").write_text(source)
    assert subprocess.run([sys.executable, tool], check=False).returncode == 0
    (tree / "pool" / "users.py").write_text(source)
    found = subprocess.run([sys.executable, tool], capture_output=True, text=True, check=False)
    assert found.returncode == int(is_refused)
    assert ("pool/users.py:2: call.write" in found.stderr) == is_refused
