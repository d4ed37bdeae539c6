"""/error: known texts only, and in `dev` a box for the developer (first-hour F3)."""

import html
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support.oauth import CALLBACK, CALLBACKS, query_of, text_of
from tests.support.pools import Pools, unique

AWS = Path(__file__).parents[3] / ".venv-awscli/bin/aws"
GENERAL = "An error was encountered with the requested page."
MARK = "For the developer"


@pytest.fixture
def browser(world):
    return world.browser()


def follow(browser, answer):
    """The page behind a redirect of this host, and its query."""
    assert answer.status_code == 302
    location = urlsplit(answer.headers["location"])
    page = browser.http.get(f"{location.path}?{location.query}")
    assert page.status_code == 400
    return page


def command_of(page):
    found = re.search(r'<pre id="developer-command"[^>]*>(.*?)</pre>', page.text, re.DOTALL)
    assert found, text_of(page)
    return html.unescape(found[1])


def address_of(page):
    return html.unescape(re.search(r'id="developer-address" href="([^"]*)"', page.text)[1])


def run(command, tmp_path):
    """In a shell, as the developer would, who has any key and nothing else."""
    environment = {
        "PATH": f"{AWS.parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    done = subprocess.run(
        ["sh", "-c", command], check=False, capture_output=True, text=True, env=environment, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# ------------------------------------------------------------------------------------------------ known texts


@pytest.mark.parametrize(
    "text",
    [
        "redirect_mismatch",
        "invalid_request",
        "invalid_scope",
        "unauthorized_client",
        "Invalid State",
        "Client does not exist",
        "Login option is not available. Please try another one",
        "Required String parameter 'redirect_uri' is not present",
    ],
)
def test_known_texts_are_said(world, text):
    page = world.send("GET", "/error", params={"error": text, "client_id": world.public_id})
    assert page.status_code == 400
    assert text in text_of(page)


@pytest.mark.parametrize(
    "text", ["Call +1 555 0100 to unlock your account", "redirect_mismatch!", " invalid_request", ""]
)
def test_other_texts_are_not_said(world, text):
    """attack-0.1 no. 18: nobody writes under the pool's name."""
    page = world.send("GET", "/error", params={"error": text, "client_id": world.public_id})
    assert page.status_code == 400
    assert GENERAL in text_of(page)
    assert "note bad" not in page.text
    assert not text.strip() or text.strip() not in page.text


# ------------------------------------------------------------------------------------------------ the box, first-hour F3


def test_callback_that_is_not_registered(world, browser, tmp_path):
    """first-hour F3: after the command the same address works, and nothing else of the client has changed."""
    client = world.client(ClientName="Web, of shop @home", AccessTokenValidity=7, EnableTokenRevocation=False)
    asked = world.parameters(client_id=client["ClientId"], redirect_uri="http://localhost:3000/it's?a=1&b=$HOME")
    answer = browser.authorize(**asked)
    # The address is Cognito's to the letter, in `dev` too.
    assert answer.headers["location"] == f"{world.origin}/error?error=redirect_mismatch&client_id={client['ClientId']}"
    page = follow(browser, answer)
    assert MARK in text_of(page)
    assert "redirect_mismatch" in text_of(page)
    for shown in (asked["redirect_uri"], *CALLBACKS):
        assert shown in html.unescape(page.text)
    run(command_of(page), tmp_path)
    after = world.pools.cognito.describe_user_pool_client(UserPoolId=world.pool_id, ClientId=client["ClientId"])
    changed = {**client, "CallbackURLs": [*CALLBACKS, asked["redirect_uri"]]}
    unstable = {"LastModifiedDate", "ClientSecret"}
    shown = after["UserPoolClient"]
    assert {k: v for k, v in shown.items() if k not in unstable} == {
        k: v for k, v in changed.items() if k not in unstable
    }
    assert urlsplit(browser.authorize(**asked).headers["location"]).path == "/login"


def test_callback_that_nearly_is_registered(world, browser):
    page = follow(browser, browser.authorize(**world.parameters(redirect_uri="http://127.0.0.1:3000")))
    assert "It is nearly http://localhost:3000/" in text_of(page)


def test_callback_that_cannot_be_registered(world, browser):
    page = follow(browser, browser.authorize(**world.parameters(redirect_uri="http://shop.example/cb")))
    assert "http://shop.example/cb cannot use http protocol." in text_of(page)
    assert "developer-command" not in page.text


def test_without_the_cookie_the_box_says_what_is_registered(world):
    page = world.send("GET", "/error", params={"error": "redirect_mismatch", "client_id": world.public_id})
    assert MARK in text_of(page)
    assert CALLBACK in text_of(page)
    assert "Sent redirect_uri" not in text_of(page)


def test_client_that_is_not_for_oauth(world, browser, tmp_path):
    """first-hour F3: a client as `aws cognito-idp create-user-pool-client` makes it."""
    client_id = world.pools.client_id(world.pool_id)
    asked = world.parameters(client_id=client_id, redirect_uri="http://localhost:5173/")
    page = follow(browser, browser.authorize(**asked))
    assert "invalid_request" in text_of(page)
    assert "AllowedOAuthFlowsUserPoolClient false" in text_of(page)
    run(command_of(page), tmp_path)
    assert urlsplit(browser.authorize(**asked).headers["location"]).path == "/login"


def test_client_of_another_pool(world, browser):
    """first-hour F3: a pool's client at the address of another pool, such as the demo pool's."""
    other = world.server.demo_client_id
    page = browser.authorize(**world.parameters(client_id=other))
    assert "Client does not exist" in text_of(page)
    assert f"belongs to the user pool “Demo” ({world.server.demo_user_pool_id})" in text_of(page)
    address = urlsplit(address_of(page))
    assert f"{address.scheme}://{address.netloc}" == world.server.url
    assert world.server.http.get(f"{address.path}?{address.query}").status_code == 200


def test_client_of_a_pool_without_a_domain(world, browser, tmp_path):
    """first-hour F3: the command gives the pool its address."""
    pool_id = world.pools.user_pool(PoolName=f"Our Shop, {unique()}")
    settings = {**world.oauth_settings(), "AllowedOAuthScopes": ["openid"]}
    client_id = world.pools.client_id(pool_id, **settings)
    page = browser.authorize(**world.parameters(client_id=client_id))
    assert "no domain yet" in text_of(page)
    run(command_of(page), tmp_path)
    address = urlsplit(address_of(browser.authorize(**world.parameters(client_id=client_id))))
    there = world.browser(address.netloc)
    assert there.http.get(f"{address.path}?{address.query}").status_code == 200


def test_unknown_client(world, browser, tmp_path):
    page = browser.authorize(**world.parameters(client_id="nope"))
    assert "No app client of this server has this id." in text_of(page)
    assert world.public_id in run(command_of(page), tmp_path)


def test_unknown_client_names_those_that_there_are(start_local_server):
    """Issue 5, a new user's walk, 7: the box named the pool, and left its clients to a command. Ten at most."""
    server = start_local_server()
    query = {"client_id": "nope", "response_type": "code", "redirect_uri": CALLBACK}

    def page():
        answer = server.http.get("/oauth2/authorize", params=query)
        if answer.status_code == 302:
            answer = server.http.get(answer.headers["location"])
        return text_of(answer)

    cognito, pool_id = server.client(), server.demo_user_pool_id
    assert f"Clients of this pool {server.demo_client_id}" in page()
    ids = [server.demo_client_id]
    for _ in range(11):
        made = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="one more")
        ids.append(made["UserPoolClient"]["ClientId"])
    shown = page()
    assert [each for each in sorted(ids) if each in shown] == sorted(ids)[:10]
    assert "and more" in shown


def test_nothing_sent(world, browser):
    page = browser.get("/login")
    assert "Required String parameter 'client_id' is not present" in text_of(page)
    assert "the address needs client_id, response_type and redirect_uri" in text_of(page)


def test_no_address_where_there_are_several(world, browser):
    page = follow(browser, browser.authorize(**world.parameters(redirect_uri=None)))
    assert "Required String parameter 'redirect_uri' is not present" in text_of(page)
    assert CALLBACKS[1] in text_of(page)
    assert query_of(address_of(page))["redirect_uri"] == CALLBACK


def test_client_without_scopes(world, browser, tmp_path):
    """first-hour F3: invalid_scope."""
    page = world.send(
        "GET", "/error", params={"error": "invalid_scope", "client_id": world.pools.client_id(world.pool_id)}
    )
    assert "invalid_scope" in text_of(page)
    assert '"AllowedOAuthScopes": ["openid", "email", "profile"]' in command_of(page)


def test_flow_that_the_client_does_not_have(world, tmp_path):
    """first-hour F3: unauthorized_client."""
    client_id = world.client()["ClientId"]
    asked = {"error": "unauthorized_client", "client_id": client_id, "response_type": "token"}
    page = world.send("GET", "/error", params=asked)
    run(command_of(page), tmp_path)
    answer = world.browser().authorize(**world.parameters(client_id=client_id, response_type="token"))
    assert urlsplit(answer.headers["location"]).path == "/login"


def test_sign_out_address_that_is_not_registered(world, browser, tmp_path):
    asked = {"client_id": world.public_id, "logout_uri": f"https://a.example/{unique()}"}
    page = follow(browser, browser.get("/logout", **asked))
    assert "Required String parameter 'redirect_uri' is not present" in text_of(page)
    # A new user's walk no. 6: the box begins with what is really wrong.
    box = page.text.partition("For the developer</h2>")[2].lstrip()
    assert box.startswith('<p class="says">The logout_uri is not one of the client')
    run(command_of(page), tmp_path)
    assert browser.get("/logout", **asked).headers["location"] == asked["logout_uri"]


def test_nothing_hides_in_the_command(world, browser):
    """What a stranger's link carries can neither end the quotes nor turn around what the developer reads."""
    for odd in ("http://localhost/\u202e", "http://localhost/\u200b", "http://localhost/\n'; id; '", "x:'; id; '"):
        page = follow(browser, browser.authorize(**world.parameters(redirect_uri=odd)))
        if "developer-command" in page.text:
            command = command_of(page)
            assert command.isascii()
            assert command.count("'") == 2


def test_serve_has_no_box(start_server, new_database_url, tmp_path):
    """first-hour F3: the registered addresses of a client are told to nobody in production."""
    from tests.support.server import COMMAND

    key_file = tmp_path / "master.key"
    keys = lambda *words: subprocess.run([COMMAND, "keys", *words], check=True, capture_output=True, text=True).stdout
    keys("master", str(key_file))
    url = new_database_url()
    storage = ["--data", str(tmp_path)] + (["--database-url", url] if url else [])
    pair = tuple(line.split("=", 1)[1] for line in keys("create", *storage).splitlines())
    options = ("--master-key-file", str(key_file), "--delivery", "none")
    server = start_server(*options, command="serve", data=tmp_path, database_url=url, keys=pair)
    pools = Pools(server.client())
    client = pools.client(
        pools.user_pool(),
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=["https://secret-callback.example/"],
    )
    asked = {"client_id": client["ClientId"], "response_type": "code", "redirect_uri": "https://other.example/"}
    with server.browser() as browser:
        answer = browser.get("/oauth2/authorize", params=asked)
        assert answer.headers["location"].endswith(f"/error?error=redirect_mismatch&client_id={client['ClientId']}")
        assert "set-cookie" not in answer.headers
        # Nor does a cookie from elsewhere make one.
        browser.cookies.set("poolhouse-sent", "cmVkaXJlY3RfdXJpPXg=")
        pages = [
            browser.get(urlsplit(answer.headers["location"])._replace(scheme="", netloc="").geturl()),
            browser.get("/login"),
            browser.get("/login", params={"client_id": "nope"}),
            browser.get("/error", params={**asked, "logout_uri": "https://x.example"}),
        ]
    for page in pages:
        assert page.status_code == 400
        assert MARK not in text_of(page)
        assert "secret-callback" not in page.text
        assert "aws cognito-idp" not in page.text
