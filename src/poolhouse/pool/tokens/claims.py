"""What goes into each token (endpoints.md §13) and into userInfo."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from poolhouse.storage.groups import Group
from poolhouse.storage.users import User

PROFILE = frozenset(  # DOC userInfo page
    {
        "name",
        "family_name",
        "given_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "profile",
        "picture",
        "website",
        "gender",
        "birthdate",
        "zoneinfo",
        "locale",
        "updated_at",
    }
)
EMAIL = frozenset({"email", "email_verified"})
PHONE = frozenset({"phone_number", "phone_number_verified"})
_BOOLEANS = frozenset({"email_verified", "phone_number_verified"})
USER_POOL_API_SCOPE = "aws.cognito.signin.user.admin"


def released_attributes(user: User, readable: frozenset[str], scopes: Iterable[str]) -> dict[str, str]:
    """The attributes that these scopes release, limited to what the client may read.

    `openid` alone, or with only the API scope or custom scopes, releases every readable attribute. The identities that a user is
    linked to are released with every scope (OBS).
    """
    granted = frozenset(scopes)
    if not granted & {"profile", "email", "phone"}:
        return {name: value for name, value in user.attributes.items() if name in readable}
    names = {"identities"}
    if "email" in granted:
        names |= EMAIL
    if "phone" in granted:
        names |= PHONE
    with_profile = "profile" in granted
    if with_profile:
        names |= PROFILE
    return {
        name: value
        for name, value in user.attributes.items()
        if name in readable and (name in names or (with_profile and name.startswith("custom:")))
    }


def covers_scopes(readable: frozenset[str], scopes: Iterable[str]) -> bool:
    """Whether the client may read every attribute behind its granted scopes (endpoints.md §3.3 rule 8)."""
    needed = {"profile": PROFILE, "email": EMAIL, "phone": PHONE}
    return all(needed[scope] <= readable for scope in scopes if scope in needed)


def typed(attributes: Mapping[str, str]) -> dict[str, Any]:
    """Attributes as the ID token spells them: booleans, numbers and the address are typed, custom values are strings."""
    claims: dict[str, Any] = dict(attributes)
    for name in _BOOLEANS & claims.keys():
        claims[name] = attributes[name].lower() == "true"
    if "address" in claims:
        claims["address"] = {"formatted": attributes["address"]}
    if "identities" in claims:
        claims["identities"] = _identities(attributes["identities"])
    if attributes.get("updated_at", "").isdigit():
        claims["updated_at"] = int(attributes["updated_at"])
    return claims


def _identities(attribute: str) -> str | list[dict[str, str | None]]:
    """Flags and times are strings (DOC). In pools from before 0.2 the attribute can be any text, which stays what it is."""
    try:
        entries = msgspec.json.decode(attribute, type=list[dict[str, str | int | bool | None]])
    except msgspec.DecodeError:
        return attribute
    return [{name: _spelled(value) for name, value in entry.items()} for entry in entries]


def _spelled(value: str | int | bool | None) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


def group_claims(groups: Sequence[Group]) -> dict[str, Any]:
    """cognito:groups, cognito:roles, cognito:preferred_role. groups: strongest precedence first."""
    if not groups:
        return {}
    claims: dict[str, Any] = {"cognito:groups": [group.name for group in groups]}
    roles = list(dict.fromkeys(group.role_arn for group in groups if group.role_arn))
    if roles:
        claims["cognito:roles"] = roles
        preferred = _preferred_role(groups)
        if preferred is not None:
            claims["cognito:preferred_role"] = preferred
    return claims


def _preferred_role(groups: Sequence[Group]) -> str | None:
    """The role of the strongest group; absent when several share its precedence with different roles (DOC)."""
    with_roles = [group for group in groups if group.role_arn]
    strongest = min((group.rank for group in with_roles), default=None)
    best = {group.role_arn for group in with_roles if group.rank == strongest}
    return best.pop() if len(best) == 1 else None
