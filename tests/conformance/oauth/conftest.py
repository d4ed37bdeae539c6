"""The pool, clients and user that the tests of the OAuth endpoints share."""

import pytest

from tests.support import oauth
from tests.support.oauth import World
from tests.support.pools import Pools


@pytest.fixture(scope="session")
def world(server, pools) -> World:
    return oauth.build(server, pools)


@pytest.fixture(scope="session")
def oidc(server, pools) -> World:
    """The same with the profile `oidc`."""
    return oauth.build(server, pools, UserPoolTags=oauth.OIDC)


@pytest.fixture(scope="session")
def clocked_world(clocked) -> World:
    """The same at the server whose clock may be moved."""
    return oauth.build(clocked, Pools(clocked.client()))
