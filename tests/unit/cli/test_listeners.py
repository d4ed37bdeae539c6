"""cli/listeners.py: `localhost` is both of its addresses in `dev` (first-hour F15)."""

import socket
import subprocess

import httpx
import pytest

from poolhouse.cli import listeners
from poolhouse.config import Settings
from poolhouse.errors import ConfigError
from tests.support.ports import free_port


def health(address: str, port: int) -> int:
    return httpx.get(f"http://{address}:{port}/_poolhouse/health", trust_env=False).status_code


@pytest.mark.parametrize("options", [(), ("--workers", "2"), ("--host", "localhost")], ids=["one", "two", "name"])
def test_dev_answers_on_both_loopback_addresses(start_local_server, options):
    """first-hour F15: Node 17 to 19 and some JVMs try ::1 first."""
    server = start_local_server(*options)
    for _ in range(8):
        assert [health(address, server.port) for address in ("127.0.0.1", "[::1]", "localhost")] == [200] * 3
    assert f"ready at http://localhost:{server.port}\n" in server.read_log()


def test_a_free_port_is_free_on_both():
    pair = listeners.listen(Settings(port=0))
    try:
        assert [each.getsockname()[0] for each in pair] == ["127.0.0.1", "::1"]
        assert len({each.getsockname()[1] for each in pair}) == 1
    finally:
        listeners.close_listener(pair)


def test_a_port_that_is_in_use_on_either_is_in_use():
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as taken:
            taken.bind((address, 0))
            taken.listen()
            with pytest.raises(ConfigError, match="is in use"):
                listeners.listen(Settings(port=taken.getsockname()[1]))


@pytest.mark.parametrize(
    "settings", [Settings(mode="serve", port=0), Settings(host="::1", port=0), Settings(host="0.0.0.0", port=0)]
)
def test_one_address_where_one_is_meant(settings):
    (only,) = listeners.listen(settings)
    only.close()


def test_a_machine_without_ipv6_starts(monkeypatch):
    """first-hour F15."""
    real = socket.socket

    def without_ipv6(family=socket.AF_INET, *more, **named):
        if family == socket.AF_INET6:
            raise OSError("Address family not supported by protocol")
        return real(family, *more, **named)

    monkeypatch.setattr(socket, "socket", without_ipv6)
    (only,) = listeners.listen(Settings(port=0))
    assert only.getsockname()[0] == "127.0.0.1"
    only.close()


def test_a_second_server_on_the_port_is_refused(start_local_server, tmp_path):
    server = start_local_server()
    from tests.support.server import COMMAND

    command = [str(COMMAND), "dev", "--port", str(server.port), "--data", str(tmp_path)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 2
    assert "is in use" in second.stderr
    assert free_port() != server.port
