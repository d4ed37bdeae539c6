"""Write the documents that are made from code: docs/settings.md, docs/operations.md, tables in README.md and docs/compatibility.md.

Usage: python tools/generate_docs.py [--check]      --check writes nothing; exit 1 when a document is not what it would write.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Literal, NamedTuple, get_args, get_origin, get_type_hints

from poolhouse import config
from poolhouse.config import Settings

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- {}: made by `make docs`, do not edit -->", "<!-- end of {} -->"

# The clients that the README names: (how people write it, lock file, how the lock file writes it).
PYTHON_LOCK, AWSCLI_LOCK = "requirements-dev.lock", "tests/clients/awscli/requirements.lock"
NODE_LOCK = "tests/clients/{}/package-lock.json"
CLIENTS = (
    ("boto3", PYTHON_LOCK, "boto3"),
    ("AWS CLI", AWSCLI_LOCK, "awscli"),
    ("AWS SDK for JavaScript", NODE_LOCK.format("aws-sdk-js"), "@aws-sdk/client-cognito-identity-provider"),
    ("pycognito", PYTHON_LOCK, "pycognito"),
    ("amazon-cognito-identity-js", NODE_LOCK.format("amazon-cognito-identity-js"), "amazon-cognito-identity-js"),
    ("Amplify", NODE_LOCK.format("amplify"), "aws-amplify"),
    ("Authlib", PYTHON_LOCK, "authlib"),
    ("openid-client", NODE_LOCK.format("node"), "openid-client"),
    ("PyJWT", PYTHON_LOCK, "pyjwt"),
    ("aws-jwt-verify", NODE_LOCK.format("node"), "aws-jwt-verify"),
)

GO_MODULE = "tests/clients/aws-sdk-go/go.mod"
# What docs/compatibility.md has a section for, in its order, and the libraries that go with it.
TRIED = (*CLIENTS, ("AWS SDK for Go", GO_MODULE, "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"))


class Row(NamedTuple):
    name: str
    type: str
    unit: str
    default: str
    description: str


def settings_rows() -> list[Row]:
    hints = get_type_hints(Settings, include_extras=True)
    return [_row(name, *get_args(hints[name])[:2]) for name in config.setting_names()]


def _row(name: str, kind: object, meta: object) -> Row:
    default = config.default_of(name)
    return Row(
        name,
        _type(kind),
        (getattr(meta, "extra", None) or {}).get("unit", ""),
        _default(name, default),
        getattr(meta, "description", ""),
    )


def _type(kind: object) -> str:
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in get_args(kind))
    if get_origin(kind) is dict:
        return "table, in the file only"
    names = {int: "integer", str: "text", bool: "`true` or `false`", Path: "path"}
    return names.get(kind, "list of text")  # type: ignore[call-overload]


def _default(name: str, value: object) -> str:
    if name in config.BY_COMMAND:
        return "by command"
    if value in ("", [], {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def settings_document() -> str:
    lines = [
        "# Settings",
        "",
        "Every setting may be given in three ways; the first one found counts:",
        "",
        "1. a flag of `poolhouse dev` or `poolhouse serve`: `--public-url https://auth.example.com`",
        "2. a variable: `POOLHOUSE_PUBLIC_URL=https://auth.example.com`",
        "3. a line of `poolhouse.toml` in the working directory (or the file that `--config` or `POOLHOUSE_CONFIG` names):",
        '   `public_url = "https://auth.example.com"`',
        "",
        "Lists are separated by commas in flags and variables. An unknown key, wherever it stands, refuses to start and names",
        "the nearest known one. `serve` also refuses what is unsafe, and says how to mend it: a missing master key, plain http",
        "beyond this machine, clear-text listening without a trusted proxy.",
        "",
        "| name | type | unit | default | meaning |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += ["| " + " | ".join((f"`{row.name}`", *row[1:])) + " |" for row in settings_rows()]
    return "\n".join(lines) + "\n" + TAGS


TAGS = """
## Tags of a user pool

What Cognito has no member for travels as a tag, so that SDKs, Terraform and CDK can set it unchanged. UpdateUserPool replaces the tags with
all else: leave them out, and they are gone.

| tag | values | meaning |
| --- | --- | --- |
| `_custom_id_` | `<region>_<letters and digits>` | CreateUserPool only: the id of the new pool. |
| `poolhouse:password_storage` | `verifier`, `argon2id` | How this pool keeps passwords; `argon2id` switches SRP off for it. |
| `poolhouse:profile` | `cognito`, `oidc` | As what its domain answers, in [some rows](design/0010-oidc-profile.md). |
| `poolhouse:revoke_on_password_change` | `true`, `false` | Whether a new password revokes the user's tokens, too; on Cognito they stay. |
| `poolhouse:signing_algorithm` | `RS256`, `ES256`, `EdDSA` | How this pool signs its tokens. |

On a pool that is there already, `poolhouse:signing_algorithm` counts from the next `poolhouse keys rotate` on;
what was signed before stays good.

A password that was stored in the other way is stored anew when its user next signs in with it; by SRP they can sign in only after that.
"""


def operations_table() -> str:
    command = [sys.executable, "-m", "poolhouse", "operations", "--markdown"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip() + "\n"


def operations_document(table: str) -> str:
    return (
        "# Operations\n\nThe operations of the newest `cognito-idp` service model and what this release does with each.\n"
        "`poolhouse operations` prints the same.\n\n" + table
    )


def clients() -> str:
    """Which releases of the clients the tests run with, from their lock files."""
    versions = [f"{name} {_locked(ROOT / lock, package)}" for name, lock, package in CLIENTS]
    return f"Each row and each command on this page is run by a test, with {', '.join(versions)}.\n"


def versions() -> str:
    """The table of clients: release and the file that locks it."""
    rows = [f"| {name} | {_locked(ROOT / lock, package)} | `{lock}` |" for name, lock, package in TRIED]
    return "\n".join(("| client | release | locked in |", "| --- | --- | --- |", *rows)) + "\n"


def _locked(lock: Path, package: str) -> str:
    """The version of a package in a lock file of pip or npm, or in go.mod."""
    if lock.suffix == ".json":
        return str(json.loads(lock.read_text("utf-8"))["packages"][f"node_modules/{package}"]["version"])
    found = re.search(rf"^\s*{re.escape(package)}(?:==| v)([^ ;\n]+)", lock.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{package} is not in {lock}")
    return found[1]


def readme(table: str) -> str:
    total, _, rows = table.partition("\n\n")
    folded = f"{total}\n\n<details>\n<summary>All operations</summary>\n\n{rows}\n</details>\n"
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return _filled(_filled(text, "clients", clients()), "operations", folded)


def compatibility() -> str:
    return _filled((ROOT / "docs/compatibility.md").read_text(encoding="utf-8"), "versions", versions())


def _filled(text: str, name: str, made: str) -> str:
    """The text with what is made between the two lines of this name."""
    begin, end = BEGIN.format(name), END.format(name)
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n\n{made}\n{end}{rest.partition(end)[2]}"


def documents() -> dict[Path, str]:
    table = operations_table()
    return {
        ROOT / "docs/settings.md": settings_document(),
        ROOT / "docs/operations.md": operations_document(table),
        ROOT / "docs/compatibility.md": compatibility(),
        ROOT / "README.md": readme(table),
    }


def main() -> int:
    is_check = "--check" in sys.argv[1:]
    made = documents()
    stale = [file for file, text in made.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    for file in stale:
        if is_check:
            print(f"{file.relative_to(ROOT)} is not what `make docs` writes", file=sys.stderr)
        else:
            file.write_text(made[file], encoding="utf-8")
            print(f"wrote {file.relative_to(ROOT)}")
    return 1 if is_check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
