"""How often one user may ask for something in an hour. Counted for unknown names too, so that no answer tells who exists."""

import msgspec

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.storage import attempts
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors

HOUR_MS = 3_600_000


class Quota(msgspec.Struct, frozen=True):
    """kind: its name in the table of attempts."""

    kind: str
    per_hour: int


# DOC quotas, user-pools-api.md §5.2. The two of a forgotten password lie between 5 and 20 by risk; without risk data the most.
CONFIRM_SIGN_UP = Quota("ConfirmSignUp", 15)
RESEND = Quota("ResendConfirmationCode", 5)
FORGOT_PASSWORD = Quota("ForgotPassword", 20)
CONFIRM_FORGOT_PASSWORD = Quota("ConfirmForgotPassword", 20)
ATTRIBUTE_CODE = Quota("GetUserAttributeVerificationCode", 5)
VERIFY_ATTRIBUTE = Quota("VerifyUserAttribute", 15)
SIGN_IN_CODE = Quota(
    "SignInCode", 20
)  # DOC: 5 to 20 e-mails with a code, by risk; without risk data the most. SMS alike: GUESS
RISK_NOTICE = Quota("risk_notice", 10)  # ours: whoever has the password shall not fill the mailbox
REFUSED_ADDRESS = Quota("refused_address", 20)  # ours: events about it
CHANGE_PASSWORD = Quota("ChangePassword", 5)


async def is_left(tx: Transaction, call: PoolCall, name: str, quota: Quota) -> bool:
    """Count one attempt of this hour inside a write that will be kept. Whether it was within the quota.

    name: the username of a known user, the folded typed name of an unknown one.
    """
    expires_at = call.now_ms + HOUR_MS
    made = await attempts.count(tx, call.user_pool.id, name, quota.kind, call.now_ms, expires_at)
    return made <= quota.per_hour


async def spend(call: PoolCall, name: str, quota: Quota) -> None:
    """Count one attempt in a write of its own. Raises LimitExceededException beyond the quota."""

    async def work(tx: Transaction) -> bool:
        return await is_left(tx, call, name, quota)

    if not await call.write(work):
        raise limit_exceeded()


def limit_exceeded() -> errors.LimitExceededException:
    return errors.LimitExceededException(texts.ATTEMPT_LIMIT_EXCEEDED)
