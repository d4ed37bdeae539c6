"""Functions behind an address: the Lambda Invoke API and webhooks. Imported at the first call of one."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import msgspec

from poolhouse.config import Settings
from poolhouse.outbound import Answer, NotReached, Outbound, TooLong, webhook_headers
from poolhouse.triggers.failures import BadAnswer, FunctionFailed, NotInvoked, Unanswered
from poolhouse.triggers.limits import MOST_ANSWER_BYTES
from poolhouse.triggers.targets import Target

_OK, _ACCEPTED = 200, 202
_TAKEN = range(200, 300)
_ARN_NAME = 6  # arn:aws:lambda:<region>:<account>:function:<name>


class HTTPTargets:
    """The connections of one server, pooled; each call is one POST."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Outbound()  # the gates of invoker.py bound what is asked at once

    async def close(self) -> None:
        await self._http.close()

    async def invoke_lambda(self, target: Target, arn: str, event: bytes, *, is_event: bool) -> bytes:
        """Invoke: AWS Lambda, or what speaks as it does. is_event: it is queued there, and nobody waits. Raises Failure."""
        path = f"/2015-03-31/functions/{quote(arn, safe='')}/invocations"
        parts = arn.split(":")
        region = parts[3] if len(parts) > _ARN_NAME else self._settings.region
        kind = "Event" if is_event else "RequestResponse"
        headers = {"content-type": "application/json", "x-amz-invocation-type": kind}
        status, answered, body = await self.post_signed("lambda", region, target.at, path, headers, event)
        if status != _OK and not (is_event and status == _ACCEPTED):
            name = answered.get("x-amzn-errortype", "").partition(":")[0]
            raise NotInvoked(name or "ServiceException", f"HTTP {status}")
        if "x-amz-function-error" in answered:
            raise FunctionFailed(error_message(body))
        return body

    async def call_webhook(self, target: Target, event: bytes, *, is_event: bool) -> bytes:
        """POST the event; an answer other than 200 is the function's error when it is JSON with an errorMessage.

        is_event: every 2xx says that it was taken, whatever else is answered. Raises Failure.
        """
        headers = webhook_headers(self._settings.webhook_secret, event)
        with _failures():
            status, _, body = await self._http.post(
                target.at, headers, event, most_bytes=MOST_ANSWER_BYTES, may_be_cut=is_event
            )
        if status == _OK or (is_event and status in _TAKEN):
            return body
        if b"errorMessage" in body:
            raise FunctionFailed(error_message(body))
        raise NotInvoked("ServiceException", f"HTTP {status}")

    async def post_signed(  # noqa: PLR0913  what a request to AWS consists of
        self, service: str, region: str, address: str, path: str, headers: dict[str, str], body: bytes
    ) -> Answer:
        """Signed where the environment has credentials. path: behind that of the address. Raises Failure."""
        with _failures():
            return await self._http.post_signed(
                service, region, address, path, headers, body, most_bytes=MOST_ANSWER_BYTES
            )


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except NotReached as error:
        raise Unanswered("ServiceException", str(error)) from error
    except TooLong as error:
        raise BadAnswer(f"longer than {MOST_ANSWER_BYTES} bytes") from error


class _Error(msgspec.Struct):
    errorMessage: str | None = None  # noqa: N815  as Lambda spells it


def error_message(body: bytes) -> str:
    """What a function has raised, as Lambda reports it."""
    try:
        return msgspec.json.decode(body, type=_Error).errorMessage or ""
    except msgspec.DecodeError as error:
        raise BadAnswer("an error that is no JSON object") from error
