"""An authenticator app, written from RFC 6238 and sharing nothing with the server."""

import base64
import hmac
import struct
import time


class App:
    """secret: as AssociateSoftwareToken gives it."""

    def __init__(self, secret: str) -> None:
        self._key = base64.b32decode(secret + "=" * (-len(secret) % 8))

    def code(self, *, steps: int = 0, at: float | None = None) -> str:
        """The code of now. steps: of thirty seconds, later."""
        counter = int((time.time() if at is None else at) // 30) + steps
        digest = hmac.digest(self._key, struct.pack(">Q", counter), "sha1")
        start = digest[-1] & 15
        return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"

    def wrong_code(self) -> str:
        """A code of no step that is near."""
        near = {self.code(steps=steps) for steps in range(-3, 4)}
        return next(code for code in (f"{number:06}" for number in range(100)) if code not in near)
