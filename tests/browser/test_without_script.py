"""Every page does its work in a browser without JavaScript."""

import pytest

from tests.browser.conftest import PASSWORD
from tests.support.browser import confirm, sign_in, sign_up
from tests.support.pools import unique

pytestmark = pytest.mark.browser


@pytest.fixture
def plain(new_page):
    return new_page(java_script_enabled=False)


def test_sign_up_confirm_sign_out_sign_in(plain, site, inbox):
    name = unique()
    plain.goto(site.server.url)
    plain.get_by_role("link", name="Sign in", exact=True).click()
    sign_up(plain, name, PASSWORD, email=f"{name}@example.com")
    confirm(plain, inbox.code(f"{name}@example.com"))
    assert plain.url.endswith("/_poolhouse/demo")
    plain.get_by_role("button", name="Sign out").click()
    plain.get_by_role("link", name="Sign in", exact=True).click()
    sign_in(plain, name, PASSWORD)
    assert plain.url.endswith("/_poolhouse/demo")


def test_forgotten_password(plain, site, inbox):
    user = site.user()
    plain.goto(site.url("/forgotPassword"))
    plain.fill("#username", user.username)
    plain.click("[name=reset_my_password]")
    plain.fill("#code", inbox.code(user.email))
    plain.fill("#new_password", "Better-Horse-2")
    plain.fill("#confirm_password", "Better-Horse-2")
    plain.click("[name=reset_password]")
    assert "Your password has been changed." in plain.locator("main").inner_text()


def test_temporary_password(plain, site):
    user = site.invited("Temporary-1")
    plain.goto(site.sign_in)
    sign_in(plain, user.username, user.password)
    plain.fill("#new_password", "Better-Horse-2")
    plain.fill("#confirm_password", "Better-Horse-2")
    plain.click("[name=reset_password]")
    assert plain.url.endswith("/_poolhouse/demo")


def test_inbox(plain, site):
    user = site.user()
    plain.goto(site.url("/forgotPassword"))
    plain.fill("#username", user.username)
    plain.click("[name=reset_my_password]")
    plain.goto(f"{site.server.url}/_poolhouse/inbox")
    plain.fill("#to", user.email)
    plain.press("#to", "Enter")
    plain.click(".letter")
    assert plain.locator(".bigcode strong").inner_text().isdigit()
