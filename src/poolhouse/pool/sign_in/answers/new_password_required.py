"""NEW_PASSWORD_REQUIRED: the user replaces a temporary password and fills in what is missing (user-pools-api.md §6.8)."""

from collections.abc import Mapping

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.settings import password_policy
from poolhouse.pool.sign_in import sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import NEW_PASSWORD_REQUIRED
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.threat_protection import compromised_passwords
from poolhouse.pool.tokens import tokens
from poolhouse.pool.users import attribute_changes, password_history, passwords, users
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users.password_history import Compared
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

_ATTRIBUTE_PREFIX = "userAttributes."


async def answer(call: ClientCall, session: str | None, responses: Parameters) -> Attempt:
    attributes = {
        name.removeprefix(_ATTRIBUTE_PREFIX): value
        for name, value in responses.items()
        if name.startswith(_ATTRIBUTE_PREFIX)
    }
    return await respond(call, session, responses["USERNAME"], required(responses, "NEW_PASSWORD"), attributes)


async def respond(
    call: ClientCall, session: str | None, username: str, new_password: str, attributes: Mapping[str, str]
) -> Attempt:
    """Set the password and the missing attributes; the user is CONFIRMED, and the attempt goes on.

    Raises NotAuthorizedException (session), InvalidPasswordException, PasswordHistoryPolicyViolationException,
    InvalidParameterException (attributes).
    """
    opened = sessions.read(call, session, NEW_PASSWORD_REQUIRED)
    user = await users.find(call, username)
    if user is None or user.sub != opened.sub:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the Session is another user's")
    if user.status != "FORCE_CHANGE_PASSWORD":
        raise errors.NotAuthorizedException(texts.SPENT_SESSION)
    if not user.is_enabled:
        raise errors.NotAuthorizedException(texts.USER_IS_DISABLED)
    if opened.browser_epoch != user.browser_epoch:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the temporary password was changed")
    password_policy.check(call.user_pool, new_password, texts.PASSWORD_DOES_NOT_CONFORM)
    await compromised_passwords.refuse(call, user, new_password)
    _check_attributes(call, user, attributes)
    record = await passwords.seal_record(call, user.username, new_password)

    async def write(tx: Transaction, compared: Compared) -> User:
        await tokens.spend(tx, call.user_pool.id, (sessions.spend(opened),))
        before = await users.reload(tx, user)
        # What was proven, or allowed, a moment ago. The record itself may have been sealed anew meanwhile.
        if before.browser_epoch != user.browser_epoch or not before.is_enabled:
            raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="the user has changed meanwhile")
        compared.require(call, before)
        after = replace(
            passwords.renewed(call, before, record),
            attributes=attribute_changes.written_by_client(call.user_pool, call.client, before, attributes),
            password_expires_at=None,
            status="CONFIRMED",
        )
        await password_history.update_user(tx, call, before, after)
        return after

    try:
        changed = await password_history.with_new_password(
            call, new_password, lambda compared: call.write(lambda tx: write(tx, compared))
        )
    except users.AliasTaken as error:
        raise errors.AliasExistsException(texts.ALIAS_EXISTS, error.alias) from error
    return replace(sessions.resumed(opened, changed, NEW_PASSWORD_REQUIRED), spends=())


def _check_attributes(call: ClientCall, user: User, attributes: Mapping[str, str]) -> None:
    required = attribute_rules.required_names(call.user_pool)
    for name in attributes:
        if name in required and user.attributes.get(name):
            raise errors.NotAuthorizedException(texts.ATTRIBUTE_ALREADY_PROVIDED, name)
    for name in attribute_rules.missing_required(call.user_pool, {**user.attributes, **attributes}):
        raise errors.InvalidParameterException(texts.MISSING_ATTRIBUTE, name)
    attribute_rules.check_client_write(call.user_pool, call.client, attributes)
