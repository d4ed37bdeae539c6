"""The documents that people agree to."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import terms
from poolhouse.wire import shapes

DEFAULT_PAGE = 60


async def create_terms(call: PoolCall, request: shapes.CreateTermsRequest) -> shapes.CreateTermsResponse:
    return shapes.CreateTermsResponse(Terms=await terms.create(call, request))


async def describe_terms(call: PoolCall, request: shapes.DescribeTermsRequest) -> shapes.DescribeTermsResponse:
    return shapes.DescribeTermsResponse(Terms=await terms.describe(call, request.TermsId))


async def describe_terms_by_client(
    call: PoolCall, request: shapes.DescribeTermsByClientRequest
) -> shapes.DescribeTermsByClientResponse:
    found = await terms.describe_by_client(call, request.ClientId, request.TermsName)
    return shapes.DescribeTermsByClientResponse(Terms=found)


async def list_terms(call: PoolCall, request: shapes.ListTermsRequest) -> shapes.ListTermsResponse:
    page, token = await terms.list_page(call, request.MaxResults or DEFAULT_PAGE, request.NextToken)
    return shapes.ListTermsResponse(Terms=page, NextToken=token)


async def update_terms(call: PoolCall, request: shapes.UpdateTermsRequest) -> shapes.UpdateTermsResponse:
    return shapes.UpdateTermsResponse(Terms=await terms.update(call, request))


async def delete_terms(call: PoolCall, request: shapes.DeleteTermsRequest) -> None:
    await terms.delete(call, request.TermsId)
