"""One call of a trigger: the envelope of the event, what the answer must be, and Cognito's words when it goes wrong."""

import logging
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from poolhouse.pool import texts
from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.storage.users import User
from poolhouse.triggers.failures import BadAnswer, FunctionFailed, NotInvoked, Unanswered
from poolhouse.wire import exceptions as errors

log = logging.getLogger(__name__)

T = TypeVar("T")

# What a trigger may do to whoever calls: declared by every operation that fires one.
REFUSALS = (
    errors.UserLambdaValidationException,
    errors.UnexpectedLambdaException,
    errors.InvalidLambdaResponseException,
)
NO_CLIENT = "CLIENT_ID_NOT_APPLICABLE"  # GUESS+
_UNKNOWN_SDK = "aws-sdk-unknown-unknown"  # DOC
_SDK = re.compile(r"aws-sdk-([a-z0-9]{1,20})/v?([0-9][0-9.]{0,19})")
# What names the event: a function that changes one of these has answered another event (acceptance.md 68).
_IMMUTABLE = ("version", "triggerSource", "region", "userPoolId", "userName")


async def invoke(  # noqa: PLR0913  what an event consists of
    call: PoolCall,
    arn: str,
    source: str,
    user_name: str,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    answers: type[T],
    *,
    version: str = "1",
) -> T:
    """Fire a trigger and read the `response` of its answer.

    source: `PreSignUp_SignUp`.  response: as the function finds it, pre-filled.  answers: what it may hold.
    Raises UserLambdaValidationException (the function raised), UnexpectedLambdaException (it could not be run),
    InvalidLambdaResponseException (its answer is not the event, or says what it may not).
    """
    trigger = _word(source)
    event = make_event(call, source, user_name, request, response, version=version)
    try:
        answer = await call.house.invoker.invoke(call.user_pool.id, arn, msgspec.json.encode(event), call.log_extra)
    except FunctionFailed as failure:
        raise errors.UserLambdaValidationException(texts.TRIGGER_FAILED, trigger, str(failure)) from failure
    except NotInvoked as failure:
        how = "left unanswered" if isinstance(failure, Unanswered) else "not invoked"
        log.warning("trigger %s was %s: %s", arn, how, failure.detail, extra=call.log_extra)
        detail = f"{arn}: {failure.detail}"
        raise errors.UnexpectedLambdaException(
            texts.TRIGGER_NOT_INVOKED, trigger, str(failure), detail=detail
        ) from failure
    except BadAnswer as failure:
        text = texts.TRIGGER_ANSWER_NO_JSON if str(failure) == "no JSON" else texts.TRIGGER_ANSWER_UNKNOWN
        raise errors.InvalidLambdaResponseException(text, detail=f"{arn}: {failure}") from failure
    try:
        return _read(arn, event, answer, answers)
    except errors.InvalidLambdaResponseException as refusal:
        why = f"{refusal.message}: {(refusal.detail or '').removeprefix(f'{arn}: ')}"
        call.house.invoker.records.refuse(arn, call.request_id, why)
        raise


def make_event(  # noqa: PLR0913  what an event consists of
    call: PoolCall,
    source: str,
    user_name: str,
    request: Mapping[str, Any],
    response: Mapping[str, Any],
    *,
    version: str = "1",
) -> dict[str, Any]:
    """The envelope and what is in it (user-pools-api.md §7.1)."""
    return {
        "version": version,
        "triggerSource": source,
        "region": call.user_pool.region,
        "userPoolId": call.user_pool.id,
        "userName": user_name,
        "callerContext": {
            "awsSdkVersion": sdk_version(call.user_agent),
            "clientId": call.client.id if isinstance(call, ClientCall) else NO_CLIENT,
        },
        "request": request,
        "response": response,
    }


def _word(source: str) -> str:
    """How errors name the trigger (GUESS+): `PreTokenGeneration` for `TokenGeneration_HostedAuth`."""
    word = source.partition("_")[0]
    return "PreTokenGeneration" if word == "TokenGeneration" else word


def _read(arn: str, event: Mapping[str, Any], answer: object, answers: type[T]) -> T:
    if not isinstance(answer, dict) or "response" not in answer:
        raise unrecognizable(arn, "the answer is no event")
    for name in _IMMUTABLE:
        if answer.get(name, event[name]) != event[name]:
            raise unrecognizable(arn, f"{name} was changed")
    try:
        # A member that is null is as good as absent; the struct says what it is then.
        return msgspec.convert(answer["response"] or {}, answers)
    except msgspec.ValidationError as error:
        raise unrecognizable(arn, str(error)) from error


def unrecognizable(arn: str, why: str) -> errors.InvalidLambdaResponseException:
    return errors.InvalidLambdaResponseException(texts.TRIGGER_ANSWER_UNKNOWN, detail=f"{arn}: {why}")


def sdk_version(user_agent: str) -> str:
    """`aws-sdk-js-3.1.0` from `aws-sdk-js/3.1.0 ...`; what it is not is told as Cognito tells it (GUESS)."""
    found = _SDK.search(user_agent)
    return _UNKNOWN_SDK if found is None else f"aws-sdk-{found[1]}-{found[2]}"


def user_attributes(call: PoolCall, user: User) -> dict[str, str]:
    """What triggers are told of a user: all attributes, whatever the client may read."""
    pool = call.user_pool
    told = {"sub": user.sub, "cognito:user_status": user.status, **user.attributes}
    for name in ("email", "phone_number"):  # GUESS+
        if name in pool.alias_attributes and name in user.attributes:
            told[f"cognito:{name}_alias"] = user.attributes[name]
    return told


def with_metadata(request: dict[str, Any], metadata: Mapping[str, str] | None) -> dict[str, Any]:
    """The request, and what the client sent for triggers, where it sent something."""
    return request if metadata is None else {**request, "clientMetadata": metadata}


class Nothing(msgspec.Struct):
    """The response of a trigger whose answer changes nothing."""
