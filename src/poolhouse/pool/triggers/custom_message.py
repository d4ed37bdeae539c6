"""CustomMessage: the pool's own words for a message that is about to be sent (user-pools-api.md §7.3)."""

from collections.abc import Collection

import msgspec

from poolhouse.delivery.messages import Channel, Wording
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.triggers import custom_sender, invocation
from poolhouse.pool.triggers.custom_sender import Source
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

CODE, USERNAME = "{####}", "{username}"
LINK = "{##Click Here##}"  # GUESS+: as the guide's sample event has it
_LINK_BEGINS = "{##"
MOST_SMS_CHARACTERS, MOST_EMAIL_CHARACTERS = 140, 20_000  # DOC
# DOC: whose ClientMetadata reaches the trigger.
_WITH_METADATA = frozenset(
    {
        "SignUp",
        "ResendConfirmationCode",
        "ForgotPassword",
        "AdminResetUserPassword",
        "AdminUpdateUserAttributes",
        "UpdateUserAttributes",
        "GetUserAttributeVerificationCode",
    }
)


class _Response(msgspec.Struct, rename="camel"):
    sms_message: str | None = None
    email_message: str | None = None
    email_subject: str | None = None


async def fire(call: PoolCall, user: User, source: Source, channels: Collection[Channel]) -> Wording | None:
    """What to send instead of the pool's templates; None: those. channels: where it goes. Raises invocation.REFUSALS."""
    arn = call.user_pool.triggers.custom_message
    if not arn or not custom_sender.leaves_words_to_others(call.user_pool, channels):
        return None
    is_invitation = source == "AdminCreateUser"
    request = {
        "userAttributes": invocation.user_attributes(call, user),
        "codeParameter": CODE,
        "linkParameter": LINK,
        "usernameParameter": USERNAME if is_invitation else None,
    }
    metadata = call.client_context.metadata if call.operation in _WITH_METADATA else None
    asked = invocation.with_metadata(request, metadata)
    response = {"smsMessage": None, "emailMessage": None, "emailSubject": None}
    said = await invocation.invoke(call, arn, f"CustomMessage_{source}", user.username, asked, response, _Response)
    _check(call, said, is_invitation=is_invitation)
    return Wording(said.sms_message or "", said.email_message or "", said.email_subject or "")


def _check(call: PoolCall, said: _Response, *, is_invitation: bool) -> None:
    """Raises InvalidLambdaResponseException."""
    arn = call.user_pool.triggers.custom_message
    email = call.user_pool.settings.EmailConfiguration
    if (said.email_message or said.email_subject) and (email is None or email.EmailSendingAccount != "DEVELOPER"):
        raise errors.InvalidLambdaResponseException(texts.CUSTOM_EMAIL_NEEDS_DEVELOPER)
    for text, most in ((said.sms_message, MOST_SMS_CHARACTERS), (said.email_message, MOST_EMAIL_CHARACTERS)):
        if not text:
            continue
        if len(text) > most:
            raise invocation.unrecognizable(arn, f"a message of more than {most} characters")
        has_code = CODE in text or (text is said.email_message and _LINK_BEGINS in text)
        if not has_code or (is_invitation and USERNAME not in text):
            raise invocation.unrecognizable(arn, "a message without its placeholders")
