"""The ways out of one server: by which gateway messages of each channel leave. Each is opened at its first message."""

from typing import Protocol

from poolhouse.config import Settings
from poolhouse.delivery.messages import Channel, Message
from poolhouse.delivery.not_sent import NotSent


class Gateway(Protocol):
    """message_id: the same at every attempt. `send` returns when the message is accepted; raises NotSent."""

    async def send(self, message: Message, message_id: str) -> None: ...
    async def close(self) -> None: ...


class Gateways:
    """Of all channels."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open: dict[str, Gateway] = {}

    def way(self, channel: Channel) -> str:
        """`inbox`, `none`, or the name of a gateway."""
        return self._settings.delivery if channel == "email" else self._settings.sms_delivery

    def leads(self, channel: Channel) -> bool:
        """Whether messages of this channel may have to wait."""
        return self.way(channel) not in ("inbox", "none")

    async def send(self, message: Message, message_id: str) -> None:
        """Hand it over, and wait until it is accepted. Raises NotSent."""
        way = self.way(message.channel)
        if not self.leads(message.channel):
            name = "delivery" if message.channel == "email" else "sms_delivery"
            raise NotSent(f"no way to send {message.channel} with {name} = {way!r}", is_final=True)
        if way not in self._open:
            self._open[way] = _opened(way, self._settings)
        await self._open[way].send(message, message_id)

    async def close(self) -> None:
        for gateway in self._open.values():
            await gateway.close()


def _opened(way: str, settings: Settings) -> Gateway:
    # aiosmtplib and aiohttp are not needed before the first message.
    if way == "smtp":
        from poolhouse.delivery.email_smtp import SMTP

        return SMTP(settings)
    if way == "ses":
        from poolhouse.delivery.email_ses import SES

        return SES(settings)
    if way == "sns":
        from poolhouse.delivery.sms_sns import SNS

        return SNS(settings)
    from poolhouse.delivery.sms_webhook import SMSWebhook

    return SMSWebhook(settings)
