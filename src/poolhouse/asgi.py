"""Request and Response: the only two HTTP types below the server. Parsed once, plain values, no framework."""

from functools import cached_property
from urllib.parse import parse_qsl, quote

FORM = "application/x-www-form-urlencoded"
# Every printable ASCII character stays as it is registered; what a header cannot carry is percent-encoded (RFC 3987 §3.1).
_URI_CHARACTERS = "".join(chr(code) for code in range(0x21, 0x7F))


class Request:
    """One HTTP request, whole.

    headers: lower-case names; of a repeated header all values, joined by ", " (RFC 9110 §5.3).
    host: the Host header in lower case, with port, or the server's own when absent; it never decides the issuer.
    remote_ip: of the peer, or what a trusted proxy says.
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
    ) -> None:
        self.method = method
        self.path = path
        self.query_string = query_string
        self.headers = headers
        self.body = body
        self.remote_ip = remote_ip
        self.request_id = request_id

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
        return parse_qsl(self.query_string, keep_blank_values=True, max_num_fields=200)

    @cached_property
    def query(self) -> dict[str, str]:
        """The first value of each parameter."""
        return dict(reversed(self.query_pairs))

    @cached_property
    def form_pairs(self) -> list[tuple[str, str]]:
        """Raises ValueError when the body is not UTF-8 or has more than 200 fields."""
        if self.content_type != FORM:
            return []
        return parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=200, errors="strict")

    @cached_property
    def form(self) -> dict[str, str]:
        """The first value of each field."""
        return dict(reversed(self.form_pairs))

    @cached_property
    def cookies(self) -> dict[str, str]:
        """The first value of each cookie. What another program on this host stored in an odd spelling disturbs no other."""
        pairs = [part.strip().partition("=") for part in self.headers.get("cookie", "").split(";")]
        return {name: value for name, _, value in reversed(pairs)}


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


def redirect(location: str, status: int = 302) -> Response:
    return Response(status, b"", [("location", quote(location, safe=_URI_CHARACTERS)), ("cache-control", "private")])
