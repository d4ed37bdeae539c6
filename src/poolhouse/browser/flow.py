"""What comes after a page: where an outcome leads, and what is carried from one page to the next.

What is carried (who is signing up, which challenge waits) is sealed under a key of the pool, for one client and a few
minutes, in the cookie `page-data`; a page copies it into its form, so that two tabs do not mix.
"""

import base64
import binascii
import hashlib
from typing import Literal, assert_never
from urllib.parse import urlencode

import msgspec

from poolhouse.asgi import Request, Response, redirect
from poolhouse.browser import authorization_response, cookies, forms, sso_session
from poolhouse.crypto.seal import SealBroken
from poolhouse.pool import texts
from poolhouse.pool.call import Call, ClientCall
from poolhouse.pool.configuration.snapshots import Client
from poolhouse.pool.outcomes import Remembered, SignedIn, Spend
from poolhouse.pool.sign_in import authorization_requests
from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest
from poolhouse.pool.sign_in.challenges import (
    Challenge,
    Challenged,
    CodeSent,
    CustomChallenge,
    DevicePasswordVerifier,
    DeviceSRPAuth,
    MfaSetup,
    NewPassword,
    PasskeyRequest,
    PasswordVerifier,
    SelectChallenge,
    SelectMfaType,
    SoftwareTokenCode,
)
from poolhouse.pool.sign_in.machine import Outcome
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

FLOW_COOKIE = "page-data"  # Cognito's name for data carried between pages (endpoints.md §14.1)
FLASH_COOKIE = "cognito-fl"
FLASH_TTL_SECONDS = 60
CODE_SENT = "code-sent"  # flash of the pages that ask for a code
FLOW_TTL_SECONDS = 480  # long enough to look for an e-mail, too short to be found lying around
MOST_ATTRIBUTES = 50  # names of missing attributes that are carried; the cookie has to stay under 4 KB
_LABEL = "page-flow"

Kind = Literal["sign-in", "confirm", "reset", "new-password", "mfa", "mfa-option", "mfa-register"]


class PageFlow(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """One step of a browser that has not signed in yet.

    sub, browser_epoch: of the user whose password was right a moment ago, so that the confirmed sign-up may end signed in, as
    long as it is still the password; else empty.
    session: the challenge session that the step answers.  expires_at: epoch seconds.
    factor: which code is asked for.  choices: of factors.  secret: for an authenticator app.
    """

    kind: Kind
    username: str
    nonce: bytes
    expires_at: float
    sub: str = ""
    browser_epoch: int = 0
    destination: str = ""
    medium: str = ""
    session: str = ""
    missing_attributes: tuple[str, ...] = ()
    error: str = ""
    factor: str = ""
    choices: tuple[str, ...] = ()
    secret: str = ""


def begin(  # noqa: PLR0913  one value per thing that is carried
    call: Call,
    kind: Kind,
    username: str,
    *,
    proven: User | None = None,
    sent: shapes.CodeDeliveryDetailsType | None = None,
    session: str = "",
    missing_attributes: tuple[str, ...] = (),
    error: str = "",
    factor: str = "",
    choices: tuple[str, ...] = (),
) -> PageFlow:
    return PageFlow(
        kind=kind,
        username=username,
        nonce=call.random(16),
        expires_at=call.now + FLOW_TTL_SECONDS,
        sub=proven.sub if proven is not None else "",
        browser_epoch=proven.browser_epoch if proven is not None else 0,
        destination=(sent.Destination or "") if sent is not None else "",
        medium=(sent.DeliveryMedium or "") if sent is not None else "",
        session=session,
        missing_attributes=missing_attributes[:MOST_ATTRIBUTES],
        error=error,
        factor=factor,
        choices=choices,
    )


def seal(call: ClientCall, page_flow: PageFlow) -> str:
    sealed = call.user_pool.box(_LABEL).seal(msgspec.msgpack.encode(page_flow), _context(call), call.random(12))
    return base64.urlsafe_b64encode(sealed).decode()


def read(call: ClientCall, request: Request, kind: Kind) -> PageFlow | None:
    """What was carried here, from the form or else the cookie; None when there is nothing, or it is no longer good."""
    sealed = request.form.get("flow") or cookies.get_cookie(call, request, FLOW_COOKIE)
    try:
        opened = call.user_pool.box(_LABEL).open(base64.urlsafe_b64decode(sealed.encode()), _context(call))
        page_flow = msgspec.msgpack.decode(opened, type=PageFlow)
    except (binascii.Error, ValueError, SealBroken, msgspec.DecodeError):
        return None
    return page_flow if page_flow.kind == kind and page_flow.expires_at > call.now else None


def _context(call: ClientCall) -> bytes:
    return f"{call.user_pool.id}/{call.client.id}".encode()


def spend(page_flow: PageFlow) -> Spend:
    """The mark that lets the proof of a password be used once."""
    return Spend(
        value_hash=hashlib.sha256(b"page_flow" + page_flow.nonce).digest(),
        expires_at_ms=int((page_flow.expires_at + 60) * 1000),
        refusal=texts.SPENT_SESSION,
    )


EXPIRED = "expired"  # flash of the sign-in page
NOTHING_CARRIED = "no step before this page, or it was too long ago"  # for the log
_PATHS: dict[Kind, str] = {
    "sign-in": "/login",
    "confirm": "/confirm",
    "reset": "/confirmforgotPassword",
    "new-password": "/changePassword",
    "mfa": "/mfa",
    "mfa-option": "/mfa/option",
    "mfa-register": "/mfa/register",
}


def go_to(
    call: ClientCall, authorization_request: AuthorizationRequest, page_flow: PageFlow, flash: str = ""
) -> Response:
    """On to the page of the next step. flash: the name of a notice that it shows once."""
    response = redirect(f"{call.base_path}{_PATHS[page_flow.kind]}?{authorization_request.query()}")
    cookies.set_cookie(call, response, FLOW_COOKIE, seal(call, page_flow), max_age=FLOW_TTL_SECONDS)
    if flash:
        cookies.set_cookie(call, response, FLASH_COOKIE, flash, max_age=FLASH_TTL_SECONDS)
    return response


def back_to_login(
    call: Call, authorization_request: AuthorizationRequest, flash: str = "", *, why: str = ""
) -> Response:
    """To the sign-in page. flash: which of login.NOTICES it shows once.  why: for the log, where it is a step back."""
    call.note = why
    response = redirect(f"{call.base_path}/login?{authorization_request.query()}")
    if flash:
        cookies.set_cookie(call, response, FLASH_COOKIE, flash, max_age=FLASH_TTL_SECONDS)
    return response


def flashed(call: Call, request: Request) -> str:
    """The name of the notice that the page before has left; a page that shows it calls forget_flash."""
    return cookies.get_cookie(call, request, FLASH_COOKIE)


def forget_flash(call: Call, response: Response) -> None:
    cookies.drop_cookie(call, response, FLASH_COOKIE)


def sent_notice(page_flow: PageFlow, what: str) -> str:
    """What a page says when a code was asked for once more. what: code or link."""
    to = f" to {page_flow.destination}" if page_flow.destination else ""
    return f"A new {what} is on its way{to}."


def refuse(call: ClientCall, request: Request, authorization_request: AuthorizationRequest) -> Response | None:
    """The answer to a form that our own pages did not send, or not to this browser; None when they did.

    Who has lost the cookies, or sends a page of last week, signs in again and is told so; only the name is kept. What the
    form carried sealed is not: it may be another person's, put there to have this one finish it.
    """
    refusal = forms.refuse_foreign(call, request)
    if refusal is not None:
        return refusal
    forms.take_context(call, request)
    if forms.is_csrf_token_right(call, request):
        return None
    call.note = forms.why_expired(call, request)
    response = go_to(call, authorization_request, begin(call, "sign-in", forms.username(call, request)), "expired")
    forms.set_csrf_token(call, response, forms.new_csrf_token(call))
    return response


def sign_in_query(client: Client) -> str:
    """The query of the sign-in page for whoever comes from nowhere; empty where the client has no such page."""
    redirect_uri = client.settings.DefaultRedirectURI or next(iter(client.callback_urls), None)
    if not client.is_oauth_enabled or not client.scopes or redirect_uri is None:
        return ""
    if not client.oauth_flows & {"code", "implicit"}:
        return ""
    response_type = "code" if "code" in client.oauth_flows else "token"
    return urlencode({"client_id": client.id, "response_type": response_type, "redirect_uri": redirect_uri})


async def next_page(
    call: ClientCall, request: Request, authorization_request: AuthorizationRequest, outcome: Outcome
) -> Response:
    """Where an outcome leads: to the client, signed in, or to the page of a challenge.

    Raises InvalidParameterException for a challenge that has no page yet.
    """
    match outcome:
        case SignedIn():
            return await _signed_in(call, request, authorization_request, outcome)
        case Challenged():
            return go_to(call, authorization_request, _flow_of(call, outcome.challenge, outcome.session or ""))
        case _:
            assert_never(outcome)


def _flow_of(call: Call, challenge: Challenge, session: str) -> PageFlow:
    match challenge:
        case NewPassword(user_id=username, missing=missing):
            return begin(call, "new-password", username, session=session, missing_attributes=missing)
        case CodeSent(name=factor, user_id=username, medium=medium, destination=destination):
            sent = shapes.CodeDeliveryDetailsType(Destination=destination, DeliveryMedium=medium)
            return begin(call, "mfa", username, session=session, sent=sent, factor=factor)
        case SoftwareTokenCode(name=factor, user_id=username):
            return begin(call, "mfa", username, session=session, factor=factor)
        case SelectMfaType(user_id=username, choices=choices):
            return begin(call, "mfa-option", username, session=session, choices=choices)
        case MfaSetup(user_id=username, choices=choices):
            return begin(call, "mfa-register", username, session=session, choices=choices)
        case (
            PasswordVerifier()
            | CustomChallenge()
            | SelectChallenge()
            | PasskeyRequest()
            | DeviceSRPAuth()
            | DevicePasswordVerifier()
        ):  # no page begins SRP, CUSTOM_AUTH or USER_AUTH, or knows a device
            raise errors.InvalidParameterException(texts.FLOW_NOT_BUILT, challenge.name)
        case _:
            assert_never(challenge)


async def _signed_in(
    call: ClientCall, request: Request, authorization_request: AuthorizationRequest, signed_in: SignedIn
) -> Response:
    finished = await authorization_requests.finish(call, authorization_request, signed_in)
    response = authorization_response.carry(call, finished.response)
    if finished.cookie is not None:
        sso_session.carry(call, response, finished.cookie)
    forms.set_csrf_token(call, response, forms.new_csrf_token(call))
    if FLOW_COOKIE in request.cookies:
        cookies.drop_cookie(call, response, FLOW_COOKIE)
    return response


async def reuse(call: ClientCall, authorization_request: AuthorizationRequest, session: Remembered) -> Response:
    """To the client with the session that this browser has; it neither begins anew nor lives longer (endpoints.md §14.2)."""
    finished = await authorization_requests.finish(call, authorization_request, session)
    return authorization_response.carry(call, finished.response)
