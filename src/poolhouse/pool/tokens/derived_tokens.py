"""GetDerivedToken and the token-exchange grant: a token for a service, from one that is held (RFC 8693, user-pools-api.md §9.10)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from poolhouse.crypto import jwt
from poolhouse.crypto.identifiers import uuid4
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.outcomes import Grant
from poolhouse.pool.tokens import tokens
from poolhouse.storage import refresh_tokens as stored_refresh_tokens
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

TokenKind = Literal["ACCESS_TOKEN", "ID_TOKEN"]
_USES = {"ACCESS_TOKEN": "access", "ID_TOKEN": "id"}
IMPERSONATION, DELEGATION = "ALLOW_TOKEN_EXCHANGE_IMPERSONATION", "ALLOW_TOKEN_EXCHANGE_DELEGATION"


class Held(msgspec.Struct, frozen=True):
    """A token that is shown. kind: as the request says; SAML2 is not taken.  provider: who issued it; empty: this pool."""

    token: str
    kind: str
    provider: str = ""


class Wish(msgspec.Struct, frozen=True):
    """What is asked for. audience: of the new token, or empty.  scopes: none named: those of the subject token."""

    kind: TokenKind
    scopes: Sequence[str]
    audience: str


class Derived(msgspec.Struct, frozen=True):
    token: str
    kind: TokenKind
    expires_in: int
    scopes: tuple[str, ...]


async def derive(call: ClientCall, subject: Held, actor: Held | None, wish: Wish) -> Derived:
    """A token of the subject's user for call.client, which is authenticated. With an actor it says who acts (`act`).

    It lives no longer than the token it comes from, and is revoked with it.
    Raises InvalidParameterException (flow, kind, audience), NotAuthorizedException (a token is not good), UserNotFoundException.
    """
    flow = IMPERSONATION if actor is None else DELEGATION
    if flow not in call.client.auth_flows:
        raise errors.InvalidParameterException(texts.TOKEN_EXCHANGE_NOT_ENABLED, flow)
    told = _claims(call, subject)
    user = await _user(call, told)
    acting = None if actor is None else _actor(_claims(call, actor))
    scopes = _scopes(call, told, wish)
    grant = Grant(scopes=scopes, auth_time=int(told.get("auth_time", call.now)), source="oauth", resource=wish.audience)
    expires_in = min(_lifetime(call, wish.kind), int(told["exp"] - call.now))
    added: dict[str, Any] = {"exp": int(call.now) + expires_in, **({} if acting is None else {"act": acting})}
    token = await tokens.sign_one(
        call, user, grant, str(told.get("origin_jti", "")) or uuid4(call.random(16)), wish.kind, added
    )
    return Derived(token, wish.kind, expires_in, scopes)


def _lifetime(call: ClientCall, kind: TokenKind) -> int:
    return call.client.access_ttl_seconds if kind == "ACCESS_TOKEN" else call.client.id_ttl_seconds


def _claims(call: ClientCall, held: Held) -> Mapping[str, Any]:
    """Of a token of this pool that is still good. Raises InvalidParameterException, NotAuthorizedException."""
    if held.provider or held.kind not in _USES:
        raise errors.InvalidParameterException(texts.FOREIGN_TOKEN_NOT_BUILT)
    try:
        claims = jwt.read(held.token).verify(call.user_pool.verifying_keys)
    except jwt.TokenInvalid as error:
        raise errors.NotAuthorizedException(texts.INVALID_TOKEN, detail=str(error)) from error
    is_good = claims.get("iss") == call.user_pool.issuer and claims.get("token_use") == _USES[held.kind]
    if not is_good or claims["exp"] <= call.now:
        raise errors.NotAuthorizedException(texts.INVALID_TOKEN, detail="of another pool or use, or expired")
    return claims


async def _user(call: ClientCall, claims: Mapping[str, Any]) -> User:
    """Whom the subject token speaks for; its sign-in has to be alive. Raises NotAuthorizedException, UserNotFoundException."""
    origin_jti = claims.get("origin_jti", "")
    if "username" not in claims and "cognito:username" not in claims:
        raise errors.NotAuthorizedException(texts.INVALID_TOKEN, detail="no user stands behind it")
    found = await stored_refresh_tokens.get_user_and_liveness(call.db, call.user_pool.id, claims["sub"], origin_jti)
    if found is None:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    user, is_live = found
    if not user.is_enabled:
        raise errors.NotAuthorizedException(texts.USER_IS_DISABLED)
    if not is_live if origin_jti else claims["iat"] * 1000 <= user.signed_out_at:
        raise errors.NotAuthorizedException(texts.INVALID_TOKEN, detail="its sign-in was ended")
    return user


def _actor(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The claim `act`; who acted before stays inside (RFC 8693 §4.1)."""
    before = claims.get("act")
    return {"sub": claims["sub"], **({"act": before} if isinstance(before, dict) else {})}


def _scopes(call: ClientCall, claims: Mapping[str, Any], wish: Wish) -> tuple[str, ...]:
    """Asked for, held by the subject, and allowed to the client. An ID token holds all that the client may ask for (GUESS)."""
    held = str(claims["scope"]).split() if "scope" in claims else list(call.client.live_scopes)
    if not wish.scopes:
        return tuple(held)
    return tuple(scope for scope in dict.fromkeys(wish.scopes) if scope in held and scope in call.client.live_scopes)
