"""browser/static_files.py: kept for ever by browsers, and replaced at once when they change."""

import gzip

from poolhouse.asgi import Request
from poolhouse.browser import static_files


def request(path, **headers):
    return Request(method="GET", path=path, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def get(path, **headers):
    answer = await static_files.get_static(None, request(path, **headers))
    return answer, dict(answer.headers)


async def test_types_and_caching():
    for name, kind in (
        ("pool.css", "text/css; charset=utf-8"),
        ("copy.js", "text/javascript; charset=utf-8"),
        ("pool.js", "text/javascript; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
    ):
        answer, headers = await get(static_files.asset(name))
        assert answer.status == 200
        assert headers["content-type"] == kind
        assert headers["cache-control"] == "public, max-age=31536000, immutable"
        assert headers["x-content-type-options"] == "nosniff"


async def test_zipped_for_those_who_take_it():
    path = static_files.asset("pool.css")
    plain, _ = await get(path)
    zipped, headers = await get(path, accept_encoding="gzip, br")
    assert headers["content-encoding"] == "gzip"
    assert headers["vary"] == "accept-encoding"
    assert gzip.decompress(zipped.body) == plain.body


async def test_unchanged():
    path = static_files.asset("pool.css")
    _, headers = await get(path)
    answer, _ = await get(path, if_none_match=headers["etag"])
    assert answer.status == 304
    assert answer.body == b""


async def test_old_address_gets_the_file_of_today_and_is_not_kept():
    answer, headers = await get(f"{static_files.PREFIX}000000000000/pool.css")
    assert answer.status == 200
    assert headers["cache-control"] == "no-cache"
    answer, headers = await get(f"{static_files.PREFIX}/pool.css")
    assert headers["cache-control"] == "no-cache"


async def test_nothing_else_is_served():
    for path in ("x/base.css", "x/../render.py", "x/%2e%2e/render.py", "x/", "", "pool.css"):
        answer, _ = await get(static_files.PREFIX + path)
        assert answer.status == 404
