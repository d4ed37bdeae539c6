"""The keys of a pool: one signs ID tokens, another access tokens (endpoints.md §12.2); older ones only verify."""

import asyncio
import math
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from types import MappingProxyType

import msgspec

from poolhouse.crypto import jwt
from poolhouse.crypto.seal import Keyring
from poolhouse.crypto.signatures import ALGORITHMS, RS256, Algorithm
from poolhouse.storage.signing_keys import SigningKeyRow

ALGORITHM_TAG = "poolhouse:signing_algorithm"
# RSA-2048 generation takes 40 to 100 ms; this many keys wait ready, so that CreateUserPool stays fast.
READY_KEYS = 4


class SigningKeys(msgspec.Struct, frozen=True):
    """As of one moment. jwks: the body of jwks.json.  changes_at: epoch ms of the moment at which another set is due."""

    id_token_key: jwt.SigningKey
    access_token_key: jwt.SigningKey
    verifying_keys: Mapping[str, jwt.VerifyingKey]
    jwks: bytes
    changes_at: float


class KeyStock:
    """RSA keys generated ahead, in a thread of their own."""

    def __init__(self) -> None:
        self._ready: deque[bytes] = deque()
        self._filling = threading.Lock()

    async def take(self, algorithm: Algorithm) -> bytes:
        """A fresh private key, PKCS#8."""
        if algorithm is not RS256:
            return jwt.generate_private_key(algorithm)  # in microseconds
        try:
            return self._ready.popleft()
        except IndexError:
            return await asyncio.to_thread(jwt.generate_private_key)

    def fill(self) -> None:
        """Bring the stock up to READY_KEYS; blocks, so call it in a thread."""
        with self._filling:
            while len(self._ready) < READY_KEYS:
                self._ready.append(jwt.generate_private_key())


def context(user_pool_id: str, kid: str) -> str:
    """The seal's context of a private key."""
    return f"signing_keys/{user_pool_id}/{kid}"


async def create(  # noqa: PLR0913  what a key is made of
    keyring: Keyring,
    user_pool_id: str,
    tags: Mapping[str, str],
    now_ms: int,
    *,
    stock: KeyStock | None = None,
    signs_from: int = 0,
) -> list[SigningKeyRow]:
    """Two new keys, sealed, to be inserted. signs_from: epoch ms; 0: at once, also where a clock is behind ours.

    tags: of the pool, which name the algorithm.  stock: of the server, whose keys are ready; without one they are generated now.
    """
    algorithm = ALGORITHMS[tags.get(ALGORITHM_TAG, RS256.name)]
    keys = [(token_use, await (stock or KeyStock()).take(algorithm)) for token_use in ("id", "access")]
    return [_row(keyring, user_pool_id, token_use, private_key, now_ms, signs_from) for token_use, private_key in keys]


def _row(  # noqa: PLR0913  the columns
    keyring: Keyring, user_pool_id: str, token_use: str, private_key: bytes, now_ms: int, signs_from: int
) -> SigningKeyRow:
    key = jwt.SigningKey.load(private_key)
    return SigningKeyRow(
        user_pool_id=user_pool_id,
        kid=key.kid,
        token_use=token_use,
        private_key=keyring.seal(private_key, context(user_pool_id, key.kid)),
        public_jwk=msgspec.json.encode(jwt.public_jwk(key.verifying_key)).decode(),
        created_at=now_ms,
        signs_from=signs_from,
    )


def open_keys(keyring: Keyring, rows: Sequence[SigningKeyRow], now_ms: int) -> SigningKeys:
    """Unseal and load the keys of one pool. Those that do not sign yet are published, so that verifiers know them in time."""
    good = [row for row in rows if row.expires_at is None or row.expires_at > now_ms]
    keys = {
        row.kid: jwt.SigningKey.load(keyring.open(row.private_key, context(row.user_pool_id, row.kid))) for row in good
    }
    jwks = b'{"keys":[' + b",".join(row.public_jwk.encode() for row in good) + b"]}"
    changes = [time for row in good for time in (row.signs_from, row.expires_at) if time is not None and time > now_ms]
    changes_at = min(changes, default=math.inf)
    return SigningKeys(
        keys[_signing(good, "id", now_ms)],
        keys[_signing(good, "access", now_ms)],
        MappingProxyType({kid: key.verifying_key for kid, key in keys.items()}),
        jwks,
        changes_at,
    )


def _signing(rows: Sequence[SigningKeyRow], token_use: str, now_ms: int) -> str:
    """The kid of the key that signs now; while none does, of the first that will.

    That is so when the clock of `dev` was ahead, the old keys were pruned, and the clock was set back.
    """
    own = [row for row in rows if row.token_use == token_use]
    due = [row for row in own if row.signs_from <= now_ms and (row.signs_until is None or now_ms < row.signs_until)]
    return due[-1].kid if due else min(own, key=lambda row: row.signs_from).kid
