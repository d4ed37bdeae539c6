"""Replicas: this server is one Region, so a pool has its primary replica and no other (user-pools-api.md §9.11)."""

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes


def _primary(call: PoolCall) -> shapes.UserPoolReplicaType:
    return shapes.UserPoolReplicaType(
        RegionName=call.user_pool.region,
        Status="ACTIVE",
        Role="PRIMARY",
        UserPoolArn=call.user_pool.settings.Arn,
    )


def _require_primary(call: PoolCall, region: str) -> None:
    if region != call.user_pool.region:
        raise errors.ResourceNotFoundException(texts.REPLICA_DOES_NOT_EXIST, region)


async def list_user_pool_replicas(
    call: PoolCall, request: shapes.ListUserPoolReplicasRequest
) -> shapes.ListUserPoolReplicasResponse:
    return shapes.ListUserPoolReplicasResponse(UserPoolReplicas=[_primary(call)])


async def create_user_pool_replica(
    call: PoolCall, request: shapes.CreateUserPoolReplicaRequest
) -> shapes.CreateUserPoolReplicaResponse:
    raise errors.OperationNotEnabledException(texts.REPLICAS_NOT_AVAILABLE)


async def update_user_pool_replica(
    call: PoolCall, request: shapes.UpdateUserPoolReplicaRequest
) -> shapes.UpdateUserPoolReplicaResponse:
    _require_primary(call, request.RegionName)
    if request.Status != "ACTIVE":
        raise errors.InvalidParameterException(texts.PRIMARY_REPLICA_STAYS)
    return shapes.UpdateUserPoolReplicaResponse(UserPoolReplica=_primary(call))


async def delete_user_pool_replica(
    call: PoolCall, request: shapes.DeleteUserPoolReplicaRequest
) -> shapes.DeleteUserPoolReplicaResponse:
    _require_primary(call, request.RegionName)
    raise errors.InvalidParameterException(texts.PRIMARY_REPLICA_STAYS)
