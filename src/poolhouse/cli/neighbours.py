"""Notices a second server on one data folder. Both would issue tokens for one pool under two issuers, and neither takes the other's."""

import fcntl
import os

from poolhouse.config import Settings

FILE = "server.lock"


class Place:
    """The mark of a running server in its data folder, held until this process ends.

    is_free: whether no other server held it.
    other: the public URL of another server that holds it already; empty when there is none, or it has the same one, as
    while an old server hands over to a new one.
    """

    def __init__(self, settings: Settings) -> None:
        self._file = os.open(settings.data / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.other = ""
        self.is_free = True
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.is_free = False
            found = os.pread(self._file, 4096, 0).decode(errors="replace")
            self.other = "" if found == settings.public_url else found
            return
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, settings.public_url.encode(), 0)

    @property
    def warning(self) -> str:
        if not self.other:
            return ""
        return f"{self.other} runs on this data folder, too: tokens of one are refused by the other. Give each its own: --data FOLDER"

    def leave(self) -> None:
        os.close(self._file)
