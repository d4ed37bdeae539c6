"""What every sign-in shares: finding the user without telling whether he exists, and what follows a proven password."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from poolhouse.call import Call
from poolhouse.errors import CognitoError
from poolhouse.pool import attributes, challenge_sessions, lockout, not_built, texts, tokens, users
from poolhouse.pool.outcomes import Challenged, Outcome, SignedIn, Spend
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


class Candidate(msgspec.Struct, frozen=True):
    """Who wants to sign in. name: what failed attempts are counted under, for known and unknown users alike.

    has_failures: whether failed attempts are recorded, to be forgotten when this one succeeds.
    """

    user: User | None
    name: str
    has_failures: bool


async def find_candidate(call: Call, username: str) -> Candidate:
    """Look the user up and refuse while the name is locked.

    Raises NotAuthorizedException (Password attempts exceeded); UserNotFoundException where the client is LEGACY.
    """
    user, name = await _look_up(call, username)
    return Candidate(user, name, await lockout.check(call, call.user_pool, name))


class NotConfirmed(errors.UserNotConfirmedException):
    """Cognito answers so to an UNCONFIRMED user whatever the password. proven: the user whose password was right, or None."""

    def __init__(self, proven: User | None) -> None:
        super().__init__(texts.USER_IS_NOT_CONFIRMED)
        self.proven = proven


@asynccontextmanager
async def guess(call: Call, username: str) -> AsyncIterator[Candidate]:
    """As `find_candidate`, for the step that compares a password: inside of it nobody else guesses at the same name.

    Raises PasswordResetRequiredException, too, whatever the password (user-pools-api.md §5.1, GUESS), where the client is LEGACY.
    """
    user, name = await _look_up(call, username)
    async with lockout.turn(call.user_pool, name):
        candidate = Candidate(user, name, await lockout.check(call, call.user_pool, name))
        if user is not None and user.status == "RESET_REQUIRED" and not call.client.prevents_user_existence_errors:
            raise errors.PasswordResetRequiredException(texts.PASSWORD_RESET_REQUIRED)
        yield candidate


async def _look_up(call: Call, username: str) -> tuple[User | None, str]:
    not_built.refuse(call.user_pool, "sign_in")
    user = await users.find(call, call.user_pool, username)
    if user is None and not call.client.prevents_user_existence_errors:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    return user, call.user_pool.fold(username) if user is None else user.username


async def refuse(call: Call, candidate: Candidate) -> CognitoError:
    """Count a wrong password, which must survive the refusal, and return the refusal to raise."""
    await lockout.failed(call, call.user_pool, candidate.name)
    if candidate.user is not None and candidate.user.status == "UNCONFIRMED" and candidate.user.is_enabled:
        return NotConfirmed(None)  # user-pools-api.md §4.2: whatever the password
    # An unknown name is not quoted: people type their password into the wrong field.
    name = None if candidate.user is None else candidate.user.username
    detail = "no user has this name" if name is None else f"password does not match ({name})"
    return errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)


async def after_password(call: Call, user: User, candidate: Candidate, *spends: Spend) -> Outcome:
    """The step after a proven password, by the user's state (user-pools-api.md §5.1).

    Raises NotAuthorizedException, PasswordResetRequiredException, UserNotConfirmedException.
    """
    if not user.is_enabled:
        raise errors.NotAuthorizedException(texts.USER_IS_DISABLED)
    if user.status == "RESET_REQUIRED":
        raise errors.PasswordResetRequiredException(texts.PASSWORD_RESET_REQUIRED)
    if user.status == "UNCONFIRMED":
        raise NotConfirmed(user)
    lockout_name = candidate.name if candidate.has_failures else None
    if user.status == "FORCE_CHANGE_PASSWORD":
        if user.password_expires_at is not None and user.password_expires_at <= call.now_ms:
            raise errors.NotAuthorizedException(texts.TEMPORARY_PASSWORD_EXPIRED)
        await _settle(call, lockout_name, spends)
        return new_password_challenge(call, user)
    return SignedIn(user=user, auth_time=int(call.now), lockout_name=lockout_name, spends=spends)


async def _settle(call: Call, lockout_name: str | None, spends: tuple[Spend, ...]) -> None:
    """A challenge ends the password step: what it used up is taken now."""
    if not spends and lockout_name is None:
        return

    async def write(tx: Transaction) -> None:
        await tokens.spend(tx, call.user_pool.id, spends)
        if lockout_name is not None:
            await lockout.clear(tx, call.user_pool.id, lockout_name)

    await call.db.write(write)


def password_mark(user: User) -> bytes:
    """Tells one password of a user from his next, so that a challenge ends with the password it was given for."""
    return hashlib.sha256(user.password or b"").digest()


def new_password_challenge(call: Call, user: User) -> Challenged:
    """NEW_PASSWORD_REQUIRED (user-pools-api.md §6.8)."""
    missing = [f"userAttributes.{name}" for name in attributes.missing_required(call.user_pool, user.attributes)]
    readable = {name: value for name, value in user.attributes.items() if name in call.client.readable}
    return Challenged(
        name="NEW_PASSWORD_REQUIRED",
        session=challenge_sessions.create(call, "NEW_PASSWORD_REQUIRED", user.sub, {"password": password_mark(user)}),
        parameters={
            "USER_ID_FOR_SRP": user.username,
            "requiredAttributes": msgspec.json.encode(missing).decode(),
            "userAttributes": msgspec.json.encode(readable).decode(),
        },
    )
