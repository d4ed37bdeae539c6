"""Forgotten passwords: the channel of recovery, its code, and resets by an administrator."""

from msgspec.structs import replace

from poolhouse.delivery.messages import Channel
from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.settings import password_policy
from poolhouse.pool.threat_protection import assessment, compromised_passwords
from poolhouse.pool.triggers import custom_message, post_confirmation
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import confirmation_codes as codes
from poolhouse.pool.users import lockout, migration, password_history, passwords, quotas, sso_sessions, users
from poolhouse.pool.users.password_history import Compared
from poolhouse.storage import confirmation_codes as stored_codes
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

_ATTRIBUTES = {"verified_email": "email", "verified_phone_number": "phone_number"}
# OBS: FORCE_CHANGE_PASSWORD is refused. UNCONFIRMED users pass when an administrator has verified an address (GUESS+).
_MAY_FORGET = frozenset({"CONFIRMED", "RESET_REQUIRED", "UNCONFIRMED"})
_MAY_BE_RESET = frozenset({"CONFIRMED", "RESET_REQUIRED"})


# -- the channel


def recovery_attribute(user_pool: UserPool, user: User) -> str | None:
    """The verified attribute that recovery codes go to, or None (user-pools-api.md §5.4)."""
    return next((name for name in _by_priority(user_pool) if attribute_rules.is_verified(user, name)), None)


def _by_priority(user_pool: UserPool) -> list[str]:
    setting = user_pool.settings.AccountRecoverySetting
    if setting is None or not setting.RecoveryMechanisms:
        return ["phone_number", "email"]  # DOC: the legacy order
    ordered = sorted(setting.RecoveryMechanisms, key=lambda option: option.Priority)
    return [_ATTRIBUTES[option.Name] for option in ordered if option.Name in _ATTRIBUTES]


def _likely(user_pool: UserPool) -> list[str]:
    """Of the attributes that recovery codes can go to, those that the pool's users have by its settings."""
    used = user_pool.auto_verified_attributes | user_pool.username_attributes | user_pool.alias_attributes
    used |= attribute_rules.required_names(user_pool)
    return [name for name in _by_priority(user_pool) if name in used]


def is_self_service(user_pool: UserPool) -> bool:
    """Whether users may reset a forgotten password themselves; else only an administrator may."""
    return bool(_by_priority(user_pool))


def _check_self_service(user_pool: UserPool) -> None:
    if not is_self_service(user_pool):
        raise errors.NotAuthorizedException(texts.CONTACT_ADMINISTRATOR)


# -- ForgotPassword


async def forgot_password(call: ClientCall, username: str) -> shapes.CodeDeliveryDetailsType:
    """Send a code for a new password; call.client says for which pool.

    Raises NotAuthorizedException, LimitExceededException; where the client does not hide who exists, also
    UserNotFoundException, InvalidParameterException (no verified address), CodeDeliveryFailureException.
    """
    client, pool = call.client, call.user_pool
    assessment.admit(call)
    _check_self_service(pool)
    await migration.at_forgot_password(call, username)
    user = await users.find(call, username)
    may_forget = user is not None and user.is_enabled and user.status in _MAY_FORGET
    attribute = recovery_attribute(pool, user) if user is not None and may_forget else None
    to = codes.addressee(pool, user, username)
    if user is None or attribute is None:
        if not client.prevents_user_existence_errors:
            raise _why_not(user)
        # The same work and the same answer as for a user who can be reached (user-pools-api.md §4.2).
        call.note = codes.unsent(_why_not(user))
        await codes.pretend_to_store(call, to, "forgot_password", quotas.FORGOT_PASSWORD)
        return codes.simulated_details(pool, pool.fold(username), _likely(pool))
    code, destination = codes.new_code(call), user.attributes[attribute]
    row = codes.row(call, user, "forgot_password", attribute, destination, code)
    wording = await custom_message.fire(call, user, "ForgotPassword", (codes.medium(attribute),))
    sent = codes.message(call, user, attribute, destination, code, "ForgotPassword", wording=wording)
    await codes.store(call, to, row, sent, quotas.FORGOT_PASSWORD, is_hidden=client.prevents_user_existence_errors)
    return codes.details(attribute, destination)


def _why_not(user: User | None) -> CognitoError:
    if user is None:
        return errors.UserNotFoundException(texts.USER_ID_CLIENT_COMBINATION_NOT_FOUND, detail=codes.NO_USER)
    name = user.username
    if not user.is_enabled:
        return errors.NotAuthorizedException(texts.USER_IS_DISABLED, detail=f"user {name} is disabled")
    if user.status not in _MAY_FORGET:
        return errors.NotAuthorizedException(texts.PASSWORD_CANNOT_BE_RESET, detail=f"user {name} is {user.status}")
    detail = f"user {name} has no verified address for recovery"
    return errors.InvalidParameterException(texts.NO_RECOVERY_CHANNEL, detail=detail)


# -- ConfirmForgotPassword


async def confirm_forgot_password(
    call: ClientCall, username: str, code: str, password: str, *, cookie: str | None = None
) -> None:
    """Set a new password by the code that was sent; the user is CONFIRMED. Browser sessions end, tokens stay valid.

    cookie: of the browser where the password is set; its own session goes on.
    Raises InvalidPasswordException, PasswordHistoryPolicyViolationException, CodeMismatchException, ExpiredCodeException,
    LimitExceededException, UserNotFoundException (where the client does not hide who exists).
    """
    pool = call.user_pool
    assessment.admit(call)
    user = await users.find(call, username)
    if user is None and not call.client.prevents_user_existence_errors:
        raise errors.UserNotFoundException(texts.USER_ID_CLIENT_COMBINATION_NOT_FOUND)
    to = codes.addressee(pool, user, username)
    record = await passwords.seal_record(call, to.name, password)  # for nobody too: it takes time
    is_compromised = await compromised_passwords.is_found(call, "PASSWORD_CHANGE", password)

    async def use(tx: Transaction, before: User, compared: Compared) -> User:
        # The code comes before the policy (user-pools-api.md §1.5), and stays good for a better password.
        password_policy.check(pool, password, texts.PASSWORD_DOES_NOT_CONFORM)
        compromised_passwords.check(call, is_compromised=is_compromised)
        if not before.is_enabled:
            raise errors.NotAuthorizedException(texts.USER_IS_DISABLED)
        if before.status not in _MAY_FORGET:
            raise errors.NotAuthorizedException(texts.PASSWORD_CANNOT_BE_RESET)
        compared.require(call, before)  # only now: who has no code shall not learn which passwords somebody had
        await lockout.clear(tx, pool.id, before.username)
        after = replace(passwords.renewed(call, before, record), status="CONFIRMED", password_expires_at=None)
        await password_history.update_user(tx, call, before, after)
        await sso_sessions.move_on(tx, before, after, cookie)
        return after

    async def redeem(compared: Compared) -> User:
        quota = quotas.CONFIRM_FORGOT_PASSWORD
        return await codes.redeem(
            call, to, "forgot_password", code, quota, lambda tx, before, _attribute: use(tx, before, compared)
        )

    try:
        changed = await password_history.with_new_password(call, password, redeem)
    except users.AliasTaken as taken:  # preferred_username of an UNCONFIRMED user; AliasExistsException is not declared
        raise errors.InvalidParameterException(texts.ALIAS_EXISTS, taken.alias) from taken
    await post_confirmation.fire(call, changed, "ConfirmForgotPassword")


# -- AdminResetUserPassword


async def reset_by_admin(call: PoolCall, username: str) -> None:
    """The old password no longer signs in, and the user gets a code for a new one.

    Raises UserNotFoundException, NotAuthorizedException, InvalidParameterException (no verified address),
    CodeDeliveryFailureException (the password no longer signs in all the same).
    """
    pool = call.user_pool
    user = await users.require(call, username)
    _check_self_service(pool)
    _check_resettable(user)
    likely = recovery_attribute(pool, user)
    channels: tuple[Channel, ...] = ("email", "sms") if likely is None else (codes.medium(likely),)
    wording = await custom_message.fire(call, user, "ForgotPassword", channels)
    code = codes.new_code(call)

    async def work(tx: Transaction) -> None:
        before = await users.reload(tx, user)
        _check_resettable(before)
        attribute = recovery_attribute(pool, before)
        if attribute is None:
            raise errors.InvalidParameterException(texts.NO_RECOVERY_CHANNEL)
        destination = before.attributes[attribute]
        await users.update(tx, call, before, replace(before, status="RESET_REQUIRED", updated_at=call.now_ms))
        row = codes.row(call, before, "forgot_password", attribute, destination, code)
        await stored_codes.put(tx, row)
        sent = codes.message(call, before, attribute, destination, code, "ForgotPassword", wording=wording)
        await codes.note(tx, call, row, sent)

    await call.write(work)


def _check_resettable(user: User) -> None:
    if not user.is_enabled:
        raise errors.NotAuthorizedException(texts.USER_IS_DISABLED_TO_RESET)
    if user.status not in _MAY_BE_RESET:
        raise errors.NotAuthorizedException(texts.PASSWORD_CANNOT_BE_RESET)
