"""Changing the attributes of a user, and proving a new e-mail address or phone number (user-pools-api.md §5.5)."""

from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from poolhouse.delivery.messages import Wording
from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall, UserCall
from poolhouse.pool.configuration.snapshots import Client, UserPool
from poolhouse.pool.triggers import custom_message
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import confirmation_codes as codes
from poolhouse.pool.users import quotas, users
from poolhouse.storage import aliases as stored_aliases
from poolhouse.storage import confirmation_codes as stored_codes
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


class Changed(msgspec.Struct, frozen=True):
    """A user after an update. to_prove: attribute → the new value, to which a code has to go."""

    user: User
    to_prove: dict[str, str]


# -- deciding


def apply(user_pool: UserPool, user: User, values: Mapping[str, str], *, by_admin: bool) -> Changed:
    """What an update makes of a user; what a client may write is checked before.

    Raises InvalidParameterException (ATTR, FMT).
    """
    attributes = attribute_rules.changed(user_pool, user, values, by_admin=by_admin)
    pending = dict(user.pending_attributes)
    to_prove = {}
    for name in attribute_rules.VERIFIABLE:
        if name not in values:
            continue
        old, new, flag = user.attributes.get(name), attributes.get(name), f"{name}_verified"
        pending.pop(name, None)  # a later change replaces the pending value
        if new is None or new == old:
            continue
        if by_admin and flag in values:
            continue  # the administrator has said whether it is proven
        if name in _proven_first(user_pool):
            pending[name] = to_prove[name] = new
            attributes = _with(attributes, name, old)
            continue
        attributes[flag] = "false"
        if name in user_pool.auto_verified_attributes:
            to_prove[name] = new
    return Changed(replace(user, attributes=attributes, pending_attributes=pending), to_prove)


def _with(attributes: dict[str, str], name: str, value: str | None) -> dict[str, str]:
    without = {key: kept for key, kept in attributes.items() if key != name or value is not None}
    return without if value is None else {**without, name: value}


def _proven_first(user_pool: UserPool) -> frozenset[str]:
    setting = user_pool.settings.UserAttributeUpdateSettings
    return frozenset((setting and setting.AttributesRequireVerificationBeforeUpdate) or ())


def written_by_client(user_pool: UserPool, client: Client, user: User, values: Mapping[str, str]) -> dict[str, str]:
    """The user's attributes after they have filled in what was missing: a new address is not verified.

    An immutable attribute that they lack may be set: a required one could never be given otherwise.

    Raises NotAuthorizedException (WATTR), InvalidParameterException (ATTR, FMT).
    """
    attribute_rules.check_writable(client, values)
    attributes = attribute_rules.changed(user_pool, user, values, by_admin=False, may_fill=True)
    flags = {
        f"{name}_verified": "false"
        for name in attribute_rules.VERIFIABLE
        if name in attributes and attributes[name] != user.attributes.get(name)
    }
    return {**attributes, **flags}


# -- updating


async def update_own(call: UserCall, values: Mapping[str, str]) -> list[shapes.CodeDeliveryDetailsType]:
    """UpdateUserAttributes by the user of call.access_token; where the codes went.

    Raises NotAuthorizedException (WATTR), InvalidParameterException (ATTR, FMT), AliasExistsException,
    TooManyRequestsException (nothing is changed), CodeDeliveryFailureException (the change is made all the same).
    """
    attribute_rules.check_writable(call.access_token.client, values)
    return await _update(call, call.access_token.user, values, by_admin=False)


async def update_by_admin(call: PoolCall, username: str, values: Mapping[str, str]) -> None:
    """AdminUpdateUserAttributes.

    Raises UserNotFoundException, InvalidParameterException (ATTR, FMT), AliasExistsException,
    CodeDeliveryFailureException (the change is made all the same).
    """
    await _update(call, await users.require(call, username), values, by_admin=True)


async def _update(
    call: PoolCall, user: User, values: Mapping[str, str], *, by_admin: bool
) -> list[shapes.CodeDeliveryDetailsType]:
    pool = call.user_pool
    words = await _wording(call, user, values, by_admin=by_admin)
    new_codes = {name: codes.new_code(call) for name in attribute_rules.VERIFIABLE if name in values}

    async def work(tx: Transaction) -> Changed | CognitoError:
        before = await users.reload(tx, user)
        changed = apply(pool, before, values, by_admin=by_admin)
        # The refusal is returned, since the count has to stay, and before anything is written: a change is made whole or not.
        if not by_admin and not await _may_send(tx, call, user, len(changed.to_prove)):
            return errors.TooManyRequestsException(texts.TOO_MANY_REQUESTS)  # LimitExceededException is not declared
        await users.update(tx, call, before, replace(changed.user, updated_at=call.now_ms))
        for name, value in changed.to_prove.items():
            await _check_free(tx, pool, user.username, name, value)
            row = codes.row(call, user, _purpose(name), name, value, new_codes[name])
            await stored_codes.put(tx, row)
            sent = codes.message(call, changed.user, name, value, new_codes[name], "UpdateUserAttribute", wording=words)
            await codes.note(tx, call, row, sent)
        return changed

    try:
        changed = await call.write(work)
    except users.AliasTaken as taken:
        raise errors.AliasExistsException(texts.ALIAS_EXISTS, taken.alias) from taken
    if isinstance(changed, CognitoError):
        raise changed
    return [codes.details(name, value) for name, value in changed.to_prove.items()]


async def _wording(call: PoolCall, user: User, values: Mapping[str, str], *, by_admin: bool) -> Wording | None:
    """Of the CustomMessage trigger, where a code will be sent. It is asked before the write, about the user as of now."""
    if not call.user_pool.triggers.custom_message:
        return None
    changed = apply(call.user_pool, user, values, by_admin=by_admin)
    if not changed.to_prove:
        return None
    channels = [codes.medium(name) for name in changed.to_prove]
    return await custom_message.fire(call, changed.user, "UpdateUserAttribute", channels)


async def _may_send(tx: Transaction, call: PoolCall, user: User, messages: int) -> bool:
    """Whether the user may have this many codes sent, with those that the user asked for by GetUserAttributeVerificationCode."""
    return all([await quotas.is_left(tx, call, user.username, quotas.ATTRIBUTE_CODE) for _ in range(messages)])


async def _check_free(tx: Transaction, user_pool: UserPool, username: str, name: str, value: str) -> None:
    """A sign-in name is refused when it is asked for, not only when it is proven (UsernameAttributes pools)."""
    if name in user_pool.username_attributes:
        owner = await stored_aliases.get_owner(tx, user_pool.id, name, user_pool.fold(value))
        if owner not in (None, username):
            raise users.AliasTaken(name)


def _purpose(attribute: str) -> codes.Purpose:
    return "attribute:email" if attribute == "email" else "attribute:phone_number"


# -- deleting


async def delete_own(call: UserCall, names: Iterable[str]) -> None:
    """DeleteUserAttributes. Raises NotAuthorizedException (WATTR), InvalidParameterException (ATTR)."""
    values = dict.fromkeys(names, "")
    attribute_rules.check_writable(call.access_token.client, values)
    await _update(call, call.access_token.user, values, by_admin=False)


async def delete_by_admin(call: PoolCall, username: str, names: Iterable[str]) -> None:
    """AdminDeleteUserAttributes. Raises UserNotFoundException, InvalidParameterException (ATTR)."""
    user = await users.require(call, username)
    await _update(call, user, dict.fromkeys(names, ""), by_admin=True)


# -- proving


async def send_code(call: UserCall, attribute: str) -> shapes.CodeDeliveryDetailsType:
    """GetUserAttributeVerificationCode: a code to the pending value, else to the current one.

    Raises InvalidParameterException, LimitExceededException, CodeDeliveryFailureException.
    """
    user, pool = call.access_token.user, call.user_pool
    destination, code = _to_prove(user, attribute), codes.new_code(call)
    row = codes.row(call, user, _purpose(attribute), attribute, destination, code)
    wording = await custom_message.fire(call, user, "VerifyUserAttribute", (codes.medium(attribute),))
    to = codes.addressee(pool, user, user.username)
    sent = codes.message(call, user, attribute, destination, code, "VerifyUserAttribute", wording=wording)
    await codes.store(call, to, row, sent, quotas.ATTRIBUTE_CODE, is_hidden=False)
    return codes.details(attribute, destination)


def _to_prove(user: User, attribute: str) -> str:
    if attribute not in attribute_rules.VERIFIABLE:
        raise errors.InvalidParameterException(texts.NOT_VERIFIABLE)
    value = user.pending_attributes.get(attribute) or user.attributes.get(attribute)
    if not value:
        raise errors.InvalidParameterException(texts.NOTHING_TO_VERIFY, attribute)
    return value


async def verify(call: UserCall, attribute: str, code: str) -> None:
    """VerifyUserAttribute: the value is proven; a pending one becomes the current one.

    Raises CodeMismatchException, ExpiredCodeException, LimitExceededException, AliasExistsException,
    InvalidParameterException.
    """
    user, pool = call.access_token.user, call.user_pool
    _to_prove(user, attribute)

    async def use(tx: Transaction, before: User, _attribute: str) -> None:
        value = _to_prove(before, attribute)  # where the code was sent, or it would not have been right
        pending = {name: kept for name, kept in before.pending_attributes.items() if name != attribute}
        attributes = {**before.attributes, attribute: value, f"{attribute}_verified": "true"}
        after = replace(before, attributes=attributes, pending_attributes=pending, updated_at=call.now_ms)
        await users.update(tx, call, before, after)

    try:
        to = codes.addressee(pool, user, user.username)
        await codes.redeem(call, to, _purpose(attribute), code, quotas.VERIFY_ATTRIBUTE, use)
    except users.AliasTaken as taken:
        raise errors.AliasExistsException(texts.ALIAS_EXISTS, taken.alias) from taken
