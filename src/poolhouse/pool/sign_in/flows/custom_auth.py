"""CUSTOM_AUTH: not built yet, which only a pool with the triggers notices (user-pools-api.md §6.4)."""

from typing import NoReturn

from poolhouse.pool import texts
from poolhouse.pool.call import PoolCall
from poolhouse.pool.sign_in.parameters import Parameters
from poolhouse.wire import exceptions as errors


async def begin(call: PoolCall, _parameters: Parameters) -> NoReturn:
    """Raises InvalidParameterException."""
    triggers = call.user_pool.settings.LambdaConfig
    if triggers is None or not triggers.DefineAuthChallenge:
        raise errors.InvalidParameterException(texts.CUSTOM_FLOW_WITHOUT_TRIGGER)
    raise errors.InvalidParameterException(texts.FLOW_NOT_BUILT, "CUSTOM_AUTH")
