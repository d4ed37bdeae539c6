"""Forms that another site sends, and pages that another site frames (security.md §3.3; acceptance 51, 52, 64)."""

from urllib.parse import urlencode, urlsplit

import pytest

PAGES = ["/login", "/signup", "/forgotPassword"]
FORMS = [*PAGES, "/confirm", "/resendcode", "/confirmForgotPassword", "/changePassword"]


def post(world, browser, path, token, user=None, **headers):
    user = user or world.bob
    fields = {"username": user.username, "password": user.password, "code": "123456"}
    if token is not None:
        fields["_csrf"] = token
    return browser.http.post(f"{path}?{urlencode(world.parameters())}", data=fields, headers=headers)


def assert_refused(answer):
    """Either a page that says no, or back to the beginning; never anything done."""
    assert answer.status_code == 403 or (
        answer.status_code == 302 and urlsplit(answer.headers["location"]).path == "/login"
    )
    assert not [line for line in answer.headers.get_list("set-cookie") if line.startswith("cognito=")]


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("token", [None, "", "x", "0" * 36, "é" * 36])
def test_form_without_the_right_token(world, path, token):
    browser = world.browser()
    browser.get("/login", **world.parameters())
    assert_refused(post(world, browser, path, token))


@pytest.mark.parametrize("path", FORMS)
def test_form_without_the_cookie(world, path):
    first = world.browser()
    first.get("/login", **world.parameters())
    token = first.http.cookies["XSRF-TOKEN"]
    assert_refused(post(world, world.browser(), path, token))


@pytest.mark.parametrize("path", FORMS)
def test_form_with_the_token_of_another_browser(world, path):
    browsers = [world.browser() for _ in range(2)]
    for browser in browsers:
        browser.get("/login", **world.parameters())
    assert_refused(post(world, browsers[0], path, browsers[1].http.cookies["XSRF-TOKEN"]))


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
    ],
)
def test_form_from_another_site_with_the_right_token(world, path, headers):
    browser = world.browser()
    browser.get("/login", **world.parameters())
    answer = post(world, browser, path, browser.http.cookies["XSRF-TOKEN"], **headers)
    assert answer.status_code == 403
    assert_refused(answer)


def test_refused_forms_count_no_failed_password(world):
    user = world.user()
    browser = world.browser()
    browser.get("/login", **world.parameters())
    for _ in range(8):
        assert_refused(post(world, browser, "/login", "x", user))
        assert_refused(post(world, browser, "/login", browser.http.cookies["XSRF-TOKEN"], user, origin="https://evil"))
    assert world.pools.sign_in(world.public_id, user)["AccessToken"]


def test_wrong_content_type_signs_nobody_in(world):
    browser = world.browser()
    browser.get("/login", **world.parameters())
    for content_type in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
        body = urlencode(
            {
                "_csrf": browser.http.cookies["XSRF-TOKEN"],
                "username": world.bob.username,
                "password": world.bob.password,
            }
        )
        answer = browser.http.post(
            f"/login?{urlencode(world.parameters())}", content=body, headers={"content-type": content_type}
        )
        assert_refused(answer)


def test_own_form_with_and_without_the_browsers_headers(world):
    for headers in ({}, {"origin": world.origin}, {"origin": "null", "sec-fetch-site": "same-origin"}):
        browser = world.browser()
        browser.get("/login", **world.parameters())
        answer = post(world, browser, "/login", browser.http.cookies["XSRF-TOKEN"], **headers)
        assert answer.status_code == 302
        assert "code=" in answer.headers["location"]


@pytest.mark.parametrize("path", [*PAGES, "/error", "/nowhere", "/logout?x=1", "/confirmUser"])
def test_no_page_can_be_framed(world, path):
    for method in ("GET", "PUT"):
        answer = world.send(method, path, params=None if "?" in path else world.parameters())
        if answer.is_redirect:
            continue
        assert answer.headers["x-frame-options"] == "DENY"
        policy = answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "http://" not in answer.text.replace(world.origin, "").replace("http://www.w3.org", "").replace(
            "http://localhost:3000/", ""
        )


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_other_sites_do_not_move_the_clock(server, headers):
    body = b'{"advance_seconds": 60}'
    before = server.http.get("/_poolhouse/api/clock").json()["offset_seconds"]
    answer = server.http.post("/_poolhouse/api/clock", content=body, headers={"content-type": "text/plain", **headers})
    assert answer.status_code == 403
    assert server.http.get("/_poolhouse/api/clock").json()["offset_seconds"] == before


@pytest.mark.parametrize("seconds", ["1e300", "9e15", "-9e15", "3.2e9", '"nan"', "null"])
def test_the_clock_stays_within_a_century(server, seconds):
    answer = server.http.post("/_poolhouse/api/clock", content=f'{{"advance_seconds": {seconds}}}'.encode())
    assert answer.status_code == 400
