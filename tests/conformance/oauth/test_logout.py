"""GET /logout: vectors 59-63 of endpoints.md §21 and the table of §9."""

from urllib.parse import urlencode, urlsplit

import pytest

from tests.support.oauth import CALLBACK, LOGOUT, query_of, text_of

MISSING = "Required String parameter 'redirect_uri' is not present"


def assert_signed_out(world, browser, answer):
    """The cookie is gone from the browser, and its value is worth nothing any more."""
    cookies = [value for value in answer.headers.get_list("set-cookie") if value.startswith("cognito=;")]
    assert len(cookies) == 1
    assert "Max-Age=0" in cookies[0]
    assert "cognito" not in browser.http.cookies
    assert urlsplit(browser.authorize(**world.parameters()).headers["location"]).path == "/login"


@pytest.fixture
def browser(world):
    return world.signed_in()


def test_to_the_registered_address_unchanged(world, browser):
    old = browser.http.cookies["cognito"]
    answer = browser.get("/logout", client_id=world.public_id, logout_uri=LOGOUT, state="s", prompt="login")
    assert (answer.status_code, answer.headers["location"]) == (302, LOGOUT)
    assert_signed_out(world, browser, answer)
    stolen = world.send("GET", "/oauth2/authorize", params=world.parameters(), headers={"cookie": f"cognito={old}"})
    assert urlsplit(stolen.headers["location"]).path == "/login"


def test_without_a_session(world):
    answer = world.send("GET", "/logout", params={"client_id": world.public_id, "logout_uri": LOGOUT})
    assert (answer.status_code, answer.headers["location"]) == (302, LOGOUT)


def test_address_that_is_not_registered(world, browser):
    answer = browser.get("/logout", client_id=world.public_id, logout_uri="https://other")
    assert answer.status_code == 302
    assert urlsplit(answer.headers["location"]).netloc == world.host
    assert_signed_out(world, browser, answer)
    location = urlsplit(answer.headers["location"])
    page = browser.http.get(f"{location.path}?{location.query}")
    assert page.status_code == 400
    assert MISSING in text_of(page)


def test_names_of_rp_initiated_logout(world, browser):
    asked = {"client_id": world.public_id, "post_logout_redirect_uri": LOGOUT, "id_token_hint": "x"}
    answer = browser.get("/logout", **asked)
    assert answer.headers["location"] == f"{world.origin}/error?{urlencode(asked)}"
    assert_signed_out(world, browser, answer)
    page = browser.get("/error", **asked)
    assert page.status_code == 400
    assert MISSING in text_of(page)


def test_nothing(world, browser):
    answer = browser.get("/logout")
    assert (answer.status_code, answer.headers["location"]) == (302, f"{world.origin}/login")
    assert_signed_out(world, browser, answer)
    page = browser.http.get("/login")
    assert page.status_code == 400
    assert "Required String parameter 'client_id' is not present" in text_of(page)


def test_back_to_the_sign_in_page(world, browser):
    asked = {"client_id": world.public_id, "response_type": "code", "redirect_uri": CALLBACK}
    answer = browser.get("/logout", **asked)
    location = urlsplit(answer.headers["location"])
    assert (location.scheme + "://" + location.netloc, location.path) == (world.origin, "/login")
    every_scope = " ".join(world.oauth_settings()["AllowedOAuthScopes"])
    assert query_of(answer.headers["location"]) == {**asked, "scope": every_scope}
    assert_signed_out(world, browser, answer)


def test_back_to_the_sign_in_page_with_what_was_asked(world, browser):
    asked = {
        "client_id": world.public_id,
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": "openid",
        "state": "a b&c",
        "nonce": "n",
    }
    answer = browser.get("/logout", **asked, identity_provider="x", prompt="none")
    assert query_of(answer.headers["location"]) == asked


def test_sign_in_page_only_for_a_registered_address(world, browser):
    answer = browser.get(
        "/logout", client_id=world.public_id, response_type="code", redirect_uri="https://evil.example/cb"
    )
    assert urlsplit(answer.headers["location"]).path == "/error"
    assert_signed_out(world, browser, answer)


def test_logout_uri_wins(world, browser):
    answer = browser.get(
        "/logout", client_id=world.public_id, logout_uri=LOGOUT, response_type="code", redirect_uri=CALLBACK
    )
    assert answer.headers["location"] == LOGOUT


def test_sign_in_page_of_another_client_may_be_registered(world, browser):
    target = f"https://login.example/login?client_id={world.public_id}&response_type=code&redirect_uri={CALLBACK}"
    client_id = world.client(LogoutURLs=[target])["ClientId"]
    answer = browser.get("/logout", client_id=client_id, logout_uri=target)
    assert answer.headers["location"] == target


def test_tokens_stay_good(world, browser):
    body = world.tokens(browser=browser)
    browser.get("/logout", client_id=world.public_id, logout_uri=LOGOUT)
    assert world.user_info(body["access_token"]).status_code == 200
    assert world.refresh(body["refresh_token"]).status_code == 200


def test_global_sign_out_leaves_the_session(world):
    user = world.user()
    browser = world.signed_in(user)
    world.pools.cognito.admin_user_global_sign_out(UserPoolId=world.pool_id, Username=user.username)
    assert "code" in query_of(browser.authorize(**world.parameters()).headers["location"])


@pytest.mark.parametrize("client_id", ["nope", "a\0b", "é"])
def test_unknown_client(world, client_id):
    answer = world.send("GET", "/logout", params={"client_id": client_id, "logout_uri": LOGOUT})
    assert urlsplit(answer.headers["location"]).netloc == world.host


def test_post_is_not_answered(world, browser):
    answer = browser.http.post("/logout", params={"client_id": world.public_id, "logout_uri": LOGOUT})
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert "cognito" in browser.http.cookies
