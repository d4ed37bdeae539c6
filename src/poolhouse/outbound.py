"""Requests that leave this server, over pooled connections: to AWS, signed, and to webhooks. Imported at the first of them."""

import hashlib
import hmac
import ipaddress
import os
import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver
from yarl import URL

from poolhouse import clock
from poolhouse.crypto import sigv4

TIMESTAMP_HEADER, SIGNATURE_HEADER = "poolhouse-timestamp", "poolhouse-signature"


class NotReached(Exception):
    """There was no answer."""


class TooLong(Exception):
    """The answer is longer than anybody wants to read."""


class Answer(NamedTuple):
    """headers: by names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Outbound:
    """The connections of one server. Whoever asks bounds how many at once, and how long."""

    def __init__(self) -> None:
        # A redirect would take the signature, and what was sent, elsewhere.
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()
        )

    async def close(self) -> None:
        await self._http.close()

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, most_bytes: int, may_be_cut: bool = False
    ) -> Answer:
        """may_be_cut: what is longer than most_bytes is not read. Raises NotReached, TooLong."""
        try:
            # As it stands: what is signed must be what is sent.
            async with self._http.post(
                URL(url, encoded=True), data=body, headers=headers, allow_redirects=False
            ) as response:
                read = await response.content.read(most_bytes + 1)
                while len(read) <= most_bytes and (more := await response.content.read(most_bytes)):
                    read += more
                if len(read) > most_bytes:
                    response.close()
                    if not may_be_cut:
                        raise TooLong
                return Answer(response.status, response.headers, read[:most_bytes])
        except aiohttp.ClientError as error:
            raise NotReached(type(error).__name__) from error

    async def post_signed(  # noqa: PLR0913  what a request to AWS consists of
        self,
        service: str,
        region: str,
        address: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        most_bytes: int,
    ) -> Answer:
        """Signed where the environment has credentials. path: behind that of the address. Raises NotReached, TooLong."""
        url = urlsplit(address)
        full = url.path.rstrip("/") + path
        credentials = aws_credentials()
        if credentials is not None:
            now = datetime.fromtimestamp(clock.now(), UTC)
            headers = sigv4.signed_headers(credentials, service, region, url.netloc, full, body, now, headers)
        return await self.post(f"{url.scheme}://{url.netloc}{full}", headers, body, most_bytes=most_bytes)


class _PublicAddresses(AbstractResolver):
    """Answers with addresses of the open network only, so that what is connected to is what was looked at."""

    def __init__(self, *, allows_local: bool) -> None:
        self._resolver = DefaultResolver()
        self._allows_local = allows_local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._resolver.resolve(host, port, family)
        return [each for each in found if _is_allowed(each["host"], allows_local=self._allows_local)]

    async def close(self) -> None:
        await self._resolver.close()


def _is_allowed(address: str, *, allows_local: bool) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or ip
    return mapped.is_global or (allows_local and mapped.is_loopback)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


FETCH_SECONDS = 5.0  # ours


async def fetch(url: str, *, most_bytes: int, allows_local: bool) -> bytes:
    """What a public address answers to GET; for addresses that somebody has typed. Redirects are not followed.

    allows_local: whether plain http, and this machine, are fine, as in `dev`.  Raises NotReached, TooLong.
    """
    parts = urlsplit(url)
    try:
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotReached("no address") from error
    is_standard = port in (None, 443) if parts.scheme == "https" else parts.scheme == "http" and port in (None, 80)
    if not host or parts.username or not (is_standard or (allows_local and parts.scheme in ("http", "https"))):
        raise NotReached("not an address of http on port 80 or https on port 443")
    # Written as a number, a host is looked up nowhere, and no resolver sees it.
    if _is_number(host) and not _is_allowed(host, allows_local=allows_local):
        raise NotReached("not an address of the open network")
    connector = aiohttp.TCPConnector(resolver=_PublicAddresses(allows_local=allows_local), use_dns_cache=False)
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False) as http,
            http.get(URL(url, encoded=True), allow_redirects=False) as response,
        ):
            read = b""
            async for chunk in response.content.iter_chunked(65_536):
                read += chunk
                if len(read) > most_bytes:
                    raise TooLong
            if response.status != HTTPStatus.OK:
                raise NotReached(f"it answered {response.status}")
            return read
    except (aiohttp.ClientError, TimeoutError, ValueError, OSError) as error:
        raise NotReached(type(error).__name__) from error


def aws_credentials() -> sigv4.Credentials | None:
    """From the variables that every AWS tool reads; None: requests are not signed, as local emulators take them."""
    key, secret = os.environ.get("AWS_ACCESS_KEY_ID", ""), os.environ.get("AWS_SECRET_ACCESS_KEY", "")
    return sigv4.Credentials(key, secret, os.environ.get("AWS_SESSION_TOKEN", "")) if key and secret else None


def webhook_headers(secret: str, body: bytes) -> dict[str, str]:
    """JSON, and by whom."""
    timestamp = str(int(clock.now()))
    signature = webhook_signature(secret, timestamp, body)
    return {"content-type": "application/json", TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature}


def webhook_signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v1=` and the HMAC-SHA256 over `<timestamp>.<body>`, in hexadecimal."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
