"""Authorization codes: drawn at the end of a sign-in, redeemed once (RFC 6749 §4.1)."""

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

import msgspec

from poolhouse import discretion
from poolhouse.crypto.identifiers import uuid4
from poolhouse.errors import OAuthError
from poolhouse.pool.call import Call, ClientCall, PoolCall
from poolhouse.pool.outcomes import Grant, Redeemed
from poolhouse.pool.tokens import claims, refresh_tokens, tokens
from poolhouse.pool.tokens.tokens import TokenSet
from poolhouse.storage import authorization_codes as stored
from poolhouse.storage.authorization_codes import AuthorizationCodeRow
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

if TYPE_CHECKING:
    from poolhouse.pool.sign_in.authorization_requests import AuthorizationRequest

TTL_SECONDS = 300  # DOC


class _Replayed(OAuthError):
    """The code was redeemed before, perhaps a moment ago."""


class AuthorizationGrant(msgspec.Struct, frozen=True):
    """What a code stands for; stored as JSON. It holds nothing that lets anybody redeem the code."""

    client_id: str
    redirect_uri: str
    was_redirect_uri_sent: bool
    code_challenge: str
    grant: Grant


_decode = msgspec.json.Decoder(AuthorizationGrant).decode


def draw(call: PoolCall, request: "AuthorizationRequest", user: User, grant: Grant) -> tuple[str, AuthorizationCodeRow]:
    """A new code and the row that knows only its hash."""
    code = uuid4(call.random(16))
    data = AuthorizationGrant(
        client_id=request.client.id,
        redirect_uri=request.back.redirect_uri,
        was_redirect_uri_sent="redirect_uri" in request.parameters,
        code_challenge=request.code_challenge,
        grant=grant,
    )
    row = AuthorizationCodeRow(
        user_pool_id=call.user_pool.id,
        code_hash=_hash(code),
        sub=user.sub,
        token_epoch=user.token_epoch,
        grant_data=msgspec.json.encode(data).decode(),
        expires_at=call.now_ms + TTL_SECONDS * 1000,
    )
    return code, row


async def redeem(call: ClientCall, code: str, redirect_uri: str, code_verifier: str) -> TokenSet:
    """Tokens for a code; the order of endpoints.md §4.3.

    A code presented by another client stays good for its own client; every other failure uses it up, so that a code
    verifier cannot be guessed. In the profile `oidc` a code that comes again ends what it was redeemed for (RFC 6749 §4.1.2).
    Raises OAuthError.
    """
    code_hash = _hash(code)
    known = await stored.get_with_user(call.db, call.user_pool.id, code_hash)
    if known is None:
        raise OAuthError("invalid_grant", detail="unknown or used code")
    found, user = known
    data = _decode(found.grant_data)
    if data.client_id != call.client.id:
        raise OAuthError("invalid_grant", detail="code of another client")
    if found.redeemed_as is not None:
        await refresh_tokens.end(call, found.redeemed_as)
        raise _Replayed("invalid_grant", detail="used code")
    refusal = _refusal(call, data, found.expires_at, redirect_uri, code_verifier)
    if refusal is None and (user is None or not user.is_enabled):
        refusal = OAuthError("invalid_grant", detail="user is gone or disabled")
    if refusal is None and user is not None and found.token_epoch != user.token_epoch:
        refusal = OAuthError("invalid_grant", detail="signed out since the code was issued")
    if refusal is None and not claims.covers_scopes(call.client.readable, data.grant.scopes):
        refusal = OAuthError("invalid_grant", detail="client may not read an attribute behind a granted scope")
    if refusal is not None or user is None:
        await call.write(lambda tx: stored.take(tx, call.user_pool.id, code_hash))  # must survive the refusal
        raise refusal or OAuthError("invalid_grant")

    async def take(tx: Transaction, origin_jti: str) -> None:
        # Taken before anything is issued: if the rest fails, the client has to ask for a new code.
        pool_id = call.user_pool.id
        if not await (
            stored.redeem_as(tx, pool_id, code_hash, origin_jti)
            if call.user_pool.is_oidc
            else stored.take(tx, pool_id, code_hash)
        ):
            raise _Replayed("invalid_grant", detail="code was redeemed a moment ago")

    try:
        return await tokens.issue(call, Redeemed(user, data.grant.auth_time), data.grant, then=take)
    except _Replayed:
        winner = await stored.get_with_user(call.db, call.user_pool.id, code_hash)
        if winner is not None and winner[0].redeemed_as is not None:
            await refresh_tokens.end(call, winner[0].redeemed_as)
        raise
    except errors.NotAuthorizedException as error:
        raise OAuthError("invalid_grant", detail=error.detail) from error


def _refusal(
    call: Call, data: AuthorizationGrant, expires_at: int, redirect_uri: str, code_verifier: str
) -> OAuthError | None:
    if expires_at <= call.now_ms:
        return OAuthError("invalid_grant", detail="code expired")
    # RFC 6749 §4.1.3: it must be sent, and be the same, if it was sent to /oauth2/authorize.
    if redirect_uri != data.redirect_uri and (redirect_uri or data.was_redirect_uri_sent):
        # OBS amplify-js#5284
        detail = f"redirect_uri {discretion.address(redirect_uri or '(none)')} is not the one of /oauth2/authorize"
        return OAuthError("unauthorized_client", "invalid_redirect", detail=detail)
    if not _answers(code_verifier, data.code_challenge):
        return OAuthError("invalid_grant", detail="code_verifier does not fit the code_challenge")
    return None


def _answers(code_verifier: str, code_challenge: str) -> bool:
    """RFC 7636 §4.6. A verifier without a challenge is refused too: somebody stripped the challenge (RFC 9700 §2.1.1)."""
    if not code_challenge:
        return not code_verifier
    if not 43 <= len(code_verifier) <= 128 or not code_verifier.isascii():
        return False
    digest = hashlib.sha256(code_verifier.encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"="), code_challenge.encode())


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()
