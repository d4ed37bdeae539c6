"""Fixtures of all tests: the engine, a running server on it, clients of that server.

Session fixtures live once per xdist worker. A server is started at its first use and stays until the end, so that switching
between engines costs nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.inbox import Inbox
from tests.support.pools import NewUser, Pools
from tests.support.postgres import Cluster
from tests.support.server import Server, starter

ENGINES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long", action="store_true", help="the long form of tests of which a run has a share; figures with -s"
    )


@pytest.fixture(scope="session")
def share(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often: share(25, 1000) is 25 in `make test`, 1,000 with --long (`make kills`, `make long`)."""
    is_long = bool(request.config.getoption("--long"))
    return lambda daily, long: long if is_long else daily


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that the last minutes of a run in parallel are not one worker's alone."""
    items.sort(key=lambda item: "tests/faults/" not in item.nodeid)


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The name of the storage engine; a test that uses it, directly or not, runs on both."""
    return str(request.param)


class _LazyCluster:
    """PostgreSQL is started only when a test needs it."""

    def __init__(self) -> None:
        self._cluster: Cluster | None = None

    def get(self) -> Cluster:
        if self._cluster is None:
            self._cluster = Cluster().start()
        return self._cluster

    def stop(self) -> None:
        if self._cluster is not None:
            self._cluster.stop()


@pytest.fixture(scope="session")
def _lazy_cluster() -> Iterator[_LazyCluster]:
    lazy = _LazyCluster()
    yield lazy
    lazy.stop()


@pytest.fixture(scope="session")
def postgres(_lazy_cluster: _LazyCluster) -> Cluster:
    """The private PostgreSQL cluster of this worker."""
    return _lazy_cluster.get()


@pytest.fixture(scope="session")
def new_database_url(engine: str, _lazy_cluster: _LazyCluster) -> Callable[[], str]:
    """Each call gives the URL of a new empty database: "" for SQLite (which lives in the data folder)."""
    return lambda: _lazy_cluster.get().create_database() if engine == "postgresql" else ""


@pytest.fixture
def database_url(new_database_url: Callable[[], str]) -> str:
    """The `database_url` setting of a new empty database of the engine."""
    return new_database_url()


@pytest.fixture(scope="session")
def _servers() -> Iterator[dict[str, Server]]:
    servers: dict[str, Server] = {}
    yield servers
    for server in servers.values():
        server.stop()


@pytest.fixture(scope="session")
def server(
    engine: str,
    _servers: dict[str, Server],
    new_database_url: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Server:
    """`poolhouse dev` on the engine, shared by all tests of this worker."""
    if engine not in _servers:
        data = tmp_path_factory.mktemp(f"server-{engine}")
        _servers[engine] = Server(data, database_url=new_database_url()).start()
    return _servers[engine]


@pytest.fixture
def start_server(
    new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Server]]:
    """Start a server of one's own: start_server("--workers", "2", environment={...}, command="serve", database_url=..., data=...).

    It is on the engine of the test and stops with it. start=False gives it unstarted.
    """
    with starter(new_database_url, tmp_path_factory) as start:
        yield start


@pytest.fixture
def start_local_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """As start_server, on SQLite only, for what no engine can change."""
    with starter(lambda: "", tmp_path_factory) as start:
        yield start


@pytest.fixture(scope="session")
def cognito(server: Server) -> Any:
    """boto3 with dummy keys, no retries, region us-east-1."""
    return server.client()


@pytest.fixture(scope="session")
def unchecked_cognito(server: Server) -> Any:
    """boto3 that does not check parameters itself, so that the server has to."""
    return server.client(validate=False)


@pytest.fixture(scope="session")
def inbox(server: Server) -> Inbox:
    """Mail and SMS of the server: inbox.code("a@example.com"), inbox.newest(...), inbox.messages(...)."""
    return server.inbox


@pytest.fixture(scope="session")
def pools(cognito: Any) -> Pools:
    """Makes pools, clients and users: pools.user_pool(...), pools.client_id(pool, ...), pools.user(pool, ...)."""
    return Pools(cognito)


@pytest.fixture(scope="module")
def user_pool_id(pools: Pools) -> str:
    """A plain pool that the tests of one file share."""
    return pools.user_pool()


@pytest.fixture(scope="module")
def client_id(pools: Pools, user_pool_id: str) -> str:
    """A public client of that pool with every flow allowed."""
    return pools.client_id(user_pool_id)


@pytest.fixture
def user(pools: Pools, user_pool_id: str) -> NewUser:
    """A new confirmed user of that pool."""
    return pools.user(user_pool_id)


@pytest.fixture(scope="session")
def _browser() -> Iterator[Any]:
    from tests.support import browser

    with browser.running() as running:
        yield running


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page of a real Chromium with no cookies. Fails the test when a script or the content security policy complains."""
    from tests.support import browser as steps

    with steps.new_page(browser) as page:
        yield page


@pytest.fixture
def browser(_browser: Any) -> Iterator[Any]:
    """The running Chromium, for tests that need contexts of their own: viewport, colour scheme, several cookie jars."""
    with _browser.used() as browser:
        yield browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    """A failed test shows the last lines of its server's log."""
    report = yield
    server = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(server, Server):
        report.sections.append(("poolhouse log", server.read_log()[-4000:]))
    return report
