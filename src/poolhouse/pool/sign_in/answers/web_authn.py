"""WEB_AUTHN: a passkey as the first factor, and as both where the pool says so (user-pools-api.md §6.5, §9.8)."""

from typing import Any

import msgspec
from msgspec.structs import replace

from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import WEB_AUTHN
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.sign_in.sessions import ChallengeSession
from poolhouse.pool.users import code_guesses, passkeys, users
from poolhouse.pool.users.passkeys import PasskeyProof
from poolhouse.storage import passkeys as stored
from poolhouse.storage.engine import Transaction
from poolhouse.storage.users import User
from poolhouse.wire import exceptions as errors


async def answer(call: ClientCall, session: str | None, responses: Parameters) -> Attempt:
    """Raises NotAuthorizedException (session; the passkey does not prove the user), InvalidParameterException (no document)."""
    opened = sessions.read(call, session, WEB_AUTHN)
    user = await sessions.user_of(call, opened, responses["USERNAME"])
    return await prove(call, opened, user, required(responses, "CREDENTIAL"))


async def prove(call: ClientCall, opened: ChallengeSession, user: User, credential: str) -> Attempt:
    """credential: AuthenticationResponseJSON, as text."""
    document = _document(credential)

    async def judge(tx: Transaction) -> PasskeyProof | CognitoError:
        before = await users.reload(tx, user)
        sessions.check_standing(opened, before)
        try:
            return await passkeys.judge(call, tx, before, opened.memory.code_hash, document)
        except passkeys.WrongProof as why:
            return errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail=f"passkey: {why}")

    async def use(tx: Transaction, proof: PasskeyProof) -> PasskeyProof:
        if not await stored.move_count(tx, proof.row, proof.sign_count):
            raise errors.NotAuthorizedException(texts.INCORRECT_USERNAME_OR_PASSWORD, detail="the passkey is gone")
        return proof

    proof = await code_guesses.guess(call, user, judge, use)
    attempt = sessions.resumed(opened, user, WEB_AUTHN)
    skips_mfa = proof.is_user_verified and call.user_pool.web_authn.satisfies_mfa
    return replace(attempt, skips_mfa=skips_mfa)


def _document(text: str) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MALFORMED, "CREDENTIAL") from error
    if not isinstance(document, dict):
        raise errors.InvalidParameterException(texts.WEB_AUTHN_MALFORMED, "CREDENTIAL")
    return document
