"""Owns sealing: every secret at rest is AES-256-GCM under a master key that is never in the database.

A sealed value is  <1 byte: version 1> <4 bytes: which key> <12 bytes: nonce> <ciphertext and tag>.
The context ("table/pool/row") is authenticated with it, so that a sealed value opens only where it was put.
"""

import base64
import binascii
import hashlib
import os
import secrets
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from poolhouse.errors import ConfigError, PoolhouseError

_VERSION = 1
_KEY_BYTES, _ID_BYTES, _NONCE_BYTES, _TAG_BYTES = 32, 4, 12, 16
_HEADER_BYTES = 1 + _ID_BYTES
_CIPHERTEXT_AT = _HEADER_BYTES + _NONCE_BYTES
_LINE_MARK = "poolhouse-master-key-1:"
_SETTING = "master_key_file"


class SealBroken(PoolhouseError):
    """A sealed value does not open: changed, moved to another context, or sealed under another key."""


class SealedBox:
    """Seals under one 32-byte key; opens under it, or under one of the others.

    A random nonce may be drawn 2^32 times under one key (NIST SP 800-38D §8.3); master keys are changed long before that.
    """

    __slots__ = ("_cipher", "_others", "header")

    def __init__(self, key: bytes, *others: bytes) -> None:
        if len(key) != _KEY_BYTES:
            raise ValueError("a sealing key has 32 bytes")
        self._cipher = AESGCM(key)
        self.header = bytes((_VERSION,)) + hashlib.sha256(key).digest()[:_ID_BYTES]
        self._others = {box.header: box for box in map(SealedBox, others)}

    def seal(self, plaintext: bytes, context: bytes, nonce: bytes) -> bytes:
        """nonce: 12 bytes, random, never used before with this key."""
        if len(nonce) != _NONCE_BYTES:
            raise ValueError("a nonce has 12 bytes")
        return self.header + nonce + self._cipher.encrypt(nonce, plaintext, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """Raises SealBroken unless the value was sealed under one of the keys for this context."""
        if len(sealed) < _CIPHERTEXT_AT + _TAG_BYTES or sealed[:_HEADER_BYTES] != self.header:
            other = self._others.get(sealed[:_HEADER_BYTES])
            if other is None:
                raise SealBroken("not sealed under this key")
            return other.open(sealed, context)
        try:
            return self._cipher.decrypt(sealed[_HEADER_BYTES:_CIPHERTEXT_AT], sealed[_CIPHERTEXT_AT:], context)
        except InvalidTag:
            raise SealBroken("changed, or sealed for another context") from None


class Keyring:
    """Several master keys: the first seals, all of them open."""

    __slots__ = ("_boxes", "_first")

    def __init__(self, keys: list[bytes]) -> None:
        boxes = [SealedBox(key) for key in keys]
        self._boxes = {box.header: box for box in boxes}
        if not boxes or len(self._boxes) != len(boxes):
            raise ValueError("a keyring needs at least one key, each of them once")
        self._first = boxes[0]

    def seal(self, plaintext: bytes, context: str) -> bytes:
        return self._first.seal(plaintext, context.encode(), os.urandom(_NONCE_BYTES))

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises SealBroken."""
        box = self._boxes.get(sealed[:_HEADER_BYTES])
        if box is None:
            raise SealBroken("sealed under a master key that this server does not have")
        return box.open(sealed, context.encode())

    def has_key_of(self, sealed: bytes) -> bool:
        """Whether one of these keys sealed the value; its first bytes suffice."""
        return sealed[:_HEADER_BYTES] in self._boxes

    def needs_reseal(self, sealed: bytes) -> bool:
        """Whether the value is sealed under another key than the one that seals now."""
        return sealed[:_HEADER_BYTES] != self._first.header

    def reseal(self, sealed: bytes, context: str) -> bytes:
        """The same secret under the key that seals now. Raises SealBroken."""
        return self.seal(self.open(sealed, context), context)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a master key file. Raises ConfigError when it is missing, malformed, or readable by others."""
        try:
            with path.open(encoding="ascii") as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                    raise ConfigError(_SETTING, f"{path} can be read by other users", f"chmod 600 {path}")
                lines = file.read().splitlines()
        except OSError as error:
            mend = (
                "Call it from the server's folder, or name its --data or its --master-key-file; "
                "`poolhouse keys master` makes one."
            )
            raise ConfigError(_SETTING, f"{path}: {error.strerror}", mend) from error
        except UnicodeDecodeError:
            raise ConfigError(_SETTING, f"{path} is not a master key file") from None
        keys = [_key(path, number, line) for number, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
        try:
            return cls(keys)
        except ValueError as error:
            raise ConfigError(_SETTING, f"{path}: {error}") from None

    @classmethod
    def create_file(cls, path: Path) -> Self:
        """Make a master key file, readable by its owner only. Raises FileExistsError rather than lose a key."""
        key = secrets.token_bytes(_KEY_BYTES)
        # Written aside and linked: whoever sees the file sees a whole key, and of two makers one wins.
        aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{_LINE_MARK}{base64.b64encode(key).decode()}\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(aside, path)
        finally:
            aside.unlink()
        return cls([key])


def _key(path: Path, number: int, line: str) -> bytes:
    try:
        if not line.startswith(_LINE_MARK):
            raise ValueError
        key = base64.b64decode(line.removeprefix(_LINE_MARK).strip(), validate=True)
        if len(key) != _KEY_BYTES:
            raise ValueError
    except (ValueError, binascii.Error):
        # The line itself stays out of the message: it may be most of a key.
        raise ConfigError(_SETTING, f"line {number} of {path} is not {_LINE_MARK}<base64 of 32 bytes>") from None
    return key
