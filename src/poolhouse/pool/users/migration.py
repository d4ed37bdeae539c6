"""Users brought in by the UserMigration trigger, at their first sign-in by password or when they have forgotten it.

Only somebody whom the pool does not know is asked about. Whoever is brought in is a user like any other; what follows, the password
above all, is looked at as ever.
"""

from collections.abc import Awaitable
from typing import NoReturn

from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.triggers import invocation, user_migration
from poolhouse.pool.triggers.user_migration import Found
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import birth, lockout, users
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors


async def at_sign_in(call: ClientCall, username: str, password: str) -> None:
    """Raises NotAuthorizedException (locked: guesses at the other directory count, too; or the trigger fails and the client hides
    who exists), UserNotFoundException (it fails)."""
    if not call.user_pool.triggers.user_migration or await users.find(call, username) is not None:
        return
    name = call.user_pool.fold(username)
    async with lockout.turn(call, name):
        await lockout.check(call, name)
        try:
            found = await _asked(call, user_migration.at_sign_in(call, username, password))
        except errors.UserNotFoundException as refusal:
            if isinstance(refusal.__cause__, errors.UserLambdaValidationException):
                await lockout.failed(call, name, None)  # where nothing is hidden, the guess below is not made
            raise
        if found is not None:
            await _bring_in(call, username, found, password)


async def at_forgot_password(call: ClientCall, username: str) -> None:
    """Raises UserNotFoundException (the trigger fails, and the client does not hide who exists)."""
    if not call.user_pool.triggers.user_migration or await users.find(call, username) is not None:
        return
    found = await _asked(call, user_migration.at_forgot_password(call, username))
    if found is not None:
        await _bring_in(call, username, found, None)


async def _asked(call: ClientCall, fired: Awaitable[Found]) -> Found | None:
    """What the other directory says; None when it knows nobody, or says no and the client hides that."""
    try:
        found = await fired
    except errors.UserLambdaValidationException as refusal:  # how functions say that a password is wrong (DOC)
        if call.client.prevents_user_existence_errors:
            call.note = str(refusal)
            return None
        raise _failed(call, refusal) from refusal
    except invocation.REFUSALS as refusal:
        _refuse(call, refusal)
    return found if found.user_attributes else None


def _failed(call: ClientCall, why: CognitoError) -> errors.UserNotFoundException:
    return errors.UserNotFoundException(texts.MIGRATION_FAILED, call.client.id, detail=f"{why} {why.detail}")


def _refuse(call: ClientCall, why: CognitoError) -> NoReturn:
    """Nobody was brought in, which says nothing about the password: it is not counted."""
    if call.client.prevents_user_existence_errors:
        raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=f"{why} {why.detail}") from why
    raise _failed(call, why) from why


async def _bring_in(call: ClientCall, username: str, found: Found, password: str | None) -> None:
    """The password policy is not asked (DOC). Somebody who was brought in a moment ago is left as they are."""
    try:
        if found.enable_sms_mfa:
            raise errors.InvalidLambdaResponseException(texts.FLOW_NOT_BUILT, "enableSMSMFA")
        given = dict(found.user_attributes or {})
        named = birth.name(call, _chosen_name(call, username, given), given)
        values = attribute_rules.for_new_user(call.user_pool, named.attributes, are_required=False)
    except CognitoError as refusal:
        _refuse(call, refusal)
    user = await birth.make(call, named, status=found.status, attributes=values, password=password)

    async def work(tx: Transaction) -> None:
        await birth.insert(tx, call, user, steals_aliases=bool(found.force_alias_creation))

    try:
        await call.write(work)
    except users.AliasTaken as taken:  # DOC: an error; which one is GUESS
        _refuse(call, errors.AliasExistsException(texts.ALIAS_EXISTS, taken.alias))


def _chosen_name(call: ClientCall, typed: str, given: dict[str, str]) -> str:
    """DOC: who signs in by an alias is given a username by the trigger; else it is the one that was typed."""
    chosen = given.pop("username", "")
    pool = call.user_pool
    is_alias = ("email" in pool.alias_attributes and attribute_rules.is_email(typed)) or (
        "phone_number" in pool.alias_attributes and attribute_rules.is_phone_number(typed)
    )
    if is_alias and chosen and typed in given.values():
        return chosen
    if is_alias or chosen not in ("", typed):
        raise errors.InvalidLambdaResponseException(
            texts.TRIGGER_ANSWER_UNKNOWN, detail="the username does not fit what was typed"
        )
    return typed
