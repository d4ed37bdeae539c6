"""Authenticator apps: AssociateSoftwareToken, VerifySoftwareToken, AdminDeleteSoftwareToken."""

from poolhouse.pool import texts
from poolhouse.pool.call import Call, PoolCall, UserCall
from poolhouse.pool.sign_in import sessions
from poolhouse.pool.sign_in.answers import mfa_setup
from poolhouse.pool.users import software_tokens, users
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


async def associate_software_token(
    call: Call, request: shapes.AssociateSoftwareTokenRequest
) -> shapes.AssociateSoftwareTokenResponse:
    if isinstance(call, UserCall):
        return shapes.AssociateSoftwareTokenResponse(
            SecretCode=await software_tokens.associate(call, call.access_token.user)
        )
    session = _required(request.Session)
    secret, following = await mfa_setup.associate(await sessions.find_client(call, session), session)
    return shapes.AssociateSoftwareTokenResponse(SecretCode=secret, Session=following)


async def verify_software_token(
    call: Call, request: shapes.VerifySoftwareTokenRequest
) -> shapes.VerifySoftwareTokenResponse:
    name = request.FriendlyDeviceName or ""
    if isinstance(call, UserCall):
        user = call.access_token.user
        await software_tokens.verify(call, user, request.UserCode, name, becomes_active=False)
        return shapes.VerifySoftwareTokenResponse(Status="SUCCESS")
    session = _required(request.Session)
    by_client = await sessions.find_client(call, session)
    following = await mfa_setup.verify(by_client, session, request.UserCode, name)
    return shapes.VerifySoftwareTokenResponse(Status="SUCCESS", Session=following)


async def admin_delete_software_token(
    call: PoolCall, request: shapes.AdminDeleteSoftwareTokenRequest
) -> shapes.AdminDeleteSoftwareTokenResponse:
    await software_tokens.delete(call, await users.require(call, request.Username))
    return shapes.AdminDeleteSoftwareTokenResponse()


def _required(session: str | None) -> str:
    if not session:
        raise errors.InvalidParameterException(texts.TOKEN_OR_SESSION_REQUIRED)
    return session
