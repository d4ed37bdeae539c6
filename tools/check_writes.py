"""What is written leaves traces that have to follow it, so it is written in few places: nobody else touches a database's `write`."""

import ast
import sys
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "poolhouse"
PLACES = {
    "pool/call.py": "what somebody requested",
    "jobs/": "what nobody requested",
    "cli/": "what an operator commands, where no server runs",
    "storage/": "the databases themselves",
}
DATABASES = {"db", "_db", "database"}
WRITES = {"write", "exclusive"}


def writes(path: Path) -> list[int]:
    """The lines where the file reaches for the `write` of a database, to call it or to hand it on."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr in WRITES:
            owner = getattr(node.value, "id", None) or getattr(node.value, "attr", "")
            if owner in DATABASES:
                found.append(node.lineno)
    return found


def main() -> None:
    found = 0
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).as_posix().startswith(tuple(PLACES)):
            continue
        for line in writes(path):
            found += 1
            sys.stderr.write(f"{path}:{line}: call.write, so that what the write has noted leaves after it\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
