"""The request log: one line that says what was asked, answered and why, and never a secret (first-hour F2)."""

import json
import re
import time
from types import SimpleNamespace

import pytest

from poolhouse import request_log
from poolhouse.asgi import Request, Response, redirect
from poolhouse.errors import CognitoError

TIME = re.compile(r"\d\d:\d\d:\d\d  ")


@pytest.fixture(scope="module")
def lines_of(tmp_path_factory):
    """The request lines that a server writes while something is done."""

    def lines_of(server, act):
        server.call("ListUserPools", {"MaxResults": 1})  # what is done before is written before
        before = len(server.read_log())
        act()
        end = time.monotonic() + 5
        while not server.read_log()[before:].endswith("\n") and time.monotonic() < end:
            time.sleep(0.01)
        return [line for line in server.read_log()[before:].splitlines() if TIME.match(line)]

    return lines_of


def password_auth(server, **parameters):
    return server.call(
        "InitiateAuth",
        {
            "ClientId": server.demo_client_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "demo", "PASSWORD": server.demo_password, **parameters},
        },
    )


def test_a_call_is_one_plain_line_with_pool_client_status_and_time(start_local_server, lines_of):
    """first-hour F2"""
    server = start_local_server()
    (line,) = lines_of(server, lambda: password_auth(server))
    assert re.fullmatch(r"\d\d:\d\d:\d\d  POST InitiateAuth +Demo/Demo application  200  \d+ ms", line), line


def test_a_refused_address_says_error_and_reason(start_local_server, lines_of):
    """first-hour F2"""
    server = start_local_server()
    (line,) = lines_of(server, lambda: server.call("DescribeUserPool", {"UserPoolId": "us-east-1_Nothing"}))
    assert "400 ResourceNotFoundException · User pool us-east-1_Nothing does not exist.  " in line


def test_a_page_says_where_it_leads_without_the_query(start_local_server, lines_of):
    """first-hour F2"""
    server = start_local_server()
    query = {"client_id": server.demo_client_id, "response_type": "code", "state": "private-state"}
    query["redirect_uri"] = f"{server.url}/_poolhouse/demo/callback"
    (line,) = lines_of(server, lambda: server.http.get("/oauth2/authorize", params=query))
    assert "GET /oauth2/authorize" in line
    assert "302 -> /login  " in line
    assert "private-state" not in line


def test_the_token_endpoint_says_why(start_local_server, lines_of):
    """first-hour F2"""
    server = start_local_server()
    form = {"grant_type": "authorization_code", "client_id": server.demo_client_id, "code": "private-code"}
    (line,) = lines_of(server, lambda: server.http.post("/oauth2/token", data=form))
    assert "400 invalid_grant · unknown or used code" in line
    assert "private-code" not in line


def test_health_assets_and_the_polled_inbox_are_left_out(start_local_server, lines_of):
    server = start_local_server()

    def ask():
        for path in ("/_poolhouse/health", "/_poolhouse/inbox", "/_poolhouse/api/inbox"):
            assert server.http.get(path).status_code == 200
        server.http.get("/_poolhouse/nothing")

    assert ["/_poolhouse/nothing" in line for line in lines_of(server, ask)] == [True]


@pytest.mark.parametrize("flag", ["--no-request-log", "--log-level=warning"])
def test_it_can_be_turned_off(start_local_server, lines_of, flag):
    server = start_local_server(flag)
    assert lines_of(server, lambda: password_auth(server)) == []


def test_serve_is_silent_unless_asked_and_then_writes_json(start_local_server, tmp_path):
    from click.testing import CliRunner

    from poolhouse.cli.keys import keys

    CliRunner().invoke(keys, ["master", str(tmp_path / "master.key")], catch_exceptions=False)
    flags = ("--master-key-file", str(tmp_path / "master.key"))
    quiet = start_local_server(*flags, command="serve")
    quiet.call("InitiateAuth", {})
    quiet.stop()
    assert "InitiateAuth" not in quiet.read_log()
    told = start_local_server(*flags, "--request-log", command="serve")
    told.call("InitiateAuth", {})
    told.stop()
    entry = json.loads(next(line for line in told.read_log().splitlines() if "InitiateAuth" in line))
    assert (entry["message"], entry["operation"], entry["status"]) == ("request", "InitiateAuth", 400)
    assert entry["error"] == "InvalidParameterException"
    assert entry["request_id"]


def entry(path="/", refusal=None, response=None):
    call = SimpleNamespace(request_id="r", remote_ip="", operation="", origin="http://localhost:9229")
    if refusal is not None:
        call.refusal = refusal
    return request_log.entry(call, Request(method="GET", path=path, headers={}), response or Response(400), 4.2)


def test_control_characters_of_a_caller_do_not_reach_the_terminal():
    line = str(entry("/\x1b[2J\r\nforged", CognitoError("x", detail="name \x1b[31m\x07")))
    assert line.isprintable()
    assert "InternalErrorException · name \N{REPLACEMENT CHARACTER}[31m" in line


def test_a_long_path_is_cut():
    assert len(str(entry("/" + "a" * 9000))) < 300


def test_another_site_is_named_without_what_it_is_given():
    assert entry(response=redirect("https://app.example.com/cb?code=private")).location == "https://app.example.com/cb"


def test_a_failure_of_the_server_is_in_the_line_too():
    assert "500" in str(entry(response=Response(500)))


def test_on_a_terminal_only_what_was_refused_stands_out():
    import logging

    from poolhouse.cli import logs

    def shown(response):
        record = logging.makeLogRecord({"msg": entry(response=response), "levelno": logging.INFO})
        return logs.Sentences(is_coloured=True).format(record)

    assert shown(Response(200)).count("\x1b[") == 2
    assert "\x1b[33m400" in shown(Response(400))
    assert "\x1b[31m500" in shown(Response(500))
