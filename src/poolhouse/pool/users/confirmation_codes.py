"""Confirmation codes: made, sent, simulated and redeemed, for sign-up, forgotten passwords and attributes."""

import hmac
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, TypeVar

import msgspec

from poolhouse.delivery import messages
from poolhouse.delivery.outbox import Notice
from poolhouse.errors import CognitoError
from poolhouse.pool import events, texts
from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.threat_protection import auth_events
from poolhouse.pool.triggers import custom_sender
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import quotas
from poolhouse.pool.users.quotas import Quota
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
NO_USER = (
    "no user has this name"  # for the log, which does not quote it: people type their password into the wrong field
)
_MAC_LABEL = "confirmation_code"
DIGITS = 6  # GUESS+


# What sending a code, and giving it back, are to whoever reads a user's authentication events.
_WHEN_SENT: dict[str, auth_events.Kind] = {"sign_up": "ResendCode", "forgot_password": "ForgotPassword"}
_WHEN_USED: dict[str, auth_events.Kind] = {"sign_up": "SignUp", "forgot_password": "ForgotPassword"}


# -- making


def new_code(call: Call, digits: int = DIGITS) -> str:
    """Random digits, each number equally likely."""
    codes = 10**digits
    while True:
        number = int.from_bytes(call.random(4), "big")
        if number < 2**32 - 2**32 % codes:
            return f"{number % codes:0{digits}}"


def row(  # noqa: PLR0913  what a code is bound to
    call: PoolCall, user: User, purpose: Purpose, attribute: str, destination: str, code: str
) -> ConfirmationCodeRow:
    """What is stored of a code: enough to recognise it, not enough to know it. It proves this address of this user, no other."""
    code_hash = call.user_pool.mac(_MAC_LABEL, user.sub, purpose, destination, code)
    return _row(call, user.sub, purpose, attribute, code_hash)


def _row(call: PoolCall, subject: str, purpose: Purpose, attribute: str, code_hash: bytes) -> ConfirmationCodeRow:
    expires_at = call.now_ms + (HOUR_MS if purpose == "forgot_password" else DAY_MS)
    return ConfirmationCodeRow(call.user_pool.id, subject, purpose, code_hash, attribute, expires_at)


class Addressee(msgspec.Struct, frozen=True):
    """Whom somebody asks about: a user, or nobody, who is answered as if there were one.

    name: the username, or the folded typed name; attempts are counted under it.
    """

    user_pool: UserPool
    user: User | None
    name: str

    @property
    def subject(self) -> str:
        """What the addressee's codes hang on."""
        return self.user_pool.lasting_mac("nobody", self.name).hex() if self.user is None else self.user.sub


def addressee(user_pool: UserPool, user: User | None, typed: str) -> Addressee:
    return Addressee(user_pool, user, user_pool.fold(typed) if user is None else user.username)


def unsent(why: CognitoError) -> str:
    """The note for the log where the answer is the same as if a code had been sent. why: what another client would be told."""
    return f"{why.detail}; nothing was sent"


async def store(  # noqa: PLR0913  whose code goes where
    call: PoolCall, to: Addressee, new: ConfirmationCodeRow, sent: messages.Message, quota: Quota, *, is_hidden: bool
) -> None:
    """Store the code of a user in place of the one before, and send it.

    is_hidden: neither the answer nor its time may tell that there was a message.
    Raises LimitExceededException, and UserNotFoundException when the user was deleted meanwhile; the attempt is counted in
    any case. Raises CodeDeliveryFailureException, unless hidden; the code is stored all the same.
    """

    async def put(tx: Transaction) -> bool:
        is_stored = await stored.put(tx, new)
        if is_stored:
            if (kind := _WHEN_SENT.get(new.purpose)) is not None:
                await auth_events.note(tx, call, to.user, kind, "InProgress")
            await note(tx, call, new, sent, is_awaited=not is_hidden)
        return is_stored

    if not await _store(call, to, quota, put):
        raise errors.UserNotFoundException(texts.USER_ID_CLIENT_COMBINATION_NOT_FOUND)


async def pretend_to_store(call: PoolCall, to: Addressee, purpose: Purpose, quota: Quota) -> None:
    """Store what nothing can redeem, so that later answers are those of a user who was sent a code; and take as long.

    Raises LimitExceededException; the attempt is counted in any case.
    """
    unredeemable = _row(call, to.subject, purpose, "", call.random(32))

    async def put(tx: Transaction) -> bool:
        is_stored = await (stored.put_for_nobody if to.user is None else stored.put)(tx, unredeemable)
        if (kind := _WHEN_SENT.get(purpose)) is not None:
            await auth_events.note(tx, call, to.user, kind, "Fail")
        await note(tx, call, unredeemable, None, is_awaited=False)
        return is_stored

    await _store(call, to, quota, put)


async def _store(call: PoolCall, to: Addressee, quota: Quota, put: Callable[[Transaction], Awaitable[bool]]) -> bool:
    async def work(tx: Transaction) -> bool | CognitoError:
        # A refusal is returned, not raised: raising would roll back the count.
        if not await quotas.is_left(tx, call, to.name, quota):
            return quotas.limit_exceeded()
        return await put(tx)

    outcome = await call.write(work)
    if isinstance(outcome, CognitoError):
        raise outcome
    return outcome


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


def simulated_details(user_pool: UserPool, name: str, among: Sequence[str]) -> shapes.CodeDeliveryDetailsType:
    """Where a code would have gone, for a name that nobody has; always the same for the same name (user-pools-api.md §4.2).

    among: the attributes that a code of this kind can go to in this pool. One of them is drawn, whatever the name looks like: a user
    who is found by an e-mail address may well get text messages.
    """
    drawn = user_pool.lasting_mac("simulated_delivery", name)
    attribute = among[drawn[2] % len(among)] if among else "email"
    if attribute == "phone_number":
        is_given = attribute_rules.is_phone_number(name)
        return details(attribute, name if is_given else f"+{int.from_bytes(drawn[:2], 'big') % 10_000:04}")
    local, domain = ("abcdefghijklmnopqrstuvwxyz"[byte % 26] for byte in drawn[:2])
    return details(attribute, name if attribute_rules.is_email(name) else f"{local}@{domain}")


def to_verify(user_pool: UserPool, user: User) -> str | None:
    """The attribute a sign-up code goes to: phone before e-mail (DOC), of those that the pool verifies."""
    return next((attribute for attribute in verified_by(user_pool) if user.attributes.get(attribute)), None)


def verified_by(user_pool: UserPool) -> list[str]:
    """The attributes that sign-up codes of this pool can go to."""
    return [attribute for attribute in attribute_rules.VERIFIABLE if attribute in user_pool.auto_verified_attributes]


def message(  # noqa: PLR0913  what a message is made of
    call: PoolCall,
    user: User,
    attribute: str,
    destination: str,
    code: str,
    source: custom_sender.Source,
    *,
    link: str | None = None,
    wording: messages.Wording | None = None,
) -> messages.Message:
    """source: what it is about, for a function that sends it.  wording: of the CustomMessage trigger."""
    channel = medium(attribute)
    told = messages.verification(
        call.user_pool.settings, channel, destination, code, user.username, link=link, wording=wording
    )
    return custom_sender.handed_over(call, user, source, told)


async def note(
    tx: Transaction,
    call: PoolCall,
    code: ConfirmationCodeRow,
    sent: messages.Message | None,
    *,
    is_awaited: bool = True,
) -> None:
    """The message of a code that this write stores; it leaves once that is committed. The last word of the write."""
    is_by_function = custom_sender.takes_any(call.user_pool)
    notice = Notice(sent, code.user_pool_id, code.subject, code.purpose, code.expires_at, is_awaited, is_by_function)
    await call.house.outbox.note(tx, notice)


# -- redeeming


Use = Callable[[Transaction, User, str], Awaitable[T]]


async def redeem(  # noqa: PLR0913  whose code for what, and what it opens
    call: PoolCall, to: Addressee, purpose: Purpose, code: str, quota: Quota, use: Use[T]
) -> T:
    """Take the code and run `use` in the same write, with the user as of now and the attribute that the code was sent to.

    When `use` raises, the code stays valid. The code of nobody is never right. Raises LimitExceededException,
    CodeMismatchException, ExpiredCodeException. The attempt is counted in any case.
    """

    async def work(tx: Transaction) -> T | CognitoError:
        # A refusal is returned, not raised: raising would roll back the count, and guessing would be free.
        if not await quotas.is_left(tx, call, to.name, quota):
            return quotas.limit_exceeded()

        waiting = await stored.get_with_user(tx, to.user_pool.id, to.subject, purpose, call.now_ms)
        if waiting is None:
            whose = NO_USER if to.user is None else to.user.username
            detail = f"no code waits: not sent, used, or expired ({whose})"
            await _refused(tx, call, to, purpose)
            return errors.ExpiredCodeException(texts.CODE_EXPIRED, detail=detail)
        found, user = waiting
        if user is None or not _is_right(to.user_pool, user, found, code):
            await _refused(tx, call, to, purpose)
            return errors.CodeMismatchException(texts.CODE_MISMATCH, detail=_why_wrong(user, found))
        result = await use(tx, user, found.attribute)
        if (kind := _WHEN_USED.get(purpose)) is not None:
            await auth_events.note(tx, call, user, kind, "Pass")
        # After the user, whose row everybody locks first. Whoever else takes the code now makes this write begin anew: it has
        # counted the attempt in the same row.
        await stored.take(tx, found)
        return result

    outcome = await call.write(work)
    if isinstance(outcome, CognitoError):
        raise outcome
    return outcome


async def _refused(tx: Transaction, call: PoolCall, to: Addressee, purpose: Purpose) -> None:
    if (kind := _WHEN_USED.get(purpose)) is not None:
        await auth_events.note(tx, call, to.user, kind, "Fail")
    await call.record(tx, events.CodeRefused(**events.whose_or_nobody(to.user_pool.id, to.user), purpose=purpose))


def _why_wrong(user: User | None, found: ConfirmationCodeRow) -> str:
    if user is None:
        return f"no code was sent, only pretended ({NO_USER})"
    if not found.attribute:
        return f"no code was sent, only pretended ({user.username})"
    return f"another code was sent ({user.username})"


def _is_right(user_pool: UserPool, user: User, found: ConfirmationCodeRow, code: str) -> bool:
    """Whether this is the code, sent to the address that the user has, or has pending, now."""
    pending = user.pending_attributes.get(found.attribute) if found.purpose.startswith("attribute:") else None
    destination = pending or user.attributes.get(found.attribute, "")
    made = user_pool.macs(_MAC_LABEL, user.sub, found.purpose, destination, code)
    return any(hmac.compare_digest(found.code_hash, each) for each in made)
