"""The check that proofs have one maker finds a second one."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[3] / "tools" / "check_makers.py"


def test_a_second_maker_is_found(tmp_path: Path) -> None:
    tree = tmp_path / "src" / "poolhouse" / "pages"
    tree.mkdir(parents=True)
    (tmp_path / "tools").mkdir()
    tool = tmp_path / "tools" / "check_makers.py"
    tool.write_text(TOOL.read_text())
    page = tree / "confirm.py"
    page.write_text("def f(user): return outcomes.SignedIn(user=user, auth_time=0)\n")
    found = subprocess.run([sys.executable, tool], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "SignedIn is made in pool/sign_in/machine.py only" in found.stderr
    page.write_text("from x import SignedIn as Done\ndef f(user): return Done(user=user, auth_time=0)\n")
    assert subprocess.run([sys.executable, tool], capture_output=True, check=False).returncode == 1
    page.write_text("def f(outcome): return isinstance(outcome, SignedIn)\n")
    assert subprocess.run([sys.executable, tool], check=False).returncode == 0
