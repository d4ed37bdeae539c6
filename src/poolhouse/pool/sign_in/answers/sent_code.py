"""SMS_MFA, EMAIL_OTP and SMS_OTP: the code that was sent (user-pools-api.md §6.5, §6.9). A wrong one leaves the Session as it is."""

import hmac

from msgspec.structs import replace

from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration.mfa_rules import ATTRIBUTES
from poolhouse.pool.sign_in import one_time_codes, sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import EMAIL_OTP, SMS_MFA, SMS_OTP
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.sign_in.sessions import ChallengeSession
from poolhouse.pool.threat_protection import auth_events
from poolhouse.pool.triggers import post_confirmation
from poolhouse.pool.users import code_guesses, mfa, users
from poolhouse.pool.users import confirmation_codes as codes
from poolhouse.pool.users.mfa import Wish
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


async def sms(call: ClientCall, session: str | None, responses: Parameters) -> Attempt:
    return await respond(call, session, responses["USERNAME"], SMS_MFA, required(responses, "SMS_MFA_CODE"))


async def sms_first(call: ClientCall, session: str | None, responses: Parameters) -> Attempt:
    return await respond(call, session, responses["USERNAME"], SMS_OTP, required(responses, "SMS_OTP_CODE"))


async def email(call: ClientCall, session: str | None, responses: Parameters) -> Attempt:
    return await respond(call, session, responses["USERNAME"], EMAIL_OTP, required(responses, "EMAIL_OTP_CODE"))


async def respond(call: ClientCall, session: str | None, username: str, factor: str, code: str) -> Attempt:
    """The attempt of who has read the message. The address is verified by this; in MFA_SETUP it becomes the user's.

    As the first factor it confirms a sign-up, too (DG). The code of a name that nobody has is never right.
    Raises NotAuthorizedException (session; too many guesses), CodeMismatchException, AliasExistsException.
    """
    opened = sessions.read(call, session, factor)
    user = await sessions.anybody_of(call, opened, username)

    async def judge(tx: Transaction) -> User | CognitoError:
        if user is None:
            return errors.CodeMismatchException(texts.SIGN_IN_CODE_WRONG, detail=codes.NO_USER)
        before = await users.reload(tx, user)
        sessions.check_standing(opened, before)
        if opened.memory.is_set_up:
            mfa.check_has_none(call.user_pool, before)
        # Of the address that the user has now: a code that went elsewhere is wrong.
        address = opened.memory.address or before.attributes.get(ATTRIBUTES[factor], "")
        made = one_time_codes.hashes(call.user_pool, before, factor, address, code)
        if not any(hmac.compare_digest(opened.memory.code_hash, each) for each in made):
            return errors.CodeMismatchException(texts.SIGN_IN_CODE_WRONG)
        return before

    async def use(tx: Transaction, before: User) -> User:
        after = _proven(call, opened, factor, before)
        if after != before:
            await users.update(tx, call, before, replace(after, updated_at=call.now_ms))
        return after

    try:
        name, event = (
            call.user_pool.fold(username),
            sessions.event_of(opened) or auth_events.of_first_factor(call, user),
        )
        proven = await code_guesses.guess(call, user, judge, use, name=name, event=event)
    except users.AliasTaken as error:
        raise errors.AliasExistsException(texts.ALIAS_EXISTS, error.alias) from error
    if user is not None and user.status != proven.status:
        await post_confirmation.fire(call, proven, "ConfirmSignUp")
    return sessions.resumed(opened, proven, factor)


def _proven(call: ClientCall, opened: ChallengeSession, factor: str, user: User) -> User:
    """The user with the address that the code has proven, and with the factor where it was set up by this."""
    attribute = ATTRIBUTES[factor]
    proven = {**user.attributes, f"{attribute}_verified": "true"}
    if opened.memory.address:
        proven[attribute] = opened.memory.address
    after = replace(user, attributes=proven) if proven != user.attributes else user
    if user.status == "UNCONFIRMED" and not opened.proven:
        after = replace(after, status="CONFIRMED")
    if not opened.memory.is_set_up:
        return after
    wish = {EMAIL_OTP: Wish(is_enabled=True, is_preferred=True)}
    return replace(after, mfa=mfa.preferring(call.user_pool, after, wish))  # type: ignore[arg-type]
