"""Where an ARN leads: the table `triggers` of poolhouse.toml, read.

[triggers]
"arn:aws:lambda:us-east-1:123456789012:function:claims" = "functions/claims.py"
"arn:aws:lambda:us-east-1:123456789012:function:greet"  = "https://hooks.example.com/greet"
"*" = "lambda+https://lambda.us-east-1.amazonaws.com"
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from poolhouse.config import LOOPBACK_NAMES
from poolhouse.errors import ConfigError

Kind = Literal["lambda", "webhook", "python", "node"]

ANY = "*"  # every ARN that has no row of its own
HANDLER = {"python": "lambda_handler", "node": "handler"}  # what AWS calls them in its own examples
_SUFFIXES: dict[str, Literal["python", "node"]] = {".py": "python", ".js": "node", ".mjs": "node", ".cjs": "node"}
_MEND = "Write a file (.py, .js, .mjs, .cjs), an https:// address, or lambda+https://lambda.us-east-1.amazonaws.com."


class Target(msgspec.Struct, frozen=True):
    """at: an address without a `/` at its end, or an absolute path. handler: of a file, the function in it."""

    kind: Kind
    at: str
    handler: str = ""


def read(table: Mapping[str, str]) -> dict[str, Target]:
    """ARN -> its target. Raises ConfigError."""
    return {arn: _target(arn, text) for arn, text in table.items()}


def _target(arn: str, text: str) -> Target:
    key = f'triggers."{arn}"'
    if arn != ANY and not arn.startswith("arn:"):
        raise ConfigError(key, "is no ARN", f'Write the ARN of LambdaConfig, or "{ANY}" for all others.')
    is_lambda = text.startswith("lambda+")
    address = text.removeprefix("lambda+")
    if address.startswith(("http://", "https://")):
        check_address(key, address, _MEND)
        return Target("lambda" if is_lambda else "webhook", address.rstrip("/"))
    path, _, handler = text.partition(":")
    file = Path(path)
    kind = _SUFFIXES.get(file.suffix)
    if kind is None:
        raise ConfigError(key, f"{text!r} is no target", _MEND)
    if not file.is_file():
        raise ConfigError(key, f"there is no file {file}", "Paths are relative to poolhouse.toml.")
    return Target(kind, str(file), handler or HANDLER[kind])


def check_address(key: str, address: str, mend: str) -> None:
    """key: of the setting, for the refusal. Raises ConfigError."""
    parts = urlsplit(address)
    if not parts.hostname or parts.username or parts.fragment:
        raise ConfigError(key, f"{address!r} is no web address without a password", mend)
    # An event holds what a user is, and for some triggers a password; a data key opens a code.
    if parts.scheme == "http" and parts.hostname not in LOOPBACK_NAMES:
        raise ConfigError(key, f"{address!r} is plain http to another machine", "Write https://.")
