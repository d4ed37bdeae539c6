"""`poolhouse reset`: begin anew (first-hour F11)."""

import pytest
from click.testing import CliRunner

from poolhouse.cli.reset import reset
from poolhouse.errors import ConfigError


def run(data, *flags, answer=None):
    return CliRunner().invoke(reset, ["--data", str(data), *flags], input=answer, catch_exceptions=False)


@pytest.fixture
def used(start_local_server):
    """A server that was used and stopped."""
    server = start_local_server("--tls", scheme="https")
    server.client().create_user_pool(PoolName="gone")
    return server


def test_the_next_start_begins_anew_and_is_trusted_as_before(used):
    """first-hour F11"""
    used.stop()
    authority = (used.data / "local-ca.pem").read_bytes()
    assert run(used.data, "--yes").exit_code == 0
    assert not {"poolhouse.db", "poolhouse.db-wal"} & {file.name for file in used.data.iterdir()}
    used.start()
    pools = used.client().list_user_pools(MaxResults=10)["UserPools"]
    assert [pool["Name"] for pool in pools] == ["Demo"]
    assert (used.data / "local-ca.pem").read_bytes() == authority


def test_it_asks(used):
    used.stop()
    assert run(used.data, answer="n\n").exit_code == 1
    assert list(used.data.glob("*.db"))
    assert run(used.data, answer="y\n").exit_code == 0


def test_without_a_terminal_it_says_how(used):
    """Issue 5, a new user's walk, 5: it only said `Aborted!`."""
    used.stop()
    done = run(used.data)
    assert (done.exit_code, "`poolhouse reset --yes` does not ask" in done.output) == (2, True)
    assert list(used.data.glob("*.db"))


def test_it_refuses_while_a_server_runs_on_the_folder(used):
    """first-hour F11: that server would go on from a deleted file."""
    with pytest.raises(ConfigError, match="a server runs on"):
        run(used.data, "--yes")
    pools = used.client().list_user_pools(MaxResults=10)["UserPools"]
    assert {pool["Name"] for pool in pools} == {"Demo", "gone"}


def test_an_empty_folder_is_nothing_to_do(tmp_path):
    assert "Nothing to do" in run(tmp_path / "none", "--yes").output
    assert not (tmp_path / "none").exists()


def test_a_database_elsewhere_is_not_touched(tmp_path):
    with pytest.raises(ConfigError, match="not in the data folder"):
        run(tmp_path, "--yes", "--database-url", "postgresql://localhost/x")
