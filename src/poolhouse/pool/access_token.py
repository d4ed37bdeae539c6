"""What a verified access token says."""

from collections.abc import Mapping
from typing import Any

import msgspec

from poolhouse.pool.configuration.snapshots import Client, UserPool
from poolhouse.storage.users import User


class AccessToken(msgspec.Struct, frozen=True):
    """A verified access token of a living user and client; only tokens.verify_access_token makes one."""

    user: User
    user_pool: UserPool
    client: Client
    scopes: frozenset[str]
    origin_jti: str
    claims: Mapping[str, Any]
