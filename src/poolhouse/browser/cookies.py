"""The cookies of a pool's pages, written and read in one place: whose they are, where they hold, and who can have set them.

Cognito's names have to stay, since scripts look for them; but a cookie of such a name may have been set for the whole site by
any other subdomain of it, which could so plant a session or a form token of its own. On https each cookie therefore has a
twin whose name begins with `__Host-`, which browsers take from this very host only (RFC 6265bis §4.1.3.2), and counts only
together with it.
"""

import hashlib
import hmac

from poolhouse.asgi import Request, Response
from poolhouse.crypto import jwt
from poolhouse.pool.call import Call


def set_cookie(call: Call, response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Hold for the site that was called: all of its host, or the path of one pool. max_age in seconds; None: until it closes."""
    secure = call.is_secure
    response.set_cookie(name, value, max_age=max_age, secure=secure, path=call.base_path or "/")
    if secure:
        response.set_cookie(_twin(call, name), _proof(value) if value else "", max_age=max_age)


def drop_cookie(call: Call, response: Response, name: str) -> None:
    set_cookie(call, response, name, "", max_age=0)


def get_cookie(call: Call, request: Request, name: str) -> str:
    """The value that this host has set; empty when there is none, or on https when it may be another's."""
    if not call.is_secure:
        return request.cookies.get(name, "")
    twin = request.cookies.get(_twin(call, name), "")
    # A planted cookie of the same name stands beside ours, perhaps before it, and must not hide it.
    mine = (
        value for value in request.cookie_values(name) if hmac.compare_digest(_proof(value).encode(), twin.encode())
    )
    return next(mine, "") if twin else ""


def _twin(call: Call, name: str) -> str:
    """`__Host-` cookies hold for the whole host, so those of a path carry the path in their name."""
    return f"__Host-{name}{call.base_path.replace('/', '.')}"


def _proof(value: str) -> str:
    """What a twin says: enough to know its cookie by, and nothing to use without it."""
    return jwt.base64url(hashlib.sha256(value.encode()).digest()).decode()
