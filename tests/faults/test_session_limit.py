"""Tokens for one user at once, from two workers: nobody has more sessions than the pool allows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.support import oauth
from tests.support.pools import Pools
from tests.support.server import Server

MOST = 3
AT_ONCE = 8
ROUNDS = 6


def test_no_more_sessions_than_the_pool_allows(start_server: Callable[..., Server]) -> None:
    server = start_server("--workers", "2")
    cognito = server.client()
    world = oauth.build(server, Pools(cognito))
    cognito.set_user_pool_session_configuration(
        UserPoolId=world.pool_id, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": MOST}
    )

    def redeem(code: str) -> httpx.Response:
        return world.redeem(code)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in range(ROUNDS):
            user = world.user()  # who has no session yet: later ones meet at the session that has to go
            browser = world.signed_in(user)
            codes = [world.code(user, browser) for _ in range(AT_ONCE)]
            assert {answer.status_code for answer in threads.map(redeem, codes)} == {200}
            living = cognito.admin_list_user_sessions(UserPoolId=world.pool_id, Username=user.username)["Sessions"]
            assert len([each for each in living if each["SessionId"].startswith("tkn")]) == MOST
