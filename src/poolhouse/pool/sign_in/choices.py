"""USER_AUTH: with what a user may begin, and beginning with it (user-pools-api.md §6.5)."""

import base64
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration import first_factors
from poolhouse.pool.configuration.mfa_rules import ATTRIBUTES
from poolhouse.pool.configuration.snapshots import UserPool
from poolhouse.pool.outcomes import Spend
from poolhouse.pool.sign_in import candidates, one_time_codes, sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import (
    EMAIL_OTP,
    NO_MEMORY,
    PASSWORD,
    PASSWORD_SRP,
    SELECT_CHALLENGE,
    SMS_OTP,
    WEB_AUTHN,
    Challenged,
    Memory,
    PasskeyRequest,
    SelectChallenge,
)
from poolhouse.pool.sign_in.flows import user_password_auth, user_srp_auth
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.triggers import authentication
from poolhouse.pool.users import mfa, passkeys
from poolhouse.storage import passkeys as stored_passkeys
from poolhouse.storage.users import User


def available(user_pool: UserPool, user: User | None) -> list[str]:
    """AvailableChallenges, in their order (the first two OBS, the rest GUESS); for nobody, those that the pool allows."""
    allowed = first_factors.allowed(user_pool.settings.Policies)
    passwords = [PASSWORD_SRP, PASSWORD] if first_factors.PASSWORD in allowed else []
    if user_pool.password_storage == "argon2id":
        passwords = passwords[1:]  # no verifier, no SRP
    codes = [factor for factor in (EMAIL_OTP, SMS_OTP) if factor in allowed]
    if user is None:
        return passwords + ([] if user_pool.mfa.mode == "ON" else codes)
    if user.password is None:
        passwords = []
    if user.status == "FORCE_CHANGE_PASSWORD":
        return passwords
    passkeys_ = [WEB_AUTHN] if WEB_AUTHN in allowed and user.mfa.passkeys else []
    if user_pool.mfa.mode == "ON":
        return passwords + (passkeys_ if user_pool.web_authn.satisfies_mfa else [])
    if user_pool.mfa.mode == "OPTIONAL" and mfa.active(user_pool, user):
        return (
            passwords + passkeys_
        )  # a code that is sent would be the only factor; a passkey is followed by the second
    return passwords + [factor for factor in codes if user.attributes.get(ATTRIBUTES[factor])] + passkeys_


async def offer(call: ClientCall, user: User | None, typed: str) -> Challenged:
    """SELECT_CHALLENGE."""
    offered, challenge, memory = available(call.user_pool, user), SelectChallenge(), NO_MEMORY
    if user is not None and WEB_AUTHN in offered:
        options, to_sign = await _passkey_options(call, user)
        challenge, memory = SelectChallenge(options), Memory(code_hash=to_sign)
    return Challenged(challenge, sessions.begin(call, SELECT_CHALLENGE, user, typed, memory), tuple(offered))


async def _passkey_options(call: ClientCall, user: User) -> tuple[str, bytes]:
    """(PublicKeyCredentialRequestOptions as JSON, its challenge). Raises WebAuthnConfigurationMissingException."""
    to_sign = call.random(32)
    found = await stored_passkeys.list_page(call.db, call.user_pool.id, user.sub, "", passkeys.MOST_PER_USER)
    is_required = passkeys.WEB_AUTHN in user.mfa.enabled
    options = {
        "challenge": base64.urlsafe_b64encode(to_sign).decode().rstrip("="),
        "timeout": passkeys.TIMEOUT_MS,
        "rpId": passkeys.relying_party_id(call),
        "allowCredentials": [passkeys.descriptor(row) for row in found],
        "userVerification": "required" if is_required else call.user_pool.web_authn.user_verification,
    }
    return msgspec.json.encode(options).decode(), to_sign


async def ask_for_passkey(call: ClientCall, user: User, typed: str) -> Challenged:
    """WEB_AUTHN. Raises what the PreAuthentication trigger refuses."""
    await authentication.before(call, user, user.username)
    options, to_sign = await _passkey_options(call, user)
    session = sessions.begin(call, WEB_AUTHN, user, typed, Memory(code_hash=to_sign))
    return Challenged(PasskeyRequest(options), session, (WEB_AUTHN,))


async def begin(
    call: ClientCall, typed: str, factor: str, given: Parameters, spends: Callable[[], tuple[Spend, ...]] = tuple
) -> Attempt | Challenged:
    """The factor, one of those that are available. given: PASSWORD or SRP_A.  spends: what is used up by it.

    Raises InvalidParameterException (something is missing) and what the factor raises.
    """
    if factor == PASSWORD:
        attempt = await user_password_auth.prove(call, typed, required(given, "PASSWORD"))
        return replace(attempt, flow="USER_AUTH", spends=(*attempt.spends, *spends()))
    if factor == PASSWORD_SRP:
        return await user_srp_auth.begin(call, {**given, "USERNAME": typed}, flow="USER_AUTH")
    candidate = await candidates.find(call, typed)
    if factor == WEB_AUTHN and candidate.user is not None:
        return await ask_for_passkey(call, candidate.user, typed)
    return await one_time_codes.begin(call, candidate, typed, factor, *spends())
