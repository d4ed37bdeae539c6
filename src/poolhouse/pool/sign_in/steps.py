"""What stands between a proven factor and being signed in, in order (user-pools-api.md §5.1). The machine runs STEPS, and nobody else.

A step looks at the attempt and lets it pass, asks for one more thing, or raises.
"""

from collections.abc import Awaitable, Callable

from poolhouse.pool import texts
from poolhouse.pool.call import Call, ClientCall
from poolhouse.pool.sign_in import second_factors
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import Asked, NewPassword
from poolhouse.pool.users import attributes
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

Step = Callable[[ClientCall, Attempt], Awaitable[Asked | None]]


class NotConfirmed(errors.UserNotConfirmedException):
    """Cognito answers so to an UNCONFIRMED user whatever the password. proven: the user whose password was right, or None."""

    def __init__(self, user: User, *, is_proven: bool) -> None:
        doubt = "" if is_proven else ", and the password does not match"
        super().__init__(texts.USER_IS_NOT_CONFIRMED, detail=f"user {user.username} is not confirmed{doubt}")
        self.proven = user if is_proven else None


def password_reset_required(user: User) -> errors.PasswordResetRequiredException:
    return errors.PasswordResetRequiredException(
        texts.PASSWORD_RESET_REQUIRED, detail=f"user {user.username} has to reset the password"
    )


async def enabled(call: Call, attempt: Attempt) -> None:
    """Raises NotAuthorizedException."""
    if not attempt.user.is_enabled:
        raise errors.NotAuthorizedException(texts.USER_IS_DISABLED)


async def not_reset(call: Call, attempt: Attempt) -> None:
    """Raises PasswordResetRequiredException."""
    if attempt.user.status == "RESET_REQUIRED":
        raise password_reset_required(attempt.user)


async def confirmed(call: Call, attempt: Attempt) -> None:
    """Raises NotConfirmed."""
    if attempt.user.status == "UNCONFIRMED":
        raise NotConfirmed(attempt.user, is_proven=True)


async def own_password(call: ClientCall, attempt: Attempt) -> Asked | None:
    """A temporary password is good for choosing one's own. Raises NotAuthorizedException when its time is over."""
    user = attempt.user
    if user.status != "FORCE_CHANGE_PASSWORD":
        return None
    if user.password_expires_at is not None and user.password_expires_at <= call.now_ms:
        raise errors.NotAuthorizedException(texts.TEMPORARY_PASSWORD_EXPIRED)
    return Asked(
        NewPassword(
            user_id=user.username,
            missing=tuple(attributes.missing_required(call.user_pool, user.attributes)),
            attributes={name: value for name, value in user.attributes.items() if name in call.client.readable},
        )
    )


# In the order of user-pools-api.md §6.11; triggers come before the first and behind the last.
STEPS: tuple[Step, ...] = (enabled, not_reset, confirmed, own_password, second_factors.demanded)
