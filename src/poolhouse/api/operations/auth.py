"""InitiateAuth, AdminInitiateAuth, RespondToAuthChallenge, AdminRespondToAuthChallenge."""

from collections.abc import Sequence
from typing import TypeVar, assert_never

import msgspec

from poolhouse.pool.call import ClientCall, PoolCall
from poolhouse.pool.configuration.snapshots import client_does_not_exist
from poolhouse.pool.outcomes import Grant, SignedIn
from poolhouse.pool.sign_in import machine
from poolhouse.pool.sign_in.challenges import (
    Challenge,
    Challenged,
    CodeSent,
    CustomChallenge,
    DevicePasswordVerifier,
    DeviceSRPAuth,
    MfaSetup,
    NewPassword,
    PasskeyRequest,
    PasswordVerifier,
    SelectChallenge,
    SelectMfaType,
    SoftwareTokenCode,
)
from poolhouse.pool.tokens import tokens
from poolhouse.pool.tokens.tokens import TokenSet
from poolhouse.pool.users import devices
from poolhouse.wire import shapes


async def initiate_auth(call: ClientCall, request: shapes.InitiateAuthRequest) -> shapes.InitiateAuthResponse:
    result = await machine.start(call, request.AuthFlow, request.AuthParameters or {}, is_admin=False)
    return await _answer(shapes.InitiateAuthResponse, call, result)


async def admin_initiate_auth(
    call: PoolCall, request: shapes.AdminInitiateAuthRequest
) -> shapes.AdminInitiateAuthResponse:
    call = await _as_client(call, request.ClientId)
    result = await machine.start(call, request.AuthFlow, request.AuthParameters or {}, is_admin=True)
    return await _answer(shapes.AdminInitiateAuthResponse, call, result)


async def respond_to_auth_challenge(
    call: ClientCall, request: shapes.RespondToAuthChallengeRequest
) -> shapes.RespondToAuthChallengeResponse:
    outcome = await machine.answer(call, request.ChallengeName, request.Session, request.ChallengeResponses or {})
    return await _answer(shapes.RespondToAuthChallengeResponse, call, outcome)


async def admin_respond_to_auth_challenge(
    call: PoolCall, request: shapes.AdminRespondToAuthChallengeRequest
) -> shapes.AdminRespondToAuthChallengeResponse:
    call = await _as_client(call, request.ClientId)
    outcome = await machine.answer(call, request.ChallengeName, request.Session, request.ChallengeResponses or {})
    return await _answer(shapes.AdminRespondToAuthChallengeResponse, call, outcome)


async def _as_client(call: PoolCall, client_id: str) -> ClientCall:
    client = await call.configuration.find_client(client_id, call.user_pool.id)
    if client is None:
        raise client_does_not_exist(client_id)
    return call.as_client(client)


_Answer = TypeVar(
    "_Answer",
    shapes.InitiateAuthResponse,
    shapes.AdminInitiateAuthResponse,
    shapes.RespondToAuthChallengeResponse,
    shapes.AdminRespondToAuthChallengeResponse,
)


async def _answer(kind: type[_Answer], call: ClientCall, result: SignedIn | Challenged | TokenSet) -> _Answer:
    """Every answer is either tokens or a challenge (user-pools-api.md §6.1)."""
    match result:
        case Challenged():
            name, parameters = result.challenge.name, _parameters(result.challenge)
            available = list(result.available) or None
            return kind(
                ChallengeName=name,
                Session=result.session,
                ChallengeParameters=parameters,
                AvailableChallenges=available,
            )
        case SignedIn():
            grant = Grant(
                scopes=tokens.API_SCOPES, auth_time=result.auth_time, source="api", device_key=result.device_key
            )
            issued = await tokens.issue(call, result, grant)
            if result.is_new_device:
                given = authentication_result(issued)
                given.NewDeviceMetadata = shapes.NewDeviceMetadataType(
                    DeviceKey=result.device_key, DeviceGroupKey=devices.group_key(call.user_pool)
                )
                return kind(AuthenticationResult=given, ChallengeParameters={})
        case TokenSet():
            issued = result
        case _:
            assert_never(result)
    return kind(AuthenticationResult=authentication_result(issued), ChallengeParameters={})


def _parameters(challenge: Challenge) -> dict[str, str]:
    """ChallengeParameters, as the wire spells them."""
    match challenge:
        case PasswordVerifier():
            return {
                "SALT": challenge.salt,
                "SECRET_BLOCK": challenge.secret_block,
                "SRP_B": challenge.b_pub,
                "USERNAME": challenge.user_id,
                "USER_ID_FOR_SRP": challenge.user_id,
            }
        case NewPassword():
            return {
                "USER_ID_FOR_SRP": challenge.user_id,
                "requiredAttributes": _list([f"userAttributes.{name}" for name in challenge.missing]),
                "userAttributes": msgspec.json.encode(challenge.attributes).decode(),
            }
        case CustomChallenge():
            return {**challenge.parameters, "USERNAME": challenge.username}
        case CodeSent():
            whose = {"USER_ID_FOR_SRP": challenge.user_id} if challenge.user_id else {}
            return {
                "CODE_DELIVERY_DELIVERY_MEDIUM": challenge.medium,
                "CODE_DELIVERY_DESTINATION": challenge.destination,
                **whose,
            }
        case SelectChallenge():
            return {"CREDENTIAL_REQUEST_OPTIONS": challenge.passkey_options} if challenge.passkey_options else {}
        case PasskeyRequest():
            return {"CREDENTIAL_REQUEST_OPTIONS": challenge.options}
        case DeviceSRPAuth():
            return {"USERNAME": challenge.username, "DEVICE_KEY": challenge.device_key}
        case DevicePasswordVerifier():
            return {
                "SALT": challenge.salt,
                "SECRET_BLOCK": challenge.secret_block,
                "SRP_B": challenge.b_pub,
                "USERNAME": challenge.username,
                "DEVICE_KEY": challenge.device_key,
            }
        case SoftwareTokenCode():
            named = {"FRIENDLY_DEVICE_NAME": challenge.friendly_name} if challenge.friendly_name else {}
            return {**named, "USER_ID_FOR_SRP": challenge.user_id}
        case SelectMfaType():
            # amplify-js reads MFAS_CAN_CHOOSE; the guide's text says MFAS_CAN_SELECT (user-pools-api.md §6.9).
            return {"MFAS_CAN_CHOOSE": _list(challenge.choices), "USER_ID_FOR_SRP": challenge.user_id}
        case MfaSetup():
            return {"MFAS_CAN_SETUP": _list(challenge.choices), "USER_ID_FOR_SRP": challenge.user_id}
        case _:
            assert_never(challenge)


def _list(values: Sequence[str]) -> str:
    """A list as one of the strings that parameters are."""
    return msgspec.json.encode(values).decode()


def authentication_result(issued: TokenSet) -> shapes.AuthenticationResultType:
    return shapes.AuthenticationResultType(
        AccessToken=issued.access_token,
        ExpiresIn=issued.expires_in,
        TokenType="Bearer",
        RefreshToken=issued.refresh_token,
        IdToken=issued.id_token,
    )
