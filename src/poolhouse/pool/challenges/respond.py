"""Which challenge an answer belongs to: the matrix of RespondToAuthChallenge (user-pools-api.md §6)."""

from collections.abc import Mapping

from poolhouse.call import Call
from poolhouse.pool import secret_hash, texts
from poolhouse.pool.auth_flows import user_srp_auth
from poolhouse.pool.auth_flows.initiate import required
from poolhouse.pool.challenges import new_password_required
from poolhouse.pool.outcomes import Outcome
from poolhouse.wire import exceptions as errors

_ATTRIBUTE_PREFIX = "userAttributes."


async def respond(call: Call, challenge: str, session: str | None, responses: Mapping[str, str]) -> Outcome:
    """One answer of call.client.

    Raises NotAuthorizedException, InvalidParameterException and what the challenge raises.
    """
    username = required(responses, "USERNAME")
    secret_hash.check(call.client, username, responses.get("SECRET_HASH"), is_sign_in=True)
    match challenge:
        case "PASSWORD_VERIFIER":
            return await user_srp_auth.respond(
                call,
                username,
                signature=required(responses, "PASSWORD_CLAIM_SIGNATURE"),
                secret_block=required(responses, "PASSWORD_CLAIM_SECRET_BLOCK"),
                timestamp=required(responses, "TIMESTAMP"),
            )
        case "NEW_PASSWORD_REQUIRED":
            attributes = {
                name.removeprefix(_ATTRIBUTE_PREFIX): value
                for name, value in responses.items()
                if name.startswith(_ATTRIBUTE_PREFIX)
            }
            return await new_password_required.respond(
                call, session, username, required(responses, "NEW_PASSWORD"), attributes
            )
        case _:
            raise errors.InvalidParameterException(texts.FLOW_NOT_BUILT.format(challenge))
