"""What the browser tests share: ways into the demo pool's pages, and pages with options of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support import browser as steps
from tests.support.pools import NewUser, Pools, unique
from tests.support.server import Server

PASSWORD = "Correct-Horse-1"


class Site:
    """The pages of the demo pool."""

    def __init__(self, server: Server, cognito: Any) -> None:
        self.server = server
        self.cognito = cognito
        self.sign_in = f"{server.url}/_poolhouse/demo/sign-in"
        self.query = urlencode(
            {
                "response_type": "code",
                "client_id": server.demo_client_id,
                "redirect_uri": f"{server.url}/_poolhouse/demo/callback",
                "state": "s",
            }
        )

    def url(self, path: str, **more: str) -> str:
        return f"{self.server.url}{path}?{self.query}{'&' if more else ''}{urlencode(more)}"

    def user(self, **attributes: str) -> NewUser:
        """A new confirmed user of the demo pool."""
        name = unique("user")
        email = f"{name}@example.com"
        self._create(name, {"email": email, "email_verified": "true", **attributes})
        self.cognito.admin_set_user_password(
            UserPoolId=self.server.demo_user_pool_id, Username=name, Password=PASSWORD, Permanent=True
        )
        return NewUser(name, PASSWORD, email, "")

    def invited(self, temporary_password: str) -> NewUser:
        """A user who has to choose a password at the first sign-in."""
        name = unique("invited")
        email = f"{name}@example.com"
        self._create(name, {"email": email, "email_verified": "true"}, temporary_password)
        return NewUser(name, temporary_password, email, "")

    def _create(self, name: str, attributes: dict[str, str], password: str = "Temporary-1") -> None:
        self.cognito.admin_create_user(
            UserPoolId=self.server.demo_user_pool_id,
            Username=name,
            TemporaryPassword=password,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
        )


@pytest.fixture
def site(server: Server, cognito: Any) -> Site:
    return Site(server, cognito)


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """new_page(viewport=..., color_scheme=..., java_script_enabled=False, ...): a page with cookies of its own."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(steps.new_page(browser, **options))


@pytest.fixture
def pages_of(pools: Pools, server: Server) -> Callable[..., Callable[[str], str]]:
    """pages_of(UsernameAttributes=[...], ...): a new pool with a client and a domain; a function from path to address."""

    def make(**settings: Any) -> Callable[[str], str]:
        pool = pools.user_pool(**settings)
        callback = f"{server.url}/_poolhouse/health"
        client_id = pools.client_id(
            pool,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=[callback],
            SupportedIdentityProviders=["COGNITO"],
        )
        domain = unique("pages")
        pools.cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
        query = urlencode({"response_type": "code", "client_id": client_id, "redirect_uri": callback})
        return lambda path: f"http://{domain}.auth.localhost:{server.port}{path}?{query}"

    return make
