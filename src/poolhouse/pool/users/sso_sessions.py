"""The browser sessions of a pool domain (endpoints.md §14)."""

import hashlib

from poolhouse.crypto import jwt
from poolhouse.pool.call import PoolCall
from poolhouse.pool.outcomes import Remembered, SignedIn
from poolhouse.storage import sso_sessions as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.sso_sessions import SSOSessionRow
from poolhouse.storage.users import User

_COOKIE_BYTES = 32


def draw(call: PoolCall, signed_in: SignedIn) -> tuple[str, SSOSessionRow]:
    """A new cookie value, never one that the browser brought (session fixation), and the row to insert for it."""
    cookie = jwt.base64url(call.random(_COOKIE_BYTES)).decode()
    row = SSOSessionRow(
        user_pool_id=call.user_pool.id,
        session_hash=_hash(cookie),
        sub=signed_in.user.sub,
        browser_epoch=signed_in.user.browser_epoch,
        identity_provider=signed_in.identity_provider,
        auth_time=signed_in.auth_time,
        expires_at=call.now_ms + call.user_pool.sessions.cookie_seconds * 1000,
    )
    return cookie, row


async def find(call: PoolCall, cookie: str | None) -> Remembered | None:
    """The living session of a cookie; None when unknown, expired, or its user may no longer sign in."""
    if not cookie:
        return None
    found = await stored.get_with_user(call.db, call.user_pool.id, _hash(cookie))
    if found is None:
        return None
    user, row = found
    if row.expires_at <= call.now_ms or not user.is_enabled or user.status not in {"CONFIRMED", "EXTERNAL_PROVIDER"}:
        return None
    return Remembered(user, row.auth_time, row.identity_provider, row.session_hash)


async def move_on(tx: Transaction, before: User, after: User, cookie: str | None) -> None:
    """Let the session of one browser go on in the user's new epoch, which ends the others."""
    if cookie:
        await stored.move_on(tx, before, _hash(cookie), after.browser_epoch)


async def delete(call: PoolCall, cookie: str | None) -> None:
    """End the session of a cookie."""
    if not cookie:
        return

    async def write(tx: Transaction) -> None:
        await stored.delete(tx, call.user_pool.id, _hash(cookie))

    await call.write(write)


def _hash(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()
