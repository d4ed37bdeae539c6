"""SMS over a webhook of the operator's, which hands them to a gateway of their choice (docs/messages.md)."""

import msgspec

from poolhouse.config import Settings
from poolhouse.delivery.messages import Message
from poolhouse.delivery.not_sent import NotSent
from poolhouse.outbound import NotReached, Outbound, webhook_headers

_MOST_ANSWER_BYTES = 4096
_TAKEN, _REFUSED = range(200, 300), range(400, 500)
# 401 and 403: our secret is not theirs, which somebody can mend.  408, 425, 429: come again.
_NOT_FINAL = frozenset({401, 403, 404, 408, 425, 429})


class _SMS(msgspec.Struct, rename="camel"):
    """What the webhook gets. id: the same at every attempt, so that what comes a second time can be left alone."""

    id: str
    to: str
    text: str
    user_pool_id: str
    user_name: str


class SMSWebhook:
    """One POST a message, signed as those to the webhooks of triggers are."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Outbound()

    async def close(self) -> None:
        await self._http.close()

    async def send(self, message: Message, message_id: str) -> None:
        sms = _SMS(message_id, message.to, message.text, message.user_pool_id, message.username)
        body = msgspec.json.encode(sms)
        headers = webhook_headers(self._settings.webhook_secret, body)
        try:
            answer = await self._http.post(
                self._settings.sms_url, headers, body, most_bytes=_MOST_ANSWER_BYTES, may_be_cut=True
            )
        except NotReached as error:
            raise NotSent(f"the SMS webhook does not answer: {error}") from error
        if answer.status not in _TAKEN:
            is_final = answer.status in _REFUSED and answer.status not in _NOT_FINAL
            raise NotSent(f"the SMS webhook answers HTTP {answer.status}", is_final=is_final)
