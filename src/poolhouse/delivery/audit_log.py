"""The audit log: one JSON object a line, appended to a file or to standard output."""

import os
import sys
from collections.abc import Sequence

from poolhouse.errors import ConfigError

STANDARD_OUTPUT = "-"
_MODE = 0o600


def append(target: str, lines: Sequence[str]) -> None:
    """Write the lines; when this returns, the disk has them. It blocks.

    The file is opened anew each time, so that it may be renamed at any moment (logrotate). Raises OSError.
    """
    text = "".join(f"{line}\n" for line in lines).encode()
    if target == STANDARD_OUTPUT:
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
        return
    file = os.open(target, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, _MODE)
    try:
        view = memoryview(text)
        while view:
            view = view[os.write(file, view) :]
        os.fsync(file)
    finally:
        os.close(file)


def check(target: str) -> None:
    """Raises ConfigError where nothing could be written."""
    try:
        if target:
            append(target, ())
    except OSError as error:
        raise ConfigError(
            "audit_log",
            f"{target} cannot be written: {error.strerror}",
            "Name a file in a folder that this user may write.",
        ) from None
