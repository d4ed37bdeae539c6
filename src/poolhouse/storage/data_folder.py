"""The files of the data folder that a running server has open: gone or replaced, they take with them all that is written."""

from collections.abc import Iterable
from pathlib import Path


class OpenFiles:
    """Remembers which files were opened, and tells when the names no longer lead to them.

    lost: the first file that had been deleted or replaced at the last look; None while all are in place.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self._opened = {path: _identity(path) for path in paths}
        self.lost: Path | None = None

    def look(self) -> Path | None:
        """Look again; returns `lost`."""
        opened = self._opened.items()
        self.lost = next((path for path, identity in opened if _identity(path) != identity), None)
        return self.lost


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
