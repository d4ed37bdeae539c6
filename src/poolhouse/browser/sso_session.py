"""The browser session as a browser carries it: the cookie `cognito` (endpoints.md §14)."""

from poolhouse.asgi import Request, Response
from poolhouse.browser import cookies
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.outcomes import Remembered
from poolhouse.pool.users import sso_sessions

COOKIE = "cognito"


def cookie(call: Call, request: Request) -> str:
    """What this browser carries, living or not; empty when nothing."""
    return cookies.get_cookie(call, request, COOKIE)


async def find(call: PoolCall, request: Request) -> Remembered | None:
    """The living session of this browser."""
    return await sso_sessions.find(call, cookie(call, request))


def carry(call: PoolCall, response: Response, value: str) -> None:
    """Let the browser carry a session that has begun."""
    # DOC: from the last interactive sign-in; silent reuse does not extend it.
    cookies.set_cookie(call, response, COOKIE, value, max_age=call.user_pool.sessions.cookie_seconds)


def drop(call: Call, response: Response) -> None:
    cookies.drop_cookie(call, response, COOKIE)
