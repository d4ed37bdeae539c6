"""GET {issuer}/.well-known/jwks.json (endpoints.md §12.2)."""

from poolhouse.asgi import Request, Response
from poolhouse.pool.call import PoolCall

# OBS: browser libraries fetch the documents from other origins.
HEADERS = [
    ("content-type", "application/json"),
    ("access-control-allow-origin", "*"),
    ("cache-control", "public, max-age=86400"),
    ("x-content-type-options", "nosniff"),
]


async def get_jwks(call: PoolCall, _request: Request) -> Response:
    return Response(200, call.user_pool.keys.jwks, HEADERS.copy())
