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

_OK = 200
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

    async def invoke_lambda(self, target: Target, arn: str, event: bytes) -> bytes:
        """Invoke, RequestResponse: AWS Lambda, or what speaks as it does. Raises Failure."""
        url = urlsplit(target.at)
        path = f"{url.path}/2015-03-31/functions/{quote(arn, safe='')}/invocations"
        parts = arn.split(":")
        region = parts[3] if len(parts) > _ARN_NAME else self._settings.region
        headers = {"content-type": "application/json", "x-amz-invocation-type": "RequestResponse"}
        credentials = _credentials()
        if credentials is not None:
            now = datetime.fromtimestamp(clock.now(), UTC)
            headers |= sigv4.signed_headers(credentials, "lambda", region, url.netloc, path, event, now)
        status, answered, body = await self._post(f"{url.scheme}://{url.netloc}{path}", headers, event)
        if status != _OK:
            name = answered.get("x-amzn-errortype", "").partition(":")[0]
            raise NotInvoked(name or "ServiceException", f"HTTP {status}")
        if "x-amz-function-error" in answered:
            raise FunctionFailed(error_message(body))
        return body

    async def call_webhook(self, target: Target, event: bytes) -> bytes:
        """POST the event; an answer other than 200 is the function's error when it is JSON with an errorMessage. Raises Failure."""
        timestamp = str(int(clock.now()))
        headers = {"content-type": "application/json", TIMESTAMP_HEADER: timestamp}
        headers[SIGNATURE_HEADER] = webhook_signature(self._settings.webhook_secret, timestamp, event)
        status, _, body = await self._post(target.at, headers, event)
        if status == _OK:
            return body
        if b"errorMessage" in body:
            raise FunctionFailed(error_message(body))
        raise NotInvoked("ServiceException", f"HTTP {status}")

    async def _post(self, url: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
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
