"""PreSignUp: whether somebody may be born, and as what."""

from collections.abc import Mapping

import msgspec

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.triggers import invocation
from poolhouse.wire import exceptions as errors


class Verdict(msgspec.Struct, frozen=True):
    """The trigger's response. verified: attributes that it vouches for; an alias moves from whoever had it before (DOC)."""

    is_confirmed: bool = False
    verified: tuple[str, ...] = ()


class _Response(msgspec.Struct):
    autoConfirmUser: bool | None = None  # noqa: N815  Cognito's names, as all of them
    autoVerifyEmail: bool | None = None  # noqa: N815
    autoVerifyPhone: bool | None = None  # noqa: N815


_NEEDS = {"email": texts.AUTO_VERIFY_WITHOUT_EMAIL, "phone_number": texts.AUTO_VERIFY_WITHOUT_PHONE_NUMBER}


async def of_sign_up(
    call: PoolCall, username: str, attributes: Mapping[str, str], validation_data: Mapping[str, str] | None
) -> Verdict:
    """Raises invocation.REFUSALS."""
    response = await _fire(call, "SignUp", username, attributes, validation_data)
    wanted = {"email": response.autoVerifyEmail, "phone_number": response.autoVerifyPhone}
    verified = tuple(name for name, is_wanted in wanted.items() if is_wanted)
    for name in verified:
        if not attributes.get(name):
            raise errors.InvalidLambdaResponseException(_NEEDS[name])
    return Verdict(is_confirmed=bool(response.autoConfirmUser), verified=verified)


async def of_admin_create_user(
    call: PoolCall, username: str, attributes: Mapping[str, str], validation_data: Mapping[str, str] | None
) -> None:
    """It may refuse; what it responds is ignored (DOC). Raises invocation.REFUSALS."""
    await _fire(call, "AdminCreateUser", username, attributes, validation_data)


async def _fire(
    call: PoolCall, source: str, username: str, attributes: Mapping[str, str], validation_data: Mapping[str, str] | None
) -> _Response:
    arn = call.user_pool.triggers.pre_sign_up
    if not arn:
        return _Response()
    request = invocation.with_metadata(
        {"userAttributes": attributes, "validationData": validation_data}, call.client_context.metadata
    )
    response = {"autoConfirmUser": False, "autoVerifyEmail": False, "autoVerifyPhone": False}  # DOC
    return await invocation.invoke(call, arn, f"PreSignUp_{source}", username, request, response, _Response)
