"""The account of a user's sessions, where a pool keeps one: begun, seen, listed and ended (user-pools-api.md §9.9)."""

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec

from poolhouse.pool import events, texts
from poolhouse.pool.call import ClientCall, PoolCall, UserCall
from poolhouse.pool.identifiers import LOWERCASE_ALPHANUMERIC, random_text
from poolhouse.storage import refresh_tokens as stored_refresh_tokens
from poolhouse.storage import sso_sessions as stored_sso_sessions
from poolhouse.storage import user_sessions as stored
from poolhouse.storage import users as stored_users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.refresh_tokens import RefreshTokenRow
from poolhouse.storage.sso_sessions import SSOSessionRow
from poolhouse.storage.user_sessions import UserSessionRow
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

MOST_LISTED = 125  # DOC: all in one page
_RANDOM_CHARACTERS = 25  # M: of a session's id, behind tkn or sso
_MOST_DEVICE_CHARACTERS = 1_024  # M
_UNKNOWN = "unknown"  # M

Reach = Literal["NONE", "LINKED"]
Check = Callable[[UserSessionRow], Awaitable[None]]


def new_id(call: PoolCall, kind: Literal["tkn", "sso"]) -> str:
    return kind + random_text(call.random, LOWERCASE_ALPHANUMERIC, _RANDOM_CHARACTERS)


def _row(  # noqa: PLR0913  what a session consists of
    call: ClientCall,
    sub: str,
    session_id: str,
    expires_at: int,
    *,
    origin_jti: str = "",
    session_hash: bytes | None = None,
    origin_session_id: str = "",
) -> UserSessionRow:
    return UserSessionRow(
        user_pool_id=call.user_pool.id,
        session_id=session_id,
        sub=sub,
        client_id=call.client.id,
        origin_jti=origin_jti,
        session_hash=session_hash,
        origin_session_id=origin_session_id,
        device=_device(call),
        ip=call.remote_ip,
        created_at=call.now_ms,
        active_at=call.now_ms,
        expires_at=expires_at,
    )


def _device(call: PoolCall) -> str:
    return call.user_agent[:_MOST_DEVICE_CHARACTERS] or _UNKNOWN


async def take_turn(tx: Transaction, call: PoolCall, sub: str) -> None:
    """Before the refresh token is stored: two sign-ins at once must not both find a place for one."""
    if call.user_pool.sessions.is_tracked:
        await stored_users.take_turn(tx, call.user_pool.id, sub)


async def begin_with_tokens(tx: Transaction, call: ClientCall, row: RefreshTokenRow, origin_session_id: str) -> None:
    """In the write that stores the refresh token. Whoever has too many loses the one that was active longest ago (DOC)."""
    rules = call.user_pool.sessions
    if not rules.is_tracked:
        return
    living = await stored.list_living_of_tokens(tx, row.user_pool_id, row.sub, call.now_ms)
    for evicted in living[: max(0, len(living) + 1 - rules.most_per_user)]:
        await _end_tokens(tx, call, evicted)
    made = _row(
        call,
        row.sub,
        new_id(call, "tkn"),
        row.expires_at,
        origin_jti=row.origin_jti,
        origin_session_id=origin_session_id,
    )
    await stored.insert(tx, made)


async def begin_in_browser(tx: Transaction, call: ClientCall, row: SSOSessionRow, session_id: str) -> None:
    """In the write that stores the cookie. session_id: empty where the pool keeps no account."""
    if session_id:
        await stored.insert(tx, _row(call, row.sub, session_id, row.expires_at, session_hash=row.session_hash))


async def seen(call: ClientCall, row: RefreshTokenRow) -> None:
    """A refresh is activity."""
    if not call.user_pool.sessions.is_tracked:
        return

    async def work(tx: Transaction) -> None:
        await stored.touch(tx, row.user_pool_id, row.origin_jti, _device(call), call.remote_ip, call.now_ms)

    await call.write(work)


# -- listing


class Session(msgspec.Struct, frozen=True):
    row: UserSessionRow
    is_current: bool


async def list_of(call: PoolCall, user: User, current_jti: str = "") -> list[Session]:
    """The living ones, the newest activity first. current_jti: of the token that asks."""
    rows = await stored.list_living(call.db, call.user_pool.id, user.sub, call.now_ms, MOST_LISTED)
    return [Session(row, bool(current_jti) and row.origin_jti == current_jti) for row in rows]


# -- ending


async def revoke_own(call: UserCall, session_id: str, reach: Reach) -> None:
    """Raises ResourceNotFoundException, InvalidParameterException (the session that asks)."""
    own = call.access_token.origin_jti

    async def check(row: UserSessionRow) -> None:
        if own and row.origin_jti == own:
            raise errors.InvalidParameterException(texts.OWN_SESSION_STAYS)

    await _revoke(call, call.access_token.user, session_id, reach, check)


async def revoke(call: PoolCall, user: User, session_id: str, reach: Reach) -> None:
    """Raises ResourceNotFoundException."""

    async def check(_row: UserSessionRow) -> None:
        return

    await _revoke(call, user, session_id, reach, check)


async def _revoke(call: PoolCall, user: User, session_id: str, reach: Reach, check: Check) -> None:
    async def work(tx: Transaction) -> None:
        row = await stored.get(tx, call.user_pool.id, user.sub, session_id)
        if row is None:
            raise errors.ResourceNotFoundException(texts.SESSION_DOES_NOT_EXIST)
        await check(row)
        if row.origin_jti:
            await _end_tokens(tx, call, row)
            if reach == "LINKED":
                await end_browser_of(tx, call, row)
            return
        await _end_browser(tx, call, row)
        for linked in await stored.list_of_browser(tx, row.user_pool_id, row.session_id) if reach == "LINKED" else ():
            await check(linked)
            await _end_tokens(tx, call, linked)

    await call.write(work)


async def end_with_tokens(tx: Transaction, call: PoolCall, origin_jti: str, reach: Reach) -> None:
    """In the write that revokes the tokens."""
    if not call.user_pool.sessions.is_tracked:
        return
    row = await stored.find_by_tokens(tx, call.user_pool.id, origin_jti)
    if row is None:
        return
    if reach == "LINKED":
        await end_browser_of(tx, call, row)
    await stored.delete(tx, row.user_pool_id, row.session_id)


async def end_browser_of(tx: Transaction, call: PoolCall, row: UserSessionRow) -> None:
    """The browser's session that these tokens came through."""
    if row.origin_session_id:
        parent = await stored.get(tx, row.user_pool_id, row.sub, row.origin_session_id)
        if parent is not None:
            await _end_browser(tx, call, parent)


async def _end_tokens(tx: Transaction, call: PoolCall, row: UserSessionRow) -> None:
    if await stored_refresh_tokens.revoke(tx, row.user_pool_id, row.origin_jti, call.now_ms):
        ended = events.SignInEnded(user_pool_id=row.user_pool_id, sub=row.sub, origin_jti=row.origin_jti)
        await call.record(tx, ended)
    await stored.delete(tx, row.user_pool_id, row.session_id)


async def _end_browser(tx: Transaction, call: PoolCall, row: UserSessionRow) -> None:
    if row.session_hash is not None:
        await stored_sso_sessions.delete(tx, row.user_pool_id, row.session_hash)
    await stored.delete(tx, row.user_pool_id, row.session_id)
