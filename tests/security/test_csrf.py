"""Forms that another site sends, and pages that another site frames (security.md §3.3; acceptance 51, 52, 64)."""

import json
import time
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
        own = (world.origin, world.server.url, "http://www.w3.org", "http://localhost:3000/")
        text = answer.text
        for address in own:
            text = text.replace(address, "")
        assert "http://" not in text


def post_clock(server, body=b'{"advance_seconds": 60}', **headers):
    sent = {"content-type": "application/json", **{name.replace("_", "-"): text for name, text in headers.items()}}
    return server.http.post("/_poolhouse/api/clock", content=body, headers=sent)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://evil.localhost"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": "application/x-www-form-urlencoded"}, 415),
        ({"content_type": ""}, 415),
    ],
)
def test_other_sites_do_not_move_the_clock(server, headers, status):
    """attack-0.1 no. 09: a sandboxed frame sends `Origin: null`, and to a name other than loopback no Sec-Fetch-Site."""
    before = server.http.get("/_poolhouse/api/clock").json()["offset_seconds"]
    assert post_clock(server, **headers).status_code == status
    assert server.http.get("/_poolhouse/api/clock").json()["offset_seconds"] == before


@pytest.mark.parametrize("seconds", ["1e300", "9e15", "-9e15", "3.2e9", '"nan"', "null"])
@pytest.mark.parametrize("member", ["advance_seconds", "offset_seconds"])
def test_the_clock_stays_within_a_century(server, member, seconds):
    assert post_clock(server, f'{{"{member}": {seconds}}}'.encode()).status_code == 400


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"1", b"nonsense", b'{"reset": false}', b'{"reset": 1}'])
def test_the_clock_says_how_it_is_moved(server, body):
    answer = post_clock(server, body)
    assert answer.status_code == 400
    assert "advance_seconds" in answer.json()["error"]


def test_the_clock_is_set_back(start_local_server):
    """first-hour D6: where it stands is told, and one word sets it right."""
    server = start_local_server()
    own = {"origin": server.url, "sec_fetch_site": "same-origin"}
    for body, offset in (
        ({"advance_seconds": 3600}, 3600),
        ({"advance_seconds": 60.5}, 3660.5),
        ({"offset_seconds": -86400}, -86400),
        ({"reset": True}, 0),
        ({"advance_seconds": 5}, 5),
        ({"offset_seconds": 0}, 0),
    ):
        answer = post_clock(server, json.dumps(body).encode(), **own)
        assert answer.json()["offset_seconds"] == offset
        assert server.get_json("/_poolhouse/api/clock")["offset_seconds"] == offset
        assert abs(answer.json()["now"] - time.time() - offset) < 60
