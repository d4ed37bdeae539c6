"""Owns the credentials that sign administrative calls: made here, kept sealed, looked up without a query per request."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence

import msgspec

from poolhouse.crypto.seal import Keyring
from poolhouse.storage import access_keys as stored
from poolhouse.storage.engine import Reader, Transaction

CACHE_TTL_SECONDS = 1.0  # How long a deleted key may still work, on every worker.
MOST_CACHED = 1_000  # Also bounds, with the next line, what a caller with invented key ids can make the cache hold.
MOST_ID_CHARACTERS = 128  # AWS AccessKeyIdType
MOST_SIGNING_KEYS = 16  # One per day and region; more than a few means that somebody plays.


class NewAccessKey(msgspec.Struct, frozen=True):
    """The only time that the secret is seen in clear."""

    access_key_id: str
    secret_access_key: str

    def __repr__(self) -> str:
        return f"NewAccessKey({self.access_key_id!r}, ***)"


class AccessKey:
    """An opened access key of the cache."""

    __slots__ = ("_secret", "_signing_keys", "id")

    def __init__(self, access_key_id: str, secret: str) -> None:
        self.id = access_key_id
        self._secret = secret
        self._signing_keys: dict[str, bytes] = {}

    def is_secret(self, secret: str) -> bool:
        """Whether this is the key's secret, compared in constant time."""
        return hmac.compare_digest(self._secret.encode(), secret.encode())

    def signing_key(self, scope: str) -> bytes:
        """The derived key of a credential scope `<date>/<region>/<service>/aws4_request` (SigV4), remembered."""
        key = self._signing_keys.get(scope)
        if key is None:
            key = f"AWS4{self._secret}".encode()
            for part in scope.split("/"):
                key = hmac.digest(key, part.encode(), hashlib.sha256)
            if len(self._signing_keys) >= MOST_SIGNING_KEYS:
                self._signing_keys.clear()
            self._signing_keys[scope] = key
        return key


class AccessKeys:
    """The cache of one server."""

    def __init__(self, db: Reader, keyring: Keyring) -> None:
        self._db = db
        self._keyring = keyring
        self._found: dict[str, tuple[float, AccessKey | None]] = {}  # id -> (when it was read, the key or None)

    async def find(self, access_key_id: str, now: float) -> AccessKey | None:
        """The key, as it was at most a second ago."""
        if len(access_key_id) > MOST_ID_CHARACTERS or "\0" in access_key_id:
            return None
        cached = self._found.get(access_key_id)
        if cached is not None and 0 <= now - cached[0] < CACHE_TTL_SECONDS:
            return cached[1]
        row = await stored.get(self._db, access_key_id)
        key = None
        if row is not None:
            key = AccessKey(row.access_key_id, self._keyring.open(row.secret, context(row.access_key_id)).decode())
        if len(self._found) >= MOST_CACHED:
            self._found.clear()
        self._found[access_key_id] = (now, key)
        return key


async def create(
    tx: Transaction, keyring: Keyring, description: str, *, now_ms: int, random: Callable[[int], bytes]
) -> NewAccessKey:
    """Make a key of AWS's form: 20 characters that begin with AKIA, and a secret of 40 characters (240 random bits)."""
    access_key_id = "AKIA" + base64.b32encode(random(10)).decode()
    secret = base64.b64encode(random(30)).decode()
    row = stored.AccessKeyRow(access_key_id, keyring.seal(secret.encode(), context(access_key_id)), description, now_ms)
    await stored.insert(tx, row)
    return NewAccessKey(access_key_id, secret)


async def list_all(db: Reader) -> Sequence[stored.AccessKeyRow]:
    """All keys, oldest first, their secrets still sealed."""
    return await stored.list_all(db)


async def delete(tx: Transaction, access_key_id: str) -> bool:
    """Whether there was such a key. It stops working within CACHE_TTL_SECONDS."""
    return await stored.delete(tx, access_key_id) > 0


def context(access_key_id: str) -> str:
    """What the sealed secret is bound to."""
    return f"access_keys/{access_key_id}/secret"
