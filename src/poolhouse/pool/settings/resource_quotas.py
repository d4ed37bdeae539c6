"""How many resources Cognito lets an account have, counted where `limits = aws` (user-pools-api.md §10.2).

What no pool can have more of, whatever `limits` says, stands with its noun: providers, links, styles, terms, passkeys, attributes.
"""

from poolhouse.errors import CognitoError
from poolhouse.pool import texts
from poolhouse.pool.call import Call
from poolhouse.storage import resource_counts
from poolhouse.storage.engine import Transaction
from poolhouse.storage.resource_counts import Resource
from poolhouse.wire import exceptions as errors

MOST_USER_POOLS = 1_000  # DOC
MOST_CUSTOM_DOMAINS = 4  # DOC
MOST_GROUPS_OF_USER = 100  # DOC
MOST: dict[Resource, int] = {  # DOC
    "user_pool_clients": 1_000,
    "resource_servers": 25,
    "user_groups": 10_000,
    "user_import_jobs": 1_000,
}


def _is_counted(call: Call) -> bool:
    return call.settings.limits == "aws"


async def check(tx: Transaction, call: Call, resource: Resource, user_pool_id: str) -> None:
    """Before one more is made, in the same write. Raises LimitExceededException."""
    if _is_counted(call) and await resource_counts.of_pool(tx, resource, user_pool_id) >= MOST[resource]:
        raise _exceeded(MOST[resource], resource.replace("_", " "))


async def check_user_pools(tx: Transaction, call: Call) -> None:
    """As `check`."""
    if _is_counted(call) and await resource_counts.user_pools(tx) >= MOST_USER_POOLS:
        raise _exceeded(MOST_USER_POOLS, "user pools")


async def check_custom_domains(tx: Transaction, call: Call) -> None:
    """As `check`."""
    if _is_counted(call) and await resource_counts.custom_domains(tx) >= MOST_CUSTOM_DOMAINS:
        raise _exceeded(MOST_CUSTOM_DOMAINS, "custom domains")


async def check_groups_of_user(tx: Transaction, call: Call, user_pool_id: str, sub: str) -> None:
    """Once the user is in one more, in the same write. Raises InvalidParameterException: AdminAddUserToGroup declares no other (GUESS)."""
    if not _is_counted(call):
        return
    if await resource_counts.groups_of_user(tx, user_pool_id, sub) > MOST_GROUPS_OF_USER:
        raise errors.InvalidParameterException(texts.QUOTA_EXCEEDED, f"{MOST_GROUPS_OF_USER} groups of a user")


def _exceeded(most: int, what: str) -> CognitoError:
    return errors.LimitExceededException(texts.QUOTA_EXCEEDED, f"{most} {what}")
