"""SetRiskConfiguration and DescribeRiskConfiguration."""

from poolhouse.pool.call import PoolCall
from poolhouse.pool.settings import risk_configurations
from poolhouse.wire import shapes


async def set_risk_configuration(
    call: PoolCall, request: shapes.SetRiskConfigurationRequest
) -> shapes.SetRiskConfigurationResponse:
    return shapes.SetRiskConfigurationResponse(RiskConfiguration=await risk_configurations.replace(call, request))


async def describe_risk_configuration(
    call: PoolCall, request: shapes.DescribeRiskConfigurationRequest
) -> shapes.DescribeRiskConfigurationResponse:
    return shapes.DescribeRiskConfigurationResponse(
        RiskConfiguration=await risk_configurations.describe(call, request.ClientId)
    )
