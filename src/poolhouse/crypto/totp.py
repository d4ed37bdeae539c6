"""Time-based one-time passwords (RFC 6238): SHA-1, six digits, thirty seconds, as authenticator apps expect them."""

import base64
import hmac

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_SECONDS = 30
SECRET_BYTES = 32  # GUESS+: 52 characters of Base32
_DIGITS = 6
_STEPS_EITHER_WAY = 1  # user-pools-api.md §2.3


def secret_code(secret: bytes) -> str:
    """What a person types into an app: Base32 without padding."""
    return base64.b32encode(secret).decode().rstrip("=")


def step_of(secret: bytes, code: str, now: float) -> int | None:
    """The step, counted from the epoch, whose code this is; the newest of those that are near enough. now: epoch seconds."""
    current = int(now // STEP_SECONDS)
    generator = HOTP(secret, _DIGITS, SHA1(), enforce_key_length=False)  # noqa: S303  what the apps speak
    found = None
    for step in range(current - _STEPS_EITHER_WAY, current + _STEPS_EITHER_WAY + 1):
        # All are compared, so that the time does not tell which it was.
        if hmac.compare_digest(generator.generate(max(step, 0)), code.encode()):
            found = step
    return found
