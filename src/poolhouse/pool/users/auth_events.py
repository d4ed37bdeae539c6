"""Authentication events of a user, as administrators read them, and what is thought of them (user-pools-api.md §8)."""

from collections.abc import Sequence

from poolhouse.pool import events, pagination, texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings.risk_configurations import require_add_on
from poolhouse.pool.threat_protection import auth_events, feedback_tokens
from poolhouse.pool.users import users
from poolhouse.storage import auth_events as stored
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

BY_ADMIN, BY_USER = "Admin", "User"  # M names the first; GUESS the second
_AFTER_ALL = (2**62, "")  # later than every event


async def list_page(
    call: PoolCall, username: str, limit: int, pagination_token: str | None
) -> tuple[Sequence[AuthEvent], str | None]:
    """The newest first, and the token of the next page. Raises UserPoolAddOnNotEnabledException, UserNotFoundException."""
    require_add_on(call.user_pool)
    user = await users.require(call, username)
    created_at, _, event_id = pagination.decode(call, user.sub, pagination_token).partition(":")
    before = (int(created_at), event_id) if created_at else _AFTER_ALL
    found = await stored.list_newest(call.db, call.user_pool.id, user.sub, before, limit + 1, call.now_ms)
    page = found[:limit]
    last = f"{page[-1].created_at}:{page[-1].event_id}" if len(found) > limit else None
    return page, None if last is None else pagination.encode(call, user.sub, last)


async def admin_feedback(call: PoolCall, username: str, event_id: str, value: str) -> None:
    """Raises UserPoolAddOnNotEnabledException, UserNotFoundException, ResourceNotFoundException."""
    require_add_on(call.user_pool)
    await _give(call, await users.require(call, username), event_id, value, BY_ADMIN)


async def user_feedback(call: PoolCall, username: str, event_id: str, token: str, value: str) -> None:
    """By whoever has read the notification. It may be given again, and the last one counts.

    Raises UserPoolAddOnNotEnabledException, NotAuthorizedException (the token), ResourceNotFoundException. Nobody learns who exists:
    without the right token every name is answered alike.
    """
    require_add_on(call.user_pool)
    user = await users.find(call, username)
    feedback_tokens.check(call, token, "" if user is None else user.sub, event_id)
    if user is not None:
        await _give(call, user, event_id, value, BY_USER)


async def _give(call: PoolCall, user: User, event_id: str, value: str, provider: str) -> None:
    async def work(tx: Transaction) -> None:
        if not await stored.set_feedback(tx, call.user_pool.id, user.sub, event_id, value, provider, call.now_ms):
            raise errors.ResourceNotFoundException(texts.AUTH_EVENT_DOES_NOT_EXIST, event_id)
        event = await stored.get(tx, call.user_pool.id, user.sub, event_id)
        if event is not None:
            await auth_events.tell(tx, call, user, event)
        await call.record(tx, events.FeedbackGiven(**events.whose(user), event_id=event_id, value=value))

    await call.write(work)
