"""Sign-up by the user: SignUp, ConfirmSignUp, ResendConfirmationCode, and confirmation by an administrator."""

from collections.abc import Mapping
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace

from poolhouse.delivery import messages
from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.settings import password_policy
from poolhouse.pool.threat_protection import assessment, auth_events, compromised_passwords
from poolhouse.pool.triggers import custom_message, custom_sender, post_confirmation, pre_sign_up
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import birth, quotas, users
from poolhouse.pool.users import confirmation_codes as codes
from poolhouse.storage import confirmation_codes as stored_codes
from poolhouse.storage import identity_providers as stored_providers
from poolhouse.storage.engine import Transaction
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


async def sign_up(
    call: ClientCall,
    username: str,
    password: str | None,
    attributes: dict[str, str],
    validation_data: Mapping[str, str] | None = None,
) -> SignedUp:
    """Create an UNCONFIRMED user and send the confirmation code. call.client says for which pool.

    attributes: as sent; a blank value counts as absent.  validation_data: for the PreSignUp trigger, which may confirm the user.
    Raises NotAuthorizedException, UsernameExistsException, InvalidPasswordException, InvalidParameterException,
    CodeDeliveryFailureException (the user is created all the same), and what the triggers refuse.
    """
    client, pool = call.client, call.user_pool
    assessment.admit(call)
    if not is_open(pool):
        raise errors.NotAuthorizedException(texts.SIGN_UP_NOT_PERMITTED)
    named = birth.name(call, username, attributes)
    if password is not None:
        password_policy.check(pool, password, texts.PASSWORD_DID_NOT_CONFORM)
    elif not birth.allows_passwordless(pool):
        raise errors.InvalidParameterException(texts.PASSWORD_REQUIRED)
    is_compromised = await compromised_passwords.is_found(call, "SIGN_UP", password or "")
    compromised_passwords.check(call, is_compromised=is_compromised)
    attribute_rules.check_writable(client, attributes)
    values = attribute_rules.for_new_user(pool, named.attributes, are_required=True)
    verdict = await pre_sign_up.of_sign_up(call, named.username, values, validation_data)
    values = _with_flags(values) | {f"{name}_verified": "true" for name in verdict.verified}
    status = "CONFIRMED" if verdict.is_confirmed else "UNCONFIRMED"
    user = await birth.make(call, named, status=status, attributes=values, password=password)
    attribute = None if verdict.is_confirmed else codes.to_verify(pool, user)
    code = codes.new_code(call)
    wording = None if attribute is None else await custom_message.fire(call, user, "SignUp", (codes.medium(attribute),))

    async def work(tx: Transaction) -> None:
        await _check_not_of_provider(tx, pool, user.username)
        if not await birth.insert(tx, call, user, steals_aliases=bool(verdict.verified)):
            raise errors.UsernameExistsException(texts.USER_ALREADY_EXISTS)
        response: auth_events.Response = "Pass" if verdict.is_confirmed else "InProgress"
        await auth_events.note(tx, call, user, "SignUp", response, is_compromised=is_compromised)
        if attribute is not None:
            destination = user.attributes[attribute]
            row = codes.row(call, user, "sign_up", attribute, destination, code)
            await stored_codes.put(tx, row)
            await codes.note(tx, call, row, _message(call, user, attribute, code, "SignUp", wording))

    try:
        await call.write(work)
    except users.AliasTaken as taken:
        raise errors.UsernameExistsException(texts.ALIAS_EXISTS, taken.alias) from taken
    if verdict.is_confirmed:
        await post_confirmation.fire(call, user, "ConfirmSignUp")
    return SignedUp(user, None if attribute is None else codes.details(attribute, user.attributes[attribute]))


async def _check_not_of_provider(tx: Transaction, user_pool: UserPool, username: str) -> None:
    """Nobody takes the name that a user of an identity provider will have, `<provider>_<subject>`, and stands in for them.

    Raises InvalidParameterException.
    """
    if "_" not in username:
        return
    for name in await stored_providers.list_names(tx, user_pool.id):
        if username.startswith(user_pool.fold(f"{name}_")):
            raise errors.InvalidParameterException(texts.USERNAME_OF_PROVIDER, f"{name}_")


def is_open(user_pool: UserPool) -> bool:
    """Whether users may sign themselves up."""
    config = user_pool.settings.AdminCreateUserConfig
    return config is None or not config.AllowAdminCreateUserOnly


def _with_flags(attributes: dict[str, str]) -> dict[str, str]:
    """A new user has proven neither address; Cognito shows that as `false`."""
    flags = {f"{name}_verified": "false" for name in attribute_rules.VERIFIABLE if name in attributes}
    return {**flags, **attributes}


# -- ConfirmSignUp


async def confirm_sign_up(call: ClientCall, username: str, code: str) -> User:
    """As `confirm_by_code`; the user alone."""
    return (await confirm_by_code(call, username, code))[0]


async def confirm_by_code(
    call: ClientCall, username: str, code: str, *, steals_aliases: bool = False
) -> tuple[User, str]:
    """Confirm a user by the code that was sent, and mark what it was sent to as verified; that attribute comes second.

    Raises CodeMismatchException, ExpiredCodeException, LimitExceededException, AliasExistsException; where the client does not
    hide who exists, also UserNotFoundException, NotAuthorizedException (not UNCONFIRMED).
    """
    pool, hides = call.user_pool, call.client.prevents_user_existence_errors
    user = await users.find(call, username)
    if not hides:
        if user is None:
            raise errors.UserNotFoundException(texts.USER_ID_CLIENT_COMBINATION_NOT_FOUND)
        _check_unconfirmed(user)
    elif user is not None and user.status != "UNCONFIRMED":
        call.note = f"user {user.username} is {user.status}"

    async def use(tx: Transaction, before: User, attribute: str) -> tuple[User, str]:
        _check_unconfirmed(before)
        attributes = {**before.attributes, f"{attribute}_verified": "true"}
        after = replace(before, status="CONFIRMED", attributes=attributes, updated_at=call.now_ms)
        await users.update(tx, call, before, after, steals_aliases=steals_aliases)
        return after, attribute

    to = codes.addressee(pool, user, username)
    try:
        confirmed, attribute = await codes.redeem(call, to, "sign_up", code, quotas.CONFIRM_SIGN_UP, use)
    except users.AliasTaken as taken:
        raise errors.AliasExistsException(texts.ALIAS_EXISTS, taken.alias) from taken
    await post_confirmation.fire(call, confirmed, "ConfirmSignUp")
    return confirmed, attribute


def _check_unconfirmed(user: User) -> None:
    if user.status != "UNCONFIRMED":
        raise errors.NotAuthorizedException(texts.USER_CANNOT_BE_CONFIRMED, user.status)


async def admin_confirm_sign_up(call: PoolCall, username: str) -> None:
    """Confirm a user without a code; nothing is verified by it."""
    pool = call.user_pool
    user = await users.require(call, username)

    async def work(tx: Transaction) -> User:
        before = await users.reload(tx, user)
        _check_unconfirmed(before)
        after = replace(before, status="CONFIRMED", updated_at=call.now_ms)
        await users.update(tx, call, before, after)
        await stored_codes.delete(tx, pool.id, user.sub, "sign_up")
        return after

    try:
        confirmed = await call.write(work)
    except users.AliasTaken as taken:  # AliasExistsException is not declared for this operation
        raise errors.InvalidParameterException(texts.ALIAS_EXISTS, taken.alias) from taken
    await post_confirmation.fire(call, confirmed, "ConfirmSignUp")


# -- ResendConfirmationCode


async def resend_confirmation_code(call: ClientCall, username: str) -> shapes.CodeDeliveryDetailsType:
    """Send a new sign-up code; the old one no longer works.

    Raises LimitExceededException; where the client does not hide who exists, also InvalidParameterException (confirmed already,
    nothing to verify), UserNotFoundException, CodeDeliveryFailureException.
    """
    pool = call.user_pool
    assessment.admit(call)
    user = await users.find(call, username)
    attribute = None if user is None or user.status != "UNCONFIRMED" else codes.to_verify(pool, user)
    to = codes.addressee(pool, user, username)
    if user is None or attribute is None:
        if not call.client.prevents_user_existence_errors:
            raise _why_no_code(user)
        # The same work and the same answer as for a user who exists (user-pools-api.md §4.2).
        call.note = codes.unsent(_why_no_code(user))
        await codes.pretend_to_store(call, to, "sign_up", quotas.RESEND)
        return codes.simulated_details(pool, pool.fold(username), codes.verified_by(pool))
    code, destination = codes.new_code(call), user.attributes[attribute]
    row = codes.row(call, user, "sign_up", attribute, destination, code)
    wording = await custom_message.fire(call, user, "ResendCode", (codes.medium(attribute),))
    sent = _message(call, user, attribute, code, "ResendCode", wording)
    await codes.store(call, to, row, sent, quotas.RESEND, is_hidden=call.client.prevents_user_existence_errors)
    return codes.details(attribute, destination)


def can_be_sent_code(user_pool: UserPool, user: User) -> bool:
    """Whether a sign-up code can reach the user; for who has proven the password."""
    return codes.to_verify(user_pool, user) is not None


def _why_no_code(user: User | None) -> CognitoError:
    if user is None:
        return errors.UserNotFoundException(texts.USER_ID_CLIENT_COMBINATION_NOT_FOUND, detail=codes.NO_USER)
    name = user.username
    if user.status != "UNCONFIRMED":
        return errors.InvalidParameterException(texts.USER_IS_ALREADY_CONFIRMED, detail=f"user {name} is {user.status}")
    detail = f"user {name} has no address that the pool verifies"
    return errors.InvalidParameterException(texts.AUTO_VERIFICATION_NOT_ON, detail=detail)


def sends_links(user_pool: UserPool) -> bool:
    """Whether a new user confirms the e-mail address by a link."""
    template = user_pool.settings.VerificationMessageTemplate
    return template is not None and template.DefaultEmailOption == "CONFIRM_WITH_LINK"


def _message(  # noqa: PLR0913  what a message is made of
    call: ClientCall,
    user: User,
    attribute: str,
    code: str,
    source: custom_sender.Source,
    wording: messages.Wording | None,
) -> messages.Message:
    link = None
    if sends_links(call.user_pool) and call.user_pool.site is not None:
        query = urlencode({"client_id": call.client.id, "user_name": user.username, "confirmation_code": code})
        link = f"{call.user_pool.site}/confirmUser?{query}"
    return codes.message(call, user, attribute, user.attributes[attribute], code, source, link=link, wording=wording)
