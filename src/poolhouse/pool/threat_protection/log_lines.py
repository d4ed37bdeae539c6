"""Lines of the logs that a pool wants delivered (user-pools-api.md §8.5), noted in the write that they tell of."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from poolhouse import clock
from poolhouse.delivery.log_targets import leads_to
from poolhouse.pool.call import PoolCall
from poolhouse.storage import log_delivery as stored
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.engine import Transaction
from poolhouse.storage.log_delivery import Line
from poolhouse.storage.users import User

KEPT_MS = 86_400_000  # best effort (DOC): what nobody takes for a day is dropped
# The log has words of its own. DOC by an example: PASS; the others GUESS.
_DECISIONS = {"NoRisk": "PASS", "AccountTakeover": "ACCOUNT_TAKEOVER", "Block": "BLOCK"}
_DATE = "%a %b %d %H:%M:%S UTC %Y"  # DOC: Wed Jul 17 17:25:55 UTC 2024


async def note_event(tx: Transaction, call: PoolCall, user: User, event: AuthEvent) -> None:
    """A line of userAuthEvents, where the pool wants them and they lead anywhere."""
    destination = call.user_pool.log_destinations.get("userAuthEvents", "")
    if destination and leads_to(call.settings.log_delivery, destination):
        text = _line("USER_ACTIVITY", "INFO", event.user_pool_id, call.now_ms, _message(call, user, event))
        await stored.insert_line(tx, _waiting(event.user_pool_id, destination, text, call.now_ms))


def notification_error(user_pool_id: str, destination: str, details: str, now_ms: int) -> Line:
    """A line of userNotification: a message that was not delivered. details: without what only its recipient may know."""
    text = _line("USER_NOTIFICATION", "ERROR", user_pool_id, now_ms, {"details": details})
    return _waiting(user_pool_id, destination, text, now_ms)


def _line(source: str, level: str, user_pool_id: str, now_ms: int, message: Mapping[str, object]) -> str:
    """DOC: by two examples."""
    return msgspec.json.encode(
        {
            "eventTimestamp": str(now_ms),
            "eventSource": source,
            "logLevel": level,
            "message": message,
            "logSourceId": {"userPoolId": user_pool_id},
        }
    ).decode()


def _waiting(user_pool_id: str, destination: str, text: str, now_ms: int) -> Line:
    log_id = f"{int(clock.now() * 1_000_000):014x}-{os.urandom(6).hex()}"
    return Line(user_pool_id, log_id, destination, text, now_ms + KEPT_MS)


def _message(call: PoolCall, user: User, event: AuthEvent) -> dict[str, object]:
    """DOC: the example of exported user activity; every value is text. There is no map of the world here: city and country are empty."""
    return {
        "version": "1",
        "eventId": event.event_id,
        "eventType": event.event_type,
        "userSub": event.sub,
        "userName": user.username,
        "userPoolId": event.user_pool_id,
        "clientId": event.client_id,
        "creationDate": _date(event.created_at),
        "eventResponse": event.response,
        "riskLevel": event.risk_level,
        "riskDecision": _DECISIONS[event.risk_decision],
        "challenges": [f"{name}:{result}" for name, result in event.challenges],
        "deviceName": event.device_name,
        "ipAddress": event.ip_address,
        "requestId": call.request_id,
        "idpName": "",
        "compromisedCredentialDetected": "true" if event.is_compromised else "false",
        "city": "",
        "country": "",
        "eventFeedbackValue": event.feedback,
        "eventFeedbackDate": _date(event.feedback_at) if event.feedback else "",
        "eventFeedbackProvider": event.feedback_provider,
        "hasContextData": "true" if _has_context(call) else "false",
    }


def _date(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime(_DATE)


def _has_context(call: PoolCall) -> bool:
    return call.client_context.context is not None or call.client_context.user_context is not None
