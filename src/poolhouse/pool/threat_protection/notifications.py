"""E-mails that tell a user of a risky sign-in: the pool's templates, or plain words (user-pools-api.md §8)."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from poolhouse.delivery import messages
from poolhouse.delivery.messages import Message
from poolhouse.delivery.outbox import Notice
from poolhouse.pool.call import ClientCall
from poolhouse.pool.threat_protection import feedback_tokens
from poolhouse.pool.triggers import custom_sender
from poolhouse.storage.auth_events import AuthEvent
from poolhouse.storage.users import User
from poolhouse.wire import shapes

KEPT_MS = 86_400_000  # of a mail that no gateway takes: older news of a sign-in only frightens
FEEDBACK_PATH = "/eventFeedback"  # GUESS
_UNKNOWN = "unknown"  # there is no map of the world here, that would tell city and country
_PLACEHOLDER = re.compile(r"\{([a-z]+(?:-[a-z]+)*)\}")
# GUESS: which template goes with which action is DOC, the default words are ours.
_TEMPLATES = {"BLOCK": "BlockEmail", "NO_ACTION": "NoActionEmail"}
_WORDS = {
    "BlockEmail": ("Blocked sign-in attempt", "We blocked an unrecognized sign-in to your account {username}."),
    "NoActionEmail": ("New sign-in attempt", "We observed an unrecognized sign-in to your account {username}."),
    "MfaEmail": (
        "New sign-in attempt",
        "We required more proof for an unrecognized sign-in to your account {username}.",
    ),
}
_DETAILS = (
    "Time: {login-time}\nDevice: {device-name}\nAddress: {ip-address}\n"
    "If this was not you, change your password as soon as possible."
)


def notice(call: ClientCall, user: User, event: AuthEvent, action: str) -> Notice | None:
    """DOC: to the user's e-mail address, verified or not; None: the user has none, or the pool no sender."""
    notify, to = call.client.risk_rules.notify, user.attributes.get("email", "")
    if notify is None or not to:
        return None
    member = _TEMPLATES.get(action, "MfaEmail")
    told = _message(call, user, event, member, notify, to)
    message = custom_sender.handed_over(call, user, "AccountTakeOverNotification", told)
    topic = f"account_takeover/{event.event_id}"  # none takes the place of another's
    return Notice(message, call.user_pool.id, user.sub, topic, call.now_ms + KEPT_MS, is_awaited=False)


def _message(  # noqa: PLR0913  what a message is made of
    call: ClientCall, user: User, event: AuthEvent, member: str, notify: shapes.NotifyConfigurationType, to: str
) -> Message:
    subject, first = _WORDS[member]
    template = getattr(notify, member) or shapes.NotifyEmailType(Subject=subject, TextBody=f"{first}\n\n{_DETAILS}")
    values = _values(call, user, event)
    escaped = {name: html.escape(value) for name, value in values.items()}
    text_body = template.TextBody or messages.plain(template.HtmlBody or "")
    # A mail has both forms; the text that was given stands for the other, line by line.
    html_body = template.HtmlBody or html.escape(template.TextBody or "", quote=False).replace("\n", "<br>\n")
    return Message(
        channel="email",
        to=to,
        subject=" ".join(_fill(template.Subject, values).split()),  # a header has one line
        text=_fill(text_body, values),
        html=_fill(html_body, escaped),
        code="",
        user_pool_id=call.user_pool.id,
        username=user.username,
        sender=notify.From or messages.address_of(notify.SourceArn),
        reply_to=notify.ReplyTo or "",
        identity=notify.SourceArn,
        region=messages.region_of(notify.SourceArn),
    )


def _values(call: ClientCall, user: User, event: AuthEvent) -> Mapping[str, str]:
    """What stands in the place of each placeholder (DOC)."""
    token = feedback_tokens.make(call, event)
    return {
        "username": user.username,
        "ip-address": event.ip_address or _UNKNOWN,
        "login-time": datetime.fromtimestamp(event.created_at / 1000, UTC).strftime("%a %b %d %H:%M:%S UTC %Y"),
        "device-name": event.device_name or _UNKNOWN,
        "city": _UNKNOWN,
        "country": _UNKNOWN,
        "event-id": event.event_id,
        "feedback-token": token,
        "one-click-link-valid": _link(call, user, event, token, "Valid"),
        "one-click-link-invalid": _link(call, user, event, token, "Invalid"),
    }


def _link(call: ClientCall, user: User, event: AuthEvent, token: str, value: str) -> str:
    """Empty where the pool has no domain: there is no page then."""
    if call.user_pool.site is None:
        return ""
    query = {"username": user.username, "event_id": event.event_id, "feedback_token": token, "feedback_value": value}
    return f"{call.user_pool.site}{FEEDBACK_PATH}?{urlencode(query)}"


def _fill(body: str, values: Mapping[str, str]) -> str:
    """In one pass, so that a username that reads like a placeholder stays what it is. What is none is left."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), body)
