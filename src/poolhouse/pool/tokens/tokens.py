"""Issue and verify tokens. What goes into them is decided in claims.py; refresh tokens have a file of their own."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from poolhouse.crypto import jwt
from poolhouse.crypto.identifiers import uuid4
from poolhouse.crypto.jwt import SigningKey
from poolhouse.crypto.signatures import Algorithm
from poolhouse.pool import events, texts
from poolhouse.pool.access_token import AccessToken
from poolhouse.pool.call import Call, ClientCall, PoolCall
from poolhouse.pool.configuration.snapshots import Client, UserPool
from poolhouse.pool.outcomes import Grant, Proven, SignedIn, Spend
from poolhouse.pool.threat_protection import auth_events
from poolhouse.pool.tokens import claims as claim_rules
from poolhouse.pool.tokens import refresh_tokens, user_sessions
from poolhouse.pool.triggers import pre_token_generation
from poolhouse.pool.triggers.pre_token_generation import Overrides
from poolhouse.pool.users import lockout
from poolhouse.storage import groups as stored_groups
from poolhouse.storage import refresh_tokens as stored_refresh_tokens
from poolhouse.storage import single_use
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


class TokenSet(msgspec.Struct, frozen=True):
    """access_token: empty where the ID token alone was granted.  expires_in: its lifetime in seconds.
    issued_token_type, scope: of a token exchange (RFC 8693), or empty."""

    access_token: str
    expires_in: int
    id_token: str | None = None
    refresh_token: str | None = None
    issued_token_type: str = ""
    scope: str = ""


API_SCOPES = (claim_rules.USER_POOL_API_SCOPE,)


# -- issue


Step = Callable[[Transaction], Awaitable[None]]
# The same for the tokens of an origin_jti.
IssueStep = Callable[[Transaction, str], Awaitable[None]]


async def issue(call: ClientCall, proven: Proven, grant: Grant, *, then: IssueStep | None = None) -> TokenSet:
    """Tokens for a completed sign-in. Single-use values are taken, and the refresh token is stored, before anything is signed.

    then: what else must be taken in the same write, after the row of the user, which everybody locks first.
    Raises NotAuthorizedException when one of the values was taken before, or the user is no longer as when the sign-in was decided.
    """
    event_id = proven.event_id if isinstance(proven, SignedIn) else grant.event_id
    origin_jti = event_id or uuid4(call.random(16))
    row, refresh_token = refresh_tokens.first(call, proven.user, grant, origin_jti)
    overrides = await _ask_trigger(call, proven.user, _source(proven, grant), grant)

    async def write(tx: Transaction) -> bool:
        await settle(tx, call, proven)
        await user_sessions.take_turn(tx, call, proven.user.sub)
        is_member = await stored_refresh_tokens.insert(tx, row, proven.user)
        require_standing(is_member is not None)
        if then is not None:
            await then(tx, origin_jti)
        await user_sessions.begin_with_tokens(tx, call, row, grant.sso_session_id)
        whose = events.whose(proven.user)
        await call.record(tx, events.TokensIssued(**whose, source=grant.source, origin_jti=origin_jti))
        return bool(is_member)

    is_member = await call.write(write)
    return await sign(call, proven.user, grant, origin_jti, refresh_token, is_member=is_member, overrides=overrides)


def _source(proven: Proven, grant: Grant) -> pre_token_generation.Source:
    """How the PreTokenGeneration trigger is told what the tokens are for (user-pools-api.md §7.2)."""
    if grant.source == "oauth":
        return "HostedAuth"
    is_new = isinstance(proven, SignedIn) and "NEW_PASSWORD_REQUIRED" in proven.proven
    return "NewPasswordChallenge" if is_new else "Authentication"


async def _ask_trigger(
    call: ClientCall, user: User, source: pre_token_generation.Source, grant: Grant
) -> Overrides | None:
    """What the pool's own code wants in the tokens. Before the write, so that its refusal uses nothing up."""
    if not call.user_pool.triggers.pre_token_generation:
        return None
    told = claim_rules.group_claims(await stored_groups.list_for_user(call.db, call.user_pool.id, user.sub))
    groups = pre_token_generation.Groups(
        told.get("cognito:groups", []), told.get("cognito:roles", []), told.get("cognito:preferred_role")
    )
    return await pre_token_generation.of_user(call, user, source, grant.scopes, groups)


async def settle(tx: Transaction, call: PoolCall, proven: Proven) -> None:
    """Take what a sign-in used up and forget its failed attempts. Raises NotAuthorizedException."""
    if not isinstance(proven, SignedIn):
        return
    await spend(tx, call.user_pool.id, proven.spends)
    if proven.lockout_name is not None:
        await lockout.clear(tx, call.user_pool.id, proven.lockout_name)
    if proven.assessment is not None:
        await auth_events.passed(tx, call, proven.user, proven.assessment.event, proven.proven)
    whose = events.whose(proven.user)
    await call.record(tx, events.UserSignedIn(**whose, flow=proven.flow, proven=proven.proven))


def require_standing(is_stored: bool) -> None:
    """Raises NotAuthorizedException, and so undoes the write, when what a sign-in made was not stored: the user was deleted,
    disabled, signed out or got another password since the sign-in was decided."""
    if not is_stored:
        raise errors.NotAuthorizedException(
            texts.INCORRECT_USERNAME_OR_PASSWORD, detail="the user has changed since the sign-in was decided"
        )


async def spend(tx: Transaction, user_pool_id: str, spends: tuple[Spend, ...]) -> None:
    """Take single-use values, all or none. Raises NotAuthorizedException with the refusal of the first that is gone."""
    for value in spends:
        if not await single_use.take(tx, user_pool_id, value.value_hash, value.expires_at_ms):
            raise errors.NotAuthorizedException(value.refusal)


async def sign(  # noqa: PLR0913  what stands in a token
    call: ClientCall,
    user: User,
    grant: Grant,
    origin_jti: str,
    refresh_token: str | None,
    *,
    is_member: bool,
    overrides: Overrides | None = None,
) -> TokenSet:
    """Sign the access token and, where `openid` was granted or the API was used, the ID token.

    is_member: whether the user is in any group; most are in none, and a query costs more than the rest of the claims.
    overrides: what the PreTokenGeneration trigger wants.
    """
    client, pool = call.client, call.user_pool
    groups = await stored_groups.list_for_user(call.db, pool.id, user.sub) if is_member else ()
    issued_at = _issued_at(call, user)
    group_claims = claim_rules.group_claims(groups)
    shared = _shared_claims(call, user, origin_jti, group_claims)
    access_claims = _access_claims(call, user, grant, issued_at, shared)
    has_id_token = grant.source == "api" or "openid" in grant.scopes
    id_claims = _id_claims(call, user, grant, origin_jti, issued_at, shared, group_claims) if has_id_token else None
    if overrides is not None:
        overrides.apply(access_claims, id_claims, client.id)
    if id_claims is not None and not grant.has_access_token:
        alone = _Signing(call, pool.id_token_key, id_claims)
        return TokenSet("", client.access_ttl_seconds, await alone.token(), refresh_token)
    access = _Signing(call, pool.access_token_key, access_claims)
    if id_claims is None:
        return TokenSet(await access.token(), client.access_ttl_seconds, None, refresh_token)

    if grant.source == "oauth":
        id_claims["at_hash"] = at_hash(await access.token(), pool.id_token_key.algorithm)
    id_ = _Signing(call, pool.id_token_key, id_claims)
    return TokenSet(await access.token(), client.access_ttl_seconds, await id_.token(), refresh_token)


async def sign_one(  # noqa: PLR0913  what stands in a token
    call: ClientCall, user: User, grant: Grant, origin_jti: str, kind: str, added: Mapping[str, Any]
) -> str:
    """An access token or an ID token alone, of a sign-in that there is. kind: ACCESS_TOKEN or ID_TOKEN.  added: claims of its own.

    origin_jti: of that sign-in; empty where its tokens have none. Then this one has none either, whatever its client says.
    """
    pool = call.user_pool
    groups = await stored_groups.list_for_user(call.db, pool.id, user.sub)
    group_claims = claim_rules.group_claims(groups)
    issued_at = int(call.now) if origin_jti else _after_sign_out(call, user)
    shared = _shared_claims(call, user, origin_jti or uuid4(call.random(16)), group_claims)
    if kind == "ID_TOKEN":
        claims, key = _id_claims(call, user, grant, origin_jti, issued_at, shared, group_claims), pool.id_token_key
        if grant.resource:
            claims["aud"] = grant.resource
    else:
        claims, key = _access_claims(call, user, grant, issued_at, shared), pool.access_token_key
    claims.pop("origin_jti", None)
    tie = {"origin_jti": origin_jti} if origin_jti else {}
    return await _Signing(call, key, {**claims, **tie, **added}).token()


def _shared_claims(call: ClientCall, user: User, origin_jti: str, group_claims: Mapping[str, Any]) -> dict[str, Any]:
    """What both tokens begin with."""
    shared: dict[str, Any] = {"sub": user.sub}
    if "cognito:groups" in group_claims:
        shared["cognito:groups"] = group_claims["cognito:groups"]
    shared["iss"] = call.user_pool.issuer
    if call.client.is_revocation_enabled:
        shared["origin_jti"] = origin_jti
    # DOC: names the authentication event, in refreshed tokens too. The sign-in bears its name, where anybody watches.
    shared["event_id"] = origin_jti if call.user_pool.is_watched else uuid4(call.random(16))
    return shared


def _access_claims(
    call: ClientCall, user: User, grant: Grant, issued_at: int, shared: Mapping[str, Any]
) -> dict[str, Any]:
    client = call.client
    claims = {
        **shared,
        "client_id": client.id,
        "token_use": "access",
        "scope": " ".join(grant.scopes),
        "auth_time": grant.auth_time,
        "exp": issued_at + client.access_ttl_seconds,
        "iat": issued_at,
        "jti": uuid4(call.random(16)),
        "username": user.username,
    }
    if grant.source == "oauth":
        claims["version"] = 2
    if grant.device_key:
        claims["device_key"] = grant.device_key
    if grant.resource:
        claims["aud"] = grant.resource
    return claims


def _id_claims(  # noqa: PLR0913  what stands in a token
    call: ClientCall,
    user: User,
    grant: Grant,
    origin_jti: str,
    issued_at: int,
    shared: dict[str, Any],
    group_claims: dict[str, Any],
) -> dict[str, Any]:
    """All but at_hash. What the attributes say comes first, so that no attribute can take the place of a claim of ours."""
    client = call.client
    scopes = grant.scopes if grant.source == "oauth" else ()
    # OIDC Core §5.4: where there is an access token, they are at userInfo.
    is_bare = call.user_pool.is_oidc and grant.source == "oauth" and grant.has_access_token
    released = {} if is_bare else claim_rules.released_attributes(user, client.readable, scopes)
    id_claims = {
        **claim_rules.typed(released),
        **shared,
        **group_claims,
        "cognito:username": user.username,
        "aud": client.id,
        "token_use": "id",
        "auth_time": grant.auth_time,
        "exp": issued_at + client.id_ttl_seconds,
        "iat": issued_at,
    }
    if client.is_revocation_enabled or client.is_rotation_enabled:
        id_claims["origin_jti"] = origin_jti
        id_claims["jti"] = uuid4(call.random(16))
    if grant.nonce:
        id_claims["nonce"] = grant.nonce
    return id_claims


async def sign_for_client(
    call: ClientCall, scopes: tuple[str, ...], metadata: Mapping[str, str] | None = None
) -> TokenSet:
    """The access token of the client itself (endpoints.md §13.4). metadata: for the PreTokenGeneration trigger."""
    client = call.client
    overrides = await pre_token_generation.of_client(call, scopes, metadata)
    now = int(call.now)
    claims = {
        "sub": client.id,
        "token_use": "access",
        "scope": " ".join(scopes),
        "auth_time": now,
        "iss": call.user_pool.issuer,
        "exp": now + client.access_ttl_seconds,
        "iat": now,
        "version": 2,
        "jti": uuid4(call.random(16)),
        "client_id": client.id,
    }
    if overrides is not None:
        overrides.apply(claims, None, client.id)
    access = _Signing(call, call.user_pool.access_token_key, claims)
    return TokenSet(await access.token(), client.access_ttl_seconds)


class _Signing:
    """A token whose signature is wanted; of two that are begun before one is waited for, both are made together."""

    __slots__ = ("_input", "_signature")

    def __init__(self, call: ClientCall, key: SigningKey, claims: dict[str, Any]) -> None:
        self._input = key.signing_input(claims)
        self._signature = call.house.batches.sign(key, self._input)

    async def token(self) -> str:
        return jwt.compact(self._input, await self._signature)


def _issued_at(call: ClientCall, user: User) -> int:
    """Now; where tokens have no `origin_jti`, after a global sign-out."""
    return int(call.now) if call.client.is_revocation_enabled else _after_sign_out(call, user)


def _after_sign_out(call: ClientCall, user: User) -> int:
    """Now, but never in the second of a global sign-out, which would revoke it too."""
    return max(int(call.now), user.signed_out_at // 1000 + 1)


def at_hash(access_token: str, algorithm: Algorithm) -> str:
    """OIDC Core §3.1.3.6. algorithm: of the ID token."""
    digest = algorithm.digest(access_token.encode())
    return jwt.base64url(digest[: len(digest) // 2]).decode()


# -- verify


class NotAnAccessToken(errors.NotAuthorizedException):
    """A sound token of the pool that is not an access token, or one that no user stands behind."""


async def verify_access_token(
    call: Call, token: str, *, scope: str | None = claim_rules.USER_POOL_API_SCOPE
) -> AccessToken:
    """An access token as an operation of the JSON API takes it. scope: what it must hold; None: the caller looks.

    Raises NotAuthorizedException (TOK): not ours, expired, revoked, or without the scope; UserNotFoundException,
    ResourceNotFoundException: the user or the client is gone.
    """
    try:
        read = jwt.read(token)
        issuer = str(read.claims().get("iss", ""))
        pool = await call.configuration.find_user_pool(issuer.rpartition("/")[2])
        if pool is None or issuer != pool.issuer:
            raise jwt.TokenInvalid("not a token of a pool here")
        claims = read.verify(pool.verifying_keys)
    except jwt.TokenInvalid as error:
        raise errors.NotAuthorizedException(texts.INVALID_ACCESS_TOKEN, detail=str(error)) from error
    if claims["token_use"] != "access" or "username" not in claims:
        detail = f"a token for {claims['token_use']}, where a user's access token is needed"
        raise NotAnAccessToken(texts.INVALID_ACCESS_TOKEN, detail=detail)
    if claims["exp"] <= call.now:
        raise errors.NotAuthorizedException(texts.EXPIRED_ACCESS_TOKEN)
    scopes = frozenset(claims["scope"].split(" "))
    if scope is not None and scope not in scopes:
        detail = f"it has {claims['scope']}, and {scope} is needed"
        raise errors.NotAuthorizedException(texts.ACCESS_TOKEN_WITHOUT_SCOPE, detail=detail)
    client = await call.configuration.find_client(claims["client_id"], pool.id)
    if client is None:
        raise errors.ResourceNotFoundException(texts.CLIENT_DOES_NOT_EXIST, claims["client_id"])
    user = await _living_user(call, pool, claims)
    return AccessToken(
        user=user,
        user_pool=pool,
        client=client,
        scopes=scopes,
        origin_jti=claims.get("origin_jti", ""),
        claims=claims,
    )


async def client_of_id_token(call: PoolCall, token: str) -> Client:
    """Whose ID token it is, living or expired (OpenID Connect RP-Initiated Logout 1.0). Raises NotAuthorizedException."""
    try:
        claims = jwt.read(token).verify(call.user_pool.verifying_keys)
    except jwt.TokenInvalid as error:
        raise errors.NotAuthorizedException(texts.PAGE_ID_TOKEN_HINT_INVALID, detail=str(error)) from error
    client = None
    if claims["token_use"] == "id":
        client = await call.configuration.find_client(str(claims["aud"]), call.user_pool.id)
    if client is None:
        detail = "no ID token of a client that there is"
        raise errors.NotAuthorizedException(texts.PAGE_ID_TOKEN_HINT_INVALID, detail=detail)
    return client


async def _living_user(call: Call, pool: UserPool, claims: Mapping[str, Any]) -> User:
    """Who the token speaks for, read together with the sign-in it came from: one query."""
    origin_jti = claims.get("origin_jti", "")
    found = await stored_refresh_tokens.get_user_and_liveness(call.db, pool.id, claims["sub"], origin_jti)
    if found is None:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    user, is_live = found
    if not user.is_enabled:
        raise errors.NotAuthorizedException(texts.USER_IS_DISABLED)
    if not is_live if origin_jti else claims["iat"] * 1000 <= user.signed_out_at:
        raise errors.NotAuthorizedException(texts.REVOKED_ACCESS_TOKEN)
    return user


# -- refresh


async def refresh(
    call: ClientCall, refresh_token: str, device_key: str | None = None, *, knows_devices: bool = True
) -> TokenSet:
    """New tokens for a refresh token; a new refresh token too where rotation is on.

    device_key: of the device that asks, which has to be the one that the tokens belong to, if any (user-pools-api.md §6.6, GUESS+).
    knows_devices: False for /oauth2/token, which refuses sign-ins of the API where the pool remembers devices (endpoints.md §4.4).

    Raises NotAuthorizedException (invalid, expired, revoked, disabled), RefreshTokenReuseException.
    """
    found = await refresh_tokens.find(call, refresh_token)
    user, row = found.user, found.row
    if not user.is_enabled:  # before the token, which disabling has revoked (user-pools-api.md §6.6)
        raise errors.NotAuthorizedException(texts.USER_IS_DISABLED)
    if refresh_tokens.is_revoked(found):
        raise errors.NotAuthorizedException(texts.REVOKED_REFRESH_TOKEN)
    if row.expires_at <= call.now_ms:
        raise errors.NotAuthorizedException(texts.EXPIRED_REFRESH_TOKEN)
    if row.device_key and row.device_key != device_key:
        raise errors.NotAuthorizedException(texts.INVALID_REFRESH_TOKEN, detail="it belongs to another device")
    if not knows_devices and row.source == "api" and call.user_pool.tracks_devices:
        detail = "the pool remembers devices: what InitiateAuth gave is refreshed by the API alone"
        raise errors.NotAuthorizedException(texts.INVALID_REFRESH_TOKEN, detail=detail)
    successor = refresh_tokens.successor(call.client, row, refresh_token)
    grant = Grant(
        scopes=tuple(row.scope.split(" ")),
        auth_time=row.auth_time,
        source="oauth" if row.source == "oauth" else "api",
        resource=row.resource,
        device_key=row.device_key,
    )
    # Made first, stored second, told last: whatever fails or dies before the write leaves the client a token that works.
    overrides = await _ask_trigger(call, user, "RefreshTokens", grant)
    issued = await sign(call, user, grant, row.origin_jti, successor, is_member=found.is_member, overrides=overrides)
    if successor is not None:
        await refresh_tokens.rotate(call, row, refresh_token, successor)
    await user_sessions.seen(call, row)
    return issued
