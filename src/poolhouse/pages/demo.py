"""The demo application: a relying party that walks authorization code with PKCE and shows what it gets.

It uses the public endpoints only. What it remembers is sealed into cookies of its own, so that any worker can go on.
"""

import base64
import binascii
import hashlib
import re
import zlib
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import msgspec

from poolhouse.asgi import FORM, Request, Response, redirect
from poolhouse.browser import forms, render
from poolhouse.crypto.seal import SealBroken
from poolhouse.errors import Text
from poolhouse.pages import demo_claims
from poolhouse.pool.call import Call
from poolhouse.pool.demo import Demo

T = TypeVar("T")

PATH = "/_poolhouse/demo"
SCOPE = "openid email profile aws.cognito.signin.user.admin"
_PENDING_COOKIE = "poolhouse-demo-pending"
_TOKENS_COOKIE = "poolhouse-demo"
_PENDING_TTL_SECONDS = 900
_TOKENS_TTL_SECONDS = 86_400
_MOST_PENDING = 8  # sign-ins begun at once, in tabs; more would only swell each request
_STATE = re.compile(r"[A-Za-z0-9_-]{43}")
_MOST_PER_COOKIE = 3_800  # Browsers drop a cookie of more than 4,096 bytes.
_MOST_COOKIES = 6


class _Pending(msgspec.Struct, frozen=True, array_like=True):
    """A sign-in that has begun."""

    state: str
    code_verifier: str
    nonce: str


class Exchange(msgspec.Struct, frozen=True, array_like=True):
    """One request of this application and its answer, with shortened tokens."""

    title: str
    request: str
    answer: str


class _Session(msgspec.Struct, frozen=True, array_like=True):
    """What the application holds of a signed-in user, and the exchange that it shows."""

    id_token: str
    access_token: str
    refresh_token: str
    exchange: Exchange | None = None


# ------------------------------------------------------------------------------------------------ pages


async def get_demo(call: Call, request: Request) -> Response:
    demo = call.house.demo
    if demo is None:
        return _no_demo(call)
    session = _read(call, request, _TOKENS_COOKIE, _Session)
    if session is None:
        return _page(call, request, demo, None)
    return _page(call, request, demo, session)


async def get_sign_in(call: Call, request: Request) -> Response:
    """The first step: draw state, nonce and verifier (RFC 7636 §4.1), and send the browser to the user pool."""
    demo = call.house.demo
    if demo is None:
        return _no_demo(call)
    public_url = call.settings.public_url
    if request.host != urlsplit(public_url).netloc.lower():
        # The callback comes to the public URL, so the cookie has to be set there.
        return redirect(f"{public_url}{PATH}/sign-in")
    pending = _Pending(_random(call), _random(call), _random(call))
    query = {
        "response_type": "code",
        "client_id": demo.client_id,
        "redirect_uri": _redirect_uri(call),
        "scope": SCOPE,
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": _base64url(hashlib.sha256(pending.code_verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    response = redirect(f"{public_url}/oauth2/authorize?{urlencode(query)}")
    _forget_abandoned(call, request, response)
    _keep(call, request, response, _pending_cookie(pending.state), pending, _PENDING_TTL_SECONDS)
    return response


def _pending_cookie(state: str) -> str:
    """Each sign-in has a cookie of its own, so that two tabs do not disturb each other."""
    return f"{_PENDING_COOKIE}-{state}"


def _forget_abandoned(call: Call, request: Request, response: Response) -> None:
    begun = [name for name in request.cookies if name.startswith(_PENDING_COOKIE)]
    if len(begun) >= _MOST_PENDING:
        for name in begun:
            response.set_cookie(name, "", max_age=0, secure=call.is_secure, path=PATH)


async def get_callback(call: Call, request: Request) -> Response:
    """The last step: check the state, trade the code, check the nonce."""
    demo = call.house.demo
    if demo is None:
        return _no_demo(call)
    state = request.query.get("state", "")
    cookie = _pending_cookie(state)
    pending = _read(call, request, cookie, _Pending) if _STATE.fullmatch(state) else None
    if pending is None or state != pending.state:
        return _page(
            call, request, demo, None, error="This answer belongs to no sign-in of this browser. Sign in again."
        )
    if "code" not in request.query:
        problem = request.query.get("error_description") or request.query.get("error") or "no code came back"
        response = _page(call, request, demo, None, error=f"The user pool refused: {problem}")
        call.note = "no code came back"  # what came instead is told where the user pool sent it
        return response
    answer, exchange = await _token(
        call,
        request,
        "The code was traded for tokens",
        {
            "grant_type": "authorization_code",
            "client_id": demo.client_id,
            "code": request.query["code"],
            "redirect_uri": _redirect_uri(call),
            "code_verifier": pending.code_verifier,
        },
    )
    if "id_token" not in answer:
        return _page(call, request, demo, None, exchange=exchange, error="The token endpoint refused the code.")
    if demo_claims.decode(answer["id_token"]).get("nonce") != pending.nonce:
        return _page(call, request, demo, None, exchange=exchange, error="The ID token is for another sign-in.")
    session = _Session(answer["id_token"], answer["access_token"], answer.get("refresh_token", ""), exchange)
    response = redirect(PATH, 303)
    _keep(call, request, response, _TOKENS_COOKIE, session, _TOKENS_TTL_SECONDS)
    _forget(call, request, response, cookie)
    return response


async def post_demo(call: Call, request: Request) -> Response:
    """The buttons: refresh, userinfo, sign-out."""
    demo = call.house.demo
    if demo is None:
        return _no_demo(call)
    refusal = forms.refuse(call, request)
    if refusal is not None:
        return refusal
    session = _read(call, request, _TOKENS_COOKIE, _Session)
    response = redirect(PATH, 303)
    action = request.form.get("do")
    if session is None:
        return response
    if action == "refresh":
        session = await _refreshed(call, request, demo, session)
    elif action == "userinfo":
        session = msgspec.structs.replace(session, exchange=await _user_info(call, request, session))
    elif action == "sign-out":
        query = urlencode({"client_id": demo.client_id, "logout_uri": call.settings.public_url + PATH})
        response = redirect(f"/logout?{query}", 303)
        _forget(call, request, response, _TOKENS_COOKIE)
        return response
    _keep(call, request, response, _TOKENS_COOKIE, session, _TOKENS_TTL_SECONDS)
    return response


def _no_demo(call: Call) -> Response:
    return render.error_page(call, Text("This server runs no demo application."), 404)


def _page(  # noqa: PLR0913  what the page shows
    call: Call,
    request: Request,
    demo: Demo,
    session: _Session | None,
    *,
    exchange: Exchange | None = None,
    error: str = "",
) -> Response:
    call.note = error
    csrf = forms.csrf_token(call, request)
    tokens: list[demo_claims.Token] = []
    name = ""
    if session is not None:
        tokens = demo_claims.tokens(session.id_token, session.access_token, session.refresh_token)
        claims = demo_claims.decode(session.id_token)
        name = str(claims.get("given_name") or claims.get("name") or claims.get("email") or claims["cognito:username"])
    response = render.house_page(
        call,
        "demo.html",
        status=400 if error else 200,
        title="Demo application",
        section="demo",
        demo=demo,
        csrf=csrf,
        tokens=tokens,
        name=name,
        exchange=exchange or (session.exchange if session is not None else None),
        error=error,
    )
    forms.set_csrf_token(call, response, csrf)
    return response


# ------------------------------------------------------------------------------------------------ calls to the user pool


async def _refreshed(call: Call, request: Request, demo: Demo, session: _Session) -> _Session:
    answer, exchange = await _token(
        call,
        request,
        "The refresh token was traded for new tokens",
        {"grant_type": "refresh_token", "client_id": demo.client_id, "refresh_token": session.refresh_token},
    )
    return _Session(
        answer.get("id_token", session.id_token),
        answer.get("access_token", session.access_token),
        answer.get("refresh_token", session.refresh_token),
        exchange,
    )


async def _token(call: Call, request: Request, title: str, form: dict[str, str]) -> tuple[dict[str, Any], Exchange]:
    answer = await _call(
        call, request, "POST", "/oauth2/token", headers={"content-type": FORM}, body=urlencode(form).encode()
    )
    lines = "\n&".join(f"{name}={_short(value)}" for name, value in form.items())
    asked = f"POST /oauth2/token\nContent-Type: {FORM}\n\n{lines}"
    return _json(answer), Exchange(title, asked, _told(answer))


async def _user_info(call: Call, request: Request, session: _Session) -> Exchange:
    headers = {"authorization": f"Bearer {session.access_token}"}
    answer = await _call(call, request, "GET", "/oauth2/userInfo", headers=headers)
    asked = f"GET /oauth2/userInfo\nAuthorization: Bearer {_short(session.access_token)}"
    return Exchange("userInfo told about the user", asked, _told(answer))


async def _call(  # noqa: PLR0913  the parts of an HTTP request
    call: Call, request: Request, method: str, path: str, *, headers: dict[str, str], body: bytes = b""
) -> Response:
    """Through the public door of this very server, as any other application would come in."""
    host = urlsplit(call.settings.public_url).netloc
    return await call.house.dispatch(
        Request(
            method=method,
            path=path,
            headers={"host": host, **headers},
            body=body,
            remote_ip=request.remote_ip,
            request_id=request.request_id,
        )
    )


def _json(answer: Response) -> dict[str, Any]:
    try:
        return msgspec.json.decode(answer.body, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def _told(answer: Response) -> str:
    shortened = {name: _short(value) if isinstance(value, str) else value for name, value in _json(answer).items()}
    return f"{answer.status}\n\n{msgspec.json.format(msgspec.json.encode(shortened), indent=2).decode()}"


def _short(value: str) -> str:
    """Enough of a token to recognise it."""
    return f"{value[:24]}…{value[-6:]}" if len(value) > 80 else value


def _redirect_uri(call: Call) -> str:
    return f"{call.settings.public_url}{PATH}/callback"


# ------------------------------------------------------------------------------------------------ its own memory


def _random(call: Call) -> str:
    return _base64url(call.random(32))


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _keep(  # noqa: PLR0913  what is kept, where and for how long
    call: Call, request: Request, response: Response, cookie: str, value: object, ttl_seconds: int
) -> None:
    """Seal a value into as many cookies as it needs, and drop those that a longer one has left."""
    plaintext = zlib.compress(msgspec.msgpack.encode((int(call.now) + ttl_seconds, value)))
    text = _base64url(call.keyring.seal(plaintext, f"{PATH}/{cookie}"))
    parts = [text[start : start + _MOST_PER_COOKIE] for start in range(0, len(text), _MOST_PER_COOKIE)]
    for number, part in enumerate(parts):
        response.set_cookie(f"{cookie}-{number}", part, max_age=ttl_seconds, secure=call.is_secure, path=PATH)
    _forget(call, request, response, cookie, len(parts))


def _forget(call: Call, request: Request, response: Response, cookie: str, first: int = 0) -> None:
    for number in range(first, _MOST_COOKIES):
        if f"{cookie}-{number}" in request.cookies:
            response.set_cookie(f"{cookie}-{number}", "", max_age=0, secure=call.is_secure, path=PATH)


def _read(call: Call, request: Request, cookie: str, kind: type[T]) -> T | None:
    text = "".join(request.cookies.get(f"{cookie}-{number}", "") for number in range(_MOST_COOKIES))
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        plaintext = zlib.decompress(call.keyring.open(sealed, f"{PATH}/{cookie}"))
        expires_at, value = msgspec.msgpack.decode(plaintext, type=tuple[int, kind])  # type: ignore[valid-type]
    except (binascii.Error, ValueError, SealBroken, zlib.error, msgspec.DecodeError):
        return None
    return value if expires_at > call.now else None
