"""PreTokenGeneration, V1_0 to V3_0: what a pool's own code changes in the tokens (endpoints.md §13.7)."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.triggers import invocation
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

Source = Literal["HostedAuth", "Authentication", "NewPasswordChallenge", "RefreshTokens"]
Claims = dict[str, Any]

# DOC: what no trigger adds, changes or suppresses.
# fmt: off
_PROTECTED = frozenset({
    "sub", "iss", "aud", "token_use", "client_id", "username", "cognito:username", "identities", "device_key", "event_id", "version",
    "acr", "amr", "auth_time", "exp", "iat", "nbf", "jti", "origin_jti", "nonce", "azp", "at_hash",
})
# fmt: on
_GROUPS, _ROLES, _PREFERRED_ROLE = "cognito:groups", "cognito:roles", "cognito:preferred_role"
_GROUP_CLAIMS = frozenset({_GROUPS, _ROLES, _PREFERRED_ROLE})
_PLAIN_IN_ID = frozenset({"email_verified", "phone_number_verified", "updated_at", "address"})  # DOC: nothing complex
MOST_CLAIMS = 5_000  # DOC: claims and scopes together
_VERSIONS = {"V1_0": "1", "V2_0": "2", "V3_0": "3"}  # GUESS+
# DOC: whose ClientMetadata reaches the trigger. What comes with InitiateAuth does not.
_WITH_METADATA = frozenset({"RespondToAuthChallenge", "AdminRespondToAuthChallenge", "GetTokensFromRefreshToken"})
MACHINE = "ClientCredentials"  # DOC: userName of an event that is about no user


class Groups(msgspec.Struct):
    """groupConfiguration and groupOverrideDetails."""

    groupsToOverride: list[str] | None = None  # noqa: N815  Cognito's names, as all of them
    iamRolesToOverride: list[str] | None = None  # noqa: N815
    preferredRole: str | None = None  # noqa: N815


class _V1Details(msgspec.Struct):
    claimsToAddOrOverride: dict[str, str] | None = None  # noqa: N815
    claimsToSuppress: list[str] | None = None  # noqa: N815
    groupOverrideDetails: Groups | None = None  # noqa: N815


class _V1Response(msgspec.Struct):
    claimsOverrideDetails: _V1Details | None = None  # noqa: N815


class Generation(msgspec.Struct):
    """What one token is to have, and not to have."""

    claimsToAddOrOverride: Claims | None = None  # noqa: N815
    claimsToSuppress: list[str] | None = None  # noqa: N815
    scopesToAdd: list[str] | None = None  # noqa: N815
    scopesToSuppress: list[str] | None = None  # noqa: N815

    @property
    def size(self) -> int:
        return sum(map(len, filter(None, (self.claimsToAddOrOverride, self.claimsToSuppress, self.scopesToAdd))))


class Overrides(msgspec.Struct):
    """claimsAndScopeOverrideDetails; that of V1_0 is brought into this shape."""

    idTokenGeneration: Generation | None = None  # noqa: N815
    accessTokenGeneration: Generation | None = None  # noqa: N815
    groupOverrideDetails: Groups | None = None  # noqa: N815

    def apply(self, access_claims: Claims, id_claims: Claims | None, client_id: str) -> None:
        """Change the claims of both tokens in place. Suppressing beats adding (DOC)."""
        if self.groupOverrideDetails is not None:
            _override_groups(self.groupOverrideDetails, access_claims, id_claims)
        if self.accessTokenGeneration is not None:
            _change_access(self.accessTokenGeneration, access_claims, client_id)
        if self.idTokenGeneration is not None and id_claims is not None:
            _change_id(self.idTokenGeneration, id_claims)


class _Response(msgspec.Struct):
    claimsAndScopeOverrideDetails: Overrides | None = None  # noqa: N815


async def of_user(
    call: ClientCall, user: User, source: Source, scopes: Sequence[str], groups: Groups
) -> Overrides | None:
    """None: the pool has no such trigger, or it changes nothing. Raises invocation.REFUSALS."""
    triggers = call.user_pool.triggers
    if not triggers.pre_token_generation:
        return None
    request = {
        "userAttributes": invocation.user_attributes(call, user),
        "groupConfiguration": groups,
    }
    metadata = call.client_context.metadata if call.operation in _WITH_METADATA else None
    arn, name = triggers.pre_token_generation, f"TokenGeneration_{source}"
    if triggers.pre_token_version == "V1_0":
        asked = invocation.with_metadata(request, metadata)
        response = {"claimsOverrideDetails": None}
        first = await invocation.invoke(call, arn, name, user.username, asked, response, _V1Response)
        return None if first.claimsOverrideDetails is None else _checked(_of_v1(first.claimsOverrideDetails))
    asked = invocation.with_metadata({**request, "scopes": scopes}, metadata)
    return await _fire(call, name, user.username, asked)


async def of_client(call: ClientCall, scopes: Sequence[str], metadata: Mapping[str, str] | None) -> Overrides | None:
    """As of_user, for client_credentials: V3_0 alone."""
    if not call.user_pool.triggers.pre_client_token_generation:
        return None
    request: dict[str, Any] = {"userAttributes": {}, "groupConfiguration": None, "scopes": scopes}  # DOC
    asked = {**request, "clientMetadata": metadata or {}}
    return await _fire(call, f"TokenGeneration_{MACHINE}", MACHINE, asked)


async def _fire(call: ClientCall, name: str, username: str, asked: dict[str, Any]) -> Overrides | None:
    triggers = call.user_pool.triggers
    response, version = {"claimsAndScopeOverrideDetails": None}, _VERSIONS[triggers.pre_token_version]
    arn = triggers.pre_token_generation
    found = await invocation.invoke(call, arn, name, username, asked, response, _Response, version=version)
    details = found.claimsAndScopeOverrideDetails
    return None if details is None else _checked(details)


def _of_v1(details: _V1Details) -> Overrides:
    generation = Generation(dict(details.claimsToAddOrOverride or {}), details.claimsToSuppress)
    return Overrides(idTokenGeneration=generation, groupOverrideDetails=details.groupOverrideDetails)


def _checked(overrides: Overrides) -> Overrides:
    """Raises InvalidLambdaResponseException."""
    generations = [each for each in (overrides.idTokenGeneration, overrides.accessTokenGeneration) if each is not None]
    if sum(each.size for each in generations) > MOST_CLAIMS:
        raise errors.InvalidLambdaResponseException(texts.TOO_MANY_CLAIMS, MOST_CLAIMS)
    for scope in (scope for each in generations for scope in each.scopesToAdd or ()):
        if not scope or any(character.isspace() for character in scope):
            raise errors.InvalidLambdaResponseException(
                texts.TRIGGER_ANSWER_UNKNOWN, detail="a scope is empty or has a blank in it"
            )
    return overrides


# -- what may be changed


def _may_change(name: str) -> bool:
    is_reserved = name in _PROTECTED or (name.startswith("cognito:") and name not in _GROUP_CLAIMS)
    return not is_reserved and not name.startswith("dev:")


def _override_groups(groups: Groups, access_claims: Claims, id_claims: Claims | None) -> None:
    """An empty object takes the groups away (DOC)."""
    wanted = {
        _GROUPS: groups.groupsToOverride,
        _ROLES: groups.iamRolesToOverride,
        _PREFERRED_ROLE: groups.preferredRole,
    }
    for name, value in wanted.items():
        for claims in (access_claims, id_claims) if name == _GROUPS else (id_claims,):
            if claims is not None:
                claims.pop(name, None)
                if value:
                    claims[name] = value


def _change_access(generation: Generation, claims: Claims, client_id: str) -> None:
    for name, value in (generation.claimsToAddOrOverride or {}).items():
        if _may_change(name) or (name == "aud" and value == client_id):
            claims[name] = value
    added, suppressed = generation.scopesToAdd or [], frozenset(generation.scopesToSuppress or ())
    if added or suppressed:
        scopes = dict.fromkeys([*str(claims["scope"]).split(), *added])
        claims["scope"] = " ".join(scope for scope in scopes if scope not in suppressed)
    _suppress(generation, claims)


def _change_id(generation: Generation, claims: Claims) -> None:
    for name, value in (generation.claimsToAddOrOverride or {}).items():
        if _may_change(name) and (name not in _PLAIN_IN_ID or isinstance(value, str)):
            claims[name] = value
    _suppress(generation, claims)
    if _GROUPS in (generation.claimsToSuppress or ()):  # DOC: the roles go with the groups
        claims.pop(_ROLES, None)
        claims.pop(_PREFERRED_ROLE, None)


def _suppress(generation: Generation, claims: Claims) -> None:
    for name in generation.claimsToSuppress or ():
        if _may_change(name) or name.startswith("dev:"):
            claims.pop(name, None)
