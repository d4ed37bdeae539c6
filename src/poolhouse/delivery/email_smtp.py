"""E-mail over SMTP. Imported at the first mail."""

from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib

from poolhouse.config import LOOPBACK_NAMES, Settings
from poolhouse.delivery.messages import Message
from poolhouse.delivery.outbox import NotSent

TIMEOUT_SECONDS = 10.0  # a request waits for the mail server; longer, and the caller has gone
_PORTS = {"smtp": 587, "smtps": 465}


async def send(settings: Settings, message: Message) -> None:
    """Hand one e-mail to the server of `smtp_url`. Raises NotSent."""
    server = urlsplit(settings.smtp_url)
    try:
        await aiosmtplib.send(
            mime(settings, message),
            hostname=server.hostname,
            port=server.port or _PORTS[server.scheme],
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.scheme == "smtps",
            start_tls=_start_tls(server),
            timeout=TIMEOUT_SECONDS,
        )
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise NotSent(f"{type(error).__name__}: {error}") from error


def _start_tls(server: SplitResult) -> bool | None:
    """Required as soon as a password would travel to another machine; else taken where it is offered."""
    if server.scheme == "smtps":
        return False
    return True if server.username and server.hostname not in LOOPBACK_NAMES else None


def mime(settings: Settings, message: Message) -> EmailMessage:
    """The e-mail with a plain and an HTML part. Raises ValueError when a header would have two lines."""
    sender = message.sender or settings.smtp_from
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip("> ") or "localhost")
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail
