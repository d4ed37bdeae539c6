"""From a template to a Response: the templates, the headers that every page carries, and the error page."""

import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from poolhouse.asgi import Response
from poolhouse.browser.clock_note import clock_note
from poolhouse.browser.static_files import asset
from poolhouse.browser.words import NOTHING_SAID, words
from poolhouse.errors import CognitoError, Text
from poolhouse.pool.call import Call, PoolCall

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from poolhouse.browser.developer import Note

_HUES = 10  # of pool.css
_TEMPLATES = Path(__file__).parent / "templates"

_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; {}"
    "base-uri 'none'; frame-ancestors 'none'"
)
# Chromium applies form-action to the whole chain of redirects after a POST, and what a client does behind its
# redirect_uri is its own business. So pages whose form may end there go without; the others keep it.
CSP_FORM_LEAVES = _CSP.format("")
CSP = _CSP.format("form-action 'self'; ")
CSP_FRAMES_OWN = _CSP.format("form-action 'self'; frame-src 'self'; ")

_HEADERS = [
    ("content-type", "text/html; charset=utf-8"),
    ("cache-control", "no-store"),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("x-xss-protection", "1; mode=block"),
    ("cross-origin-opener-policy", "same-origin"),
]


@cache
def _environment() -> "Environment":
    # Jinja2 takes a tenth of a second to import, which the first answer of the server does not wait for.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["plain"] = _plain
    # What pool.html looks at, so that a page names only what it has.
    environment.globals.update(
        asset=asset,
        error="",
        notice="",
        notice_kind="good",
        inbox=False,
        has_reveal=False,
        pool_name="",
        hue=0,
        error_id="errorMessage",
        section="",
    )
    return environment


def _plain(text: str) -> "Markup":
    """Escaped for the inside of an element, where quotes stay as they are: scripts look for Cognito's texts in the source."""
    from markupsafe import Markup

    return Markup(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))  # noqa: S704  escaped right here


@cache
def _renderer(template: str) -> Callable[..., str]:
    return _environment().get_template(template).render


def warm() -> None:
    """Compile what a sign-in needs; the server calls this once it is up."""
    for template in ("login.html", "error.html"):
        _renderer(template)


def page(template: str, *, status: int = 200, csp: str = CSP, referrer: str = "no-referrer", **values: Any) -> Response:
    """A page as a Response that no cache keeps and no other site frames."""
    html = _renderer(template)(values)
    return Response(status, html.encode(), [*_HEADERS, ("referrer-policy", referrer), ("content-security-policy", csp)])


def house_page(call: Call, template: str, *, csp: str = CSP, **values: Any) -> Response:
    """A page of our own: landing, inbox, demo. It says when the clock is moved."""
    return page(
        template, csp=csp, clock_note=clock_note(call.house.clock.offset()), has_inbox=call.settings.has_inbox, **values
    )


def brand(call: Call) -> dict[str, Any]:
    """For the head of a page: what the pool calls itself, and the number of its colour in pool.css; nothing where there is no pool."""
    if not isinstance(call, PoolCall):
        return {}
    pool = call.user_pool
    return {"pool_name": pool.settings.Name or "", "hue": zlib.crc32(pool.id.encode()) % _HUES}


def has_open_inbox(call: Call) -> bool:
    """Whether a page may point at the inbox: on a development server that sends nothing anywhere else."""
    return call.settings.mode == "dev" and call.settings.delivery == "inbox"


def public_text(call: Call, error: CognitoError) -> str:
    """What a page says about a refusal, in its words. Raises as `public`."""
    return words(public(call, error))


def public(call: Call, error: CognitoError) -> Text:
    """What a page may say about a refusal. A failure of the server is not one: it goes on to the server's own handler."""
    if error.status >= 500:
        raise error
    call.refusal = error
    return NOTHING_SAID if error.template is None else error.text


def wrong_method(call: Call, *allowed: str) -> Response:
    """The page at an address that does not answer this method."""
    response = error_page(call, Text("This page does not answer that method."), 405)
    response.headers.append(("allow", ", ".join(allowed)))
    return response


def error_page(call: Call, text: Text | None, status: int = 400, *, developer: "Note | None" = None) -> Response:
    """The page of /error, and of every refusal that may not be sent to a client (endpoints.md §2, §11)."""
    return page(
        "error.html",
        status=status,
        title="Something went wrong",
        text="" if text is None else words(text),
        **brand(call),
        developer=developer,
    )
