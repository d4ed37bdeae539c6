"""What is sent: e-mails and SMS of a user pool, from its templates or the default texts. Pure functions."""

import html
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

import msgspec

from poolhouse.wire import shapes

Channel = Literal["email", "sms"]

# user-pools-api.md §3.5. The first three OBS, the link GUESS+. Bodies of e-mails are HTML.
VERIFICATION = "Your verification code is {####}. "
VERIFICATION_SUBJECT = "Your verification code"
INVITATION = "Your username is {username} and temporary password is {####}. "
INVITATION_SUBJECT = "Your temporary password"
VERIFICATION_LINK = "Please click the link below to verify your email address. {##Verify Email##} "
VERIFICATION_LINK_SUBJECT = "Your verification link"  # GUESS

AUTHENTICATION = "Your authentication code is {####}. "
AUTHENTICATION_SUBJECT = "Your authentication code"  # GUESS

HIDDEN = "●●●●●●"
_ARN_REGION = 3  # arn:aws:ses:<region>:<account>:identity/<address or domain>
_CODE = "{####}"
_USERNAME = "{username}"
_PLACEHOLDER = re.compile(r"\{####\}|\{username\}|\{##([^#{}]+)##\}")
# A full stop behind a link in plain text would be taken for a part of it, by people's mail readers and by tests.
_LINK_AND_MORE = re.compile(r"(\{##[^#{}]+##\})(?=\S)")
_BREAK = re.compile(r"<\s*(?:br|/p|/div|/tr|/h[1-6]|/li)\b[^>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<\s*(style|script|head)\b.*?<\s*/\s*\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class Function(msgspec.Struct, frozen=True):
    """A function of the pool that sends a message in its own way.

    key_id: the KMS key that its code is encrypted under.  event: JSON of what it is told, the code still null.
    request_id: of what caused it, for the log.
    """

    arn: str
    key_id: str
    event: str
    request_id: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one person. code: the code or temporary password in it, alone.

    html: the e-mail as HTML, every value in it escaped; empty for SMS.  sender, reply_to: of the pool, or empty.
    link: what stands in the message instead of the code, where there is one.
    identity: ARN of the SES identity that the pool sends as.  configuration_set: of SES.  region: of the pool's SES or SNS.
    by: the function that sends it, whatever `delivery` says; its words are its own.
    """

    channel: Channel
    to: str
    subject: str
    text: str
    html: str
    code: str
    user_pool_id: str
    username: str
    sender: str = ""
    reply_to: str = ""
    link: str = ""
    identity: str = ""
    configuration_set: str = ""
    region: str = ""
    by: Function | None = None

    def hidden(self, text: str) -> str:
        """The text without what only the recipient may know."""
        for secret in filter(None, (self.code, html.escape(self.code), self.link, html.escape(self.link))):
            text = text.replace(secret, HIDDEN)
        return text


class Wording(msgspec.Struct, frozen=True):
    """Words that stand in for the pool's templates, each where it is not empty."""

    sms_message: str = ""
    email_message: str = ""
    email_subject: str = ""


NO_WORDING = Wording()


def verification(  # noqa: PLR0913  what a message is made of
    pool: shapes.UserPoolType,
    channel: Channel,
    to: str,
    code: str,
    username: str,
    *,
    link: str | None = None,
    wording: Wording | None = None,
) -> Message:
    """A code for sign-up, a forgotten password or a changed attribute.

    link: where the recipient may confirm by a click; used when the pool's e-mails are links.
    """
    template = pool.VerificationMessageTemplate or shapes.VerificationMessageTemplateType()
    own = wording or NO_WORDING
    if channel == "sms":
        text = own.sms_message or template.SmsMessage or pool.SmsVerificationMessage or VERIFICATION
        return _message(pool, "sms", to, text, "", code, username)
    if link is not None:
        subject = own.email_subject or template.EmailSubjectByLink or VERIFICATION_LINK_SUBJECT
        body = own.email_message or template.EmailMessageByLink or VERIFICATION_LINK
        return _message(pool, "email", to, body, subject, code, username, link=link)
    body = own.email_message or template.EmailMessage or pool.EmailVerificationMessage or VERIFICATION
    subject = own.email_subject or template.EmailSubject or pool.EmailVerificationSubject or VERIFICATION_SUBJECT
    return _message(pool, "email", to, body, subject, code, username)


def invitation(  # noqa: PLR0913  what a message is made of
    pool: shapes.UserPoolType,
    channel: Channel,
    to: str,
    password: str,
    username: str,
    *,
    wording: Wording | None = None,
) -> Message:
    """Username and temporary password of a user whom an administrator created."""
    own = wording or NO_WORDING
    config = pool.AdminCreateUserConfig
    template = (config and config.InviteMessageTemplate) or shapes.MessageTemplateType()
    if channel == "sms":
        return _message(pool, "sms", to, own.sms_message or template.SMSMessage or INVITATION, "", password, username)
    subject = own.email_subject or template.EmailSubject or INVITATION_SUBJECT
    body = own.email_message or template.EmailMessage or INVITATION
    return _message(pool, "email", to, body, subject, password, username)


def authentication(  # noqa: PLR0913  what a message is made of
    pool: shapes.UserPoolType, channel: Channel, to: str, code: str, username: str, wording: Wording
) -> Message:
    """A code for signing in. wording: of the trigger, else of the pool."""
    if channel == "sms":
        return _message(pool, "sms", to, wording.sms_message or AUTHENTICATION, "", code, username)
    subject = wording.email_subject or AUTHENTICATION_SUBJECT
    return _message(pool, "email", to, wording.email_message or AUTHENTICATION, subject, code, username)


def _message(  # noqa: PLR0913  what a message is made of
    pool: shapes.UserPoolType,
    channel: Channel,
    to: str,
    body: str,
    subject: str,
    code: str,
    username: str,
    *,
    link: str | None = None,
) -> Message:
    is_email = channel == "email"
    email = (pool.EmailConfiguration if is_email else None) or shapes.EmailConfigurationType()
    sms = (None if is_email else pool.SmsConfiguration) or shapes.SmsConfigurationType()
    identity = email.SourceArn or ""
    source = body if channel == "sms" else plain(body)
    return Message(
        channel=channel,
        to=to,
        subject=" ".join(_fill(subject, code, username, str).split()),  # a header has one line
        text=_fill(source, code, username, lambda label: f"{label}: {link}" if link else label),
        html="" if channel == "sms" else _html(body, code, username, link),
        code=code,
        user_pool_id=pool.Id or "",
        username=username,
        sender=email.From or address_of(identity),
        reply_to=email.ReplyToEmailAddress or "",
        identity=identity,
        configuration_set=email.ConfigurationSet or "",
        region=region_of(identity) or sms.SnsRegion or "",
        link=link or "",
    )


def region_of(identity: str) -> str:
    """The region of an SES identity; empty where there is none."""
    return identity.split(":")[_ARN_REGION] if identity else ""


def address_of(identity: str) -> str:
    """The address of an SES identity; empty where it is a domain, which sends as smtp_from says."""
    name = identity.rpartition("identity/")[2]
    return name if "@" in name else ""


def _html(body: str, code: str, username: str, link: str | None) -> str:
    def anchor(label: str) -> str:
        return f'<a href="{html.escape(link)}">{label}</a>' if link else label

    return _fill(body, html.escape(code), html.escape(username), anchor)


def _fill(body: str, code: str, username: str, anchor: Callable[[str], str]) -> str:
    # In one pass, so that a username that reads "{####}" stays what it is.
    def replacement(found: re.Match[str]) -> str:
        if found[0] == _CODE:
            return code
        return username if found[0] == _USERNAME else anchor(found[1])

    return _PLACEHOLDER.sub(replacement, body)


@lru_cache(maxsize=256)  # of templates, which pools have few of
def plain(body: str) -> str:
    """The template as text, for the plain part of an e-mail."""
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", _UNSEEN.sub("", body))))
    return _LINK_AND_MORE.sub(r"\1 ", text)
