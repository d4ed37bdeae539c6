"""The FeedbackToken of a notification: whoever holds it may say what they think of one event, and nothing else."""

import base64
import binascii

import msgspec

from poolhouse.crypto.seal import SealBroken
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.wire import exceptions as errors

_LABEL = "feedback"
TTL_SECONDS = 7 * 86_400  # ours: a mail is read within days


class _Token(msgspec.Struct, frozen=True, array_like=True):
    """expires_at: epoch seconds."""

    sub: str
    event_id: str
    expires_at: int


def make(call: PoolCall, event: AuthEvent) -> str:
    token = msgspec.json.encode(_Token(event.sub, event.event_id, int(call.now) + TTL_SECONDS))
    sealed = call.user_pool.box(_LABEL).seal(token, b"", call.random(12))
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def check(call: PoolCall, token: str, sub: str, event_id: str) -> None:
    """Raises NotAuthorizedException: forged, too old, or of another event."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        opened = msgspec.json.decode(call.user_pool.box(_LABEL).open(sealed, b""), type=_Token)
    except (binascii.Error, ValueError, SealBroken) as error:
        raise errors.NotAuthorizedException(texts.INVALID_FEEDBACK_TOKEN, detail="not a token of this pool") from error
    if (opened.sub, opened.event_id) != (sub, event_id):
        raise errors.NotAuthorizedException(texts.INVALID_FEEDBACK_TOKEN, detail="the token is of another event")
    if opened.expires_at <= call.now:
        raise errors.NotAuthorizedException(texts.INVALID_FEEDBACK_TOKEN, detail="the token has expired")
