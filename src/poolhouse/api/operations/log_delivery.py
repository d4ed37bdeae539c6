"""SetLogDeliveryConfiguration and GetLogDeliveryConfiguration."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import log_delivery
from poolhouse.wire import shapes


async def set_log_delivery_configuration(
    call: PoolCall, request: shapes.SetLogDeliveryConfigurationRequest
) -> shapes.SetLogDeliveryConfigurationResponse:
    made = await log_delivery.replace(call, request.LogConfigurations)
    return shapes.SetLogDeliveryConfigurationResponse(LogDeliveryConfiguration=made)


async def get_log_delivery_configuration(
    call: PoolCall, request: shapes.GetLogDeliveryConfigurationRequest
) -> shapes.GetLogDeliveryConfigurationResponse:
    return shapes.GetLogDeliveryConfigurationResponse(LogDeliveryConfiguration=await log_delivery.get(call))
