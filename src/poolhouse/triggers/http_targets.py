"""Functions behind an address: the Lambda Invoke API and webhooks. Imported at the first call of one."""

import hashlib
import hmac
import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp
import msgspec
from yarl import URL

from poolhouse import clock
from poolhouse.config import Settings
from poolhouse.crypto import sigv4
from poolhouse.triggers.failures import BadAnswer, FunctionFailed, NotInvoked, Unanswered
from poolhouse.triggers.limits import MOST_ANSWER_BYTES
from poolhouse.triggers.targets import Target

_OK, _ACCEPTED = 200, 202
_TAKEN = range(200, 300)
_ARN_NAME = 6  # arn:aws:lambda:<region>:<account>:function:<name>
TIMESTAMP_HEADER, SIGNATURE_HEADER = "poolhouse-timestamp", "poolhouse-signature"


class HTTPTargets:
    """The connections of one server, pooled; each call is one POST."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # The gates of invoker.py bound what is asked at once; a redirect would take the signature, and the event, elsewhere.
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )

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
        timestamp = str(int(clock.now()))
        headers = {"content-type": "application/json", TIMESTAMP_HEADER: timestamp}
        headers[SIGNATURE_HEADER] = webhook_signature(self._settings.webhook_secret, timestamp, event)
        status, _, body = await self._post(target.at, headers, event, may_be_cut=is_event)
        if status == _OK or (is_event and status in _TAKEN):
            return body
        if b"errorMessage" in body:
            raise FunctionFailed(error_message(body))
        raise NotInvoked("ServiceException", f"HTTP {status}")

    async def post_signed(  # noqa: PLR0913  what a request to AWS consists of
        self, service: str, region: str, address: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, Any, bytes]:
        """Status, headers, body; signed where the environment has credentials. path: behind that of the address. Raises Failure."""
        url = urlsplit(address)
        full = url.path + path
        credentials = _credentials()
        if credentials is not None:
            now = datetime.fromtimestamp(clock.now(), UTC)
            headers = sigv4.signed_headers(credentials, service, region, url.netloc, full, body, now, headers)
        return await self._post(f"{url.scheme}://{url.netloc}{full}", headers, body)

    async def _post(
        self, url: str, headers: dict[str, str], body: bytes, *, may_be_cut: bool = False
    ) -> tuple[int, Any, bytes]:
        try:
            # As it stands: what is signed must be what is sent.
            async with self._http.post(
                URL(url, encoded=True), data=body, headers=headers, allow_redirects=False
            ) as response:
                read = await response.content.read(MOST_ANSWER_BYTES + 1)
                while len(read) <= MOST_ANSWER_BYTES and (more := await response.content.read(MOST_ANSWER_BYTES)):
                    read += more
                if len(read) > MOST_ANSWER_BYTES:
                    response.close()
                    if not may_be_cut:
                        raise BadAnswer(f"longer than {MOST_ANSWER_BYTES} bytes")
                return response.status, response.headers, read
        except aiohttp.ClientError as error:
            raise Unanswered("ServiceException", type(error).__name__) from error


def _credentials() -> sigv4.Credentials | None:
    """From the variables that every AWS tool reads; None: the request is not signed, as local emulators take it."""
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID", ""), os.environ.get("AWS_SECRET_ACCESS_KEY", "")
    return sigv4.Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN", "")) if key and secret else None


def webhook_signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256 over `<timestamp>.<body>`, in hexadecimal."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class _Error(msgspec.Struct):
    errorMessage: str | None = None  # noqa: N815  as Lambda spells it


def error_message(body: bytes) -> str:
    """What a function has raised, as Lambda reports it."""
    try:
        return msgspec.json.decode(body, type=_Error).errorMessage or ""
    except msgspec.DecodeError as error:
        raise BadAnswer("an error that is no JSON object") from error
