"""SOFTWARE_TOKEN_MFA: a code of the user's authenticator app (user-pools-api.md §6.9). A wrong one leaves the Session as it is."""

from poolhouse.pool.call import ClientCall
from poolhouse.pool.sign_in import sessions
from poolhouse.pool.sign_in.attempt import Attempt
from poolhouse.pool.sign_in.challenges import SOFTWARE_TOKEN_MFA
from poolhouse.pool.sign_in.parameters import Parameters, required
from poolhouse.pool.users import software_tokens


async def answer(call: ClientCall, session: str | None, responses: Parameters) -> Attempt:
    return await respond(call, session, responses["USERNAME"], required(responses, "SOFTWARE_TOKEN_MFA_CODE"))


async def respond(call: ClientCall, session: str | None, username: str, code: str) -> Attempt:
    """The attempt of who holds the app.

    Raises NotAuthorizedException (session; too many guesses), CodeMismatchException, ExpiredCodeException (the code was used before).
    """
    opened = sessions.read(call, session, SOFTWARE_TOKEN_MFA)
    user = await sessions.user_of(call, opened, username)
    await software_tokens.prove(call, user, code, sessions.event_of(opened))
    return sessions.resumed(opened, user, SOFTWARE_TOKEN_MFA)
