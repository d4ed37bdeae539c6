"""The ready file: what a script reads instead of the banner (first-hour F7)."""

import json
import signal

import httpx
import pytest


@pytest.mark.parametrize("workers", ["1", "2"])
def test_it_is_there_while_requests_are_answered(start_local_server, tmp_path, workers):
    """first-hour F7"""
    file = tmp_path / "ready.json"
    file.write_text('{"port": 1}')  # left behind by a server that was killed
    server = start_local_server("--ready-file", str(file), "--workers", workers)
    while not file.exists():
        pass  # health is answered a moment before
    facts = json.loads(file.read_text())
    assert (facts["url"], facts["port"], facts["region"]) == (server.url, server.port, "us-east-1")
    assert (facts["user_pool_id"], facts["client_id"]) == (server.demo_user_pool_id, server.demo_client_id)
    assert (facts["username"], facts["password"]) == ("demo", "Poolhouse-1")
    assert httpx.get(facts["health_url"], trust_env=False).status_code == 200
    assert httpx.get(facts["inbox_url"], trust_env=False).json()["messages"] == []
    assert httpx.post(facts["clock_url"], json={"advance_seconds": 0}, trust_env=False).status_code == 200
    assert server.stop() == 0
    assert not file.exists()
    assert list(tmp_path.glob("ready.json*")) == []


def test_a_free_port_is_named(start_local_server, tmp_path):
    """first-hour F7: several at once, each with --port 0."""
    server = start_local_server(start=False, data=tmp_path)
    file = tmp_path / "ready.json"
    server.options = ["--port", "0", "--ready-file", str(file)]
    server._wait = lambda: None
    server.start()
    while not file.exists():
        assert server.process.poll() is None, server.read_log()
    facts = json.loads(file.read_text())
    assert facts["port"] > 0
    assert httpx.get(facts["url"] + "/_poolhouse/health", trust_env=False).status_code == 200


def test_ctrl_c_removes_it_too(start_local_server, tmp_path):
    server = start_local_server("--ready-file", str(tmp_path / "ready.json"))
    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(10) == 0
    assert not (tmp_path / "ready.json").exists()
    assert server.read_log().endswith("Stopped.\n")


def test_serve_names_no_demo(start_local_server, tmp_path):
    from click.testing import CliRunner

    from poolhouse.cli.keys import keys

    CliRunner().invoke(keys, ["master", str(tmp_path / "master.key")], catch_exceptions=False)
    file = tmp_path / "ready.json"
    start_local_server("--master-key-file", str(tmp_path / "master.key"), "--ready-file", str(file), command="serve")
    while not file.exists():
        pass
    assert not {"password", "user_pool_id", "inbox_url", "clock_url"} & set(json.loads(file.read_text()))


def test_a_folder_that_is_not_there_is_said_at_once(start_local_server, tmp_path):
    with pytest.raises(RuntimeError, match="ready_file: there is no folder for"):
        start_local_server("--ready-file", str(tmp_path / "none" / "ready.json"))
