"""Issue 5, done when 4: every command and every row of the README is run by a test, as it is printed there.

A block or row names its test by a comment, `<!-- test: NAME -->`; the test is marked `readme("NAME")`. The rows' own text is what runs;
only the address of the server is another one.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.support import node, readme
from tests.support.ports import free_port
from tests.support.readme import ROOT

BIN = Path(sys.executable).parent
AWS_BIN = ROOT / ".venv-awscli" / "bin"
VARIABLES = dict(re.findall(r"(AWS_\w+)=(\S+)", readme.block("variables")))


def environment(tmp_path, server=None, **more):
    """What the README's export lines make of an empty environment, with the commands on the path."""
    variables = {**VARIABLES}
    if server is not None:
        variables["AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] = server.url
    return {"PATH": f"{BIN}:{AWS_BIN}:{os.environ['PATH']}", "HOME": str(tmp_path), **variables, **more}


def shell(script, **options):
    return subprocess.run(["bash", "-euc", script], check=False, capture_output=True, text=True, timeout=120, **options)


# ------------------------------------------------------------------------------------------------ nothing is left out


def test_every_block_and_every_row_has_a_test():
    assert readme.unmarked() == []


def test_every_mark_has_a_test_and_every_test_a_mark():
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    assert set(re.findall(r"""mark\.readme\("([a-z0-9-]+)"\)""", sources)) == set(readme.marks())


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http)([^)#]+)\)", readme.TEXT))
def test_links_lead_to_files(target):
    assert (ROOT / target).exists()


def test_the_releases_of_the_clients_are_those_of_the_lock_files():
    """`make check` compares them, too; here for those who read the tests."""
    lock = (ROOT / "requirements-dev.lock").read_text()
    assert f"boto3 {re.search(r'^boto3==([^ ]+)', lock, re.MULTILINE)[1]}," in readme.TEXT


# ------------------------------------------------------------------------------------------------ start


@pytest.mark.readme("start")
def test_make_run_serves(tmp_path):
    """first-hour F1"""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("POOLHOUSE_")}
    process = subprocess.Popen(
        readme.block("start").split(),
        cwd=ROOT,
        env={**clean, "POOLHOUSE_PORT": str(port), "POOLHOUSE_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        lines = []
        while not (lines and lines[-1].startswith("Sign in")):
            lines.append(process.stdout.readline())
            assert lines[-1], "".join(lines)
        assert httpx.get(lines[-1].split()[-1], trust_env=False).status_code == 200
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=20)


@pytest.mark.readme("banner")
def test_the_banner_is_the_one_that_dev_prints(monkeypatch, tmp_path):
    """Of README's place too: first-hour F16."""
    from poolhouse import config
    from poolhouse.cli import terminal
    from poolhouse.config import Settings

    monkeypatch.chdir(tmp_path)
    assert readme.block("banner").splitlines() == terminal._plain(terminal.banner(config.resolve(Settings())))


@pytest.mark.readme("activate")
def test_the_command_is_on_the_path(tmp_path):
    """first-hour F1: `poolhouse: command not found`."""
    done = shell(readme.block("activate"), cwd=ROOT, env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)})
    assert (done.returncode, done.stdout.startswith("Usage: poolhouse ")) == (0, True), done.stderr


@pytest.mark.readme("request-log")
def test_a_wrong_password_is_told_as_printed(start_local_server):
    """first-hour F2"""
    server = start_local_server()
    server.call(
        "InitiateAuth",
        {
            "ClientId": server.demo_client_id,
            "AuthFlow": "USER_PASSWORD_AUTH",
            "AuthParameters": {"USERNAME": "demo", "PASSWORD": "Wrong-Horse-1"},
        },
    )
    server.stop()
    (line,) = [line for line in server.read_log().splitlines() if "InitiateAuth" in line]

    def plain(text):
        return re.sub(r"\d+ ms|\d\d:\d\d:\d\d", "", text).strip()

    assert plain(line) == plain(readme.block("request-log"))


# ------------------------------------------------------------------------------------------------ clients


@pytest.mark.readme("variables")
@pytest.mark.readme("boto3")
def test_the_boto3_example_runs(server, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", readme.block("boto3")],
        check=False,
        capture_output=True,
        text=True,
        env=environment(tmp_path, server),
    )
    assert (done.returncode, done.stdout) == (0, "ada\n"), done.stderr


FOLDERS = {"sdk-v3": "aws-sdk-js", "amazon-cognito-identity-js": "amazon-cognito-identity-js", "amplify": "amplify"}


def run_row(name, server, monkeypatch, **options):
    """The JavaScript of a row, in node, with the README's variables."""
    for variable, value in environment(Path("/nonexistent"), server).items():
        monkeypatch.setenv(variable, value)
    host = server.url.partition("//")[2]
    code = next(code for code in readme.row(name) if "(" in code).replace("localhost:9229", host)
    names = {"userPoolId": server.demo_user_pool_id, "clientId": server.demo_client_id}
    folder = next((folder for client, folder in FOLDERS.items() if name.startswith(client)), "node")
    result = node.run(
        f"{folder}/readme", row=name, code=code, username="demo", password="Poolhouse-1", **names, **options
    )
    assert not isinstance(result, dict), result
    return result


@pytest.mark.node
@pytest.mark.readme("sdk-v3")
def test_the_sdk_for_javascript_finds_address_and_region(start_local_server, monkeypatch):
    """first-hour section 2: "Region is missing" with the README's exports."""
    assert run_row("sdk-v3", start_local_server(), monkeypatch) == ["demo"]


@pytest.mark.node
@pytest.mark.readme("amazon-cognito-identity-js")
def test_amazon_cognito_identity_js(server, monkeypatch):
    issuer = run_row("amazon-cognito-identity-js", server, monkeypatch)
    assert issuer == f"{server.url}/{server.demo_user_pool_id}"


@pytest.mark.node
@pytest.mark.readme("amplify")
def test_amplify_signs_in(server, monkeypatch):
    assert run_row("amplify", server, monkeypatch) == f"{server.url}/{server.demo_user_pool_id}"


@pytest.fixture
def tls_server(start_local_server):
    return start_local_server("--tls", scheme="https")


@pytest.mark.node
@pytest.mark.readme("amplify-redirect")
def test_amplify_redirects_to_a_page_that_is_there(tls_server, monkeypatch):
    """first-hour section 2: it cannot work without --tls, and the demo client has the callback."""
    url = run_row("amplify-redirect", tls_server, monkeypatch)
    assert url.startswith(f"{tls_server.url}/oauth2/authorize?")
    answer = tls_server.http.get(url)
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (302, f"{tls_server.url}/login")


@pytest.mark.node
@pytest.mark.readme("openid-client")
def test_openid_client_discovers(server, monkeypatch):
    """first-hour section 2: it refuses http unless told."""
    assert run_row("openid-client", server, monkeypatch) == f"{server.url}/{server.demo_user_pool_id}"


def id_token(server):
    answer = server.client().initiate_auth(
        ClientId=server.demo_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "demo", "PASSWORD": "Poolhouse-1"},
    )
    return answer["AuthenticationResult"]["IdToken"]


@pytest.mark.node
@pytest.mark.readme("aws-jwt-verify")
def test_aws_jwt_verify_over_tls(tls_server, monkeypatch):
    """first-hour section 2: it had no row, and no way that a newcomer finds."""
    (bundle,) = [code for code in readme.row("aws-jwt-verify") if code.startswith("NODE_EXTRA_CA_CERTS=")]
    name, _, file = bundle.partition("=")
    monkeypatch.setenv(name, str(tls_server.data / Path(file).name))
    issuer = run_row("aws-jwt-verify", tls_server, monkeypatch, token=id_token(tls_server))
    assert issuer == f"{tls_server.url}/{tls_server.demo_user_pool_id}"


@pytest.mark.readme("pyjwt")
def test_pyjwt(server):
    import jwt

    (code,) = readme.row("pyjwt")
    names = {"jwt": jwt, "token": id_token(server), "client_id": server.demo_client_id}
    assert eval(code.replace(readme.ADDRESS, server.url), names)["cognito:username"] == "demo"


@pytest.mark.readme("pycognito")
def test_pycognito(server, monkeypatch):
    from pycognito import Cognito

    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", server.url)
    (code,) = readme.row("pycognito")
    names = {"Cognito": Cognito, "user_pool_id": server.demo_user_pool_id, "client_id": server.demo_client_id}
    user = eval(code.replace(readme.ADDRESS, server.url), names)
    user.authenticate(password="Poolhouse-1")
    user.verify_tokens()
    assert user.id_claims["cognito:username"] == "demo"


@pytest.mark.readme("domain")
def test_a_domain_is_served_at_its_host(server, cognito, pools):
    pool_id = pools.user_pool()
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain="shop")
    try:
        client = pools.client(
            pool_id,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=["http://localhost:3000/"],
            SupportedIdentityProviders=["COGNITO"],
        )
        token, *addresses = (code.replace("9229", str(server.port)) for code in readme.row("domain"))
        query = {"client_id": client["ClientId"], "response_type": "code"}
        for address in addresses:
            host, _, path = address.replace("<pool id>", pool_id).removeprefix("http://").partition("/")
            site = f"/{path}" if path else ""
            answer = server.http.get(f"{site}/login", params=query, headers={"host": host})
            assert (answer.status_code, "Sign in" in answer.text) == (200, True), address
            answer = server.http.post(f"{site}{token}", data={"grant_type": "none"}, headers={"host": host})
            assert answer.json()["error"] == "invalid_request"
    finally:
        cognito.delete_user_pool_domain(UserPoolId=pool_id, Domain="shop")


@pytest.mark.readme("aws-cli")
def test_the_aws_cli_makes_a_client_with_callbacks(server, cognito, tmp_path):
    """first-hour F16: version 1 of the CLI fetches a plain address."""
    done = shell(readme.block("aws-cli"), env=environment(tmp_path, server))
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)["UserPoolClient"]
    try:
        assert made["CallbackURLs"] == ["http://localhost:3000/callback"]
    finally:
        cognito.delete_user_pool_client(UserPoolId=made["UserPoolId"], ClientId=made["ClientId"])


@pytest.mark.readme("reset")
def test_reset_as_printed(tmp_path):
    done = shell(f"{readme.block('reset')}", cwd=tmp_path, env=environment(tmp_path), input="")
    assert (done.returncode, "Nothing to do" in done.stdout) == (0, True), done.stderr


# ------------------------------------------------------------------------------------------------ CI


@pytest.mark.readme("ci")
def test_ci_in_a_shell(tmp_path):
    """first-hour F7: start, sign up, read the code, move the clock, stop."""
    script = readme.block("ci") + 'wait $server; echo; echo "ended $?"; ls "$run"\n'
    env = {"PATH": f"{BIN}:{AWS_BIN}:{os.environ['PATH']}", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    done = shell(script, cwd=tmp_path, env=env)
    assert done.returncode == 0, done.stderr
    assert '"UserConfirmed": false' in done.stdout
    assert '"offset_seconds":86401' in done.stdout
    assert done.stdout.split()[-4:] == ["ended", "0", "data", "log"]


@pytest.mark.readme("github")
def test_the_step_of_a_workflow(tmp_path):
    """first-hour F7. Cloning and setting up are what the reader has just done; the other lines run."""
    lines = [line[4:] for line in readme.block("github").splitlines()[1:]]
    assert lines[0].startswith("git clone ")
    assert lines[1].startswith("make -C ")
    # Issue 5, a new user's walk, 1: whoever exports one that is no setting has a server that refuses to start.
    assert re.findall(r"\bPOOLHOUSE_\w+", "\n".join(lines)) == []
    (tmp_path / "poolhouse").symlink_to(ROOT)
    port = free_port()
    script = "\n".join(lines[2:]).replace("9229", str(port))
    env = {
        **environment(tmp_path),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ENV": str(tmp_path / "env"),
        "POOLHOUSE_PORT": str(port),
    }
    script += '\ncurl -sf "$(cut -d= -f2 "$GITHUB_ENV")/_poolhouse/health"; kill %1; wait\n'
    done = shell(script, cwd=tmp_path, env=env)
    assert (done.returncode, '"status":"ok"' in done.stdout) == (0, True), done.stderr


@pytest.mark.readme("fixture")
def test_the_fixture_of_pytest(tmp_path):
    """first-hour F7"""
    (tmp_path / "test_mine.py").write_text(readme.block("fixture"))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=tmp_path, env=environment(tmp_path), timeout=60
    )
    assert (done.returncode, "1 passed" in done.stdout) == (0, True), done.stdout + done.stderr


# ------------------------------------------------------------------------------------------------ for real


@pytest.mark.readme("serve")
def test_serve_as_printed(tmp_path, postgres):
    """With files of one's own where the README names those of a production machine."""
    from poolhouse import config
    from poolhouse.cli import local_ca
    from poolhouse.config import Settings

    url = "https://auth.example.com"
    local_ca.ensure(config.resolve(Settings(tls=True, data=tmp_path, public_url=url)))
    script = readme.block("serve").replace("/etc/poolhouse", str(tmp_path / "etc"))
    script = script.replace("postgresql://...", postgres.create_database())
    script = script.replace("chain.pem", local_ca.CERTIFICATE).replace("key.pem", local_ca.KEY)
    script = script.replace("0.0.0.0", "127.0.0.1")  # tests serve nobody else
    port = free_port()
    env = {**environment(tmp_path), "POOLHOUSE_PORT": str(port), "POOLHOUSE_READY_FILE": str(tmp_path / "ready.json")}
    process = subprocess.Popen(
        ["bash", "-euc", script],
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        end = time.monotonic() + 60
        while not (tmp_path / "ready.json").exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        assert process.poll() is None, process.stderr.read()
        answer = httpx.get(f"https://127.0.0.1:{port}/_poolhouse/health", verify=False, trust_env=False)
        assert answer.json() == {"status": "ok"}
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
    assert "export AWS_ACCESS_KEY_ID=AKIA" in out


@pytest.mark.readme("make")
def test_the_targets_are_those_of_the_makefile():
    named = set(re.findall(r"`make (\w+)`", readme.TEXT))
    for target in sorted(named):
        done = subprocess.run(["make", "-n", target], check=False, capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == 0, done.stderr


def test_make_alone_lists_every_target():
    """Issue 5, the first hour: `make help`; without a word it used to set up in silence."""
    alone = ["make", "--no-print-directory"]  # as it is typed, also where `make test` runs this
    text = subprocess.run(alone, check=True, capture_output=True, text=True, cwd=ROOT).stdout
    phony = (ROOT / "Makefile").read_text().partition(".PHONY: ")[2].splitlines()[0].split()
    assert [line.split()[1] for line in text.splitlines()] == phony


def test_each_part_of_what_the_tests_need_can_be_set_up_alone():
    """Issue 5, a new user's walk, 6: there was `.setup/awscli`, which nobody finds."""
    contributing = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for target in ("system", "awscli", "node", "go"):
        assert f"`make {target}`" in contributing
        done = subprocess.run(["make", "-nB", target], check=True, capture_output=True, text=True, cwd=ROOT)
        assert f"touch .setup/{target}\n" in done.stdout


def test_every_document_is_linked():
    """Issue 5, a new user's walk, 6: operations.md was not. A map of the tests is for who changes them."""
    documents = {f"docs/{file.name}" for file in (ROOT / "docs").glob("*.md")}
    assert documents - set(re.findall(r"\]\((docs/[\w-]+\.md)\)", readme.TEXT)) == {"docs/testing-map.md"}


def test_the_files_that_the_other_documents_name_are_there():
    for document in ("CONTRIBUTING.md", "SECURITY.md"):
        text = (ROOT / document).read_text("utf-8")
        for path in re.findall(r"[`(]((?:api|pool|storage|wire|tests|tools|docs|oauth2|pages)/[\w./]+)[`)]", text):
            assert (ROOT / path).exists() or (ROOT / "src" / "poolhouse" / path).exists(), path
        for command in re.findall(r"pytest -q (\S+)", text):
            assert (ROOT / command).exists(), command


def test_what_pages_do_not_speak_is_said():
    """first-hour F14: `lang` and Accept-Language are not looked at yet."""
    missing = readme.TEXT.partition("## ")[2]
    assert "pages in other languages than English" in missing
