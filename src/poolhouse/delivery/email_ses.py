"""E-mail over version 2 of the API of Amazon SES: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html"""

from email.utils import formataddr
from typing import Any

import msgspec

from poolhouse.config import Settings
from poolhouse.delivery.email_smtp import sender_of
from poolhouse.delivery.messages import Message
from poolhouse.delivery.not_sent import NotSent
from poolhouse.email_address import is_email_address
from poolhouse.outbound import NotReached, Outbound, TooLong

PATH = "/v2/email/outbound-emails"
_MOST_ANSWER_BYTES = 65_536
_OK = 200
# What SES says of a message. Whatever else it says, it says of us, and may take back.
_FINAL = frozenset({"MessageRejected", "BadRequestException"})


class SES:
    """One POST a message, signed with the credentials of the environment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Outbound()

    async def close(self) -> None:
        await self._http.close()

    async def send(self, message: Message, message_id: str) -> None:  # noqa: ARG002  has no member for it
        region = message.region or self._settings.region
        address = self._settings.ses_url or f"https://email.{region}.amazonaws.com"
        body = msgspec.json.encode(request(self._settings, message))
        headers = {"content-type": "application/json"}
        try:
            answer = await self._http.post_signed(
                "ses", region, address, PATH, headers, body, most_bytes=_MOST_ANSWER_BYTES
            )
        except (NotReached, TooLong) as error:
            raise NotSent(f"SES does not answer: {error}") from error
        if answer.status != _OK:
            kind = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
            raise NotSent(f"SES: HTTP {answer.status} {kind}: {_reason(answer.body)}", is_final=kind in _FINAL)


def request(settings: Settings, message: Message) -> dict[str, Any]:
    """SendEmail's input. Raises NotSent where an address is none, or is one that SES cannot take."""
    sender = sender_of(settings, message)
    if not is_email_address(message.to):
        raise NotSent("the recipient is no e-mail address", is_final=True)
    content = {
        "Subject": _content(message.subject),
        "Body": {"Text": _content(message.text), "Html": _content(message.html)},
    }
    asked: dict[str, Any] = {
        "FromEmailAddress": formataddr((sender.name, _ascii(sender.address))),
        "Destination": {"ToAddresses": [_ascii(message.to)]},
        "Content": {"Simple": content},
    }
    if message.identity:
        asked["FromEmailAddressIdentityArn"] = message.identity
    if message.reply_to:
        asked["ReplyToAddresses"] = [_ascii(message.reply_to)]
    if message.configuration_set:
        asked["ConfigurationSetName"] = message.configuration_set
    return asked


def _content(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _ascii(address: str) -> str:
    """SES takes no letters outside ASCII before the @, and domains in Punycode."""
    local, _, domain = address.rpartition("@")
    try:
        local.encode("ascii")
        return f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        raise NotSent("SES takes no letters outside ASCII in an address", is_final=True) from None


class _Refusal(msgspec.Struct):
    message: str = ""


def _reason(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=_Refusal).message
    except msgspec.DecodeError:
        return ""
