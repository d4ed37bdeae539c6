"""What a form of a page is checked for before it is believed: who sent it, and that its fields are of a size to work with."""

import hmac
import re

from poolhouse.asgi import Request, Response, encode_pairs, redirect
from poolhouse.browser import cookies, render
from poolhouse.crypto.identifiers import uuid4
from poolhouse.errors import PageError, Text
from poolhouse.pool import texts
from poolhouse.pool.call import Call, ClientContext, PoolCall
from poolhouse.wire import shapes

CSRF_COOKIE = "XSRF-TOKEN"
_CSRF_LENGTH = 36
_BETWEEN_DIGITS = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\-\u00ad\u2010-\u2015\u2212]+")
EXPIRED = "This page had expired. Please send it again."
_EXPIRED = "The form has expired. Go back, reload the page and try again."
MOST_USERNAME = 128  # Cognito UsernameType
MOST_PASSWORD = 256  # Cognito PasswordType


def csrf_token(call: Call, request: Request) -> str:
    """The token of this browser, or a new one. Kept between pages, so that a form in another tab stays good."""
    token = cookies.get_cookie(call, request, CSRF_COOKIE)
    return token if len(token) == _CSRF_LENGTH and token.isascii() else new_csrf_token(call)


def new_csrf_token(call: Call) -> str:
    return uuid4(call.random(16))


def set_csrf_token(call: Call, response: Response, token: str) -> None:
    cookies.set_cookie(call, response, CSRF_COOKIE, token)


def is_csrf_token_right(call: Call, request: Request) -> bool:
    """Double submit: the field equals the cookie (endpoints.md §10.5)."""
    cookie = cookies.get_cookie(call, request, CSRF_COOKIE)
    return len(cookie) == _CSRF_LENGTH and hmac.compare_digest(
        cookie.encode(), request.form.get("_csrf", "").encode(errors="replace")
    )


def why_expired(call: Call, request: Request) -> str:
    """What the log says of a form whose token is not the browser's."""
    has_cookie = bool(cookies.get_cookie(call, request, CSRF_COOKIE))
    return (
        f"the page had expired: {'its token is not the one of the cookie' if has_cookie else 'no cookie came with it'}"
    )


def is_cross_origin(call: Call, request: Request) -> bool:
    """Whether the browser says that another site sent this form.

    Our pages send no referrer, so their own forms carry `Origin: null`; then Sec-Fetch-Site decides, and the token.
    """
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return True
    origin = request.headers.get("origin", "null").lower()
    # In `dev` the front door has looked at Host, and this machine has several names; in `serve` nothing trusts it.
    is_same_host = call.settings.mode == "dev" and origin.partition("://")[2] == request.host
    return origin not in {"null", call.origin} and not is_same_host


def is_from_elsewhere(call: Call, request: Request) -> bool:
    """Whether a page of another site asks. Where no token stands behind a request, as it does behind a form, `null` counts
    too, and so does a name that only leads here, as after DNS rebinding."""
    site, origin = request.headers.get("sec-fetch-site", "none"), request.headers.get("origin")
    return site not in {"none", "same-origin"} or origin not in {None, call.settings.public_url}


def as_address(call: PoolCall, request: Request, path: str) -> Response:
    """What was posted, as an address to get: OpenID Connect lets a client choose (profile `oidc`), and the cookies of ours come only with
    the second. Cognito takes no POST there. Raises PageError."""
    if not call.user_pool.is_oidc:
        return render.wrong_method(call, "GET")
    if not is_form(request):
        raise PageError(texts.PAGE_FORM_UNREADABLE)
    return redirect(f"{call.site}{path}?{encode_pairs(request.form_pairs)}", 303)


def is_form(request: Request) -> bool:
    """Whether the body can be read as a form at all."""
    try:
        request.form  # noqa: B018  parsed here, once
    except ValueError:
        return False
    return True


def username(call: PoolCall, request: Request) -> str:
    """The name as typed into the form; where phone numbers sign in, one of those without what stands between its digits."""
    typed = request.form.get("username", "")
    pool = call.user_pool
    takes_numbers = "phone_number" in pool.username_attributes | pool.alias_attributes
    return clean_username(clean_phone_number(typed) if takes_numbers else typed)


def lacks_country_code(call: PoolCall, request: Request) -> bool:
    """Whether nothing but digits was typed where the names are phone numbers, all of which begin with +."""
    typed = clean_code(request.form.get("username", ""))
    return "phone_number" in call.user_pool.username_attributes and typed.isdecimal()


def clean_username(typed: str) -> str:
    """Without the blanks that a keyboard or a paste adds; empty when it cannot be a name."""
    name = typed.strip()
    return name if len(name) <= MOST_USERNAME and name.isprintable() and not any(map(str.isspace, name)) else ""


def code(request: Request) -> str:
    return clean_code(request.form.get("code", ""))


def clean_code(typed: str) -> str:
    """Without the blanks and dashes that mails, messengers and people put between the digits."""
    return _BETWEEN_DIGITS.sub("", typed)


def clean_phone_number(typed: str) -> str:
    """A number that begins with + is cleaned like a code; anything else, such as an e-mail address, stays as it is."""
    cleaned = clean_code(typed)
    return cleaned if cleaned.startswith("+") and cleaned[1:].isdecimal() else typed


def password(request: Request, field: str = "password") -> str:
    """Exactly as typed; empty when it is longer than a password can be."""
    value = request.form.get(field, "")
    return value if len(value) <= MOST_PASSWORD else ""


def attributes(request: Request) -> dict[str, str]:
    """requiredAttributes[name] -> value, without those left empty; a phone number as it is stored."""
    found: dict[str, str] = {}
    for field, value in request.form_pairs:
        if field.startswith("requiredAttributes[") and field.endswith("]") and value.strip():
            name = field[len("requiredAttributes[") : -1]
            found[name] = (clean_phone_number(value) if name == "phone_number" else value).strip()
    return found


def take_context(call: PoolCall, request: Request) -> None:
    """What a script has collected of the device, for threat protection (endpoints.md §10.3).

    Not what amazon-cognito-auth-js puts into the address: by a link, a stranger could make a device known before using it.
    """
    encoded = request.form.get("cognitoAsfData")
    if encoded and call.user_pool.is_watched:
        call.client_context = ClientContext(user_context=shapes.UserContextDataType(EncodedData=encoded))


def refuse(call: Call, request: Request) -> Response | None:
    """The answer to a form that our own pages did not send; None when they did."""
    refusal = refuse_foreign(call, request)
    if refusal is None and not is_csrf_token_right(call, request):
        call.note = why_expired(call, request)
        return render.error_page(call, Text(_EXPIRED), 403)
    return refusal


def refuse_foreign(call: Call, request: Request) -> Response | None:
    """The answer to a form of another site, or to none at all; None where a wrong token only means that cookies were lost."""
    is_foreign = is_cross_origin(call, request)
    if is_foreign or not is_form(request):
        call.note = "another site sent this form" if is_foreign else "the body is no form"
        return render.error_page(call, Text(_EXPIRED), 403)
    return None
