"""User pools: create, describe, update, delete, list, custom attributes, MFA configuration."""

from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.settings import user_pools
from poolhouse.wire import shapes


async def create_user_pool(call: Call, request: shapes.CreateUserPoolRequest) -> shapes.CreateUserPoolResponse:
    return shapes.CreateUserPoolResponse(UserPool=await user_pools.create(call, request))


async def describe_user_pool(
    call: PoolCall, request: shapes.DescribeUserPoolRequest
) -> shapes.DescribeUserPoolResponse:
    return shapes.DescribeUserPoolResponse(UserPool=await user_pools.describe(call))


async def update_user_pool(call: PoolCall, request: shapes.UpdateUserPoolRequest) -> shapes.UpdateUserPoolResponse:
    await user_pools.update(call, request)
    return shapes.UpdateUserPoolResponse()


async def delete_user_pool(call: PoolCall, request: shapes.DeleteUserPoolRequest) -> None:
    await user_pools.delete(call)


async def list_user_pools(call: Call, request: shapes.ListUserPoolsRequest) -> shapes.ListUserPoolsResponse:
    page, next_token = await user_pools.list_page(call, request.MaxResults, request.NextToken)
    return shapes.ListUserPoolsResponse(UserPools=page, NextToken=next_token)


async def add_custom_attributes(
    call: PoolCall, request: shapes.AddCustomAttributesRequest
) -> shapes.AddCustomAttributesResponse:
    await user_pools.add_custom_attributes(call, request.CustomAttributes)
    return shapes.AddCustomAttributesResponse()


async def get_user_pool_mfa_config(
    call: PoolCall, request: shapes.GetUserPoolMfaConfigRequest
) -> shapes.GetUserPoolMfaConfigResponse:
    return await user_pools.mfa_config(call)


async def set_user_pool_mfa_config(
    call: PoolCall, request: shapes.SetUserPoolMfaConfigRequest
) -> shapes.SetUserPoolMfaConfigResponse:
    return await user_pools.set_mfa_config(call, request)
