"""The pool, clients and user that the security tests share."""

import pytest

from tests.support import oauth
from tests.support.oauth import World


@pytest.fixture(scope="session")
def world(server, pools) -> World:
    return oauth.build(server, pools)
