"""What stands between a proven factor and being signed in, in order (user-pools-api.md §5.1). The machine runs STEPS, and nobody else.

A step looks at the attempt and lets it pass, asks for one more thing, or raises.
"""

from collections.abc import Awaitable, Callable

from poolhouse.pool import texts
from poolhouse.pool.call import Call, ClientCall
from poolhouse.pool.sign_in import device_step, second_factors
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import Asked, NewPassword
from poolhouse.pool.sign_in.refusals import NotConfirmed, password_reset_required
from poolhouse.pool.users import attributes
from poolhouse.wire import exceptions as errors

Step = Callable[[ClientCall, Attempt], Awaitable[Asked | None]]


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
STEPS: tuple[Step, ...] = (enabled, not_reset, confirmed, own_password, device_step.device, second_factors.demanded)
