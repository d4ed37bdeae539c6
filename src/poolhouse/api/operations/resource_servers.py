"""Resource servers."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import resource_servers
from poolhouse.wire import shapes

DEFAULT_PAGE = 50


async def create_resource_server(
    call: PoolCall, request: shapes.CreateResourceServerRequest
) -> shapes.CreateResourceServerResponse:
    return shapes.CreateResourceServerResponse(ResourceServer=await resource_servers.create(call, request))


async def describe_resource_server(
    call: PoolCall, request: shapes.DescribeResourceServerRequest
) -> shapes.DescribeResourceServerResponse:
    found = await resource_servers.describe(call, request.Identifier)
    return shapes.DescribeResourceServerResponse(ResourceServer=found)


async def update_resource_server(
    call: PoolCall, request: shapes.UpdateResourceServerRequest
) -> shapes.UpdateResourceServerResponse:
    return shapes.UpdateResourceServerResponse(ResourceServer=await resource_servers.update(call, request))


async def delete_resource_server(call: PoolCall, request: shapes.DeleteResourceServerRequest) -> None:
    await resource_servers.delete(call, request.Identifier)


async def list_resource_servers(
    call: PoolCall, request: shapes.ListResourceServersRequest
) -> shapes.ListResourceServersResponse:
    page, next_token = await resource_servers.list_page(call, request.MaxResults or DEFAULT_PAGE, request.NextToken)
    return shapes.ListResourceServersResponse(ResourceServers=page, NextToken=next_token)
