"""How the JSON endpoints answer: headers, success and errors (endpoints.md §1.3, §4.7, §5, §6)."""

import re

import msgspec

from poolhouse.asgi import Request, Response
from poolhouse.errors import OAuthError
from poolhouse.pool.call import Call

# DOC: the headers of the userInfo sample; Cognito's security headers are the same on every JSON endpoint.
_HEADERS = [
    ("content-type", "application/json;charset=UTF-8"),
    ("x-content-type-options", "nosniff"),
    ("x-xss-protection", "1; mode=block"),
    ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
    ("pragma", "no-cache"),
    ("expires", "0"),
    ("x-frame-options", "DENY"),
    ("access-control-allow-origin", "*"),
]
_HEADER_NAMES = re.compile(r"[A-Za-z0-9, _-]+")
_encode = msgspec.json.Encoder().encode


def json(body: object, status: int = 200, *extra: tuple[str, str]) -> Response:
    return Response(status, _encode(body), [*_HEADERS, *extra])


def empty() -> Response:
    return Response(200, b"", _HEADERS.copy())


def error(call: Call, refusal: OAuthError, *extra: tuple[str, str]) -> Response:
    call.refusal = refusal
    body = {"error": refusal.error}
    if refusal.description:
        body["error_description"] = refusal.description
    return json(body, refusal.status, *extra)


def preflight(request: Request) -> Response:
    """OPTIONS of token, revoke and userInfo: browsers send the non-simple header x-amz-user-agent (OBS amplify-js)."""
    requested = request.headers.get("access-control-request-headers", "")
    allowed = requested if _HEADER_NAMES.fullmatch(requested) else "content-type"
    return Response(
        200,
        b"",
        [
            ("access-control-allow-origin", "*"),
            ("access-control-allow-methods", "GET, POST, OPTIONS"),
            ("access-control-allow-headers", allowed),
            ("access-control-max-age", "86400"),
        ],
    )


def wrong_method(*allowed: str) -> Response:
    return Response(405, b"", [("allow", ", ".join(allowed)), *_HEADERS[1:]])
