"""New keys for a pool while its servers run, and the end of the old ones (docs/design/0003-key-rotation.md)."""

from collections.abc import AsyncIterator, Callable, Mapping

import msgspec

from poolhouse.crypto.seal import Keyring
from poolhouse.pool.configuration import client_rules, pool_keys, signing_keys
from poolhouse.pool.configuration.snapshots import Configuration
from poolhouse.storage import clients as stored_clients
from poolhouse.storage import pool_keys as stored_pool_keys
from poolhouse.storage import refresh_tokens as stored_refresh_tokens
from poolhouse.storage import signing_keys as stored_signing_keys
from poolhouse.storage import user_pools as stored_user_pools
from poolhouse.storage.engine import Reader, Transaction, Write

LONGEST_TTL_MS = 86_400_000  # DOC: an access or ID token lives one day at most, and so does a code
PUBLISHED_SECONDS = 86_400  # Cache-Control of jwks.json: for so long a verifier need not look again
# Every host knows a key before any uses it: they look once a second, and their clocks differ a little.
NOTICE_SECONDS = 60
LATE_MS = 300_000  # how much longer an old key is good than the last thing it made, for the same reasons
_PAGE = 500


class Rotation(msgspec.Struct, frozen=True):
    """When the new keys of one kind begin and when the last of the old ones ends, in epoch ms.

    begins_at: 0: at once.  ends_at: None: the old ones are gone.  is_new: False: it was under way before, nothing was changed.
    """

    begins_at: int
    ends_at: int | None
    is_new: bool = True


class KeyRotation:
    """Rotates keys of the pools of one database."""

    def __init__(  # noqa: PLR0913  what it works with
        self,
        configuration: Configuration,
        db: Reader,
        keyring: Keyring,
        *,
        write: Write,
        now_ms: int,
        random: Callable[[int], bytes],
    ) -> None:
        self._configuration = configuration
        self._db = db
        self._write = write
        self._keyring = keyring
        self._now_ms = now_ms
        self._random = random

    async def user_pool_ids(self) -> AsyncIterator[str]:
        """Every pool of the database."""
        after = ""
        while page := await stored_user_pools.list_page(self._db, after, _PAGE):
            for settings in page:
                after = settings.Id or ""
                yield after

    # -- signing keys

    async def signing_keys(self, user_pool_id: str, after_seconds: int) -> Rotation | None:
        """Publish new signing keys, which sign in so many seconds. None: there is no such pool."""
        signs_from = self._now_ms + after_seconds * 1000
        expires_at = signs_from + LONGEST_TTL_MS + LATE_MS
        tags = await self._tags(user_pool_id)
        new = await signing_keys.create(self._keyring, user_pool_id, tags, self._now_ms, signs_from=signs_from)

        async def work(tx: Transaction) -> Rotation | None:
            rows = await stored_signing_keys.list_for_pool(tx, user_pool_id)
            if not rows:
                return None
            begins_at = max(row.signs_from for row in rows)
            if begins_at > self._now_ms:
                return Rotation(begins_at, max(row.expires_at or 0 for row in rows), is_new=False)
            await stored_signing_keys.retire(tx, user_pool_id, signs_from, expires_at)
            for row in new:
                await stored_signing_keys.insert(tx, row)
            return Rotation(signs_from, expires_at)

        return await self._configuration.change(self._write, user_pool_id, work)

    async def revoke_signing_keys(self, user_pool_id: str) -> Rotation | None:
        """New signing keys at once; what the old ones signed is worth nothing. None: there is no such pool."""
        new = await signing_keys.create(self._keyring, user_pool_id, await self._tags(user_pool_id), self._now_ms)

        async def work(tx: Transaction) -> Rotation | None:
            if not await stored_signing_keys.delete_all(tx, user_pool_id):
                return None
            for row in new:
                await stored_signing_keys.insert(tx, row)
            return Rotation(0, None)

        return await self._configuration.change(self._write, user_pool_id, work)

    async def _tags(self, user_pool_id: str) -> Mapping[str, str]:
        pool = await stored_user_pools.get(self._db, user_pool_id)
        return {} if pool is None else pool.settings.UserPoolTags or {}

    # -- the pool key

    async def pool_key(self, user_pool_id: str) -> Rotation | None:
        """A new pool key, which seals as soon as every host knows it. None: there is no such pool."""
        seals_from = self._now_ms + NOTICE_SECONDS * 1000
        expires_at = await self._last_need(user_pool_id, seals_from) + LATE_MS
        new = pool_keys.create(self._keyring, user_pool_id, self._random, seals_from=seals_from)

        async def work(tx: Transaction) -> Rotation | None:
            pool = await stored_user_pools.get(tx, user_pool_id)
            if pool is None:
                return None
            rows = await stored_pool_keys.list_for_pool(tx, user_pool_id)
            last_end = max((row.expires_at or 0 for row in rows), default=0)
            if rows and rows[0].seals_from > self._now_ms:
                return Rotation(rows[0].seals_from, last_end, is_new=False)
            if not rows:
                await stored_pool_keys.insert(tx, pool_keys.copy_first(self._keyring, user_pool_id, pool.pool_key))
            await stored_pool_keys.retire(tx, user_pool_id, expires_at)
            await stored_pool_keys.insert(tx, new)
            return Rotation(seals_from, max(expires_at, last_end))

        return await self._configuration.change(self._write, user_pool_id, work)

    async def revoke_pool_key(self, user_pool_id: str) -> Rotation | None:
        """A new pool key at once; what the old ones sealed does not open any more. None: there is no such pool."""
        new = pool_keys.create(self._keyring, user_pool_id, self._random)

        async def work(tx: Transaction) -> Rotation | None:
            if await stored_user_pools.get(tx, user_pool_id) is None:
                return None
            await stored_pool_keys.delete_all(tx, user_pool_id)
            await stored_pool_keys.insert(tx, new)
            return Rotation(0, None)

        return await self._configuration.change(self._write, user_pool_id, work)

    async def _last_need(self, user_pool_id: str, seals_until: int) -> int:
        """When the last thing that a pool key makes until then has expired, a refresh token most likely."""
        longest = LONGEST_TTL_MS
        after = ""
        while page := await stored_clients.list_page(self._db, user_pool_id, after, _PAGE):
            longest = max(longest, *(client_rules.refresh_ttl_seconds(client) * 1000 for client in page))
            after = page[-1].ClientId or ""
        # Tokens that are out may have been made when a client's lifetime was longer than it is now.
        return max(seals_until + longest, await stored_refresh_tokens.last_expiry(self._db, user_pool_id))
