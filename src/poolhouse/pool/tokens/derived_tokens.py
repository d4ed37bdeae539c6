"""GetDerivedToken and the token-exchange grant: a token for a service, from one that is held (RFC 8693, user-pools-api.md §9.10)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from poolhouse.crypto import jwt
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
    """What is asked for. scopes: none named: those of the subject token.  audience, resource: one of them, or both empty."""

    kind: TokenKind
    scopes: Sequence[str]
    audience: str
    resource: str


class Derived(msgspec.Struct, frozen=True):
    token: str
    kind: TokenKind
    expires_in: int
    scopes: tuple[str, ...]


async def derive(call: ClientCall, subject: Held, actor: Held | None, wish: Wish) -> Derived:
    """A token of the subject's user for call.client, which is authenticated. With an actor it says who acts (`act`).

    It lives no longer than the token it comes from, and is revoked with it, whatever this client says of revocation.
    Raises InvalidParameterException (flow, kind, audience and resource), NotAuthorizedException (a token is not good, its sign-in
    was ended), UserNotFoundException.
    """
    if wish.audience and wish.resource:
        raise errors.InvalidParameterException(texts.AUDIENCE_AND_RESOURCE)
    if wish.resource and wish.resource not in call.user_pool.resource_server_identifiers:
        raise errors.InvalidParameterException(texts.RESOURCE_SERVER_DOES_NOT_EXIST, wish.resource)
    flow = IMPERSONATION if actor is None else DELEGATION
    if flow not in call.client.auth_flows:
        raise errors.InvalidParameterException(texts.TOKEN_EXCHANGE_NOT_ENABLED, flow)
    told = _claims(call, subject)
    user = await _user(call, told)
    acting = None if actor is None else await _actor(call, actor)
    scopes = _scopes(call, told, wish)
    audience = wish.audience or wish.resource
    grant = Grant(scopes=scopes, auth_time=int(told.get("auth_time", call.now)), source="oauth", resource=audience)
    expires_in = min(_lifetime(call, wish.kind), int(told["exp"] - call.now))
    added: dict[str, Any] = {"exp": int(call.now) + expires_in, **({} if acting is None else {"act": acting})}
    token = await tokens.sign_one(call, user, grant, str(told.get("origin_jti", "")), wish.kind, added)
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


def _is_of_user(claims: Mapping[str, Any]) -> bool:
    return "username" in claims or "cognito:username" in claims


async def _user(call: ClientCall, claims: Mapping[str, Any]) -> User:
    """Whom the token speaks for; its sign-in has to be alive. Raises NotAuthorizedException, UserNotFoundException."""
    origin_jti = claims.get("origin_jti", "")
    if not _is_of_user(claims):
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


async def _actor(call: ClientCall, held: Held) -> dict[str, Any]:
    """The claim `act`; who acted before stays inside (RFC 8693 §4.1). Whoever acts has to be there still. Raises as _user."""
    claims = _claims(call, held)
    if _is_of_user(claims):
        await _user(call, claims)
    elif await call.configuration.find_client(claims["client_id"], call.user_pool.id) is None:
        raise errors.NotAuthorizedException(texts.INVALID_TOKEN, detail="its client is gone")
    before = claims.get("act")
    return {"sub": claims["sub"], **({"act": before} if isinstance(before, dict) else {})}


def _scopes(call: ClientCall, claims: Mapping[str, Any], wish: Wish) -> tuple[str, ...]:
    """Asked for, held by the subject, and allowed to the client. An ID token holds all that the client may ask for (GUESS)."""
    held = str(claims["scope"]).split() if "scope" in claims else list(call.client.live_scopes)
    if not wish.scopes:
        return tuple(held)
    return tuple(scope for scope in dict.fromkeys(wish.scopes) if scope in held and scope in call.client.live_scopes)
