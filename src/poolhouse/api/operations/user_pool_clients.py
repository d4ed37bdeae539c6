"""App clients and their secrets."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import clients
from poolhouse.wire import shapes

DEFAULT_PAGE = 60


async def create_user_pool_client(
    call: PoolCall, request: shapes.CreateUserPoolClientRequest
) -> shapes.CreateUserPoolClientResponse:
    return shapes.CreateUserPoolClientResponse(UserPoolClient=await clients.create(call, request))


async def describe_user_pool_client(
    call: PoolCall, request: shapes.DescribeUserPoolClientRequest
) -> shapes.DescribeUserPoolClientResponse:
    return shapes.DescribeUserPoolClientResponse(UserPoolClient=await clients.describe(call, request.ClientId))


async def update_user_pool_client(
    call: PoolCall, request: shapes.UpdateUserPoolClientRequest
) -> shapes.UpdateUserPoolClientResponse:
    return shapes.UpdateUserPoolClientResponse(UserPoolClient=await clients.update(call, request))


async def delete_user_pool_client(call: PoolCall, request: shapes.DeleteUserPoolClientRequest) -> None:
    await clients.delete(call, request.ClientId)


async def list_user_pool_clients(
    call: PoolCall, request: shapes.ListUserPoolClientsRequest
) -> shapes.ListUserPoolClientsResponse:
    limit = request.MaxResults or DEFAULT_PAGE
    page, next_token = await clients.list_page(call, limit, request.NextToken, request.ClientType)
    return shapes.ListUserPoolClientsResponse(UserPoolClients=page, NextToken=next_token)


async def add_user_pool_client_secret(
    call: PoolCall, request: shapes.AddUserPoolClientSecretRequest
) -> shapes.AddUserPoolClientSecretResponse:
    added = await clients.add_secret(call, request.ClientId, request.ClientSecret)
    return shapes.AddUserPoolClientSecretResponse(ClientSecretDescriptor=added)


async def list_user_pool_client_secrets(
    call: PoolCall, request: shapes.ListUserPoolClientSecretsRequest
) -> shapes.ListUserPoolClientSecretsResponse:
    return shapes.ListUserPoolClientSecretsResponse(ClientSecrets=await clients.list_secrets(call, request.ClientId))


async def delete_user_pool_client_secret(
    call: PoolCall, request: shapes.DeleteUserPoolClientSecretRequest
) -> shapes.DeleteUserPoolClientSecretResponse:
    await clients.delete_secret(call, request.ClientId, request.ClientSecretId)
    return shapes.DeleteUserPoolClientSecretResponse()
