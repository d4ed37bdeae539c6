"""The session configuration of pools and clients."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import session_configurations
from poolhouse.wire import shapes


async def get_user_pool_session_configuration(
    call: PoolCall, request: shapes.GetUserPoolSessionConfigurationRequest
) -> shapes.GetUserPoolSessionConfigurationResponse:
    return session_configurations.of_pool(call)


async def set_user_pool_session_configuration(
    call: PoolCall, request: shapes.SetUserPoolSessionConfigurationRequest
) -> shapes.SetUserPoolSessionConfigurationResponse:
    await session_configurations.set_of_pool(call, request)
    return shapes.SetUserPoolSessionConfigurationResponse(
        UserPoolId=call.user_pool.id, UserSessionTracking=request.UserSessionTracking, TokenSession=request.TokenSession
    )


async def get_user_pool_client_session_configuration(
    call: PoolCall, request: shapes.GetUserPoolClientSessionConfigurationRequest
) -> shapes.GetUserPoolClientSessionConfigurationResponse:
    return await session_configurations.of_client(call, request.ClientId)


async def set_user_pool_client_session_configuration(
    call: PoolCall, request: shapes.SetUserPoolClientSessionConfigurationRequest
) -> shapes.SetUserPoolClientSessionConfigurationResponse:
    await session_configurations.set_of_client(call, request)
    return shapes.SetUserPoolClientSessionConfigurationResponse(
        UserPoolId=call.user_pool.id, ClientId=request.ClientId, SSOSession=request.SSOSession
    )
