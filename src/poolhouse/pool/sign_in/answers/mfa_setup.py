"""MFA_SETUP: a user of a pool that requires a second factor gets one (user-pools-api.md §6.9).

An app is set up by AssociateSoftwareToken and VerifySoftwareToken, which take the Session and give the next one; an e-mail address
by naming it in the answer, and by the code that goes there.
"""

from msgspec.structs import replace

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall
from poolhouse.pool.configuration.mfa_rules import SOFTWARE_TOKEN_MFA
from poolhouse.pool.sign_in import one_time_codes, sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import EMAIL_OTP, MFA_SETUP, Asked, Memory
from poolhouse.pool.sign_in.parameters import Parameters
from poolhouse.pool.tokens import tokens
from poolhouse.pool.users import attributes as attribute_rules
from poolhouse.pool.users import software_tokens
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors

Continued = Attempt | tuple[Attempt, Asked]


async def answer(call: ClientCall, session: str | None, responses: Parameters) -> Continued:
    """The attempt, where the app was verified; else what is asked next.

    Raises NotAuthorizedException (session; nothing was set up), InvalidParameterException (no e-mail address).
    """
    opened = sessions.read(call, session, MFA_SETUP)
    user = await sessions.user_of(call, opened, responses["USERNAME"])
    if opened.memory.is_set_up:
        return sessions.resumed(opened, user, MFA_SETUP)
    email = responses.get("email") or responses.get("EMAIL")
    if not email or EMAIL_OTP not in opened.memory.choices:
        raise errors.NotAuthorizedException(texts.INVALID_SESSION, detail="nothing was set up")
    if not attribute_rules.is_email(email):
        raise errors.InvalidParameterException(texts.INVALID_EMAIL)
    asked = await one_time_codes.ask(call, user, EMAIL_OTP, email)
    return sessions.resumed(opened, user), replace(asked, memory=replace(asked.memory, address=email, is_set_up=True))


async def associate(call: ClientCall, session: str) -> tuple[str, str]:
    """(the secret for the app, the next Session). Raises NotAuthorizedException, SoftwareTokenMFANotFoundException."""
    opened = sessions.read(call, session, MFA_SETUP)
    user = await sessions.owner(call, call.db, opened)
    if SOFTWARE_TOKEN_MFA not in opened.memory.choices:
        raise errors.SoftwareTokenMFANotFoundException(texts.SOFTWARE_TOKEN_NOT_IN_POOL)
    return await software_tokens.associate(call, user), sessions.renewed(call, opened, opened.memory)


async def verify(call: ClientCall, session: str, code: str, friendly_name: str) -> str:
    """The Session that says that the app serves now. Raises NotAuthorizedException and what `verify` of an app raises."""
    opened = sessions.read(call, session, MFA_SETUP)
    user = await sessions.owner(call, call.db, opened)

    async def take(tx: Transaction) -> None:
        await tokens.spend(tx, call.user_pool.id, (sessions.spend(opened),))

    await software_tokens.verify(call, user, code, friendly_name, becomes_active=True, then=take)
    return sessions.renewed(call, opened, Memory(is_set_up=True))
