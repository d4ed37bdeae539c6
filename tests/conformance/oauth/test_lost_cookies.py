"""Forms whose cookies are lost, or that are older than they may be: told, and the name kept (first-hour D12); links that are
no longer good (first-hour D13)."""

from urllib.parse import urlencode, urlsplit

import pytest

from tests.support.oauth import text_of
from tests.support.pools import unique

EXPIRED = "This page had expired. Please sign in again."
AGAIN = "This page had expired. Please send it again."


def send(world, browser, path, **fields):
    return browser.http.post(f"{path}?{urlencode(world.parameters())}", data={"_csrf": "x" * 36, **fields})


def follow(browser, answer):
    location = urlsplit(answer.headers["location"])
    return browser.http.get(f"{location.path}?{location.query}")


@pytest.mark.parametrize("path", ["/login", "/confirm", "/resendcode", "/confirmforgotPassword", "/changePassword"])
def test_back_to_the_sign_in_page_with_a_word_and_the_name(world, path):
    """first-hour D12."""
    browser = world.browser()
    answer = send(world, browser, path, username="ada", password="Correct-Horse-1", code="123456")
    assert answer.headers["location"] == f"/login?{urlencode(world.parameters())}"
    page = follow(browser, answer)
    assert EXPIRED in text_of(page)
    assert 'value="ada"' in page.text
    assert "Correct-Horse-1" not in page.text
    # Once; and the form of this page is good.
    assert EXPIRED not in text_of(follow(browser, answer))
    done = browser.submit(
        f"/login?{urlencode(world.parameters())}", username=world.bob.username, password=world.bob.password
    )
    assert "code=" in done.headers["location"]


@pytest.mark.parametrize("path", ["/signup", "/forgotPassword"])
def test_these_forms_are_shown_again(world, path):
    """first-hour D12: nothing is done, and what was typed is still there, but no password."""
    browser = world.browser()
    answer = send(world, browser, path, username="ada", password="Correct-Horse-1")
    assert answer.status_code == 403
    assert AGAIN in text_of(answer)
    assert 'value="ada"' in answer.text
    assert "Correct-Horse-1" not in answer.text
    assert 'name="kept"' not in answer.text
    assert "XSRF-TOKEN" in browser.http.cookies


def test_who_names_the_notice_without_a_name_gets_an_empty_field(world):
    browser = world.browser()
    browser.http.cookies.set("cognito-fl", "expired")
    page = browser.get("/login", **world.parameters())
    assert EXPIRED in text_of(page)
    assert 'name="username" value=""' in page.text


@pytest.mark.parametrize("setting", ["ENABLED", "LEGACY"])
def test_a_link_tells_a_stranger_nothing(world, setting):
    """first-hour D13: known, unknown, confirmed or not, at whatever attempt: one page."""
    client = world.client(PreventUserExistenceErrors=setting)
    unconfirmed = unique()
    world.pools.cognito.sign_up(
        ClientId=client["ClientId"],
        Username=unconfirmed,
        Password="Correct-Horse-1",
        UserAttributes=[{"Name": "email", "Value": f"{unconfirmed}@example.com"}],
    )
    seen = set()
    for name in (world.bob.username, unconfirmed, unique("nobody"), "no name at all", unconfirmed.upper()):
        for _ in range(18):  # more than an hour allows
            asked = {"client_id": client["ClientId"], "user_name": name, "confirmation_code": "abc"}
            page = world.send("GET", "/confirmUser", params=asked)
            seen.add((page.status_code, page.text))
    assert len(seen) == 1
    status, text = seen.pop()
    assert status == 400
    assert "This link is no longer good" in text
    assert "/login?client_id=" in text


@pytest.mark.parametrize("separator", [" ", "-", "\u2013", "\u00a0", "\u200b"])
def test_a_code_with_blanks_and_dashes(server, cognito, inbox, separator):
    """first-hour D8, in a link, too; and behind it a way on (D13)."""
    name = unique()
    email = f"{name}@example.com"
    cognito.sign_up(
        ClientId=server.demo_client_id,
        Username=name,
        Password="Correct-Horse-1",
        UserAttributes=[{"Name": "email", "Value": email}],
    )
    code = inbox.code(email)
    asked = {"client_id": server.demo_client_id, "user_name": name}
    asked["confirmation_code"] = f" {code[:3]}{separator}{code[3:]} "
    page = server.http.get("/confirmUser", params=asked)
    assert "Your registration has been confirmed!" in text_of(page)
    assert f'href="/login?client_id={server.demo_client_id}' in page.text
