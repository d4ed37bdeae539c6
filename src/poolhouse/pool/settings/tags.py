"""Tags of user pools, by ARN. Some of them are settings that Cognito does not have (docs/design/0000, decision 4)."""

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from poolhouse.crypto.signatures import ALGORITHMS
from poolhouse.pool import texts
from poolhouse.pool.call import Call
from poolhouse.pool.configuration.signing_keys import ALGORITHM_TAG
from poolhouse.pool.configuration.snapshots import PROFILE_TAG
from poolhouse.storage import user_pools as stored
from poolhouse.storage.engine import Transaction
from poolhouse.wire import exceptions as errors

MOST_TAGS = 50  # DOC
CUSTOM_ID = "_custom_id_"  # Pins the id of a new pool; other local servers know the same tag.
SETTING_PREFIX = "poolhouse:"
# Each setting that a tag can make, with its values.
SETTINGS = {
    "poolhouse:password_storage": ("verifier", "argon2id"),
    PROFILE_TAG: ("cognito", "oidc"),
    "poolhouse:revoke_on_password_change": ("true", "false"),
    ALGORITHM_TAG: tuple(ALGORITHMS),
}

_USER_POOL_ID = re.compile(r"[\w-]+_[0-9a-zA-Z]+", re.ASCII)
_MOST_ID_CHARACTERS = 55
_ARN = re.compile(r"arn:[^:]+:cognito-idp:[^:]*:[0-9]*:userpool/([^/]+)")


def check(tags: Mapping[str, str], user_pool_id: str | None = None) -> None:
    """Refuse tags that would not do what they say. user_pool_id: None for a pool that is being created.

    Raises InvalidParameterException.
    """
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            raise errors.InvalidParameterException(texts.RESERVED_TAG)
        if key == CUSTOM_ID and user_pool_id is None and not _is_user_pool_id(value):
            raise errors.InvalidParameterException(texts.CUSTOM_ID_INVALID)
        if key == CUSTOM_ID and user_pool_id not in (None, value):
            raise errors.InvalidParameterException(texts.CUSTOM_ID_CHANGED)
        if not key.startswith(SETTING_PREFIX):
            continue
        if key not in SETTINGS:
            raise errors.InvalidParameterException(texts.TAG_UNKNOWN, key, ", ".join(SETTINGS))
        if value not in SETTINGS[key]:
            raise errors.InvalidParameterException(texts.TAG_VALUE_INVALID, key, ", ".join(SETTINGS[key]))


def _is_user_pool_id(value: str) -> bool:
    return len(value) <= _MOST_ID_CHARACTERS and _USER_POOL_ID.fullmatch(value) is not None


def _user_pool_id(resource_arn: str) -> str:
    """The pool that an ARN seems to name. Raises ResourceNotFoundException when it can name none."""
    match = _ARN.fullmatch(resource_arn)
    if match is None:
        raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, resource_arn)
    return match[1]


async def for_resource(call: Call, resource_arn: str) -> Mapping[str, str]:
    """Raises ResourceNotFoundException."""
    user_pool_id = _user_pool_id(resource_arn)
    row = await stored.get(call.db, user_pool_id)
    if row is None or row.settings.Arn != resource_arn:
        raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, user_pool_id)
    return row.settings.UserPoolTags or {}


async def change(call: Call, resource_arn: str, added: Mapping[str, str], removed: Sequence[str] = ()) -> None:
    """Add tags to a pool, or take some away; taking away what is not there does nothing.

    Raises ResourceNotFoundException, InvalidParameterException.
    """
    user_pool_id = _user_pool_id(resource_arn)

    async def work(tx: Transaction) -> None:
        row = await stored.get(tx, user_pool_id)
        if row is None or row.settings.Arn != resource_arn:
            raise errors.ResourceNotFoundException(texts.USER_POOL_DOES_NOT_EXIST, user_pool_id)
        check(added, user_pool_id)
        kept = {key: value for key, value in (row.settings.UserPoolTags or {}).items() if key not in removed}
        tags = {**kept, **added}
        if len(tags) > MOST_TAGS:
            raise errors.InvalidParameterException(texts.TOO_MANY_TAGS)
        settings = replace(row.settings, UserPoolTags=tags, LastModifiedDate=round(call.now, 3))
        await stored.update(tx, user_pool_id, settings)

    await call.change(user_pool_id, work)
