"""Who wants to sign in: found without telling whether anybody of that name exists, and locked out after wrong passwords."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.outcomes import Spend
from poolhouse.pool.sign_in import admission
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.refusals import NotConfirmed, password_reset_required
from poolhouse.pool.users import confirmation_codes, lockout, users
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


class Candidate(msgspec.Struct, frozen=True):
    """name: what failed attempts are counted under, for known and unknown users alike.

    has_failures: whether failed attempts are recorded, to be forgotten when this one succeeds.
    """

    user: User | None
    name: str
    has_failures: bool

    def proven(self, user: User, flow: str, factor: str, *spends: Spend) -> Attempt:
        """The attempt of who has proven the password of this user."""
        lockout_name = self.name if self.has_failures else None
        return Attempt(user=user, flow=flow, proven=(factor,), lockout_name=lockout_name, spends=spends)


async def find(call: ClientCall, username: str) -> Candidate:
    """Look the user up and refuse while the name is locked.

    Raises NotAuthorizedException (Password attempts exceeded); UserNotFoundException where the client is LEGACY.
    """
    user, name = await _look_up(call, username)
    return Candidate(user, name, await lockout.check(call, name))


@asynccontextmanager
async def guess(call: ClientCall, username: str) -> AsyncIterator[Candidate]:
    """As `find`, for the step that compares a password: inside of it nobody else guesses at the same name.

    Raises PasswordResetRequiredException, too, whatever the password (user-pools-api.md §5.1, GUESS), where the client is LEGACY.
    """
    user, name = await _look_up(call, username)
    async with lockout.turn(call, name):
        candidate = Candidate(user, name, await lockout.check(call, name))
        if user is not None and user.status == "RESET_REQUIRED" and not call.client.prevents_user_existence_errors:
            raise password_reset_required(user)
        yield candidate


async def _look_up(call: ClientCall, username: str) -> tuple[User | None, str]:
    user = await users.find(call, username)
    name = call.user_pool.fold(username) if user is None else user.username
    await admission.admit(call, user, name)
    if user is None and not call.client.prevents_user_existence_errors:
        raise errors.UserNotFoundException(texts.USER_DOES_NOT_EXIST)
    return user, name


async def refuse(call: PoolCall, candidate: Candidate) -> CognitoError:
    """Count a wrong password, which must survive the refusal, and return the refusal to raise."""
    await lockout.failed(call, candidate.name, candidate.user)
    if candidate.user is not None and candidate.user.status == "UNCONFIRMED" and candidate.user.is_enabled:
        return NotConfirmed(candidate.user, is_proven=False)  # user-pools-api.md §4.2: whatever the password
    name = None if candidate.user is None else candidate.user.username
    detail = confirmation_codes.NO_USER if name is None else f"password does not match ({name})"
    return errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=detail)
