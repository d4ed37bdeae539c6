"""SMS over the API of Amazon SNS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html"""

import re
from urllib.parse import urlencode

from poolhouse.config import Settings
from poolhouse.delivery.messages import Message
from poolhouse.delivery.not_sent import NotSent
from poolhouse.outbound import NotReached, Outbound, TooLong

_MOST_ANSWER_BYTES = 65_536
_OK = 200
_CODE = re.compile(r"<Code>([A-Za-z]{1,60})</Code>")
_MESSAGE = re.compile(r"<Message>([^<]{1,300})</Message>")
# What SNS says of a message. Whatever else it says, it says of us, and may take back.
_FINAL = frozenset({"InvalidParameter", "InvalidParameterValue", "OptedOut"})


class SNS:
    """One POST a message, signed with the credentials of the environment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Outbound()

    async def close(self) -> None:
        await self._http.close()

    async def send(self, message: Message, message_id: str) -> None:  # noqa: ARG002  has no member for it
        region = message.region or self._settings.region
        address = self._settings.sns_url or f"https://sns.{region}.amazonaws.com"
        headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
        try:
            answer = await self._http.post_signed(
                "sns", region, address, "/", headers, body(message), most_bytes=_MOST_ANSWER_BYTES
            )
        except (NotReached, TooLong) as error:
            raise NotSent(f"SNS does not answer: {error}") from error
        if answer.status != _OK:
            text = answer.body.decode("utf-8", "replace")
            code, reason = (found[1] if (found := pattern.search(text)) else "" for pattern in (_CODE, _MESSAGE))
            raise NotSent(f"SNS: HTTP {answer.status} {code}: {reason}", is_final=code in _FINAL)


def body(message: Message) -> bytes:
    """Publish's input, as its query protocol has it. Transactional: a code is worth more than the price of its way."""
    attribute = "MessageAttributes.entry.1"
    return urlencode(
        {
            "Action": "Publish",
            "Version": "2010-03-31",
            "PhoneNumber": message.to,
            "Message": message.text,
            f"{attribute}.Name": "AWS.SNS.SMS.SMSType",
            f"{attribute}.Value.DataType": "String",
            f"{attribute}.Value.StringValue": "Transactional",
        }
    ).encode()
