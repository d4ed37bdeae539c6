"""E-mail over SMTP. Imported at the first mail."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote

import aiosmtplib

from poolhouse.config import Settings, SMTPServer, smtp_server
from poolhouse.delivery.messages import Message
from poolhouse.delivery.outbox import TIMEOUT_SECONDS, NotSent
from poolhouse.email_address import Mailbox, is_email_address, parse_mailbox

_PERMANENT = 500  # RFC 5321 §4.2.1: the same command will fail again


async def send(settings: Settings, message: Message) -> None:
    """Hand one e-mail to the server of `smtp_url`, for the address of the message and nobody else. Raises NotSent."""
    server = smtp_server(settings.smtp_url)
    try:
        sender = _sender(settings, message)
        # Sender and recipient are said apart from the headers, which whoever reads them may read otherwise than they were meant.
        await aiosmtplib.send(
            mime(sender, message),
            sender=sender.address,
            recipients=[message.to],
            hostname=server.host,
            port=server.port,
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.is_tls,
            start_tls=server.start_tls,
            timeout=TIMEOUT_SECONDS,
        )
    except (NotSent, aiosmtplib.SMTPException, OSError) as error:
        raise NotSent(_reason(server, error), is_final=_is_final(error)) from error
    except (
        Exception
    ) as error:  # Whatever `email` trips over: its text may quote the message, so that only its kind is told.
        raise NotSent(f"the mail could not be built or sent: {type(error).__qualname__}", is_final=True) from error


def _sender(settings: Settings, message: Message) -> Mailbox:
    sender = parse_mailbox(message.sender or settings.smtp_from)
    if sender is None:
        raise NotSent("the sender is no e-mail address", is_final=True)
    return sender


def _is_final(error: Exception) -> bool:
    """Whether the server has refused this message. One that cannot be reached, or refuses us, may do better later."""
    if isinstance(error, NotSent):
        return error.is_final
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(_is_final(refused) for refused in error.recipients)
    refusals = (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError)
    return isinstance(error, refusals) and error.code >= _PERMANENT


def _reason(server: SMTPServer, error: Exception) -> str:
    if isinstance(error, NotSent):
        return str(error)
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, aiosmtplib.SMTPNotSupported) and "SMTPUTF8" in str(error):
        return f"{reason} (an address with letters outside ASCII needs a mail server with SMTPUTF8)"
    if server.start_tls and isinstance(error, aiosmtplib.SMTPException) and "STARTTLS" in str(error):
        return f"{reason} (smtp_url with ?starttls=optional sends in clear text where the server offers no encryption)"
    return reason


def mime(sender: Mailbox, message: Message) -> EmailMessage:
    """The e-mail with a plain and an HTML part. Raises NotSent for a recipient that is no e-mail address."""
    if not is_email_address(message.to):
        raise NotSent(
            "the recipient is no e-mail address", is_final=True
        )  # Stored before addresses were checked as they are now.
    mail = EmailMessage()
    mail["From"] = _header(sender)
    mail["To"] = _header(Mailbox("", message.to))
    if message.reply_to:
        mail["Reply-To"] = _header(Mailbox("", message.reply_to))
    mail["Subject"] = message.subject
    mail["Date"] = formatdate(usegmt=True)
    mail["Message-ID"] = make_msgid(domain=_ascii_domain(sender.address))
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def _header(mailbox: Mailbox) -> Address:
    local, _, domain = mailbox.address.rpartition("@")
    return Address(display_name=mailbox.name, username=local, domain=domain)


def _ascii_domain(address: str) -> str:
    """What stands behind the @ of a Message-ID, which is plain ASCII."""
    domain = address.rpartition("@")[2]
    return domain if domain.isascii() else "localhost"
