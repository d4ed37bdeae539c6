"""The keys from which those of a pool's own tokens are derived: sessions, codes, pages, refresh tokens, simulated users.

The newest seals. Older ones still open what they sealed, and one never changes (docs/design/0003-key-rotation.md).
"""

import hashlib
import hmac
import math
from collections.abc import Callable, Sequence

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from poolhouse.crypto.seal import Keyring, SealBroken, SealedBox
from poolhouse.storage.pool_keys import PoolKeyRow

KEY_BYTES = 32
FIRST_ID = "first"
_ID_BYTES = 8


def first_context(user_pool_id: str) -> str:
    """The seal's context of the key that a pool is made with."""
    return f"user_pools/{user_pool_id}/pool_key"


def context(user_pool_id: str, key_id: str) -> str:
    """The seal's context of a key in the table of keys."""
    return f"pool_keys/{user_pool_id}/{key_id}"


def create_first(keyring: Keyring, user_pool_id: str, random: Callable[[int], bytes]) -> bytes:
    """The sealed key of a new pool."""
    return keyring.seal(random(KEY_BYTES), first_context(user_pool_id))


def create(keyring: Keyring, user_pool_id: str, random: Callable[[int], bytes], *, seals_from: int = 0) -> PoolKeyRow:
    """A new key, sealed, to be inserted. seals_from: epoch ms; 0: at once, also where a clock is behind ours."""
    key_id = random(_ID_BYTES).hex()
    return PoolKeyRow(user_pool_id, key_id, keyring.seal(random(KEY_BYTES), context(user_pool_id, key_id)), seals_from)


def copy_first(keyring: Keyring, user_pool_id: str, first: bytes) -> PoolKeyRow:
    """The key that a pool was made with, sealed as `first`, as the oldest row of the table."""
    key = keyring.open(first, first_context(user_pool_id))
    return PoolKeyRow(user_pool_id, FIRST_ID, keyring.seal(key, context(user_pool_id, FIRST_ID)), 0)


class PoolKey:
    """One key, and those that were derived from it so far."""

    __slots__ = ("_boxes", "_key", "_mac_keys")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._mac_keys: dict[str, bytes] = {}
        self._boxes: dict[str, SealedBox] = {}

    def mac(self, label: str, *parts: str) -> bytes:
        """HMAC-SHA256 of the parts under this key and this label; 32 bytes."""
        key = self._mac_keys.get(label)
        if key is None:
            key = self._mac_keys[label] = self.derive("mac/" + label)
        return hmac.digest(key, "".join(f"{len(part)}:{part}" for part in parts).encode(), hashlib.sha256)

    def box(self, label: str) -> SealedBox:
        """AES-256-GCM under this key and this label."""
        box = self._boxes.get(label)
        if box is None:
            box = self._boxes[label] = SealedBox(self.derive("box/" + label))
        return box

    def derive(self, label: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"poolhouse/{label}".encode()).derive(self._key)


class PoolKeys:
    """All keys of a pool as of one moment.

    lasting: never changes, so that what is simulated for unknown users does not either.
    newest: seals and makes what is new.  changes_at: epoch ms of the moment at which another set of keys is due.
    """

    def __init__(self, lasting: bytes, keys: Sequence[bytes], changes_at: float = math.inf) -> None:
        """keys: the newest first."""
        self.lasting = PoolKey(lasting)
        self.newest = PoolKey(keys[0])
        self.changes_at = changes_at
        self._all = (self.newest, *map(PoolKey, keys[1:]))
        self._boxes: dict[str, SealedBox] = {}

    def macs(self, label: str, *parts: str) -> list[bytes]:
        """The MAC of the parts under each key, the newest first: what an older key has made is still recognised."""
        return [key.mac(label, *parts) for key in self._all]

    def box(self, label: str) -> SealedBox:
        """Seals under the newest key and this label, opens under any key."""
        box = self._boxes.get(label)
        if box is None:
            derived = [key.derive("box/" + label) for key in self._all]
            box = self._boxes[label] = SealedBox(*derived)
        return box

    def that_sealed(self, label: str, sealed: bytes) -> PoolKey:
        """The key under which a value was sealed, as its header says. Raises SealBroken."""
        for key in self._all:
            if sealed.startswith(key.box(label).header):
                return key
        raise SealBroken("not sealed under a key of this pool")


def open_keys(keyring: Keyring, user_pool_id: str, first: bytes, rows: Sequence[PoolKeyRow], now_ms: int) -> PoolKeys:
    """Unseal the keys of one pool. first: sealed.  rows: the newest first; none before the first rotation.

    A key that does not seal yet opens already: another host's clock may run ahead.
    """
    lasting = keyring.open(first, first_context(user_pool_id))
    if not rows:
        return PoolKeys(lasting, [lasting])
    good = [row for row in rows if row.expires_at is None or row.expires_at > now_ms]
    ordered = sorted(good, key=lambda row: row.seals_from > now_ms)  # stable: those that wait come last
    changes = [time for row in good for time in (row.seals_from, row.expires_at) if time is not None and time > now_ms]
    keys = [keyring.open(row.pool_key, context(user_pool_id, row.key_id)) for row in ordered]
    return PoolKeys(lasting, keys, min(changes, default=math.inf))
