"""Users made by an administrator: AdminCreateUser, its temporary password and its invitation."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from poolhouse.delivery import messages
from poolhouse.delivery.outbox import Notice
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import password_policy
from poolhouse.pool.triggers import custom_message, custom_sender, pre_sign_up
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import birth, password_history, passwords, users
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_INVITATION_MS = 7 * 86_400_000  # how long an invitation without a password waits for a gateway; as long as one with
_CHANNELS: dict[str, tuple[messages.Channel, str]] = {"SMS": ("sms", "phone_number"), "EMAIL": ("email", "email")}


async def create(  # noqa: PLR0913  what an administrator says of a user
    call: PoolCall,
    username: str,
    attributes: dict[str, str],
    temporary_password: str | None,
    *,
    steals_aliases: bool = False,
    mediums: Sequence[str] = ("SMS",),
    validation_data: Mapping[str, str] | None = None,
) -> User:
    """Create a user with a temporary password and invite them. Required attributes may be missing (DOC).

    temporary_password: None for a generated one.  steals_aliases: ForceAliasCreation; moves verified aliases only.
    mediums: where the invitation goes (DOC: SMS unless said otherwise), of those that the user has; empty: SUPPRESS.
    Raises UsernameExistsException, InvalidPasswordException, InvalidParameterException, CodeDeliveryFailureException
    (the user is created all the same), and what the PreSignUp trigger refuses.
    """
    pool = call.user_pool
    named = birth.name(call, username, attributes)
    is_passwordless = temporary_password is None and birth.allows_passwordless(pool)
    password = "" if is_passwordless else _temporary_password(call, temporary_password)
    values = attribute_rules.for_new_user(pool, named.attributes, are_required=False)
    await pre_sign_up.of_admin_create_user(call, named.username, values, validation_data)
    user = await birth.make(
        call,
        named,
        status="CONFIRMED" if is_passwordless else "FORCE_CHANGE_PASSWORD",
        attributes=values,
        password=None if is_passwordless else password,
        password_expires_at=None if is_passwordless else password_policy.temporary_expires_at(call),
    )

    wording = await _wording(call, user, mediums)

    async def work(tx: Transaction) -> None:
        if not await birth.insert(tx, call, user, steals_aliases=steals_aliases):
            raise errors.UsernameExistsException(texts.USER_ACCOUNT_ALREADY_EXISTS)
        await _invite(tx, call, user, username, password, mediums, wording)

    try:
        await call.write(work)
    except users.AliasTaken as taken:  # AliasExistsException is not declared for this operation
        raise errors.UsernameExistsException(texts.ALIAS_EXISTS, taken.alias) from taken
    return user


async def invite_again(
    call: PoolCall, username: str, temporary_password: str | None, mediums: Sequence[str] = ("SMS",)
) -> User:
    """RESEND: a new temporary password, whose validity starts anew.

    Raises UserNotFoundException, UnsupportedUserStateException, InvalidPasswordException, CodeDeliveryFailureException.
    """
    user = await users.require(call, username)
    _check_invited(user)
    password = _temporary_password(call, temporary_password)
    record = await passwords.seal_record(call, user.username, password)
    wording = await _wording(call, user, mediums)

    async def work(tx: Transaction) -> User:
        before = await users.reload(tx, user)
        _check_invited(before)
        expires_at = password_policy.temporary_expires_at(call)
        after = replace(passwords.renewed(call, before, record), password_expires_at=expires_at)
        await password_history.update_user(tx, call, before, after)
        await _invite(tx, call, after, username, password, mediums, wording)
        return after

    return await call.write(work)


def _temporary_password(call: PoolCall, given: str | None) -> str:
    if given is None:
        return password_policy.temporary(call)
    password_policy.check(call.user_pool, given, texts.PASSWORD_DID_NOT_CONFORM)
    return given


def _check_invited(user: User) -> None:
    if user.status != "FORCE_CHANGE_PASSWORD":
        raise errors.UnsupportedUserStateException(texts.RESEND_NOT_POSSIBLE, user.username)


async def _wording(call: PoolCall, user: User, mediums: Sequence[str]) -> messages.Wording | None:
    """Of the CustomMessage trigger, where a message will be sent."""
    channels = [_CHANNELS[medium][0] for medium in mediums if user.attributes.get(_CHANNELS[medium][1])]
    return await custom_message.fire(call, user, "AdminCreateUser", channels) if channels else None


async def _invite(  # noqa: PLR0913  who is told what
    tx: Transaction,
    call: PoolCall,
    user: User,
    username: str,
    password: str,
    mediums: Sequence[str],
    wording: messages.Wording | None,
) -> None:
    """The last word of the write. username: as the administrator typed it, which is what the user will type."""
    expires_at = user.password_expires_at or call.now_ms + _INVITATION_MS
    for medium in mediums:
        channel, attribute = _CHANNELS[medium]
        to = user.attributes.get(attribute)
        if to:
            message = messages.invitation(call.user_pool.settings, channel, to, password, username, wording=wording)
            message = custom_sender.handed_over(call, user, "AdminCreateUser", message)
            topic = f"invitation:{channel}"
            await call.house.outbox.note(tx, Notice(message, user.user_pool_id, user.sub, topic, expires_at))
