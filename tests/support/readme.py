"""The README as tests read it: marks, and what stands behind them."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://localhost:9229"
_MARK = re.compile(r"<!-- test: ([a-z0-9-]+) -->")


def marks() -> list[str]:
    """The names of all rows and blocks that promise something."""
    return _MARK.findall(TEXT)


def block(name: str) -> str:
    """The code block under this mark."""
    return re.search(rf"<!-- test: {name} -->\n```\w+\n(.*?)```", TEXT, re.DOTALL)[1]


def row(name: str) -> list[str]:
    """What stands in code font in the last column of the row with this mark."""
    (line,) = [line for line in TEXT.splitlines() if f"<!-- test: {name} -->" in line and line.startswith("|")]
    return re.findall(r"`([^`]+)`", line.split("|", 2)[2])


def unmarked() -> list[str]:
    """Blocks and rows of tables that no test stands for; the generated table of operations has its own."""
    text = TEXT.partition("<!-- operations:")[0] + TEXT.partition("<!-- end of operations -->")[2]
    found = []
    lines = text.splitlines()
    is_inside = False
    for before, line in zip(["", *lines], lines, strict=False):
        if line.startswith("```"):
            if not is_inside and not _MARK.fullmatch(before):
                found.append(line)
            is_inside = not is_inside
        elif line.startswith("| ") and not _MARK.search(line) and "| --- |" not in line and line != "| | |":
            found.append(line)
    return [line for line in found if not line.startswith("| you have ")]
