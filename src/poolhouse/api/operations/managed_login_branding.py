"""The styles of managed login."""

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import managed_login_branding
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


async def create_managed_login_branding(
    call: PoolCall, request: shapes.CreateManagedLoginBrandingRequest
) -> shapes.CreateManagedLoginBrandingResponse:
    made = await managed_login_branding.create(call, request)
    return shapes.CreateManagedLoginBrandingResponse(ManagedLoginBranding=made)


async def describe_managed_login_branding(
    call: PoolCall, request: shapes.DescribeManagedLoginBrandingRequest
) -> shapes.DescribeManagedLoginBrandingResponse:
    is_merged = bool(request.ReturnMergedResources)
    found = await managed_login_branding.describe(call, request.ManagedLoginBrandingId, is_merged=is_merged)
    return shapes.DescribeManagedLoginBrandingResponse(ManagedLoginBranding=found)


async def describe_managed_login_branding_by_client(
    call: PoolCall, request: shapes.DescribeManagedLoginBrandingByClientRequest
) -> shapes.DescribeManagedLoginBrandingByClientResponse:
    is_merged = bool(request.ReturnMergedResources)
    found = await managed_login_branding.describe_by_client(call, request.ClientId, is_merged=is_merged)
    return shapes.DescribeManagedLoginBrandingByClientResponse(ManagedLoginBranding=found)


async def update_managed_login_branding(
    call: PoolCall, request: shapes.UpdateManagedLoginBrandingRequest
) -> shapes.UpdateManagedLoginBrandingResponse:
    if request.ManagedLoginBrandingId is None:  # the model has it as optional, and means it not
        raise errors.InvalidParameterException(texts.MEMBER_IS_NULL, "managedLoginBrandingId")
    made = await managed_login_branding.update(call, request)
    return shapes.UpdateManagedLoginBrandingResponse(ManagedLoginBranding=made)


async def delete_managed_login_branding(call: PoolCall, request: shapes.DeleteManagedLoginBrandingRequest) -> None:
    await managed_login_branding.delete(call, request.ManagedLoginBrandingId)
