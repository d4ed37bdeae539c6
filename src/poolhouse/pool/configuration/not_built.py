"""Settings that are taken so that infrastructure code applies, although what they ask for is not built yet.

Most of them are gates: MFA may ask for a second factor, a history may refuse a password. A gate that nobody keeps must not
stand open, so the operations that would have asked it refuse, and name the setting. docs/not-built.md lists them all.
"""

import logging
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from poolhouse.pool import texts
from poolhouse.wire import exceptions as errors
from poolhouse.wire import shapes

if TYPE_CHECKING:
    from poolhouse.pool.configuration.snapshots import UserPool

log = logging.getLogger(__name__)

Step = Literal["sign_in", "new_password"]
# What an operator knows each step by.
_OPERATIONS: dict[Step, str] = {
    "sign_in": "every sign-in of a user",
    "new_password": "every change of a password",
}
# Where each trigger would run (user-pools-api.md §7.2). This one belongs to sign-in that is not built either.
_TRIGGERS: dict[str, tuple[Step, ...]] = {"InboundFederation": ()}


class NotBuilt(errors.InvalidParameterException):
    """A setting of the pool stands in the way. Declared by every operation that raises it."""


def refuse(user_pool: "UserPool", *steps: Step) -> None:
    """Raises NotBuilt when a gate of the pool should have been asked at one of these steps."""
    for step in steps:
        what = user_pool.gates.get(step)
        if what is not None:
            raise NotBuilt(texts.SETTING_NOT_BUILT, what)


def gates(settings: shapes.UserPoolType) -> Mapping[Step, str]:
    """Step → what is not built and so refuses it, the first of several. Empty for nearly every pool."""
    found: dict[Step, str] = {}
    for what, steps in _settings(settings):
        for step in steps:
            found.setdefault(step, what)
    return found


def warn(settings: shapes.UserPoolType) -> None:
    """Tell the log, once in this process, what of a pool is not built and what is refused for it."""
    missing = _settings(settings)
    if not missing:
        return
    whats = " and ".join(what for what, _ in missing)
    steps = dict.fromkeys(_OPERATIONS[step] for _, steps in missing for step in steps)
    refused = f"; until then refused: {', '.join(steps)}" if steps else ""
    _warn_once(f"user pool {settings.Id} {whats}, which is not available in poolhouse yet{refused}")


@lru_cache(maxsize=10_000)  # of lines, so that a pool that changes all day does not fill the memory
def _warn_once(line: str) -> None:
    log.warning("%s", line)


# -- what a pool asks for


def _settings(settings: shapes.UserPoolType) -> list[tuple[str, tuple[Step, ...]]]:
    """What is not built, as the end of a sentence about the pool, with the steps that it would have gated."""
    return [*_triggers(settings.LambdaConfig or shapes.LambdaConfigType()), *_policies(settings), *_others(settings)]


def _triggers(config: shapes.LambdaConfigType) -> Iterator[tuple[str, tuple[Step, ...]]]:
    for name, steps in _TRIGGERS.items():
        if getattr(config, name) is not None:
            yield f"has an {name} trigger", steps


def _policies(settings: shapes.UserPoolType) -> Iterator[tuple[str, tuple[Step, ...]]]:
    policies = settings.Policies or shapes.UserPoolPolicyType()
    if policies.PasswordPolicy is not None and policies.PasswordPolicy.PasswordHistorySize:
        yield "has a PasswordHistorySize", ("new_password",)


def _others(settings: shapes.UserPoolType) -> Iterator[tuple[str, tuple[Step, ...]]]:
    if settings.DcrConfiguration is not None and settings.DcrConfiguration.EnableStatus != "Disabled":
        yield "has a DcrConfiguration", ()  # there is no registration endpoint
