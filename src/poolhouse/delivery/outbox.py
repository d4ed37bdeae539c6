"""The outbox: every message leaves through here, after the write that caused it has been committed."""

import asyncio
import logging
from collections.abc import Mapping

from poolhouse.config import Settings
from poolhouse.delivery.inbox import Inbox
from poolhouse.delivery.messages import Message
from poolhouse.wire import exceptions as errors

log = logging.getLogger(__name__)

# The real texts of CodeDeliveryFailureException are not known.
EMAIL_NOT_SENT = "The e-mail could not be sent."
SMS_NOT_SENT = "The SMS message could not be sent."


class NotSent(Exception):
    """The gateway refused the message or cannot be reached. For the log; callers get CodeDeliveryFailureException."""


class Outbox:
    """Sends to the inbox, by SMTP, or not at all, as the settings say. extra: what the log says of the request."""

    def __init__(self, settings: Settings, inbox: Inbox) -> None:
        self._settings = settings
        self._inbox = inbox
        self._background: set[asyncio.Task[None]] = set()

    async def send(self, message: Message, extra: Mapping[str, str]) -> None:
        """Send and wait until it is accepted. Raises CodeDeliveryFailureException."""
        try:
            await self._deliver(message)
        except NotSent as error:
            log.warning("message of %s not sent: %s", message.user_pool_id, error, extra=extra)
            text = EMAIL_NOT_SENT if message.channel == "email" else SMS_NOT_SENT
            raise errors.CodeDeliveryFailureException(text, detail=str(error)) from error

    async def send_unseen(self, message: Message | None, user_pool_id: str, extra: Mapping[str, str]) -> None:
        """Send so that neither the answer nor its time tells whether there was a message.

        message: None where there is nobody to write to; an inbox is written to in any case, a mail leaves in the background.
        """
        if self._settings.delivery == "inbox":
            await self._inbox.keep(message, user_pool_id, self._settings.inbox_ttl_seconds)
        elif message is not None:
            task = asyncio.create_task(self._deliver_in_background(message, extra))
            self._background.add(task)  # the loop itself keeps no strong reference
            task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        """Wait for the mails that are on their way."""
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _deliver_in_background(self, message: Message, extra: Mapping[str, str]) -> None:
        try:
            await self._deliver(message)
        except NotSent as error:
            log.warning("message of %s not sent: %s", message.user_pool_id, error, extra=extra)
        except Exception:  # nobody awaits this task, so the log is the only place to say it
            log.exception("message of %s not sent", message.user_pool_id, extra=extra)

    async def _deliver(self, message: Message) -> None:
        if self._settings.delivery == "inbox":
            await self._inbox.keep(message, message.user_pool_id, self._settings.inbox_ttl_seconds)
        elif self._settings.delivery == "smtp" and message.channel == "email":
            from poolhouse.delivery import email_smtp  # aiosmtplib is not needed before the first mail

            await email_smtp.send(self._settings, message)
        else:
            raise NotSent(f"no way to send {message.channel} with delivery = {self._settings.delivery!r}")
