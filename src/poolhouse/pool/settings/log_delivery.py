"""Where a pool wants its logs: SetLogDeliveryConfiguration, GetLogDeliveryConfiguration (user-pools-api.md §8.5)."""

from poolhouse.delivery.log_targets import leads_to
from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.configuration.snapshots import log_destinations
from poolhouse.pool.settings import tiers
from poolhouse.storage import log_delivery as stored
from poolhouse.storage import user_pools as stored_user_pools
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

_LEVELS = {"userNotification": "ERROR", "userAuthEvents": "INFO"}  # DOC: each source has one


async def get(call: PoolCall) -> shapes.LogDeliveryConfigurationType:
    """Of a pool that has none an empty list (GUESS)."""
    return await stored.get(call.db, call.user_pool.id) or _configuration(call, [])


async def replace(call: PoolCall, wanted: list[shapes.LogConfigurationType]) -> shapes.LogDeliveryConfigurationType:
    """Replace the list. Raises InvalidParameterException, FeatureUnavailableInTierException, ResourceNotFoundException."""
    made = _configuration(call, wanted)
    _check(wanted)
    for arn in log_destinations(made).values():
        if not leads_to(call.settings.log_delivery, arn):
            raise errors.InvalidParameterException(texts.LOG_LEADS_NOWHERE, arn)

    async def work(tx: Transaction) -> None:
        row = await stored_user_pools.get(tx, call.user_pool.id)
        if row is None:
            raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, call.user_pool.id)
        if any(each.EventSource == "userAuthEvents" for each in wanted):
            tiers.require(call, row.settings, tiers.ACTIVITY_LOGS)
        await stored.put(tx, call.user_pool.id, made)

    await call.change(call.user_pool.id, work)
    return made


def _configuration(call: PoolCall, wanted: list[shapes.LogConfigurationType]) -> shapes.LogDeliveryConfigurationType:
    return shapes.LogDeliveryConfigurationType(UserPoolId=call.user_pool.id, LogConfigurations=wanted)


def _check(wanted: list[shapes.LogConfigurationType]) -> None:
    seen = set()
    for each in wanted:
        if each.EventSource in seen:
            raise errors.InvalidParameterException(texts.LOG_SOURCE_TWICE, each.EventSource)
        seen.add(each.EventSource)
        if each.LogLevel != _LEVELS[each.EventSource]:
            raise errors.InvalidParameterException(texts.LOG_LEVEL_INVALID, each.LogLevel, each.EventSource)
        group, bucket, stream = each.CloudWatchLogsConfiguration, each.S3Configuration, each.FirehoseConfiguration
        has_group = group is not None and bool(group.LogGroupArn)
        has_others = [bucket is not None and bool(bucket.BucketArn), stream is not None and bool(stream.StreamArn)]
        if each.EventSource == "userNotification" and (not has_group or any(has_others)):
            raise errors.InvalidParameterException(texts.LOG_NOTIFICATION_DESTINATION)
        if [has_group, *has_others].count(True) != 1:
            raise errors.InvalidParameterException(texts.LOG_DESTINATION_INVALID)
