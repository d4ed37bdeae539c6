"""Phone numbers as people type them, on every page that takes one."""

import secrets

import pytest

from tests.browser.conftest import PASSWORD
from tests.support.browser import confirm, focused_invalid, sign_in
from tests.support.pools import unique

pytestmark = pytest.mark.browser

ADVICE = "Enter the number with its country code, such as +14325551212."


def new_number():
    return f"+49170{secrets.randbelow(10**8):08d}"


def text_of(page, selector):
    return page.locator(selector).inner_text().strip()


@pytest.mark.parametrize("kinds", [["phone_number"], ["phone_number", "email"]])
def test_a_number_is_a_username_with_blanks_and_hyphens(page, pages_of, inbox, kinds):
    """A new user's walk no. 1: sign up, sign in, forgotten password; without a country code the page says what is missing."""
    address = pages_of(UsernameAttributes=kinds, AutoVerifiedAttributes=["phone_number"])
    number = new_number()
    typed = f"{number[:3]} {number[3:6]}-{number[6:]} "
    page.goto(address("/signup"))
    if kinds == ["phone_number"]:
        assert text_of(page, "#username-hint") == "With the country code, for example +14325551212."
    for wrong in ("0170 123 4567", "(0170) 123-4567"):
        page.fill("#username", wrong)
        page.fill("#password", PASSWORD)
        page.click("[name=signUpButton]")
        assert "number with its country code, such as +14325551212." in text_of(page, "#username-error")
        assert "Choose a name" not in page.content()
        assert page.input_value("#username") == wrong
    page.fill("#username", typed)
    page.click("[name=signUpButton]")
    confirm(page, inbox.code(number))
    page.wait_for_url("**/_poolhouse/health?code=*")
    page.context.clear_cookies()
    page.goto(address("/login"))
    sign_in(page, "0170 123-4567", PASSWORD)
    assert text_of(page, "#loginErrorMessage") == ADVICE
    assert focused_invalid(page) == ["signInFormUsername"]
    assert page.input_value("#signInFormUsername") == "0170 123-4567"
    page.goto(address("/forgotPassword"))
    page.fill("#username", "0170 123-4567")
    page.click("[name=reset_my_password]")
    assert text_of(page, "#errorMessage") == ADVICE
    page.fill("#username", typed)
    page.click("[name=reset_my_password]")
    assert "/confirmforgotPassword?" in page.url
    assert "by text message" in text_of(page, "main")
    page.goto(address("/login"))
    sign_in(page, typed, PASSWORD)
    page.wait_for_url("**/_poolhouse/health?code=*")


def test_a_number_that_is_asked_for_loses_blanks_and_hyphens(page, pages_of, inbox):
    """A new user's walk no. 1: the required attribute, and the number as an alias at the sign-in."""
    address = pages_of(
        AliasAttributes=["phone_number"],
        AutoVerifiedAttributes=["phone_number"],
        Schema=[{"Name": "phone_number", "Required": True, "Mutable": True}],
    )
    number = new_number()
    typed = f"{number[:3]} {number[3:6]}-{number[6:]}"
    page.goto(address("/signup"))
    page.fill("#username", unique())
    page.fill("[name='requiredAttributes[phone_number]']", typed)
    page.fill("#password", PASSWORD)
    page.click("[name=signUpButton]")
    confirm(page, inbox.code(number))
    page.wait_for_url("**/_poolhouse/health?code=*")
    page.context.clear_cookies()
    page.goto(address("/login"))
    sign_in(page, typed, PASSWORD)
    page.wait_for_url("**/_poolhouse/health?code=*")
