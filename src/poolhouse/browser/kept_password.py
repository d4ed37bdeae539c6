"""A good password is kept while another field of the form is mended, so that nobody types it twice.

It is not written back into the page: as a value of HTML it would lie readable in the page's source, and in whatever saves,
inspects or restores pages (OWASP: a password leaves the server in no form). It travels sealed in a hidden field, for this
pool, client and browser and for a few minutes; nobody but this server can open it, and no other browser can send it.
"""

import base64
import binascii

import msgspec

from poolhouse.asgi import Request
from poolhouse.browser import flow, forms
from poolhouse.crypto.seal import SealBroken
from poolhouse.pool.call import ClientCall

FIELD = "kept"
_LABEL = "kept-password"


def seal(call: ClientCall, request: Request, password: str) -> str:
    plaintext = msgspec.msgpack.encode((call.now + flow.FLOW_TTL_SECONDS, password))
    sealed = call.user_pool.box(_LABEL).seal(plaintext, _context(call, request), call.random(12))
    return base64.urlsafe_b64encode(sealed).decode()


def read(call: ClientCall, request: Request) -> str:
    """The password that the form carries; empty when it carries none, or one that is no longer good."""
    try:
        sealed = base64.urlsafe_b64decode(request.form.get(FIELD, "").encode())
        opened = call.user_pool.box(_LABEL).open(sealed, _context(call, request))
        expires_at, password = msgspec.msgpack.decode(opened, type=tuple[float, str])
    except (binascii.Error, ValueError, SealBroken, msgspec.DecodeError):
        return ""
    return password if expires_at > call.now else ""


def _context(call: ClientCall, request: Request) -> bytes:
    return f"{call.user_pool.id}/{call.client.id}/{forms.csrf_token(call, request)}".encode()
