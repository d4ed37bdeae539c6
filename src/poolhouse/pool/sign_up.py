"""Sign-up by the user: SignUp, ConfirmSignUp, ResendConfirmationCode, and confirmation by an administrator."""

from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from poolhouse.call import Call
from poolhouse.crypto.identifiers import uuid4
from poolhouse.delivery import messages
from poolhouse.pool import attributes as attribute_rules
from poolhouse.pool import confirmation_codes as codes
from poolhouse.pool import names, passwords, texts, users
from poolhouse.pool.configuration import UserPool
from poolhouse.storage import confirmation_codes as stored_codes
from poolhouse.storage import users as stored_users
from poolhouse.storage.confirmation_codes import ConfirmationCodeRow
from poolhouse.storage.engine import Reader, Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


class SignedUp(msgspec.Struct, frozen=True):
    """delivery: where the code went, or None when none was sent."""

    user: User
    delivery: shapes.CodeDeliveryDetailsType | None

    @property
    def sub(self) -> str:
        return self.user.sub

    @property
    def is_confirmed(self) -> bool:
        return self.user.status == "CONFIRMED"


# -- SignUp


async def sign_up(call: Call, username: str, password: str | None, attributes: dict[str, str]) -> SignedUp:
    """Create an UNCONFIRMED user and send the confirmation code. call.client says for which pool.

    attributes: as sent; a blank value counts as absent.  Raises NotAuthorizedException, UsernameExistsException,
    InvalidPasswordException, InvalidParameterException, CodeDeliveryFailureException (the user is created all the same).
    """
    client, pool = call.client, call.client.user_pool
    if not is_open(pool):
        raise errors.NotAuthorizedException(texts.SIGN_UP_NOT_PERMITTED)
    named = name_user(call, pool, username, attributes)
    if password is not None:
        passwords.check_policy(pool, password, texts.PASSWORD_DID_NOT_CONFORM)
    elif not allows_passwordless(pool):
        raise errors.InvalidParameterException(texts.PASSWORD_REQUIRED)
    attribute_rules.check_writable(client, attributes)
    user = User(
        user_pool_id=pool.id,
        username=named.username,
        sub=named.sub,
        status="UNCONFIRMED",
        is_enabled=True,
        attributes=_with_flags(attribute_rules.for_new_user(pool, named.attributes, are_required=True)),
        pending_attributes={},
        password=None if password is None else await passwords.seal_record(call, pool, named.username, password),
        password_expires_at=None,
        signed_out_at=0,
        created_at=call.now_ms,
        updated_at=call.now_ms,
    )
    attribute = codes.to_verify(pool, user)
    code = codes.new_code(call)

    async def work(tx: Transaction) -> None:
        if await is_username_taken(tx, user) or not await users.insert(tx, pool, user):
            raise errors.UsernameExistsException(texts.USER_ALREADY_EXISTS)
        if attribute is not None:
            await stored_codes.put(tx, codes.row(call, pool, user.username, "sign_up", attribute, code))

    try:
        await call.db.write(work)
    except users.AliasTaken as taken:
        raise errors.UsernameExistsException(texts.ALIAS_EXISTS.format(taken.alias)) from taken
    if attribute is None:
        return SignedUp(user, None)
    await call.house.outbox.send(call, _message(call, pool, user, attribute, code))
    return SignedUp(user, codes.details(attribute, user.attributes[attribute]))


def is_open(user_pool: UserPool) -> bool:
    """Whether users may sign themselves up."""
    config = user_pool.settings.AdminCreateUserConfig
    return config is None or not config.AllowAdminCreateUserOnly


class NamedUser(msgspec.Struct, frozen=True):
    username: str
    sub: str
    attributes: dict[str, str]


def name_user(call: Call, user_pool: UserPool, username: str, attributes: dict[str, str]) -> NamedUser:
    """Username, sub and attributes of a new user (spec §3.2 UsernameAttributes, AliasAttributes).

    Raises InvalidParameterException when the pool wants another kind of username.
    """
    sub = uuid4(call.random(16))
    if not user_pool.username_attributes:
        names.check_username(username)
        _check_not_alias(user_pool, username)
        return NamedUser(user_pool.fold(username), sub, attributes)
    is_email = "email" in user_pool.username_attributes and attribute_rules.is_email(username)
    is_phone_number = "phone_number" in user_pool.username_attributes and attribute_rules.is_phone_number(username)
    if is_email or is_phone_number:
        return NamedUser(sub, sub, {**attributes, "email" if is_email else "phone_number": username})
    if len(user_pool.username_attributes) > 1:
        raise errors.InvalidParameterException(texts.USERNAME_SHOULD_BE_EITHER)
    raise errors.InvalidParameterException(
        texts.USERNAME_SHOULD_BE_EMAIL
        if "email" in user_pool.username_attributes
        else texts.USERNAME_SHOULD_BE_PHONE_NUMBER
    )


def _check_not_alias(user_pool: UserPool, username: str) -> None:
    if "email" in user_pool.alias_attributes and attribute_rules.is_email(username):
        raise errors.InvalidParameterException(texts.USERNAME_OF_EMAIL_FORMAT)
    if "phone_number" in user_pool.alias_attributes and attribute_rules.is_phone_number(username):
        raise errors.InvalidParameterException(texts.USERNAME_OF_PHONE_FORMAT)


async def is_username_taken(db: Reader, user: User) -> bool:
    """Whether the username is somebody else's sub, by which he is found too."""
    if user.username == user.sub or not users.looks_like_sub(user.username):
        return False
    return await stored_users.get_by_sub(db, user.user_pool_id, user.username.lower()) is not None


def allows_passwordless(user_pool: UserPool) -> bool:
    """Whether users may do without a password (DOC: when a one-time password is an allowed first factor)."""
    policies = user_pool.settings.Policies
    sign_in = policies.SignInPolicy if policies is not None else None
    factors = (sign_in.AllowedFirstAuthFactors if sign_in is not None else None) or ()
    return "EMAIL_OTP" in factors or "SMS_OTP" in factors


def _with_flags(attributes: dict[str, str]) -> dict[str, str]:
    """A new user has proven neither address; Cognito shows that as `false`."""
    flags = {f"{name}_verified": "false" for name in attribute_rules.VERIFIABLE if name in attributes}
    return {**flags, **attributes}


# -- ConfirmSignUp


async def confirm_sign_up(call: Call, username: str, code: str, *, steals_aliases: bool = False) -> User:
    """Confirm a user by the code he was sent, and mark what it was sent to as verified.

    Raises CodeMismatchException, ExpiredCodeException, LimitExceededException, NotAuthorizedException (not UNCONFIRMED),
    AliasExistsException, UserNotFoundException (where the client does not hide who exists).
    """
    pool = call.client.user_pool
    user = await users.find(call, pool, username)
    if user is None:
        if call.client.prevents_user_existence_errors:
            name = pool.fold(username)
            await codes.redeem(call, pool, name, "sign_up", code, codes.CONFIRM_SIGN_UP, codes.nothing_to_use)
        raise errors.UserNotFoundException(texts.USER_ID_CLIENT_COMBINATION_NOT_FOUND)
    _check_unconfirmed(user)

    async def use(tx: Transaction, taken: ConfirmationCodeRow) -> User:
        before = await users.reload(tx, user)
        _check_unconfirmed(before)
        verified = {f"{taken.attribute}_verified": "true"} if before.attributes.get(taken.attribute) else {}
        after = replace(
            before, status="CONFIRMED", attributes={**before.attributes, **verified}, updated_at=call.now_ms
        )
        await users.update(tx, pool, before, after, steals_aliases=steals_aliases)
        return after

    try:
        return await codes.redeem(call, pool, user.username, "sign_up", code, codes.CONFIRM_SIGN_UP, use)
    except users.AliasTaken as taken:
        raise errors.AliasExistsException(texts.ALIAS_EXISTS.format(taken.alias)) from taken


def _check_unconfirmed(user: User) -> None:
    if user.status != "UNCONFIRMED":
        raise errors.NotAuthorizedException(texts.USER_CANNOT_BE_CONFIRMED.format(user.status))


async def admin_confirm_sign_up(call: Call, username: str) -> None:
    """Confirm a user without a code; nothing is verified by it."""
    pool = call.user_pool
    user = await users.require(call, pool, username)

    async def work(tx: Transaction) -> None:
        before = await users.reload(tx, user)
        _check_unconfirmed(before)
        await stored_codes.delete(tx, pool.id, user.username, "sign_up")
        await users.update(tx, pool, before, replace(before, status="CONFIRMED", updated_at=call.now_ms))

    try:
        await call.db.write(work)
    except users.AliasTaken as taken:  # AliasExistsException is not declared for this operation
        raise errors.InvalidParameterException(texts.ALIAS_EXISTS.format(taken.alias)) from taken


# -- ResendConfirmationCode


async def resend_confirmation_code(call: Call, username: str) -> shapes.CodeDeliveryDetailsType:
    """Send a new sign-up code; the old one no longer works.

    Raises InvalidParameterException (confirmed already, nothing to verify), LimitExceededException,
    CodeDeliveryFailureException, UserNotFoundException (the last two where the client does not hide who exists).
    """
    pool = call.client.user_pool
    user = await users.find(call, pool, username)
    if user is None:
        return await _pretend_to_resend(call, pool, pool.fold(username))
    if user.status != "UNCONFIRMED":
        raise errors.InvalidParameterException(texts.USER_IS_ALREADY_CONFIRMED)
    attribute = codes.to_verify(pool, user)
    if attribute is None:
        raise errors.InvalidParameterException(texts.AUTO_VERIFICATION_NOT_ON)
    code = codes.new_code(call)
    row = codes.row(call, pool, user.username, "sign_up", attribute, code)
    await codes.store(call, pool, row, codes.RESEND)
    await codes.send(call, _message(call, pool, user, attribute, code))
    return codes.details(attribute, user.attributes[attribute])


async def _pretend_to_resend(call: Call, pool: UserPool, name: str) -> shapes.CodeDeliveryDetailsType:
    """The same work and the same answer as for a user who exists (spec §4.2)."""
    if not call.client.prevents_user_existence_errors:
        raise errors.UserNotFoundException(texts.USER_ID_CLIENT_COMBINATION_NOT_FOUND)
    await codes.store(call, pool, codes.unredeemable_row(call, pool, name, "sign_up"), codes.RESEND)
    await codes.send(call, None)
    return codes.simulated_details(pool, name)


def sends_links(user_pool: UserPool) -> bool:
    """Whether a new user confirms his e-mail address by a link."""
    template = user_pool.settings.VerificationMessageTemplate
    return template is not None and template.DefaultEmailOption == "CONFIRM_WITH_LINK"


def _message(call: Call, pool: UserPool, user: User, attribute: str, code: str) -> messages.Message:
    link = None
    if sends_links(pool) and pool.origin is not None:
        query = urlencode({"client_id": call.client.id, "user_name": user.username, "confirmation_code": code})
        link = f"{pool.origin}/confirmUser?{query}"
    return codes.message(pool, user, attribute, user.attributes[attribute], code, link=link)
