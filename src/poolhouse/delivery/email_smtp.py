"""E-mail over SMTP. Imported at the first mail."""

import asyncio
import contextlib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate
from urllib.parse import unquote

import aiosmtplib

from poolhouse import clock
from poolhouse.config import Settings, SMTPServer, smtp_server
from poolhouse.delivery.messages import Message
from poolhouse.delivery.not_sent import TIMEOUT_SECONDS, NotSent
from poolhouse.email_address import Mailbox, is_email_address, parse_mailbox

IDLE_SECONDS = 20.0  # a connection waits so long for the next mail
_PERMANENT = 500  # RFC 5321 §4.2.1: the same command will fail again


class SMTP:
    """The connections to the server of `smtp_url`, kept for a while for the next mail."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._server = smtp_server(settings.smtp_url)
        self._tls: ssl.SSLContext | None = None  # reads the machine's authorities: once
        self._idle: list[tuple[float, aiosmtplib.SMTP]] = []
        self._sweep: asyncio.Task[None] | None = None

    async def send(self, message: Message, message_id: str) -> None:
        """To the address of the message and to nobody else. Raises NotSent."""
        try:
            sender = sender_of(self._settings, message)
            mail = mime(sender, message, message_id)
            # Sender and recipient are said apart from the headers, which whoever reads them may read otherwise than they were meant.
            await self._hand_over(mail, sender.address, message.to)
        except (NotSent, aiosmtplib.SMTPException, OSError) as error:
            raise NotSent(_reason(self._server, error), is_final=_is_final(error)) from error
        except (
            Exception
        ) as error:  # Whatever `email` trips over: its text may quote the message, so that only its kind is told.
            raise NotSent(f"the mail could not be built or sent: {type(error).__qualname__}", is_final=True) from error

    async def close(self) -> None:
        """Leave the server, politely."""
        if self._sweep is not None:
            self._sweep.cancel()
        idle, self._idle = self._idle, []
        await asyncio.gather(*(_quit(connection) for _, connection in idle))

    async def _hand_over(self, mail: EmailMessage, sender: str, recipient: str) -> None:
        connection = await self._kept() or await self._connected()
        try:
            await connection.send_message(mail, sender=sender, recipients=[recipient])
        except aiosmtplib.SMTPResponseException:
            self._keep(connection)  # the server has said no to the mail, not to us
            raise
        except BaseException:
            connection.close()
            raise
        self._keep(connection)

    async def _kept(self) -> aiosmtplib.SMTP | None:
        """One from before that still answers."""
        while self._idle:
            _, connection = self._idle.pop()
            try:
                await connection.rset()
            except (aiosmtplib.SMTPException, OSError):
                connection.close()
            else:
                return connection
        return None

    async def _connected(self) -> aiosmtplib.SMTP:
        server = self._server
        if (self._tls is None and server.start_tls is not False) or server.is_tls:
            self._tls = self._tls or ssl.create_default_context()
        connection = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=unquote(server.username) if server.username else None,
            password=unquote(server.password) if server.password else None,
            use_tls=server.is_tls,
            start_tls=server.start_tls,
            tls_context=self._tls,
            timeout=TIMEOUT_SECONDS,
        )
        await connection.connect()
        return connection

    def _keep(self, connection: aiosmtplib.SMTP) -> None:
        if not connection.is_connected:
            return
        self._idle.append((clock.monotonic(), connection))
        if self._sweep is None or self._sweep.done():
            self._sweep = asyncio.create_task(self._leave_idle())

    async def _leave_idle(self) -> None:
        while self._idle:
            await asyncio.sleep(IDLE_SECONDS)
            before = clock.monotonic() - IDLE_SECONDS
            old = [connection for since, connection in self._idle if since <= before]
            self._idle = [each for each in self._idle if each[0] > before]
            await asyncio.gather(*(_quit(connection) for connection in old))


async def _quit(connection: aiosmtplib.SMTP) -> None:
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await connection.quit(timeout=1)
    connection.close()


def sender_of(settings: Settings, message: Message) -> Mailbox:
    """Of the pool, or of the server. Raises NotSent."""
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


def mime(sender: Mailbox, message: Message, message_id: str) -> EmailMessage:
    """The e-mail with a plain and an HTML part. Raises NotSent for a recipient that is no e-mail address.

    message_id: the same at every attempt, so that a mailbox can tell that it has the mail already.
    """
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
    mail["Message-ID"] = f"<{message_id}@{_ascii_domain(sender.address)}>"
    if message.configuration_set:  # as the SMTP interface of Amazon SES reads it
        mail["X-SES-CONFIGURATION-SET"] = message.configuration_set
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
