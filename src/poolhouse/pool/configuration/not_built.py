"""Settings that are taken so that infrastructure code applies, although what they ask for is not built yet: the log says so.

None of them is a gate, whose absence would let somebody in. docs/not-built.md lists them all.
"""

import logging
from collections.abc import Iterator
from functools import lru_cache

from poolhouse.wire import shapes

log = logging.getLogger(__name__)


def warn(settings: shapes.UserPoolType) -> None:
    """Tell the log, once in this process, what of a pool is not built."""
    missing = " and ".join(_settings(settings))
    if missing:
        _warn_once(f"user pool {settings.Id} {missing}, which is not available in poolhouse yet")


@lru_cache(maxsize=10_000)  # of lines, so that a pool that changes all day does not fill the memory
def _warn_once(line: str) -> None:
    log.warning("%s", line)


def _settings(settings: shapes.UserPoolType) -> Iterator[str]:
    """Each as the end of a sentence about the pool."""
    if settings.LambdaConfig is not None and settings.LambdaConfig.InboundFederation is not None:
        yield "has an InboundFederation trigger"  # it belongs to sign-in through identity providers
    if settings.DcrConfiguration is not None and settings.DcrConfiguration.EnableStatus != "Disabled":
        yield "has a DcrConfiguration"  # there is no registration endpoint
