"""The files of the data folder that a running server has open: gone or replaced, they take with them all that is written."""

from collections.abc import Iterable
from pathlib import Path


class OpenFiles:
    """Remembers which files were opened, and tells when the names no longer lead to them."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._opened = {path: _identity(path) for path in paths}

    def lost(self) -> Path | None:
        """The first file that has been deleted or replaced since; None while all are in place."""
        return next((path for path, identity in self._opened.items() if _identity(path) != identity), None)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
