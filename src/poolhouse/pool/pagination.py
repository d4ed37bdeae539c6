"""Opaque pagination tokens: sealed, bound to the operation, the pool and the query, valid for one hour."""

import base64
import binascii

import msgspec

from poolhouse.crypto.seal import SealBroken
from poolhouse.pool import texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.wire import exceptions as errors

PAGINATION_TOKEN_TTL_SECONDS = 3_600  # DOC: pagination tokens of ListUsers expire after one hour
_LABEL = "pagination"
_NONCE_BYTES = 12


class _Page(msgspec.Struct, array_like=True, frozen=True):
    """key: where the page begins, a key of the last row before it."""

    expires_at: int
    key: str


def _context(call: Call, scope: str) -> str:
    return f"{_LABEL}/{call.operation}/{scope}"


def encode(call: Call, scope: str, key: str) -> str:
    """The token of the page that begins after `key`.

    scope: whatever the query depends on (filter, group, user); the next call must send the same.
    """
    page = msgspec.json.encode(_Page(int(call.now) + PAGINATION_TOKEN_TTL_SECONDS, key))
    context = _context(call, scope)
    if isinstance(call, PoolCall):
        return _text(call.user_pool.box(_LABEL).seal(page, context.encode(), call.random(_NONCE_BYTES)))
    return _text(call.keyring.seal(page, context))  # ListUserPools belongs to no pool.


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def decode(call: Call, scope: str, token: str | None) -> str:
    """The key after which the page begins; "" without a token.

    Raises InvalidParameterException when the token is edited, expired, or of another operation, pool or scope.
    """
    if token is None:
        return ""
    context = _context(call, scope)
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        if isinstance(call, PoolCall):
            opened = call.user_pool.box(_LABEL).open(sealed, context.encode())
        else:
            opened = call.keyring.open(sealed, context)
    except (SealBroken, binascii.Error, ValueError) as error:
        raise errors.InvalidParameterException(texts.INVALID_PAGINATION_TOKEN) from error
    page = msgspec.json.decode(opened, type=_Page)
    if call.now >= page.expires_at:
        raise errors.InvalidParameterException(texts.INVALID_PAGINATION_TOKEN)
    return page.key
