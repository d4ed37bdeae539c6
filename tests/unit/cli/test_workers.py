"""Several workers: they share the work, are replaced when they die, and end together."""

import os
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from poolhouse.cli.workers import Worker
from tests.support.pools import Pools

HEALTH = b"GET /_poolhouse/health HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def server(start_local_server):
    server = start_local_server("--workers", "2")
    wait_for(lambda: "Sign in" in server.read_log())  # The banner comes when the last worker is up.
    return server


def wait_for(happens, seconds=60):
    """What it gave at last."""
    end = time.monotonic() + seconds
    while not (happened := happens()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.05)
    return happened


def worker_ids(server):
    # Not /proc/…/children: the kernel leaves a living child out of it while another is dying.
    children = [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and parent_of(entry) == server.process.pid
    ]
    # Beside the workers there is Python's resource tracker, which is not one.
    return {pid for pid in children if (line := command_line(pid)) and "resource_tracker" not in line}


def parent_of(entry):
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None  # It has ended since it was listed.


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""  # It has ended since it was listed.


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def open_connections(server, number):
    """This many answered connections, kept open."""
    connections = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(number)]
    for connection in connections:
        connection.sendall(HEALTH)
    for connection in connections:
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")
    return connections


def sockets_of(pid):
    return sum("socket" in str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir())


def test_both_serve_what_either_wrote(start_server):
    server = start_server("--workers", "2")
    pools = Pools(server.client())
    pool_id = pools.user_pool()
    client_id = pools.client_id(pool_id)
    user = pools.user(pool_id)
    for _ in range(10):  # A new connection each time, so that both workers answer.
        assert "AccessToken" in Pools(server.client()).sign_in(client_id, user)


def test_the_banner_is_printed_once_and_the_demo_made_once(server):
    assert server.read_log().count("ready at") == 1
    assert len(server.client().list_user_pools(MaxResults=10)["UserPools"]) == 1


def test_connections_are_spread_over_all_workers(server):
    before = {pid: sockets_of(pid) for pid in worker_ids(server)}
    connections = open_connections(server, 64)
    taken = [sockets_of(pid) - number for pid, number in before.items()]
    for connection in connections:
        connection.close()
    assert sum(taken) == 64
    assert min(taken) > 8, taken


def test_all_end_with_the_supervisor(server):
    workers = worker_ids(server)
    assert len(workers) == 2
    server.stop()
    assert not any(is_alive(pid) for pid in workers)
    assert "Traceback" not in server.read_log()


def test_none_serves_on_when_the_supervisor_is_killed(server):
    workers = worker_ids(server)
    os.kill(server.process.pid, signal.SIGKILL)
    wait_for(lambda: not any(is_alive(pid) for pid in workers))


def test_a_dead_worker_is_replaced_and_its_connections_wait_for_that(server):
    before = worker_ids(server)
    os.kill(min(before), signal.SIGKILL)
    for connection in open_connections(server, 32):
        connection.close()
    wait_for(lambda: len(worker_ids(server)) == 2)
    assert len(worker_ids(server) & before) == 1
    assert "a worker died" in server.read_log()


def _ready_at_once(_settings, _listener, on_ready):
    on_ready()
    time.sleep(60)


def test_to_ask_after_a_worker_leaves_what_is_waited_for():
    """The supervisor collected its signs, asked whether all were ready, closed one of the signs by that, and died of it."""
    worker = Worker(_ready_at_once, "", [])
    try:
        signs = worker.signs()
        assert wait(signs, 30)
        assert not worker.is_ready
        assert not worker.is_late
        assert wait(signs, 0)
        worker.look()
        assert worker.is_ready
        assert not wait(worker.signs(), 0)
    finally:
        worker.kill()


@pytest.mark.parametrize("kills", [1, 3])
def test_a_worker_killed_while_it_starts_is_replaced(start_local_server, kills):
    """Issue 5, "a worker killed while starting": the whole server ended with it, when it was one of the first.

    Whoever dies again and again is not started in a hot loop: each pause is twice the last, and the log says so.
    """
    server = start_local_server("--workers", "2", start=False)
    with ThreadPoolExecutor(1) as threads:
        starting = threads.submit(server.start)
        wait_for(lambda: server.process is not None)
        killed = set()
        for _ in range(kills):
            victim = max(
                wait_for(lambda: len(young := worker_ids(server) - killed) == 2 and young)
            )  # The newest; the other is left to serve.
            os.kill(victim, signal.SIGKILL)
            killed.add(victim)
        starting.result()
    wait_for(lambda: "Sign in" in server.read_log())
    assert len(worker_ids(server)) == 2
    for connection in open_connections(server, 16):
        connection.close()
    said = re.findall(r"a worker died while it started; the next begins in (\S+) s", server.read_log())
    assert said == ["0.5", "1", "2"][:kills]


def test_a_worker_killed_while_it_replaces_another_is_replaced_too(server):
    """Issue 5, "a worker killed while starting"."""
    before = worker_ids(server)
    os.kill(min(before), signal.SIGKILL)
    (young,) = wait_for(lambda: worker_ids(server) - before)
    os.kill(young, signal.SIGKILL)
    wait_for(lambda: worker_ids(server) - before - {young})
    for connection in open_connections(server, 32):
        connection.close()
    assert len(worker_ids(server) & before) == 1


def test_a_worker_killed_while_sighup_starts_it_is_started_again(server):
    """Issue 5, "a worker killed while starting"."""
    before = worker_ids(server)
    server.process.send_signal(signal.SIGHUP)
    os.kill(wait_for(lambda: worker_ids(server) - before).pop(), signal.SIGKILL)
    wait_for(lambda: len(worker_ids(server)) == 2 and not worker_ids(server) & before)
    for connection in open_connections(server, 16):
        connection.close()


def test_sighup_replaces_the_workers_while_requests_are_answered(server):
    before = worker_ids(server)
    server.process.send_signal(signal.SIGHUP)
    end = time.monotonic() + 60
    while (worker_ids(server) & before or len(worker_ids(server)) != 2) and time.monotonic() < end:
        assert server.http.get("/_poolhouse/health").status_code == 200
    assert not worker_ids(server) & before


def test_a_second_server_on_the_port_is_refused(server, start_local_server):
    second = start_local_server("--workers", "2", start=False, port=server.port)
    second.data.mkdir(exist_ok=True)
    import subprocess

    done = subprocess.run(second.arguments(), check=False, capture_output=True, text=True, timeout=30)
    assert (done.returncode, "is in use" in done.stderr) == (2, True)
