"""A pool that is deleted and made again under its pinned id is another pool, in every worker (attack-0.1 no. 05)."""

import base64
import concurrent.futures
from collections.abc import Callable

import httpx

from tests.support.pools import Pools, unique
from tests.support.server import Server

CONNECTIONS = 32
CLIENT = {
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthFlows": ["client_credentials"],
    "AllowedOAuthScopes": ["things/read"],
    "GenerateSecret": True,
}


def make(pools: Pools, pool_id: str, domain: str) -> tuple[str, str]:
    """The pool with one machine client; (client id, secret)."""
    pools.user_pool(UserPoolTags={"_custom_id_": pool_id})
    pools.cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=domain)
    pools.cognito.create_resource_server(
        UserPoolId=pool_id, Identifier="things", Name="t", Scopes=[{"ScopeName": "read", "ScopeDescription": "r"}]
    )
    client = pools.client(pool_id, **CLIENT)
    return client["ClientId"], client["ClientSecret"]


def answers(server: Server, domain: str, client_id: str, secret: str) -> list[int]:
    """The status of the token endpoint on many new connections at once, so that every worker is asked."""

    def ask(_: int) -> int:
        basic = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        headers = {"host": f"{domain}.auth.localhost", "authorization": f"Basic {basic}"}
        with httpx.Client(trust_env=False, timeout=30, verify=server.trust()) as http:
            data = {"grant_type": "client_credentials"}
            return http.post(f"http://127.0.0.1:{server.port}/oauth2/token", headers=headers, data=data).status_code

    with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as threads:
        return list(threads.map(ask, range(CONNECTIONS)))


def test_clients_of_a_deleted_pool_are_refused_by_every_worker(start_server: Callable[..., Server]) -> None:
    """attack-0.1 no. 05: a worker that still held the deleted pool took it for the new one, whose number was the same."""
    server = start_server("--workers", "2", "--no-demo")
    cognito = server.client()
    pools = Pools(cognito)
    pool_id, domain = f"us-east-1_{unique('Again')}", unique("again")
    for _ in range(3):
        client_id, secret = make(pools, pool_id, domain)
        assert answers(server, domain, client_id, secret) == [200] * CONNECTIONS
        cognito.delete_user_pool_domain(UserPoolId=pool_id, Domain=domain)
        cognito.delete_user_pool(UserPoolId=pool_id)
        make(pools, pool_id, domain)
        assert answers(server, domain, client_id, secret) == [400] * CONNECTIONS
        cognito.delete_user_pool_domain(UserPoolId=pool_id, Domain=domain)
        cognito.delete_user_pool(UserPoolId=pool_id)
