"""The first set-up says what it does while one waits."""

import os
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools" / "setup_python.sh"


def test_each_phase_is_one_line_and_the_second_time_makes_no_environment(tmp_path: Path) -> None:
    """Issue 5, a new user's walk, 3: one sentence promised half a minute, and then there were two minutes of silence."""
    lock = tmp_path / "none.lock"
    lock.write_text("# a lock of no packages, which needs no network\n")
    environment = {**os.environ, "PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}  # with pip, wherever uv may be

    def lines() -> list[str]:
        command = ["sh", TOOL, tmp_path / "venv", lock]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
        return done.stdout.splitlines()

    made, packages = lines()
    assert made.startswith(f"setup: {tmp_path / 'venv'} with Python 3.")
    assert packages.startswith(f"setup: the 0 packages of {lock}, each checked by its hash; ")
    assert lines() == [packages]
