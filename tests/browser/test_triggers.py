"""The page of what triggers were told, in a real browser."""

from typing import Any

import pytest

from tests.support import functions as support
from tests.support.functions import arn
from tests.support.pools import PASSWORD, Pools
from tests.support.refusals import attributes

pytestmark = pytest.mark.browser


def test_the_replay_button_asks_again(page: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    with support.served(tmp_path_factory.mktemp("replay"), tmp_path_factory.mktemp("told")) as (server, _):
        pools = Pools(server.client())
        client_id = pools.client_id(pools.user_pool(LambdaConfig={"PreSignUp": arn("python")}))
        server.client().sign_up(
            ClientId=client_id, Username="ada", Password=PASSWORD, UserAttributes=attributes(email="ada@example.com")
        )
        page.goto(f"{server.url}/_poolhouse/triggers")
        page.locator(".letter").click()
        page.get_by_role("button", name="Replay").click()
        page.get_by_text("Replay of").wait_for(timeout=5000)
        assert page.locator(".letter").count() == 2
