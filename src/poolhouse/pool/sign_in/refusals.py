"""Refusals of a sign-in that more is known of than their text says."""

from poolhouse.pool import texts
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


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
