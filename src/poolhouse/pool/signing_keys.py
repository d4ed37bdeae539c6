"""The two RSA keys of a pool: one signs ID tokens, the other access tokens (endpoints.md §12.2)."""

import asyncio
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from poolhouse.call import Call
from poolhouse.crypto import jwt
from poolhouse.crypto.seal import Keyring
from poolhouse.storage.signing_keys import SigningKeyRow

# RSA-2048 generation takes 40 to 100 ms; this many keys wait ready, so that CreateUserPool stays fast.
READY_KEYS = 4


class PoolKeys(msgspec.Struct, frozen=True):
    """jwks: the body of jwks.json."""

    id_token_key: jwt.SigningKey
    access_token_key: jwt.SigningKey
    verifying_keys: Mapping[str, jwt.VerifyingKey]
    jwks: bytes


class KeyStock:
    """Private keys generated ahead, in a thread of their own."""

    def __init__(self) -> None:
        self._ready: deque[bytes] = deque()
        self._filling = threading.Lock()

    async def take(self) -> bytes:
        """A fresh private key, PKCS#8."""
        try:
            return self._ready.popleft()
        except IndexError:
            return await asyncio.to_thread(jwt.generate_private_key)

    def fill(self) -> None:
        """Bring the stock up to READY_KEYS; blocks, so call it in a thread."""
        with self._filling:
            while len(self._ready) < READY_KEYS:
                self._ready.append(jwt.generate_private_key())


STOCK = KeyStock()


def context(user_pool_id: str, kid: str) -> str:
    """The seal's context of a private key."""
    return f"signing_keys/{user_pool_id}/{kid}"


async def create(call: Call, user_pool_id: str) -> list[SigningKeyRow]:
    """Two new keys of a new pool, sealed, to be inserted with the pool."""
    return [await _create(call, user_pool_id, token_use) for token_use in ("id", "access")]


async def _create(call: Call, user_pool_id: str, token_use: str) -> SigningKeyRow:
    private_key = await STOCK.take()
    key = jwt.SigningKey.load(private_key)
    return SigningKeyRow(
        user_pool_id=user_pool_id,
        kid=key.kid,
        token_use=token_use,
        private_key=call.keyring.seal(private_key, context(user_pool_id, key.kid)),
        public_jwk=msgspec.json.encode(jwt.public_jwk(key.verifying_key)).decode(),
        created_at=call.now_ms,
    )


def open_keys(keyring: Keyring, rows: Sequence[SigningKeyRow]) -> PoolKeys:
    """Unseal and load the keys of one pool."""
    signing: dict[str, jwt.SigningKey] = {}
    verifying: dict[str, jwt.VerifyingKey] = {}
    for row in rows:
        key = jwt.SigningKey.load(keyring.open(row.private_key, context(row.user_pool_id, row.kid)))
        verifying[row.kid] = key.verifying_key
        if row.signs_until is None:
            signing[row.token_use] = key
    jwks = b'{"keys":[' + b",".join(row.public_jwk.encode() for row in rows) + b"]}"
    return PoolKeys(signing["id"], signing["access"], MappingProxyType(verifying), jwks)
