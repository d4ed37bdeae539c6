"""Request and Response: the only two HTTP types below the server. Parsed once, plain values, no framework."""

import re
from collections.abc import Iterable
from functools import cached_property
from urllib.parse import quote, quote_plus, unquote_plus

FORM = "application/x-www-form-urlencoded"
MAX_FIELDS = 200
_needs_no_quotes = re.compile(r"[A-Za-z0-9_.~-]*").fullmatch
# Every printable ASCII character stays as it is registered; what a header cannot carry is percent-encoded (RFC 3987 §3.1).
_URI_CHARACTERS = "".join(chr(code) for code in range(0x21, 0x7F))


class Request:
    """One HTTP request, whole.

    headers: lower-case names; of a repeated header all values, joined by ", " (RFC 9110 §5.3).
    host: the Host header in lower case, with port, or the server's own when absent; it never decides the issuer.
    remote_ip: of the peer, or what a trusted proxy says.  is_refused_peer: came in clear text where only proxies may.
    """

    def __init__(  # noqa: PLR0913  one value per part of an HTTP request
        self,
        *,
        method: str,
        path: str,
        query_string: str = "",
        headers: dict[str, str],
        body: bytes = b"",
        remote_ip: str = "",
        request_id: str = "",
        is_refused_peer: bool = False,
    ) -> None:
        self.method = method
        self.path = path
        self.query_string = query_string
        self.headers = headers
        self.body = body
        self.remote_ip = remote_ip
        self.request_id = request_id
        self.is_refused_peer = is_refused_peer

    @property
    def host(self) -> str:
        return self.headers.get("host", "").lower()

    @property
    def content_type(self) -> str:
        """The media type alone, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def query_pairs(self) -> list[tuple[str, str]]:
        """Raises ValueError when there are more than 200; the server answers that before any handler."""
        return parse_pairs(self.query_string)

    @cached_property
    def query(self) -> dict[str, str]:
        """The first value of each parameter."""
        return dict(reversed(self.query_pairs))

    @cached_property
    def form_pairs(self) -> list[tuple[str, str]]:
        """Raises ValueError when the body is not UTF-8 or has more than 200 fields."""
        if self.content_type != FORM:
            return []
        return parse_pairs(self.body.decode(), errors="strict")

    @cached_property
    def form(self) -> dict[str, str]:
        """The first value of each field."""
        return dict(reversed(self.form_pairs))

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The first value of each cookie. What another program on this host stored in an odd spelling disturbs no other."""
        return {name: value for name, _, value in reversed(self._cookie_parts)}

    def cookie_values(self, name: str) -> list[str]:
        """Every value of a cookie: several can hold here, each set for another path or domain."""
        return [value for found, _, value in self._cookie_parts if found == name]

    @property
    def _cookie_parts(self) -> list[tuple[str, str, str]]:
        return [part.strip().partition("=") for part in self.headers.get("cookie", "").split(";")]


class Response:
    """One HTTP response, whole. Header names in lower case."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int = 200, body: bytes = b"", headers: list[tuple[str, str]] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = headers if headers is not None else []

    def set_cookie(  # noqa: PLR0913  the attributes of RFC 6265
        self,
        name: str,
        value: str,
        *,
        max_age: int | None = None,
        secure: bool = True,
        same_site: str = "Lax",
        path: str = "/",
    ) -> None:
        """Always HttpOnly. `secure` is False only on plain-HTTP loopback."""
        parts = [f"{name}={value}", f"Path={path}", "HttpOnly", f"SameSite={same_site}"]
        if max_age is not None:
            parts.append(f"Max-Age={max_age}")
        if secure:
            parts.append("Secure")
        self.headers.append(("set-cookie", "; ".join(parts)))


def parse_pairs(text: str, errors: str = "replace") -> list[tuple[str, str]]:
    """The fields of a form or query string (WHATWG URL §5.1), blank ones too; what urllib's parse_qsl says, five times as fast.

    errors: what to do with bytes that are not UTF-8. Raises ValueError for those if "strict", and above MAX_FIELDS fields.
    """
    if not text:
        return []
    fields = text.split("&")
    if len(fields) > MAX_FIELDS:
        raise ValueError("too many fields")
    pairs = []
    for field in fields:
        name, _, value = field.partition("=")
        if "%" in field or "+" in field:
            name, value = unquote_plus(name, errors=errors), unquote_plus(value, errors=errors)
        if field:
            pairs.append((name, value))
    return pairs


def encode_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """The form or query string of these fields; what urllib's urlencode says, faster where nothing needs quotes."""
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in pairs])


def _quoted(text: str) -> str:
    return text if _needs_no_quotes(text) else quote_plus(text)


def redirect(location: str, status: int = 302) -> Response:
    return Response(status, b"", [("location", quote(location, safe=_URI_CHARACTERS)), ("cache-control", "private")])
