"""SetUICustomization and GetUICustomization."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import ui_customization
from poolhouse.wire import shapes


async def set_ui_customization(
    call: PoolCall, request: shapes.SetUICustomizationRequest
) -> shapes.SetUICustomizationResponse:
    made = await ui_customization.put(call, request.ClientId, request.CSS, request.ImageFile)
    return shapes.SetUICustomizationResponse(UICustomization=made)


async def get_ui_customization(
    call: PoolCall, request: shapes.GetUICustomizationRequest
) -> shapes.GetUICustomizationResponse:
    return shapes.GetUICustomizationResponse(UICustomization=await ui_customization.describe(call, request.ClientId))
