"""What proves something has one maker: these types are constructed in the files named here, and nowhere else in src."""

import ast
import sys
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "poolhouse"
MAKERS = {
    "SignedIn": {"pool/sign_in/machine.py"},
    # What the machine believes on its way there.
    "Attempt": {
        "pool/sign_in/candidates.py",
        "pool/sign_in/custom_rounds.py",  # where the pool's own trigger says so
        "pool/sign_in/sessions.py",
        "pool/sign_in/machine.py",
    },
    "NotConfirmed": {"pool/sign_in/candidates.py", "pool/sign_in/flows/custom_auth.py", "pool/sign_in/steps.py"},
    "Proof": {"pages/confirm.py"},  # from what was sealed when the password was right
    "Remembered": {"pool/users/sso_sessions.py"},
    "Redeemed": {"pool/sign_in/authorization_codes.py", "pool/sign_in/authorization_requests.py"},
    "AccessToken": {"pool/tokens/tokens.py"},
    "User": {"pool/users/birth.py", "storage/users.py"},  # born there, read here
}


def makes(path: Path) -> list[tuple[str, int]]:
    """(type, line) of every guarded type that the file constructs, under whatever name it was imported."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    imports = [alias for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names]
    aliases = {alias.asname: alias.name for alias in imports if alias.asname}
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    named = [(getattr(call.func, "id", None) or getattr(call.func, "attr", ""), call.lineno) for call in calls]
    return [(aliases.get(name, name), line) for name, line in named if aliases.get(name, name) in MAKERS]


def main() -> None:
    found = 0
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        for name, line in makes(path):
            if place not in MAKERS[name] and not place.startswith("wire/"):
                found += 1
                sys.stderr.write(f"{path}:{line}: {name} is made in {', '.join(sorted(MAKERS[name]))} only\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
