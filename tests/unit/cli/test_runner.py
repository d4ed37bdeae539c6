"""Running servers: one worker and several, restarts, signals, `serve`."""

import signal

import httpx
import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from poolhouse.cli.keys import keys


def test_a_restart_keeps_the_demo_as_it_is(start_server):
    server = start_server()
    first = server.client().admin_get_user(UserPoolId=server.demo_user_pool_id, Username="demo")
    keys_before = server.get_json(f"/{server.demo_user_pool_id}/.well-known/jwks.json")
    server.stop()
    server.start()
    again = server.client().admin_get_user(UserPoolId=server.demo_user_pool_id, Username="demo")
    assert again["UserAttributes"] == first["UserAttributes"]
    assert server.get_json(f"/{server.demo_user_pool_id}/.well-known/jwks.json") == keys_before


def test_the_demo_client_follows_a_new_port(start_local_server):
    server = start_local_server()
    server.stop()
    moved = start_local_server(data=server.data, database_url=server.database_url)
    client = moved.client().describe_user_pool_client(UserPoolId=moved.demo_user_pool_id, ClientId=moved.demo_client_id)
    assert f"{moved.url}/_poolhouse/demo/callback" in client["UserPoolClient"]["CallbackURLs"]


def test_no_demo_seeds_nothing(start_local_server):
    server = start_local_server("--no-demo")
    assert server.client().list_user_pools(MaxResults=10)["UserPools"] == []
    landing = server.http.get("/").text  # first-hour F16: it listed users of a pool that is not there
    assert "us-east-1_Example" not in landing
    assert "create-user-pool" in landing


def test_the_landing_page_names_the_callbacks_of_the_demo_client(start_local_server):
    """first-hour F4"""
    server = start_local_server()
    page = server.http.get("/").text
    assert "http://localhost:3000, 5173, 8000, 8080 at /, /callback, /auth/callback, /api/auth/callback/cognito" in page


def test_sigterm_ends_in_good_order(start_local_server):
    server = start_local_server()
    assert server.stop() == 0
    assert "Traceback" not in server.read_log()


def test_ctrl_c_ends_without_a_traceback(start_local_server):
    server = start_local_server()
    server.process.send_signal(signal.SIGINT)
    server.process.wait(10)
    assert "Traceback" not in server.read_log()


def test_a_new_data_folder_keeps_itself_out_of_git(start_local_server, tmp_path):
    """first-hour F10: `git add .` took the master key along."""
    import subprocess

    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    server = start_local_server(start=False, data=tmp_path)
    server.options = ["--data", str(tmp_path / ".poolhouse")]
    server.start()
    assert (tmp_path / ".poolhouse" / "master.key").exists()
    status = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert status.stdout.splitlines() == ["?? poolhouse.log"]


def test_a_folder_of_somebodys_own_gets_no_gitignore(start_local_server):
    server = start_local_server()
    assert not (server.data / ".gitignore").exists()


class TestServe:
    @pytest.fixture
    def data(self, tmp_path):
        assert CliRunner().invoke(keys, ["master", str(tmp_path / "master.key")]).exit_code == 0
        return tmp_path

    @pytest.fixture
    def server(self, start_server, data, new_database_url):
        url = new_database_url()
        storage = ["--data", str(data)] + (["--database-url", url] if url else [])
        made = CliRunner().invoke(keys, ["create", *storage], catch_exceptions=False).stdout
        pair = tuple(line.split("=", 1)[1] for line in made.splitlines())
        flags = ("--master-key-file", str(data / "master.key"))
        return start_server(*flags, command="serve", data=data, database_url=url, keys=pair)

    def test_accepts_its_own_keys_and_seeds_nothing(self, server):
        assert server.client().list_user_pools(MaxResults=10)["UserPools"] == []

    def test_refuses_other_keys(self, server):
        with pytest.raises(ClientError) as refused:
            server.client(keys=("test", "test")).list_user_pools(MaxResults=10)
        assert refused.value.response["Error"]["Code"] in {"UnrecognizedClientException", "InvalidClientTokenId"}

    def test_refuses_a_master_key_of_another_database(self, server, data):
        server.stop()
        (data / "master.key").unlink()
        CliRunner().invoke(keys, ["master", str(data / "master.key")])
        with pytest.raises(RuntimeError, match="has not the key under which this database is sealed"):
            server.start()
        assert "Traceback" not in server.read_log()

    def test_logs_json_lines(self, server):
        import json

        lines = [json.loads(line) for line in server.read_log().splitlines()]
        assert lines[-1]["message"] == "poolhouse serves"
        assert lines[-1]["public_url"] == server.url

    def test_has_no_clock_and_no_landing_page_of_dev(self, server):
        assert server.http.post("/_poolhouse/api/clock", json={"advance_seconds": 5}).status_code == 404
        assert "Poolhouse-1" not in server.http.get("/").text

    def test_a_browser_at_its_root_gets_a_page(self, server):
        """first-hour F13: it was JSON."""
        answer = server.http.get("/", headers={"accept": "text/html,*/*;q=0.8"})
        assert (answer.status_code, "Sign-in pages open from your application." in answer.text) == (404, True)

    def test_it_says_when_nobody_can_administer_it(self, start_server, data, server):
        """first-hour F13"""
        assert "there is no access key yet" not in server.read_log()
        fresh = start_server("--master-key-file", str(data / "master.key"), command="serve")
        assert "make one with `poolhouse keys create`" in fresh.read_log()


def test_a_database_that_is_away_is_said_without_a_traceback(start_local_server, tmp_path):
    with pytest.raises(RuntimeError) as refused:
        start_local_server(data=tmp_path, database_url="postgresql://nobody@127.0.0.1:1/none")
    assert "database_url: cannot connect" in str(refused.value)
    assert "Traceback (most" not in (tmp_path / "poolhouse.log").read_text()


def test_response_headers_name_no_server_software(start_local_server):
    answer = httpx.get(start_local_server().url + "/_poolhouse/health", trust_env=False)
    assert answer.headers.get_list("server") == ["Server"]
    assert "date" in answer.headers
