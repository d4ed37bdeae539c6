"""The one sign-in machine: which flow or answer runs, the steps behind it, and the only maker of "signed in".

`start` is InitiateAuth, `answer` RespondToAuthChallenge, `by_password` and `resume` what the pages have. Each ends in
`_advance`: the first step that asks for something decides, and the attempt travels in the Session; when none does, the user is
signed in.
"""

from collections.abc import Awaitable, Callable, Mapping

import msgspec
from msgspec.structs import replace

from poolhouse.delivery.outbox import Notice
from poolhouse.errors import CognitoError
from poolhouse.pool import secret_hash, texts
from poolhouse.pool.call import SIGNED_IN, ClientCall, PoolCall
from poolhouse.pool.outcomes import SignedIn, Spend
from poolhouse.pool.sign_in import challenges, custom_rounds, device_step, risk_responses, sessions
from poolhouse.pool.sign_in.answers import (
    custom_challenge,
    device_srp,
    mfa_setup,
    new_password_required,
    password_verifier,
    select_challenge,
    select_mfa_type,
    sent_code,
    software_token_mfa,
    web_authn,
)
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import Asked, Challenged
from poolhouse.pool.sign_in.flows import (
    custom_auth,
    refresh_token_auth,
    user_auth,
    user_password_auth,
    user_srp_auth,
)
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.sign_in.steps import STEPS
from poolhouse.pool.tokens import tokens
from poolhouse.pool.tokens.tokens import TokenSet
from poolhouse.pool.triggers import authentication
from poolhouse.pool.users import lockout, quotas
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors

Outcome = SignedIn | Challenged
Begun = Attempt | Challenged | TokenSet


class _Flow(msgspec.Struct, frozen=True):
    """allowed_by: what the client's ExplicitAuthFlows must hold. callers: who may ask for it."""

    allowed_by: str
    callers: frozenset[str]
    run: Callable[[ClientCall, Parameters], Awaitable[Begun]]


_ANYBODY, _PUBLIC, _ADMIN = frozenset({"public", "admin"}), frozenset({"public"}), frozenset({"admin"})
_FLOWS = {
    "USER_SRP_AUTH": _Flow("ALLOW_USER_SRP_AUTH", _ANYBODY, user_srp_auth.begin),
    "USER_PASSWORD_AUTH": _Flow("ALLOW_USER_PASSWORD_AUTH", _PUBLIC, user_password_auth.begin),
    "ADMIN_USER_PASSWORD_AUTH": _Flow("ALLOW_ADMIN_USER_PASSWORD_AUTH", _ADMIN, user_password_auth.begin),
    "ADMIN_NO_SRP_AUTH": _Flow("ALLOW_ADMIN_USER_PASSWORD_AUTH", _ADMIN, user_password_auth.begin),
    "REFRESH_TOKEN_AUTH": _Flow("ALLOW_REFRESH_TOKEN_AUTH", _ANYBODY, refresh_token_auth.begin),
    "REFRESH_TOKEN": _Flow("ALLOW_REFRESH_TOKEN_AUTH", _ANYBODY, refresh_token_auth.begin),
    "CUSTOM_AUTH": _Flow("ALLOW_CUSTOM_AUTH", _ANYBODY, custom_auth.begin),
    "USER_AUTH": _Flow("ALLOW_USER_AUTH", _ANYBODY, user_auth.begin),
}

# An answer gives the attempt that goes on, what is asked next beside the steps, or a challenge with its Session.
Answered = Attempt | Challenged | tuple[Attempt, Asked]
_ANSWERS: dict[str, Callable[[ClientCall, str | None, Parameters], Awaitable[Answered]]] = {
    challenges.PASSWORD_VERIFIER: password_verifier.answer,
    challenges.NEW_PASSWORD_REQUIRED: new_password_required.answer,
    challenges.CUSTOM_CHALLENGE: custom_challenge.answer,
    challenges.SELECT_CHALLENGE: select_challenge.answer,
    challenges.PASSWORD: select_challenge.password,
    challenges.PASSWORD_SRP: select_challenge.password_srp,
    challenges.SMS_OTP: sent_code.sms_first,
    challenges.WEB_AUTHN: web_authn.answer,
    challenges.SMS_MFA: sent_code.sms,
    challenges.EMAIL_OTP: sent_code.email,
    challenges.SOFTWARE_TOKEN_MFA: software_token_mfa.answer,
    challenges.SELECT_MFA_TYPE: select_mfa_type.answer,
    challenges.MFA_SETUP: mfa_setup.answer,
    challenges.DEVICE_SRP_AUTH: device_srp.begin,
    challenges.DEVICE_PASSWORD_VERIFIER: device_srp.answer,
}

# ------------------------------------------------------------------------------------------------ the API


async def start(
    call: ClientCall, auth_flow: str, parameters: Mapping[str, str], *, is_admin: bool
) -> Outcome | TokenSet:
    """Run a flow for call.client.

    Raises InvalidParameterException (flow unknown here, not allowed; parameter missing) and what the flow raises.
    """
    flow = _FLOWS[auth_flow]
    if ("admin" if is_admin else "public") not in flow.callers:
        raise errors.InvalidParameterException(texts.FLOW_NOT_SUPPORTED)
    # Which flows a client allows is told to whoever knows its secret (user-pools-api.md §1.5). A refresh token has to be read first.
    if flow.run is not refresh_token_auth.begin:
        username = required(parameters, "USERNAME")
        secret_hash.check(call.client, username, parameters.get("SECRET_HASH"), is_sign_in=True)
    if flow.allowed_by not in call.client.auth_flows:
        raise _not_enabled(auth_flow, is_admin=is_admin)
    begun = await flow.run(call, parameters)
    return await _advance(call, _with_device(begun, parameters)) if isinstance(begun, Attempt) else begun


def _with_device(attempt: Attempt, given: Parameters) -> Attempt:
    """DEVICE_KEY may come with the first request, or with any answer."""
    device_key = given.get("DEVICE_KEY")
    return replace(attempt, device_key=device_key) if device_key else attempt


def _not_enabled(auth_flow: str, *, is_admin: bool) -> errors.InvalidParameterException:
    if is_admin:
        return errors.InvalidParameterException(texts.ADMIN_FLOW_NOT_ENABLED)
    if auth_flow == "CUSTOM_AUTH":
        return errors.InvalidParameterException(texts.CUSTOM_FLOW_NOT_ENABLED)
    return errors.InvalidParameterException(texts.FLOW_NOT_ENABLED, auth_flow)


async def answer(call: ClientCall, challenge: str, session: str | None, responses: Mapping[str, str]) -> Outcome:
    """One answer of call.client to a challenge.

    Raises NotAuthorizedException, InvalidParameterException and what the challenge raises.
    """
    username = required(responses, "USERNAME")
    secret_hash.check(call.client, username, responses.get("SECRET_HASH"), is_sign_in=True)
    return await respond(call, challenge, session, responses)


async def respond(call: ClientCall, challenge: str, session: str | None, responses: Mapping[str, str]) -> Outcome:
    """As `answer`, by a page, which no client secret is asked of."""
    run = _ANSWERS.get(challenge)
    if run is None:
        raise errors.InvalidParameterException(texts.FLOW_NOT_BUILT, challenge)
    begun = await run(call, session, responses)
    if isinstance(begun, tuple):
        return await _ask(call, *begun)
    if challenge == challenges.PASSWORD_VERIFIER and isinstance(begun, Attempt):
        begun = custom_challenge.after_password(call, session, begun)
    if not isinstance(begun, Attempt):
        return begun
    return await _advance(call, _with_device(begun, responses), call.client_context.metadata)


# ------------------------------------------------------------------------------------------------ the pages


async def by_password(call: ClientCall, username: str, password: str) -> Outcome:
    """The hosted form: whatever flows the client allows to the API. Raises as user_password_auth.prove, and as the steps."""
    return await _advance(call, await user_password_auth.prove(call, username, password))


async def with_new_password(
    call: ClientCall, session: str | None, username: str, new_password: str, attributes: Mapping[str, str]
) -> Outcome:
    """The hosted form that answers NEW_PASSWORD_REQUIRED. Raises as new_password_required.respond, and as the steps."""
    attempt = await new_password_required.respond(call, session, username, new_password, attributes)
    return await _advance(call, attempt)


class Proof(msgspec.Struct, frozen=True):
    """That somebody gave the password of a user a moment ago, as sealed between two pages. spend: the proof serves once."""

    sub: str
    browser_epoch: int
    spend: Spend


async def resume(call: ClientCall, user: User, proof: Proof) -> Outcome | None:
    """Go on where an unconfirmed user was stopped, now that the user is confirmed.

    None: the user has to sign in anew, since the proof is another user's or of another password, or the user is disabled.
    """
    is_proven = (proof.sub, proof.browser_epoch) == (user.sub, user.browser_epoch)
    if not is_proven or not user.is_enabled:
        return None
    await authentication.before(call, user, user.username)
    attempt = Attempt(user=user, flow="USER_PASSWORD_AUTH", proven=("PASSWORD",), spends=(proof.spend,))
    return await _advance(call, attempt)


# ------------------------------------------------------------------------------------------------ the steps


async def _advance(call: ClientCall, attempt: Attempt, metadata: Mapping[str, str] | None = None) -> Outcome:
    """metadata: what came with the answer to a challenge, for the PostAuthentication trigger."""
    attempt = await risk_responses.weighed(call, attempt)
    for step in STEPS:
        asked = await step(call, attempt)
        if asked is not None:
            return await _ask(call, attempt, asked)
    if attempt.flow == "CUSTOM_AUTH" and not attempt.is_decided:
        await _settle(call, attempt)
        decided = await custom_rounds.go_on(call, attempt)
        return await _advance(call, decided, metadata) if isinstance(decided, Attempt) else decided
    if call.user_pool.triggers.post_authentication:
        await authentication.after(call, attempt.user, metadata)
    attempt = device_step.named(call, attempt)
    call.note = f"{SIGNED_IN} {attempt.flow}: {', '.join(attempt.proven)}"
    return SignedIn(
        user=attempt.user,
        auth_time=int(call.now),
        flow=attempt.flow,
        proven=attempt.proven,
        lockout_name=attempt.lockout_name,
        spends=attempt.spends,
        device_key=attempt.device_key,
        is_new_device=attempt.is_new_device,
        assessment=attempt.assessment,
    )


async def _ask(call: ClientCall, attempt: Attempt, asked: Asked) -> Challenged:
    session = sessions.create(call, asked.challenge.name, attempt, asked.memory)
    keep = asked.keep
    await _settle(call, attempt, asked.notice, None if keep is None else lambda tx: keep(tx, session))
    return Challenged(asked.challenge, session)


async def _settle(
    call: PoolCall, attempt: Attempt, notice: Notice | None = None, keep: tokens.Step | None = None
) -> None:
    """A challenge ends the step before it: what that used up is taken now, and what the next one needs is sent.

    Raises NotAuthorizedException (it was taken before), TooManyRequestsException (the user was sent too many codes).
    """
    if not attempt.spends and attempt.lockout_name is None and notice is None and keep is None:
        return

    async def write(tx: Transaction) -> CognitoError | None:
        if notice is not None and not await quotas.is_left(tx, call, attempt.user.username, quotas.SIGN_IN_CODE):
            # Returned, so that the count stays.
            return errors.TooManyRequestsException(texts.TOO_MANY_REQUESTS)
        await tokens.spend(tx, call.user_pool.id, attempt.spends)
        if attempt.lockout_name is not None:
            await lockout.clear(tx, call.user_pool.id, attempt.lockout_name)
        if keep is not None:
            await keep(tx)
        if notice is not None:
            await call.house.outbox.note(tx, notice)
        return None

    refusal = await call.write(write)
    if refusal is not None:
        raise refusal
