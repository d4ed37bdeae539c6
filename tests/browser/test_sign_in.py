"""A person signs in on the pool's pages."""

from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import expect

from tests.support.browser import TIMEOUT_MS, confirm, sign_in, sign_up
from tests.support.pools import Pools, unique

pytestmark = pytest.mark.browser


def text_of(page, selector):
    return page.locator(selector).inner_text().strip()


def test_code_and_pkce_in_the_demo_application(page, server):
    page.goto(server.url)
    page.get_by_role("link", name="Sign in", exact=True).click()
    assert "/login?" in page.url
    assert "code_challenge_method=S256" in page.url
    sign_in(page, server.demo_username, server.demo_password)
    page.wait_for_url("**/_poolhouse/demo")
    assert text_of(page, "h1") == "Hello, Demo"
    assert page.get_by_role("heading", level=2).all_inner_texts() == [
        "The code was traded for tokens",
        "ID token",
        "Access token",
        "Refresh token",
    ]
    page.get_by_role("button", name="Call userInfo").click()
    page.wait_for_selector("text=userInfo told about the user")
    assert '"email_verified": "true"' in page.content().replace("&#34;", '"')
    page.get_by_role("button", name="Refresh").click()
    page.wait_for_selector("text=The refresh token was traded for new tokens")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_selector("text=Demo application")
    assert page.get_by_role("link", name="Sign in", exact=True).is_visible()


def test_wrong_password_says_so_and_keeps_the_name(page, site):
    user = site.user()
    page.goto(site.sign_in)
    sign_in(page, user.username, "Wrong-Horse-1")
    assert text_of(page, "#loginErrorMessage") == "Incorrect username or password."
    assert page.input_value("#signInFormUsername") == user.username
    assert page.input_value("#signInFormPassword") == ""
    assert page.evaluate("document.activeElement.id") == "signInFormPassword"
    assert page.title().startswith("Error: ")
    sign_in(page, user.username, user.password)
    page.wait_for_url("**/_poolhouse/demo")


def test_unknown_name_gets_the_same_answer(page, site):
    page.goto(site.sign_in)
    sign_in(page, "nobody-of-that-name", "Wrong-Horse-1")
    assert text_of(page, "#loginErrorMessage") == "Incorrect username or password."


def test_sign_in_by_email_alias(page, site):
    user = site.user()
    page.goto(site.sign_in)
    sign_in(page, f"  {user.email.upper()} ", user.password)
    page.wait_for_url("**/_poolhouse/demo")


def test_locked_name_says_so(page, site):
    user = site.user()
    page.goto(site.sign_in)
    # Five are free; on a slow machine the first locks, of a second or two, are over before the next attempt is made.
    for _ in range(12):
        sign_in(page, user.username, "Wrong-Horse-1")
        page.wait_for_selector("#loginErrorMessage")
        if text_of(page, "#loginErrorMessage") == "Password attempts exceeded":
            break
    assert text_of(page, "#loginErrorMessage") == "Password attempts exceeded"


def test_keyboard_alone_is_enough(page, site):
    user = site.user()
    page.goto(site.sign_in)
    expect(page.locator("input[name=username]:focus")).to_be_visible(timeout=TIMEOUT_MS)
    page.keyboard.type(user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(user.password)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Show password"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Forgot your password?"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "signInSubmitButton"
    page.keyboard.press("Enter")
    page.wait_for_url("**/_poolhouse/demo")


def test_show_password(page, site):
    page.goto(site.sign_in)
    page.fill("#signInFormPassword", "secret")
    button = page.get_by_role("button", name="Show password")
    button.click()
    assert page.get_attribute("#signInFormPassword", "type") == "text"
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert page.get_attribute("#signInFormPassword", "type") == "password"


def test_login_hint_is_filled_in(page, site):
    page.goto(site.url("/login", login_hint="ada@example.com"))
    assert page.input_value("#signInFormUsername") == "ada@example.com"
    assert page.evaluate("document.activeElement.id") == "signInFormPassword"


def test_living_session_offers_to_go_on(page, site):
    user = site.user()
    page.goto(site.sign_in)
    sign_in(page, user.username, user.password)
    page.wait_for_url("**/_poolhouse/demo")
    page.goto(site.url("/login"))
    assert user.email in text_of(page, "main")
    page.get_by_role("link", name="Not you?").click()
    assert page.locator("#signInFormUsername").is_visible()
    page.go_back()
    page.get_by_role("button", name=f"Sign in as {user.email}").click()
    page.wait_for_url("**/_poolhouse/demo/callback?code=*")


def test_sign_out_then_back_shows_the_sign_in_page(page, site):
    user = site.user()
    page.goto(site.url("/login"))
    sign_in(page, user.username, user.password)
    page.wait_for_url("**/_poolhouse/demo/callback?*")
    page.goto(f"{site.server.url}/logout?{site.query}")
    assert page.locator("#signInFormUsername").is_visible()
    page.go_back()
    page.goto(site.url("/oauth2/authorize"))
    assert page.locator("#signInFormUsername").is_visible()


def test_new_session_id_at_every_sign_in(new_page, site):
    user = site.user()
    page = new_page()
    page.context.add_cookies([{"name": "cognito", "value": "planted", "url": site.server.url}])
    page.goto(site.url("/login"))
    sign_in(page, user.username, user.password)
    page.wait_for_url("**/_poolhouse/demo/callback?*")
    cookie = next(cookie for cookie in page.context.cookies() if cookie["name"] == "cognito")
    assert cookie["value"] != "planted"
    assert len(cookie["value"]) >= 43
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


def test_scripted_sign_in_with_the_two_halves_of_the_csrf_token(site):
    """Test tools do it so (OBS amplify-js#6236)."""
    user = site.user()
    with httpx.Client(trust_env=False, verify=site.server.trust()) as http:
        http.get(site.url("/login"))
        form = {"_csrf": http.cookies["XSRF-TOKEN"], "username": user.username, "password": user.password}
        answer = http.post(site.url("/login"), data={**form, "cognitoAsfData": "x", "signInSubmitButton": "Sign in"})
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{site.server.url}/_poolhouse/demo/callback?code=")
    assert answer.headers["location"].endswith("&state=s")


def test_links_follow_the_pool(pools, server, page, site):
    """Nobody is sent to a page that would refuse him."""
    pool = pools.user_pool(
        PoolName="Closed, quiet",
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        AccountRecoverySetting={"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]},
    )
    client_id = pools.client_id(
        pool,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=["https://app.example/cb"],
        SupportedIdentityProviders=["COGNITO"],
    )
    domain = pool.rpartition("_")[2].lower()
    pools.cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
    query = f"response_type=code&client_id={client_id}&redirect_uri=https%3A%2F%2Fapp.example%2Fcb"
    host = f"{domain}.auth.localhost:{server.port}"
    with httpx.Client(trust_env=False, verify=site.server.trust()) as http:
        get = lambda path: http.get(f"http://127.0.0.1:{server.port}{path}?{query}", headers={"host": host})
        login = get("/login")
        assert "Closed, quiet" in login.text
        assert "/signup" not in login.text
        assert "/forgotPassword" not in login.text
        assert get("/signup").status_code == 400
        assert get("/forgotPassword").status_code == 400


def test_two_tabs_of_the_demo_application(new_page, site):
    """first-hour D14: each sign-in is finished in its own tab, whichever began last."""
    user = site.user()
    first = new_page()
    second = first.context.new_page()
    first.goto(site.sign_in)
    second.goto(site.sign_in)
    sign_in(first, user.username, user.password)
    first.wait_for_url("**/_poolhouse/demo")
    assert first.locator("h1").inner_text() == f"Hello, {user.email}"
    # The token of the form changed with the sign-in of the other tab: asked once more, then let in.
    second.reload()
    second.click("[name=continue]")
    second.wait_for_url("**/_poolhouse/demo")
    assert second.locator(".note.bad").count() == 0


def test_begun_sign_ins_do_not_pile_up(site):
    """first-hour D14: cookies of the demo application, at most eight and a new one."""
    with site.server.browser() as browser:
        for _ in range(30):
            browser.get("/_poolhouse/demo/sign-in")
        assert len([name for name in browser.cookies if name.startswith("poolhouse-demo-pending")]) <= 8


def test_a_state_that_is_no_state_is_nobodys(site):
    for state in ("", "x", "a" * 43, "é" * 43, "0; Path=/", "\0" * 43):
        answer = site.server.http.get("/_poolhouse/demo/callback", params={"code": "x", "state": state})
        assert answer.status_code == 400


def test_every_page_by_the_path_of_a_pool(page, server, cognito, inbox):
    """first-hour F6: sign-up, confirmation, sign-in again, at a pool that is not the default one, with no name to resolve."""
    pools = Pools(cognito)
    pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
    cognito.create_user_pool_domain(UserPoolId=pool_id, Domain=unique("shop"))
    callback = f"{server.url}/_poolhouse/inbox"
    client_id = pools.client_id(
        pool_id,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[callback],
    )
    query = urlencode({"client_id": client_id, "response_type": "code", "redirect_uri": callback})
    name = unique("path")
    page.goto(f"{server.url}/{pool_id}/oauth2/authorize?{query}")
    assert f"/{pool_id}/login?" in page.url
    sign_up(page, name, "Correct-Horse-1", email=f"{name}@example.com")
    page.wait_for_url(f"**/{pool_id}/confirm?**")
    confirm(page, inbox.code(f"{name}@example.com"))
    page.wait_for_url("**/_poolhouse/inbox?code=*")
    assert {(cookie["name"], cookie["path"]) for cookie in page.context.cookies()} >= {("cognito", f"/{pool_id}")}
    page.context.clear_cookies()
    page.goto(f"{server.url}/{pool_id}/login?{query}")
    page.click("text=Forgot your password?")
    page.click("text=Back to sign in")
    sign_in(page, name, "Correct-Horse-1")
    page.wait_for_url("**/_poolhouse/inbox?code=*")


def test_on_https_the_browser_keeps_and_sends_the_twins(new_page, start_local_server):
    """attack-0.1, noted: a real browser takes the `__Host-` cookies, by the host and by the path of a pool."""
    server = start_local_server("--tls", scheme="https")
    query = urlencode(
        {
            "client_id": server.demo_client_id,
            "response_type": "code",
            "redirect_uri": f"{server.url}/_poolhouse/demo/callback",
        }
    )
    for base in ("", f"/{server.demo_user_pool_id}"):
        page = new_page(ignore_https_errors=True)
        page.goto(f"{server.url}{base}/login?{query}")
        sign_in(page, server.demo_username, server.demo_password)
        page.wait_for_url("**/_poolhouse/demo/callback?code=*")
        names = {cookie["name"] for cookie in page.context.cookies()}
        assert {"cognito", f"__Host-cognito{base.replace('/', '.')}"} <= names
        page.goto(f"{server.url}{base}/oauth2/authorize?{query}")
        assert "code=" in page.url
