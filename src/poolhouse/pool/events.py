"""What has happened: one typed fact for each thing that a write changes, noted in that write (docs/design/0006-events.md).

Who asked, from where and when is not in the fact; `Call.record` adds it.
"""

from collections.abc import Iterator

import msgspec

from poolhouse.storage.users import User


class Event(msgspec.Struct, frozen=True, kw_only=True, tag_field="event", tag=True, omit_defaults=True):
    """sub, username: of the user whom it happened to; empty: nobody, or nobody who is known."""

    user_pool_id: str
    sub: str = ""
    username: str = ""


def whose(user: User) -> dict[str, str]:
    """What an event says of the user whom it happened to."""
    return {"user_pool_id": user.user_pool_id, "sub": user.sub, "username": user.username}


def whose_or_nobody(user_pool_id: str, user: User | None) -> dict[str, str]:
    return {"user_pool_id": user_pool_id} if user is None else whose(user)


# -- users


class UserCreated(Event, frozen=True):
    """status: UserStatus that the user begins with."""

    status: str


class UserDeleted(Event, frozen=True):
    pass


class UserEnabled(Event, frozen=True):
    pass


class UserDisabled(Event, frozen=True):
    pass


class StatusChanged(Event, frozen=True):
    """UserStatus, before and after: confirmed, reset, given a temporary password."""

    before: str
    after: str


class PasswordChanged(Event, frozen=True):
    pass


class AttributesChanged(Event, frozen=True):
    """names: of the attributes that have another value or are gone; no values."""

    names: list[str]


class SecondFactorsChanged(Event, frozen=True):
    """enabled: the second factors that are on now.  has_software_token: whether an authenticator app serves."""

    enabled: tuple[str, ...]
    has_software_token: bool


class SignedOutEverywhere(Event, frozen=True):
    """Every token of before is revoked."""


class GroupMemberAdded(Event, frozen=True):
    group: str


class GroupMemberRemoved(Event, frozen=True):
    group: str


class IdentityLinked(Event, frozen=True):
    """A user of an identity provider may sign in as this user."""

    provider: str


class IdentityUnlinked(Event, frozen=True):
    """No longer, also where the provider is deleted."""

    provider: str


# -- signing in and out


class UserSignedIn(Event, frozen=True):
    """flow: AuthFlow.  proven: the factors, by the names of their challenges."""

    flow: str
    proven: tuple[str, ...]


class PasswordRefused(Event, frozen=True):
    """A wrong password; without a user where nobody has the name, which is not told: people type passwords into the wrong field."""


class CodeRefused(Event, frozen=True):
    """A wrong or expired confirmation code. purpose: sign_up, sign_in, forgot_password, attribute:email, attribute:phone_number."""

    purpose: str


class TokensIssued(Event, frozen=True):
    """source: api or oauth.  origin_jti: names the sign-in in its tokens."""

    source: str
    origin_jti: str


class RefreshTokenRotated(Event, frozen=True):
    origin_jti: str


class SignInEnded(Event, frozen=True):
    """The tokens of one sign-in are revoked. is_reuse: because an old refresh token, or a used code, was presented."""

    origin_jti: str
    is_reuse: bool = False


class SignInBlocked(Event, frozen=True):
    """Threat protection has ended it. level: of the risk; empty: by the address, or by a password that strangers know."""

    level: str = ""
    is_compromised: bool = False


class FeedbackGiven(Event, frozen=True):
    """What somebody thinks of an authentication event. value: Valid or Invalid."""

    event_id: str
    value: str


# -- configuration


class GroupChanged(Event, frozen=True):
    """A group was created, updated or deleted, as the operation says."""

    group: str


class UserImportChanged(Event, frozen=True):
    """An import job was started, stopped, or has ended. status: UserImportJobStatusType."""

    job_id: str
    status: str


class ConfigurationChanged(Event, frozen=True):
    """Something of the pool, its clients, domains, resource servers or identity providers, as the operation says.

    user_pool_id: empty for a limit, which is of all pools.
    """


def of_change(before: User, after: User) -> Iterator[Event]:
    """What has happened to a user who was changed."""
    user = whose(after)
    if before.is_enabled != after.is_enabled:
        yield UserEnabled(**user) if after.is_enabled else UserDisabled(**user)
    if before.status != after.status:
        yield StatusChanged(**user, before=before.status, after=after.status)
    if before.password != after.password:
        yield PasswordChanged(**user)
    names = before.attributes.keys() | after.attributes.keys()
    changed = sorted(name for name in names if before.attributes.get(name) != after.attributes.get(name))
    if changed:
        yield AttributesChanged(**user, names=changed)
    if before.mfa != after.mfa:
        mfa = after.mfa
        yield SecondFactorsChanged(**user, enabled=mfa.enabled, has_software_token=mfa.has_software_token)
    if before.token_epoch != after.token_epoch:
        yield SignedOutEverywhere(**user)
