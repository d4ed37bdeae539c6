"""Refresh tokens: their form, the sign-in behind them, rotation and revocation (endpoints.md §4.4, §13.6)."""

import base64
import binascii
import hashlib
import hmac

from poolhouse.crypto import jwt
from poolhouse.crypto.seal import SealBroken
from poolhouse.errors import CognitoError
from poolhouse.pool import events, texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration.pool_keys import PoolKey
from poolhouse.pool.configuration.snapshots import Client, UserPool
from poolhouse.pool.outcomes import Grant
from poolhouse.pool.tokens import user_sessions
from poolhouse.storage import refresh_tokens as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.refresh_tokens import Found, RefreshTokenRow
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

# For so long after a rotation an answer may still be on its way to a client that sent the same token twice at once. Whoever
# presents the old token in that time is refused, but is not taken for a thief.
IN_FLIGHT_MS = 5_000
LONGEST_ACCESS_TTL_MS = 86_400_000  # DOC: an access token lives one day at most, so its row is kept that much longer
# Every refresh token of Cognito begins so: a JWE whose key is encrypted by RSA-OAEP. Ours only looks like one.
HEADER = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ"
_LABEL = "refresh_token"
_DECOY_BYTES = 640  # makes the token as long as the real one, over 1,000 characters


def first(call: ClientCall, user: User, grant: Grant, origin_jti: str) -> tuple[RefreshTokenRow, str]:
    """The first refresh token of a sign-in, and the row to insert for it."""
    client = call.client
    refresh_token = _form(call.user_pool.pool_keys.newest, origin_jti, 0)
    expires_at = call.now_ms + client.refresh_ttl_seconds * 1000
    row = RefreshTokenRow(
        user_pool_id=call.user_pool.id,
        sub=user.sub,
        token_epoch=user.token_epoch,
        origin_jti=origin_jti,
        client_id=client.id,
        token_hash=_hash(refresh_token),
        scope=" ".join(grant.scopes),
        auth_time=grant.auth_time,
        source=grant.source,
        resource=grant.resource,
        created_at=call.now_ms,
        expires_at=expires_at,
        prune_at=expires_at + LONGEST_ACCESS_TTL_MS,
        device_key=grant.device_key,
    )
    return row, refresh_token


class ForeignRefreshToken(errors.NotAuthorizedException):
    """A refresh token that another client of the pool was given."""


async def find(call: ClientCall, refresh_token: str) -> Found:
    """The sign-in behind a refresh token that this client was given, whether or not it still works.

    Raises NotAuthorizedException(INVALID_REFRESH_TOKEN).
    """
    key, origin_jti, number = _read(call.user_pool, refresh_token)
    found = await stored.get(call.db, call.user_pool.id, origin_jti)
    if found is None or not _is_genuine(key, refresh_token, found.row, number):
        raise errors.NotAuthorizedException(
            texts.INVALID_REFRESH_TOKEN, detail="its sign-in is gone, or it was changed"
        )
    if found.row.client_id != call.client.id:
        detail = f"it was given to client {found.row.client_id}"
        raise ForeignRefreshToken(texts.INVALID_REFRESH_TOKEN, detail=detail)
    return found


def successor(client: Client, row: RefreshTokenRow, presented: str) -> str | None:
    """What the presented token is to be replaced with, or None where rotation is off. Nothing is stored yet.

    It follows from the token, so that every retry within the grace period gets the same one and the line of tokens never forks.
    Raises NotAuthorizedException: a token of before, where rotation was turned off.
    """
    if client.is_rotation_enabled:
        key, _, number = _read(client.user_pool, presented)
        return _form(key, row.origin_jti, number + 1)
    if not _is_current(row, presented):
        raise errors.NotAuthorizedException(texts.INVALID_REFRESH_TOKEN)
    return None


def _is_current(row: RefreshTokenRow, presented: str) -> bool:
    return hmac.compare_digest(_hash(presented), row.token_hash)


async def rotate(call: ClientCall, row: RefreshTokenRow, presented: str, successor: str) -> None:
    """Put the successor in the place of the presented token; returns when that is durable, or a retry within the grace period.

    A token from before that is a stolen one: the whole sign-in is revoked (RFC 9700 §4.14.2), unless the rotation is so young
    that the presenter cannot know of it. Raises RefreshTokenReuseException.
    """

    async def replace(tx: Transaction) -> bool:
        is_rotated = await stored.rotate(tx, row, _hash(successor), call.now_ms)
        if is_rotated:
            event = events.RefreshTokenRotated(user_pool_id=row.user_pool_id, sub=row.sub, origin_jti=row.origin_jti)
            await call.record(tx, event)
        return is_rotated

    if _is_current(row, presented) and await call.write(replace):
        return
    found = await stored.get(call.db, row.user_pool_id, row.origin_jti)
    if found is not None and not is_revoked(found):
        age_ms = _since_rotation_from(found.row, _hash(presented), call.now_ms)
        # Without a grace period nobody gets the successor twice, not even who asked before the rotation.
        if age_ms is not None and age_ms < call.client.rotation_grace_seconds * 1000:
            return
        if age_ms is not None and age_ms < IN_FLIGHT_MS:
            raise errors.RefreshTokenReuseException(texts.REUSED_REFRESH_TOKEN, detail="rotated a moment ago")
    await _end(call, row, is_reuse=True)  # must survive the refusal
    raise errors.RefreshTokenReuseException(texts.REUSED_REFRESH_TOKEN)


def _since_rotation_from(row: RefreshTokenRow, token_hash: bytes, now_ms: int) -> int | None:
    """How long ago this very token was rotated out; None when it was not the last one that was."""
    if row.rotated_at is None or not hmac.compare_digest(token_hash, row.previous_token_hash or b""):
        return None
    return max(0, now_ms - row.rotated_at)


def is_revoked(found: Found) -> bool:
    """Whether the sign-in was ended: alone, or with all that the user had."""
    return found.row.revoked_at is not None or found.row.token_epoch != found.user.token_epoch


async def revoke(call: ClientCall, refresh_token: str, *, reach: user_sessions.Reach = "NONE") -> bool:
    """End the sign-in behind a refresh token of this client. False: the token is another client's, and stays good.

    reach: LINKED: the browser's session that it came through ends, too.

    An unknown token is none of anybody's business.
    """
    try:
        found = await find(call, refresh_token)
    except ForeignRefreshToken:
        return False
    except errors.NotAuthorizedException:
        return True

    await _end(call, found.row, reach=reach)
    return True


async def end(call: ClientCall, origin_jti: str) -> None:
    """End a sign-in because something that served once for it was presented again."""
    found = await stored.get(call.db, call.user_pool.id, origin_jti)
    if found is not None:
        await _end(call, found.row, is_reuse=True)


def check_client_secret(client: Client, client_secret: str | None, refusal: type[CognitoError]) -> None:
    """The raw secret of RevokeToken and GetTokensFromRefreshToken, compared with every active one in constant time.

    refusal: what the operation declares for it; raised unless the secret is right.
    """
    if not client.has_secret and not client_secret:
        return
    if not client.is_secret(client_secret or ""):
        raise refusal(texts.UNAUTHORIZED_CLIENT)


async def revoke_token(call: ClientCall, token: str, *, reach: user_sessions.Reach = "NONE") -> None:
    """RevokeToken: end the sign-in behind a refresh token of this client. reach: as `revoke` has it.

    Raises UnsupportedOperationException (revocation is off), UnsupportedTokenTypeException (an access or ID token),
    UnauthorizedException (a token of another client).
    """
    if not call.client.is_revocation_enabled:
        raise errors.UnsupportedOperationException(texts.TOKEN_REVOCATION_DISABLED)
    if is_jwt(token):
        raise errors.UnsupportedTokenTypeException(texts.UNSUPPORTED_TOKEN_TYPE)
    if not await revoke(call, token, reach=reach):
        raise errors.UnauthorizedException(texts.UNAUTHORIZED_CLIENT)


def is_jwt(token: str) -> bool:
    """Three parts: an access or ID token; a refresh token has five (endpoints.md §13.6)."""
    return token.count(".") == 2


async def _end(
    call: ClientCall, row: RefreshTokenRow, *, is_reuse: bool = False, reach: user_sessions.Reach = "NONE"
) -> None:
    async def write(tx: Transaction) -> None:
        if await stored.revoke(tx, row.user_pool_id, row.origin_jti, call.now_ms):
            whose = {"user_pool_id": row.user_pool_id, "sub": row.sub}
            await call.record(tx, events.SignInEnded(**whose, origin_jti=row.origin_jti, is_reuse=is_reuse))
        await user_sessions.end_with_tokens(tx, call, row.origin_jti, reach)

    await call.write(write)


# -- the form


def _form(key: PoolKey, origin_jti: str, number: int) -> str:
    """The number-th refresh token of a sign-in: five parts that look like a JWE, of which one carries the sealed name.

    Everything in it follows from (sign-in, number) under a key of the pool, which is what makes a retry repeatable. So a
    line of tokens stays under the key that it was born under, which the sealed part tells.
    """
    name = f"{number}:{origin_jti}"
    drawn = hashlib.shake_256(key.mac("refresh_token", name)).digest(12 + _DECOY_BYTES)
    sealed, decoy = key.box(_LABEL).seal(name.encode(), b"", drawn[:12]), drawn[12:]
    parts = (decoy[:256], decoy[256:268], sealed + decoy[268:-16], decoy[-16:])
    return ".".join((HEADER, *(jwt.base64url(part).decode() for part in parts)))


def _is_genuine(key: PoolKey, refresh_token: str, row: RefreshTokenRow, number: int) -> bool:
    """Whether the whole token is ours, not only its sealed part. The current one is known by its hash; making it anew for
    the comparison costs as much as the rest of a refresh without its signatures."""
    if hmac.compare_digest(_hash(refresh_token), row.token_hash):
        return True
    return hmac.compare_digest(_form(key, row.origin_jti, number).encode(), refresh_token.encode())


def _read(pool: UserPool, refresh_token: str) -> tuple[PoolKey, str, int]:
    """The key that made it, origin_jti and number, as the sealed part says. Raises NotAuthorizedException(INVALID_REFRESH_TOKEN)."""
    try:
        _, _, _, ciphertext, _ = refresh_token.split(".")
        blob = base64.urlsafe_b64decode(ciphertext + "=" * (-len(ciphertext) % 4))
        sealed = blob[: len(blob) - (_DECOY_BYTES - 256 - 12 - 16)]
        key = pool.pool_keys.that_sealed(_LABEL, sealed)
        number, _, origin_jti = key.box(_LABEL).open(sealed, b"").decode().partition(":")
        return key, origin_jti, int(number)
    except (ValueError, binascii.Error, SealBroken) as error:
        raise errors.NotAuthorizedException(texts.INVALID_REFRESH_TOKEN, detail=str(error)) from error


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
