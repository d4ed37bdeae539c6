"""Domains of user pools."""

from poolhouse.pool.call import Call, PoolCall
from poolhouse.pool.settings import domains
from poolhouse.wire import shapes


def _cloud_front_domain(domain: shapes.DomainDescriptionType) -> str | None:
    """Told for custom domains only."""
    return domain.CloudFrontDistribution if domain.CustomDomainConfig is not None else None


async def create_user_pool_domain(
    call: PoolCall, request: shapes.CreateUserPoolDomainRequest
) -> shapes.CreateUserPoolDomainResponse:
    made = await domains.create(call, request)
    return shapes.CreateUserPoolDomainResponse(
        ManagedLoginVersion=made.ManagedLoginVersion, CloudFrontDomain=_cloud_front_domain(made), Routing=made.Routing
    )


async def describe_user_pool_domain(
    call: Call, request: shapes.DescribeUserPoolDomainRequest
) -> shapes.DescribeUserPoolDomainResponse:
    return shapes.DescribeUserPoolDomainResponse(DomainDescription=await domains.describe(call, request.Domain))


async def update_user_pool_domain(
    call: PoolCall, request: shapes.UpdateUserPoolDomainRequest
) -> shapes.UpdateUserPoolDomainResponse:
    made = await domains.update(call, request)
    return shapes.UpdateUserPoolDomainResponse(
        ManagedLoginVersion=made.ManagedLoginVersion, CloudFrontDomain=_cloud_front_domain(made), Routing=made.Routing
    )


async def delete_user_pool_domain(
    call: PoolCall, request: shapes.DeleteUserPoolDomainRequest
) -> shapes.DeleteUserPoolDomainResponse:
    await domains.delete(call, request.Domain)
    return shapes.DeleteUserPoolDomainResponse()
