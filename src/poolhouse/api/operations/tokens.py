"""RevokeToken and GetTokensFromRefreshToken."""

from poolhouse.api.operations.auth import authentication_result
from poolhouse.pool.call import ClientCall
from poolhouse.pool.tokens import refresh_tokens, tokens, user_sessions
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


async def revoke_token(call: ClientCall, request: shapes.RevokeTokenRequest) -> shapes.RevokeTokenResponse:
    refresh_tokens.check_client_secret(call.client, request.ClientSecret, errors.UnauthorizedException)
    reach: user_sessions.Reach = "LINKED" if request.RevokeAssociatedSessions == "LINKED" else "NONE"
    await refresh_tokens.revoke_token(call, request.Token, reach=reach)
    return shapes.RevokeTokenResponse()


async def get_tokens_from_refresh_token(
    call: ClientCall, request: shapes.GetTokensFromRefreshTokenRequest
) -> shapes.GetTokensFromRefreshTokenResponse:
    refresh_tokens.check_client_secret(call.client, request.ClientSecret, errors.NotAuthorizedException)
    issued = await tokens.refresh(call, request.RefreshToken, request.DeviceKey)
    return shapes.GetTokensFromRefreshTokenResponse(AuthenticationResult=authentication_result(issued))
