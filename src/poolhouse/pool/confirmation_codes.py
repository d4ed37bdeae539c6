"""Confirmation codes: made, sent, simulated and redeemed, for sign-up, forgotten passwords and attributes."""

from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

import msgspec

from poolhouse.call import Call
from poolhouse.delivery import messages
from poolhouse.errors import CognitoError
from poolhouse.pool import attributes as attribute_rules
from poolhouse.pool import lockout, texts
from poolhouse.pool.configuration import UserPool
from poolhouse.storage import confirmation_codes as stored
from poolhouse.storage.confirmation_codes import ConfirmationCodeRow
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

T = TypeVar("T")
Purpose = Literal["sign_up", "forgot_password", "attribute:email", "attribute:phone_number"]

DAY_MS = 86_400_000  # DOC: sign-up and attribute codes are valid 24 hours
HOUR_MS = 3_600_000  # DOC: codes for a forgotten password one hour
_MAC_LABEL = "confirmation_code"
_CODES = 1_000_000  # GUESS+: six digits
_FAIR_BELOW = 2**32 - 2**32 % _CODES


class Quota(msgspec.Struct, frozen=True):
    """How often one user may try something in an hour. kind: its name in the table of attempts."""

    kind: str
    per_hour: int


# DOC quotas, spec §5.2. The two of a forgotten password lie between 5 and 20 by risk; without risk data the most.
CONFIRM_SIGN_UP = Quota("ConfirmSignUp", 15)
RESEND = Quota("ResendConfirmationCode", 5)
FORGOT_PASSWORD = Quota("ForgotPassword", 20)
CONFIRM_FORGOT_PASSWORD = Quota("ConfirmForgotPassword", 20)
ATTRIBUTE_CODE = Quota("GetUserAttributeVerificationCode", 5)
VERIFY_ATTRIBUTE = Quota("VerifyUserAttribute", 15)


# -- making


def new_code(call: Call) -> str:
    """Six random digits, each of the million equally likely."""
    while True:
        number = int.from_bytes(call.random(4), "big")
        if number < _FAIR_BELOW:
            return f"{number % _CODES:06}"


def row(  # noqa: PLR0913  what a code is bound to
    call: Call, user_pool: UserPool, username: str, purpose: Purpose, attribute: str, code: str
) -> ConfirmationCodeRow:
    """What is stored of a code: enough to recognise it, not enough to know it."""
    return ConfirmationCodeRow(
        user_pool_id=user_pool.id,
        username=username,
        purpose=purpose,
        code_hash=user_pool.mac(_MAC_LABEL, username, purpose, code),
        attribute=attribute,
        expires_at=call.now_ms + (HOUR_MS if purpose == "forgot_password" else DAY_MS),
    )


def unredeemable_row(call: Call, user_pool: UserPool, name: str, purpose: Purpose) -> ConfirmationCodeRow:
    """What is stored when a code was only pretended to be sent, so that later answers stay those of a known user."""
    return row(call, user_pool, name, purpose, "", call.random(16).hex())


async def store(call: Call, user_pool: UserPool, new: ConfirmationCodeRow, quota: Quota) -> None:
    """Store a code in place of the one before. Raises LimitExceededException; the attempt is counted in any case."""

    async def work(tx: Transaction) -> bool:
        if await lockout.count(tx, call, user_pool, new.username, quota.kind) > quota.per_hour:
            return False
        await stored.put(tx, new)
        return True

    if not await call.db.write(work):
        raise lockout.limit_exceeded()


# -- where codes go


def medium(attribute: str) -> messages.Channel:
    return "sms" if attribute == "phone_number" else "email"


def details(attribute: str, destination: str) -> shapes.CodeDeliveryDetailsType:
    return shapes.CodeDeliveryDetailsType(
        Destination=mask(destination), DeliveryMedium=medium(attribute).upper(), AttributeName=attribute
    )


def mask(destination: str) -> str:
    """`t***@t***` (OBS moto aws_verified) or `+*******9934`."""
    local, at, domain = destination.rpartition("@")
    if at:
        return f"{local[:1]}***@{domain[:1]}***"
    return f"+*******{destination[-4:]}"


def simulated_details(user_pool: UserPool, name: str) -> shapes.CodeDeliveryDetailsType:
    """Where a code would have gone, for a name that nobody has; always the same for the same name (spec §4.2)."""
    if attribute_rules.is_email(name):
        return details("email", name)
    if attribute_rules.is_phone_number(name):
        return details("phone_number", name)
    drawn = user_pool.mac("simulated_delivery", name)
    if "phone_number" in user_pool.auto_verified_attributes and "email" not in user_pool.auto_verified_attributes:
        return details("phone_number", f"+{int.from_bytes(drawn[:4], 'big') % 10_000:04}")
    local, domain = ("abcdefghijklmnopqrstuvwxyz"[byte % 26] for byte in drawn[:2])
    return details("email", f"{local}@{domain}")


def to_verify(user_pool: UserPool, user: User) -> str | None:
    """The attribute a sign-up code goes to: phone before e-mail (DOC), of those that the pool verifies."""
    for attribute in attribute_rules.VERIFIABLE:
        if attribute in user_pool.auto_verified_attributes and user.attributes.get(attribute):
            return attribute
    return None


def message(  # noqa: PLR0913  what a message is made of
    user_pool: UserPool, user: User, attribute: str, destination: str, code: str, *, link: str | None = None
) -> messages.Message:
    return messages.verification(user_pool.settings, medium(attribute), destination, code, user.username, link=link)


async def send(call: Call, sent: messages.Message | None) -> None:
    """Send a code for call.client; where it hides who exists, neither answer nor time tells whether there was a message.

    Raises CodeDeliveryFailureException, where the client hides nothing.
    """
    if sent is None or call.client.prevents_user_existence_errors:
        await call.house.outbox.send_unseen(call, sent)
    else:
        await call.house.outbox.send(call, sent)


# -- redeeming


async def redeem(  # noqa: PLR0913  whose code for what, and what it opens
    call: Call,
    user_pool: UserPool,
    name: str,
    purpose: Purpose,
    code: str,
    quota: Quota,
    use: Callable[[Transaction, ConfirmationCodeRow], Awaitable[T]],
) -> T:
    """Take the code and run `use` in the same write; when `use` raises, the code stays valid.

    name: the username of a known user, the folded typed name of an unknown one.
    Raises LimitExceededException, CodeMismatchException, ExpiredCodeException. The attempt is counted in any case.
    """
    code_hash = user_pool.mac(_MAC_LABEL, name, purpose, code)

    async def work(tx: Transaction) -> T | CognitoError:
        # A refusal is returned, not raised: raising would roll back the count, and guessing would be free.
        if await lockout.count(tx, call, user_pool, name, quota.kind) > quota.per_hour:
            return lockout.limit_exceeded()
        taken = await stored.take(tx, user_pool.id, name, purpose, code_hash, call.now_ms)
        if taken is not None:
            return await use(tx, taken)
        if await stored.is_outstanding(tx, user_pool.id, name, purpose, call.now_ms):
            return errors.CodeMismatchException(texts.CODE_MISMATCH)
        return errors.ExpiredCodeException(texts.CODE_EXPIRED)

    outcome = await call.db.write(work)
    if isinstance(outcome, CognitoError):
        raise outcome
    return outcome


async def nothing_to_use(_tx: Transaction, _taken: ConfirmationCodeRow) -> None:
    """The `use` of a name that nobody has: its code cannot be redeemed, so this is never reached."""
    raise errors.CodeMismatchException(texts.CODE_MISMATCH)
