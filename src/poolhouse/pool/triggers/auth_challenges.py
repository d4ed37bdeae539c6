"""DefineAuthChallenge, CreateAuthChallenge and VerifyAuthChallengeResponse: what CUSTOM_AUTH asks (user-pools-api.md §6.4)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from poolhouse.pool.call import ClientCall
from poolhouse.pool.triggers import invocation
from poolhouse.storage.users import User

# DOC: whose ClientMetadata reaches these triggers. What comes with InitiateAuth does not.
_WITH_METADATA = frozenset({"RespondToAuthChallenge", "AdminRespondToAuthChallenge"})


class Round(msgspec.Struct, frozen=True, rename="camel"):
    """One element of `session`: what was asked, and whether the answer was right."""

    challenge_name: str
    challenge_result: bool
    challenge_metadata: str | None = None


class Decision(msgspec.Struct, rename="camel"):
    """What DefineAuthChallenge says."""

    challenge_name: str | None = None
    issue_tokens: bool | None = None
    fail_authentication: bool | None = None


class Created(msgspec.Struct, rename="camel"):
    """What CreateAuthChallenge says: public parameters go to the client, private ones to Verify."""

    public_challenge_parameters: dict[str, str] | None = None
    private_challenge_parameters: dict[str, str] | None = None
    challenge_metadata: str | None = None


class _Verified(msgspec.Struct, rename="camel"):
    answer_correct: bool | None = None


async def define(call: ClientCall, user: User | None, name: str, rounds: Sequence[Round]) -> Decision:
    """user: None for somebody who does not exist, where the client hides that. Raises invocation.REFUSALS."""
    response = {"challengeName": None, "issueTokens": None, "failAuthentication": None}
    source, arn = "DefineAuthChallenge_Authentication", call.user_pool.triggers.define_auth_challenge
    return await invocation.invoke(call, arn, source, name, _request(call, user, session=rounds), response, Decision)


async def create(call: ClientCall, user: User | None, name: str, challenge: str, rounds: Sequence[Round]) -> Created:
    """As define."""
    response = {"publicChallengeParameters": None, "privateChallengeParameters": None, "challengeMetadata": None}
    source, arn = "CreateAuthChallenge_Authentication", call.user_pool.triggers.create_auth_challenge
    request = _request(call, user, challengeName=challenge, session=rounds)
    return await invocation.invoke(call, arn, source, name, request, response, Created)


async def verify(call: ClientCall, user: User | None, name: str, private: Mapping[str, str], answer: str) -> bool:
    """As define."""
    response = {"answerCorrect": None}
    source, arn = "VerifyAuthChallengeResponse_Authentication", call.user_pool.triggers.verify_auth_challenge_response
    request = _request(call, user, privateChallengeParameters=private, challengeAnswer=answer)
    return bool((await invocation.invoke(call, arn, source, name, request, response, _Verified)).answer_correct)


def _request(call: ClientCall, user: User | None, **members: Any) -> dict[str, Any]:
    told = {} if user is None else invocation.user_attributes(call, user)
    metadata = call.client_context.metadata if call.operation in _WITH_METADATA else None
    return invocation.with_metadata({"userAttributes": told, **members, "userNotFound": user is None}, metadata)
