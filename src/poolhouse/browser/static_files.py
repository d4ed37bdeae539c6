"""Style sheets and scripts, under a path with the hash of their content, so that browsers may keep them for ever."""

import gzip
import hashlib
from functools import cache
from pathlib import Path

import msgspec

from poolhouse.asgi import Request, Response
from poolhouse.pool.call import Call

PREFIX = "/_poolhouse/static/"

_FOLDER = Path(__file__).parent / "static"
# One request each: what a page loads is put together here.
_BUNDLES = {
    "pool.css": ("base.css", "copy.css", "pool.css"),
    "pool.js": ("pool.js",),
    "house.css": ("base.css", "copy.css", "house.css"),
    "house.js": ("copy.js", "house.js"),
    "copy.js": ("copy.js",),
    "form_post.js": ("form_post.js",),
    "mark.svg": ("mark.svg",),
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


class StaticFile(msgspec.Struct, frozen=True):
    path: str
    headers: list[tuple[str, str]]
    body: bytes
    zipped: bytes


@cache
def files() -> dict[str, StaticFile]:
    """All files by name, read once."""
    return {name: _read(name, parts) for name, parts in _BUNDLES.items()}


def _read(name: str, parts: tuple[str, ...]) -> StaticFile:
    body = b"".join((_FOLDER / part).read_bytes() for part in parts)
    digest = hashlib.sha256(body).hexdigest()[:12]
    headers = [
        ("content-type", _TYPES[Path(name).suffix]),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("etag", f'"{digest}"'),
        ("vary", "accept-encoding"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
    ]
    return StaticFile(f"{PREFIX}{digest}/{name}", headers, body, gzip.compress(body, mtime=0))


@cache
def asset(name: str) -> str:
    """The path of a file, for templates."""
    return files()[name].path


async def get_static(call: Call, request: Request) -> Response:
    """/_poolhouse/static/<hash>/<name>. An old hash gets the file of today, not to be kept."""
    _digest, _, name = request.path.removeprefix(PREFIX).partition("/")
    file = files().get(name)
    if file is None:
        return Response(404, b"", [("cache-control", "no-store"), ("x-content-type-options", "nosniff")])
    headers = list(file.headers)
    if request.path != file.path:
        headers[1] = ("cache-control", "no-cache")
    if request.headers.get("if-none-match") == dict(headers)["etag"]:
        return Response(304, b"", headers[1:])
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(200, file.zipped, [*headers, ("content-encoding", "gzip")])
    return Response(200, file.body, headers)
