"""A server whose clock the conformance tests may move, so that none of them waits."""

from collections.abc import Callable

import pytest

from tests.support.server import Server


@pytest.fixture(scope="session")
def clocked(
    engine: str,
    _servers: dict[str, Server],
    new_database_url: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Server:
    """A second `poolhouse dev`, shared by the tests that let its clock run ahead (`clocked.advance_clock(seconds)`)."""
    name = f"{engine}-clocked"
    if name not in _servers:
        _servers[name] = Server(tmp_path_factory.mktemp(f"server-{name}"), database_url=new_database_url()).start()
    return _servers[name]
