"""CustomEmailSender and CustomSMSSender: the pool's own function sends a message (user-pools-api.md §7.3).

Nothing is called here. The message is marked with what its function will be told, and leaves by the outbox; whoever caused it is not
told how that ends (DOC).
"""

import html
from collections.abc import Collection
from typing import Literal

import msgspec

from poolhouse.delivery.messages import Channel, Function, Message
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.triggers import invocation
from poolhouse.storage.users import User

# What messages are about, here and for CustomMessage.
Source = Literal[
    "SignUp",
    "AdminCreateUser",
    "ResendCode",
    "ForgotPassword",
    "UpdateUserAttribute",
    "VerifyUserAttribute",
    "Authentication",
    "AccountTakeOverNotification",
]

_TRIGGERS: dict[Channel, tuple[str, str]] = {
    "email": ("CustomEmailSender", "customEmailSenderRequestV1"),
    "sms": ("CustomSMSSender", "customSMSSenderRequestV1"),
}
_ATTRIBUTES: dict[Channel, str] = {"email": "email", "sms": "phone_number"}
_WITH_METADATA = frozenset({"SignUp", "ForgotPassword", "Authentication"})  # DOC: whom ClientMetadata reaches


def _arn(user_pool: UserPool, channel: Channel) -> str:
    triggers = user_pool.triggers
    return triggers.custom_email_sender if channel == "email" else triggers.custom_sms_sender


def takes(user_pool: UserPool, channel: Channel) -> bool:
    """Whether a function of the pool sends what goes this way."""
    return bool(_arn(user_pool, channel))


def takes_any(user_pool: UserPool) -> bool:
    return takes(user_pool, "email") or takes(user_pool, "sms")


def leaves_words_to_others(user_pool: UserPool, channels: Collection[Channel]) -> bool:
    """Whether words of CustomMessage would be used: not where the senders take it all (GUESS: it is not asked then)."""
    return not all(takes(user_pool, channel) for channel in channels)


def handed_over(call: PoolCall, user: User, source: Source, message: Message) -> Message:
    """The message, marked for the function of its channel where the pool has one."""
    arn = _arn(call.user_pool, message.channel)
    if not arn:
        return message
    trigger, request_type = _TRIGGERS[message.channel]
    # GUESS: an address that is still to be proven, and so not the user's yet, is told as theirs; the function could not know it otherwise.
    attributes = {**invocation.user_attributes(call, user), _ATTRIBUTES[message.channel]: message.to}
    request = {"type": request_type, "code": None, "userAttributes": attributes}
    metadata = call.client_context.metadata if source in _WITH_METADATA else None
    asked = invocation.with_metadata(request, metadata)
    event = invocation.make_event(call, f"{trigger}_{source}", user.username, asked, {})
    text = msgspec.json.encode(event).decode()
    # DOC: the e-mail function unescapes a temporary password. A code has nothing to escape.
    code = html.escape(message.code) if message.channel == "email" else message.code
    by = Function(arn, call.user_pool.triggers.kms_key_id, text, call.request_id)
    return msgspec.structs.replace(message, code=code, text="", html="", by=by)
