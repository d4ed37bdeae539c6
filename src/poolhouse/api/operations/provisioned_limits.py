"""GetProvisionedLimit and UpdateProvisionedLimit."""

from poolhouse.pool.call import Call
from poolhouse.pool.settings import request_rates
from poolhouse.pool.settings.request_rates import Limit
from poolhouse.wire import shapes


async def get_provisioned_limit(
    call: Call, request: shapes.GetProvisionedLimitRequest
) -> shapes.GetProvisionedLimitResponse:
    asked = request.LimitDefinition
    found = await request_rates.describe(call, asked.LimitClass, asked.Attributes)
    return shapes.GetProvisionedLimitResponse(Limit=_limit(asked, found))


async def update_provisioned_limit(
    call: Call, request: shapes.UpdateProvisionedLimitRequest
) -> shapes.UpdateProvisionedLimitResponse:
    asked = request.LimitDefinition
    made = await request_rates.provision(call, asked.LimitClass, asked.Attributes, request.RequestedLimitValue)
    return shapes.UpdateProvisionedLimitResponse(Limit=_limit(asked, made))


def _limit(definition: shapes.LimitDefinitionType, limit: Limit) -> shapes.LimitType:
    return shapes.LimitType(
        LimitDefinition=definition, ProvisionedLimitValue=limit.provisioned, FreeLimitValue=limit.free
    )
