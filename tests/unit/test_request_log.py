"""The request log: one line that says what was asked, answered and why, and never a secret (first-hour F2)."""

import json
import re
import time
from types import SimpleNamespace

import pytest

from poolhouse import request_log
from poolhouse.asgi import Request, Response, redirect
from poolhouse.errors import CognitoError, PageError
from tests.support.server import starter

TIME = re.compile(r"\d\d:\d\d:\d\d  ")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """For tests that look at the lines of what they do; whoever looks at a whole log has one of their own."""
    with starter(lambda: "", tmp_path_factory) as start:
        yield start()


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


def test_a_call_is_one_plain_line_with_pool_client_status_and_time(server, lines_of):
    """first-hour F2"""
    (line,) = lines_of(server, lambda: password_auth(server))
    told = r"POST InitiateAuth +Demo/Demo application  200 · signed in by USER_PASSWORD_AUTH: PASSWORD  \d+ ms"
    assert re.fullmatch(rf"\d\d:\d\d:\d\d  {told}", line), line


def test_a_refused_address_says_error_and_reason(server, lines_of):
    """first-hour F2"""
    (line,) = lines_of(server, lambda: server.call("DescribeUserPool", {"UserPoolId": "us-east-1_Nothing"}))
    assert "400 ResourceNotFoundException · User pool us-east-1_Nothing does not exist.  " in line


def test_a_page_says_where_it_leads_without_the_query(server, lines_of):
    """first-hour F2"""
    query = {"client_id": server.demo_client_id, "response_type": "code", "state": "private-state"}
    query["redirect_uri"] = f"{server.url}/_poolhouse/demo/callback"
    (line,) = lines_of(server, lambda: server.http.get("/oauth2/authorize", params=query))
    assert "GET /oauth2/authorize" in line
    assert "302 -> /login  " in line
    assert "private-state" not in line


def test_the_token_endpoint_says_why(server, lines_of):
    """first-hour F2"""
    form = {"grant_type": "authorization_code", "client_id": server.demo_client_id, "code": "private-code"}
    (line,) = lines_of(server, lambda: server.http.post("/oauth2/token", data=form))
    assert "400 invalid_grant · unknown or used code" in line
    assert "private-code" not in line


SECRETS = ("Wrong-Horse-1", "private", "Typed-Into-The-Wrong-Field-1")


def sign_ins(server):
    yield password_auth(server, PASSWORD="Wrong-Horse-1"), "NotAuthorizedException · password does not match (demo)"
    unknown = password_auth(server, USERNAME="Typed-Into-The-Wrong-Field-1")
    yield unknown, "NotAuthorizedException · no user has this name"
    for _ in range(5):
        password_auth(server, PASSWORD="Wrong-Horse-1")
    locked = password_auth(server)
    yield locked, "NotAuthorizedException · locked for "
    yield (
        server.call(
            "ConfirmForgotPassword",
            {
                "ClientId": server.demo_client_id,
                "Username": "demo",
                "ConfirmationCode": "123456",
                "Password": "Other-Horse-2",
            },
        ),
        "ExpiredCodeException · no code waits",
    )
    challenge = {"ChallengeName": "NEW_PASSWORD_REQUIRED", "ClientId": server.demo_client_id, "Session": "private" * 5}
    answers = {"USERNAME": "demo", "NEW_PASSWORD": "Other-Horse-2"}
    yield (
        server.call("RespondToAuthChallenge", {**challenge, "ChallengeResponses": answers}),
        "NotAuthorizedException · not a Session of this pool",
    )
    hashed = password_auth(server, SECRET_HASH="cHJpdmF0ZQ==")
    yield hashed, "NotAuthorizedException · SECRET_HASH was sent, and the client has no secret"


def test_the_reason_that_the_answer_hides_is_told(start_local_server):
    """first-hour F2: wrong password, unknown user, locked, code and session look alike to the caller."""
    server = start_local_server()
    answers, reasons = zip(*sign_ins(server), strict=True)
    assert {answer.status_code for answer in answers} == {400}
    server.stop()
    log = server.read_log()
    assert [reason for reason in reasons if reason not in log] == []
    assert [secret for secret in SECRETS if secret in log] == []


def test_the_oauth_endpoints_say_what_was_sent_and_what_is_registered(start_local_server):
    """first-hour F2, F3: the three that everybody meets in the first five minutes, and their kin."""
    server = start_local_server()
    cognito = server.client()
    pool_id = server.demo_user_pool_id

    def client(**settings):
        name = settings.pop("ClientName")
        made = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName=name, **settings)["UserPoolClient"]
        return made["ClientId"]

    bare = client(ClientName="bare")
    shop = client(
        ClientName="Web shop",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[f"http://localhost:300{number}/" for number in range(3)],
        SupportedIdentityProviders=["COGNITO"],
    )
    right = {"client_id": shop, "response_type": "code", "redirect_uri": "http://localhost:3000/"}
    authorize = [
        ({**right, "redirect_uri": "http://localhost:3000"},
         "302 -> /error · redirect_mismatch · redirect_uri http://localhost:3000 is not among the 3 of client Web shop"),
        ({**right, "client_id": bare}, "invalid_request · client bare has no AllowedOAuthFlows, or"),
        ({**right, "client_id": "nobody"}, "Client does not exist · no client nobody in pool Demo, whose pages were called"),
        ({**right, "scope": "email"}, "invalid_request · scope 'email': client Web shop holds openid"),
        ({**right, "response_type": "token"}, "unauthorized_client · AllowedOAuthFlows of client Web shop lacks implicit"),
        ({**right, "response_type": "id"}, "invalid_request · response_type is none of code, token"),
    ]  # fmt: skip
    form = {"grant_type": "authorization_code", "code": "private-code"}
    token = [
        ({**form, "client_id": shop}, "invalid_client · the client has a secret, and none was sent"),
        ({**form, "client_id": shop, "client_secret": "private-secret"}, "invalid_client · wrong secret"),
        ({**form, "client_id": "nobody"}, "invalid_client · no client nobody in pool Demo"),
        (
            {"grant_type": "password", "client_id": server.demo_client_id},
            "unsupported_grant_type · grant_type is none of authorization_code, refresh_token, client_credentials",
        ),
        (
            {"grant_type": "client_credentials", "client_id": server.demo_client_id},
            "unauthorized_client · needs a secret and client_credentials in AllowedOAuthFlows",
        ),
    ]
    for query, _ in authorize:
        server.http.get("/oauth2/authorize", params=query)
    for fields, _ in token:
        server.http.post("/oauth2/token", data=fields)
    server.http.get("/logout", params={"client_id": shop, "logout_uri": "http://localhost:3000/bye"})
    server.stop()
    log = server.read_log()
    reasons = [reason for _, reason in (*authorize, *token)]
    reasons.append("logout_uri http://localhost:3000/bye is not registered: the client has 0 logout URLs")
    assert [reason for reason in reasons if reason not in log] == []
    assert "private" not in log


def test_a_wrong_code_and_a_token_of_another_client_are_told(start_local_server, lines_of):
    """first-hour F2"""
    server = start_local_server()
    cognito = server.client()
    other = cognito.create_user_pool_client(UserPoolId=server.demo_user_pool_id, ClientName="other")["UserPoolClient"]
    tokens = password_auth(server).json()["AuthenticationResult"]
    server.call("ForgotPassword", {"ClientId": server.demo_client_id, "Username": "demo"})
    code = "123456" if server.inbox.code("demo@example.com") != "123456" else "654321"
    reset = {"ClientId": server.demo_client_id, "Username": "demo", "Password": "Other-Horse-2"}

    def ask():
        server.call("ConfirmForgotPassword", {**reset, "ConfirmationCode": code})
        server.call(
            "GetTokensFromRefreshToken", {"ClientId": other["ClientId"], "RefreshToken": tokens["RefreshToken"]}
        )
        change = {"PreviousPassword": "Wrong-Horse-1", "ProposedPassword": "Other-Horse-2"}
        server.call("ChangePassword", {"AccessToken": tokens["AccessToken"], **change}, sign=False)

    lines = lines_of(server, ask)
    assert "400 CodeMismatchException · another code was sent (demo)" in lines[0]
    assert f"NotAuthorizedException · it was given to client {server.demo_client_id}" in lines[1]
    assert "NotAuthorizedException · the previous password does not match (demo)" in lines[2]
    assert code not in "".join(lines)


def test_an_id_token_for_an_access_token_is_said(server, lines_of):
    token = password_auth(server).json()["AuthenticationResult"]["IdToken"]
    (line,) = lines_of(server, lambda: server.call("GetUser", {"AccessToken": token}, sign=False))
    assert "NotAuthorizedException · a token for id, where a user's access token is needed" in line
    assert token not in line


def test_a_refused_page_says_why(server, lines_of):
    """first-hour F2: the pages answer with a form again, whose status tells nothing."""
    query = {"client_id": server.demo_client_id, "response_type": "code"}
    query["redirect_uri"] = f"{server.url}/_poolhouse/demo/callback"

    def sign_in():
        with server.browser() as browser:
            page = browser.get("/login", params=query).text
            csrf = re.search(r'name="_csrf" value="([^"]+)"', page)[1]
            form = {"_csrf": csrf, "username": "demo", "password": "Wrong-Horse-1"}
            browser.post("/login", params=query, data=form)

    line = lines_of(server, sign_in)[-1]
    assert "POST /login" in line
    assert "NotAuthorizedException · password does not match (demo)" in line


def test_an_answer_that_hides_that_nothing_was_done_says_why(start_local_server):
    """Issue 5, a new user's walk, 2: the status is 200, or the error the same for all, and the code never comes."""
    server = start_local_server()
    cognito, pool_id = server.client(), server.demo_user_pool_id
    for name in ("off", "forced", "nowhere"):
        cognito.admin_create_user(UserPoolId=pool_id, Username=name, MessageAction="SUPPRESS")
    for name in ("off", "nowhere"):
        cognito.admin_set_user_password(UserPoolId=pool_id, Username=name, Password="Other-Horse-2", Permanent=True)
    cognito.admin_disable_user(UserPoolId=pool_id, Username="off")
    bare = cognito.create_user_pool(PoolName="bare")["UserPool"]["Id"]  # verifies no address
    bare_client = cognito.create_user_pool_client(
        UserPoolId=bare, ClientName="bare", PreventUserExistenceErrors="ENABLED"
    )["UserPoolClient"]["ClientId"]
    cognito.sign_up(ClientId=bare_client, Username="ada", Password="Other-Horse-2")
    secret = "Typed-Into-The-Wrong-Field-1"

    def ask(operation, name, client_id=server.demo_client_id, **more):
        return server.call(operation, {"ClientId": client_id, "Username": name, **more}).status_code

    assert [ask("ForgotPassword", name) for name in (secret, "off", "forced", "nowhere")] == [200] * 4
    assert [ask("ResendConfirmationCode", name) for name in (secret, "demo")] == [200] * 2
    assert ask("ResendConfirmationCode", "ada", bare_client) == 200
    assert [ask("ConfirmSignUp", name, ConfirmationCode="123456") for name in (secret, "demo")] == [400] * 2
    new = {"ConfirmationCode": "123456", "Password": "Other-Horse-3"}
    assert [ask("ConfirmForgotPassword", name, **new) for name in (secret, "off")] == [400] * 2
    server.stop()
    log = server.read_log()
    reasons = [
        "200 · no user has this name; nothing was sent  ",
        "200 · user off is disabled; nothing was sent  ",
        "200 · user forced is FORCE_CHANGE_PASSWORD; nothing was sent  ",
        "200 · user nowhere has no verified address for recovery; nothing was sent  ",
        "200 · user demo is CONFIRMED; nothing was sent  ",
        "200 · user ada has no address that the pool verifies; nothing was sent  ",
        "CodeMismatchException · no code was sent, only pretended (no user has this name)  ",
        "CodeMismatchException · no code was sent, only pretended (demo) · user demo is CONFIRMED  ",
        "CodeMismatchException · no code was sent, only pretended (off)  ",
    ]
    assert [reason for reason in reasons if reason not in log] == []
    assert (secret in log, "Horse" in log) == (False, False)


def test_a_page_that_leads_back_or_on_says_why(start_local_server):
    """Issue 5, a new user's walk, 2: four steps of the pages told only where they led."""
    server = start_local_server()
    query = {"client_id": server.demo_client_id, "response_type": "code"}
    query["redirect_uri"] = f"{server.url}/_poolhouse/demo/callback"
    attributes = [{"Name": "email", "Value": "ada@example.com"}]
    server.client().sign_up(
        ClientId=server.demo_client_id, Username="ada", Password="Correct-Horse-1", UserAttributes=attributes
    )

    def sign_in(username, password, *, csrf=None):
        with server.browser() as browser:
            page = browser.get("/login", params=query).text
            token = csrf or re.search(r'name="_csrf" value="([^"]+)"', page)[1]
            form = {"_csrf": token, "username": username, "password": password}
            return browser.post("/login", params=query, data=form)

    sign_in("My Private Name", "Wrong-Horse-1")
    sign_in("demo", "")
    sign_in("ada", "Wrong-Horse-1")
    sign_in("ada", "Correct-Horse-1")
    sign_in("demo", "Wrong-Horse-1", csrf="private")
    server.http.post("/login", params=query, data={"_csrf": "private", "username": "demo", "password": "private"})
    server.http.get("/confirm", params=query)
    server.http.get("/_poolhouse/demo/callback", params={"code": "private", "state": "private"})
    server.stop()
    log = server.read_log()
    reasons = [
        "NotAuthorizedException · the username is empty or too long, or has a blank in it",
        "NotAuthorizedException · the password is empty or too long",
        "302 -> /confirm · user ada is not confirmed, and the password does not match  ",
        "302 -> /confirm · user ada is not confirmed  ",
        "302 -> /login · the page had expired: its token is not the one of the cookie  ",
        "302 -> /login · the page had expired: no cookie came with it  ",
        "302 -> /login · no step before this page, or it was too long ago  ",
        "400 · This answer belongs to no sign-in of this browser. Sign in again.  ",
    ]
    assert [reason for reason in reasons if reason not in log] == []
    assert [word for word in ("rivate", "Horse") if word in log] == []


def test_health_assets_and_the_polled_inbox_are_left_out(server, lines_of):
    def ask():
        for path in ("/_poolhouse/health", "/_poolhouse/inbox", "/_poolhouse/api/inbox"):
            assert server.http.get(path).status_code == 200
        server.http.get("/_poolhouse/nothing")

    assert ["/_poolhouse/nothing" in line for line in lines_of(server, ask)] == [True]


@pytest.mark.parametrize("flag", ["--no-request-log", "--log-level=warning"])
def test_it_can_be_turned_off(start_local_server, flag):
    server = start_local_server(flag)
    assert password_auth(server).status_code == 200
    server.stop()  # which writes whatever was to be written
    assert list(filter(TIME.match, server.read_log().splitlines())) == []


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
    call = SimpleNamespace(request_id="r", remote_ip="", operation="", note="", origin="http://localhost:9229")
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

    def shown(response, refusal=None):
        record = logging.makeLogRecord({"msg": entry(response=response, refusal=refusal), "levelno": logging.INFO})
        return logs.Sentences(is_coloured=True).format(record)

    assert shown(Response(200)).count("\x1b[") == 2
    assert "\x1b[33m400" in shown(Response(400))
    assert "\x1b[33m302 -> /error" in shown(redirect("/error"), PageError("redirect_mismatch"))
    assert "\x1b[31m500" in shown(Response(500))
