"""A data folder that vanishes under a server, and one that two servers use (first-hour F11, F12)."""

import shutil
import time

import pytest

from tests.support.server import Server


def wait_for(found, seconds=60.0):
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_folder_that_vanishes_is_told_by_health_and_log(start_server, tmp_path, workers):
    """first-hour F11: the server went on from the deleted file, and all that was new was gone at the next start."""
    data = tmp_path / "data"
    data.mkdir()
    server = start_server("--workers", workers, data=data)
    wait_for(lambda: "ready at" in server.read_log())  # every worker
    said = []

    def is_said():
        said.extend(line for line in log if "deleted or replaced" in line)
        return len(said) >= int(workers)

    with server.log.open() as log:  # its name goes with the folder
        assert server.http.get("/_poolhouse/health").json() == {"status": "ok"}
        shutil.rmtree(data)
        wait_for(lambda: server.http.get("/_poolhouse/health").status_code == 503)  # each worker looks once a second
        wait_for(is_said)
        answer = server.http.get("/_poolhouse/health")
        assert answer.status_code == 503
        assert answer.json()["status"] == "failed"
        assert "deleted or replaced" in answer.json()["reason"]
        time.sleep(2.5)
        is_said()
    assert len(said) == int(workers)  # once by each process


def test_a_folder_that_is_made_anew_is_not_the_old_one(start_local_server, tmp_path):
    """first-hour F11: as when another server begins on it."""
    data = tmp_path / "data"
    server = start_local_server(data=data)
    data.rename(tmp_path / "moved")
    start_local_server(data=data)
    wait_for(lambda: server.http.get("/_poolhouse/health").status_code == 503)


def test_two_servers_on_one_folder_are_told(start_local_server, tmp_path):
    """first-hour F12: they issued tokens for two issuers from one pool, and nobody knew why they were refused."""
    first = start_local_server("--workers", "2", data=tmp_path)
    assert "runs on this data folder" not in first.read_log()
    second = start_local_server(data=tmp_path)
    assert f"Warning           {first.url} runs on this data folder, too" in second.read_log()
    second.stop()
    first.stop()
    again = Server(tmp_path, port=second.port)
    before = len(again.read_log())
    again.start()
    try:
        assert "runs on this data folder" not in again.read_log()[before:]
    finally:
        again.stop()


def test_servers_of_one_public_url_share_a_folder(start_local_server, tmp_path):
    """As while one hands over to the next behind a proxy."""
    url = {"POOLHOUSE_PUBLIC_URL": "http://localhost:8080"}
    start_local_server(data=tmp_path, environment=url)
    second = start_local_server(data=tmp_path, environment=url)
    assert "runs on this data folder" not in second.read_log()


class TestClock:
    def test_a_new_start_has_the_right_time(self, start_local_server, tmp_path):
        """first-hour D6: an hour of yesterday's test made every token of today one of the future."""
        server = start_local_server(data=tmp_path)
        server.advance_clock(3600)
        server.stop()
        server.start()
        assert server.get_json("/_poolhouse/api/clock")["offset_seconds"] == 0
        assert "Clock" not in server.read_log()

    def test_unless_asked_and_then_it_is_shown(self, start_local_server, tmp_path):
        """first-hour D6, F9: on landing page, inbox, demo application and in the terminal."""
        server = start_local_server(data=tmp_path)
        note = "The clock of this server is 1 h 5 min ahead."
        pages = ("/", "/_poolhouse/inbox", "/_poolhouse/demo")
        for page in pages:
            assert "The clock of this server" not in server.http.get(page).text
        server.advance_clock(3900)
        for page in pages:
            assert note in server.http.get(page).text
        server.stop()
        server.options.append("--keep-clock")
        server.start()
        assert server.get_json("/_poolhouse/api/clock")["offset_seconds"] == 3900
        assert f"Clock             {note}" in server.read_log()

    def test_a_second_server_leaves_the_clock_of_the_first(self, start_local_server, tmp_path):
        """Issue 5, review: it set the clock of the folder, which is the first one's, back in silence."""
        first = start_local_server(data=tmp_path)
        first.advance_clock(3600)
        second = start_local_server(data=tmp_path)
        assert first.get_json("/_poolhouse/api/clock")["offset_seconds"] == 3600
        assert second.get_json("/_poolhouse/api/clock")["offset_seconds"] == 3600
        key = tmp_path / "master.key"
        start_local_server("--master-key-file", str(key), command="serve", data=tmp_path)
        assert first.get_json("/_poolhouse/api/clock")["offset_seconds"] == 3600

    def test_serve_alone_sets_it_right(self, start_local_server, tmp_path):
        """`serve` goes by the machine's clock, and so must `keys rotate` beside it."""
        server = start_local_server(data=tmp_path)
        server.advance_clock(3600)
        server.stop()
        start_local_server("--master-key-file", str(tmp_path / "master.key"), command="serve", data=tmp_path)
        assert int.from_bytes((tmp_path / "counters").read_bytes()[8:16], "little", signed=True) == 0
