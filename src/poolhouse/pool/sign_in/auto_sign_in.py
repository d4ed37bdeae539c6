"""From a confirmed sign-up straight to tokens, without another challenge (user-pools-api.md §6.7)."""

from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import choices, sessions
from poolhouse.pool.sign_in.challenges import EMAIL_OTP, SMS_OTP
from poolhouse.storage.users import User

_FACTORS = {"email": EMAIL_OTP, "phone_number": SMS_OTP}


def begin(call: ClientCall, user: User) -> str | None:
    """SignUpResponse.Session; None where nobody could go on with it."""
    if "ALLOW_USER_AUTH" not in call.client.auth_flows:
        return None
    return sessions.begin(call, sessions.SIGN_UP, user, user.username)


def check(call: ClientCall, session: str | None) -> None:
    """ConfirmSignUpRequest.Session, where one is sent. Raises NotAuthorizedException."""
    if session:
        sessions.read(call, session, sessions.SIGN_UP)


def go_on(call: ClientCall, user: User, attribute: str) -> str | None:
    """ConfirmSignUpResponse.Session: that the user has proven this address; None where that is no factor to sign in with."""
    factor = _FACTORS[attribute]
    if "ALLOW_USER_AUTH" not in call.client.auth_flows or factor not in choices.available(call.user_pool, user):
        return None
    return sessions.begin(call, sessions.AUTO_SIGN_IN, user, user.username, proven=(factor,))
