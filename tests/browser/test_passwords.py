"""Forgotten, temporary and reset passwords on the pages."""

from urllib.parse import urlencode

import pytest

from tests.support.browser import focused_invalid, sign_in
from tests.support.pools import unique

pytestmark = pytest.mark.browser

NEW_PASSWORD = "Better-Horse-2"


def text_of(page, selector):
    return page.locator(selector).inner_text().strip()


def choose(page, password, again=None):
    page.fill("#new_password", password)
    page.fill("#confirm_password", password if again is None else again)
    page.click("[name=reset_password]")


def test_forgotten_password(page, site, inbox):
    user = site.user()
    page.goto(site.sign_in)
    page.get_by_role("link", name="Forgot your password?").click()
    page.fill("#username", user.username)
    page.click("[name=reset_my_password]")
    assert "/confirmforgotPassword?" in page.url
    page.fill("#code", inbox.code(user.email))
    choose(page, NEW_PASSWORD)
    assert text_of(page, ".note.good") == "Your password has been changed. Sign in with the new one."
    sign_in(page, user.username, NEW_PASSWORD)
    page.wait_for_url("**/_poolhouse/demo")
    page.goto(site.url("/login", prompt="login"))
    assert page.locator(".note.good").count() == 0


def test_wrong_code_and_weak_password(page, site, inbox):
    user = site.user()
    page.goto(site.url("/forgotPassword"))
    page.fill("#username", user.username)
    page.click("[name=reset_my_password]")
    code = inbox.code(user.email)
    page.fill("#code", "000000" if code != "000000" else "000001")
    choose(page, NEW_PASSWORD)
    assert text_of(page, "#errorMessage") == "Invalid verification code provided, please try again."
    assert focused_invalid(page) == ["code"]
    page.fill("#code", code)
    choose(page, "weak")
    assert text_of(page, "#errorMessage") == "Password does not conform to policy: Password not long enough"
    assert focused_invalid(page) == ["new_password"]
    choose(page, NEW_PASSWORD)  # the code is still in its field
    assert text_of(page, ".note.good") == "Your password has been changed. Sign in with the new one."


@pytest.mark.parametrize("has_script", [True, False])
def test_a_wrong_code_keeps_a_good_password(new_page, site, inbox, has_script):
    """A new user's walk no. 2: nobody types it again, it is not in the page, and the sign-in page has the name."""
    user = site.user()
    page = new_page(java_script_enabled=has_script)
    page.goto(site.url("/forgotPassword"))
    page.fill("#username", user.username)
    page.click("[name=reset_my_password]")
    code = inbox.code(user.email)
    wrong = "000000" if code != "000000" else "000001"
    page.fill("#code", wrong)
    choose(page, "weak")
    assert text_of(page, "#errorMessage") == "Please look at the 2 marked fields."
    assert focused_invalid(page) == ["code", "new_password"]
    assert text_of(page, "#code-error") == "Invalid verification code provided, please try again."
    missing = "Still missing: at least 8 characters, an upper case letter, a number, a symbol."
    assert text_of(page, "#new_password-error") == missing
    page.fill("#code", wrong)
    choose(page, NEW_PASSWORD)
    assert focused_invalid(page) == ["code"]
    assert NEW_PASSWORD not in page.content()
    assert page.locator(".rules li.met").count() == 5
    page.fill("#code", code)
    page.click("[name=reset_password]")
    assert text_of(page, ".note.good") == "Your password has been changed. Sign in with the new one."
    assert page.input_value("#signInFormUsername") == user.username
    sign_in(page, user.username, NEW_PASSWORD)
    page.wait_for_url("**/_poolhouse/demo/callback?*")


def test_what_a_new_password_misses_is_named_and_the_code_stays(page, site, inbox):
    """A new user's walk no. 2."""
    user = site.user()
    page.goto(site.url("/forgotPassword"))
    page.fill("#username", user.username)
    page.click("[name=reset_my_password]")
    code = inbox.code(user.email)
    page.fill("#code", code)
    choose(page, "abc")
    assert focused_invalid(page) == ["new_password"]
    missing = "Still missing: at least 8 characters, an upper case letter, a number, a symbol."
    assert text_of(page, "#new_password-error") == missing
    assert page.input_value("#code") == code
    assert page.locator("[name=kept]").count() == 0


def test_a_new_code_for_a_forgotten_password(new_page, site, inbox):
    """first-hour D7 and D8, with and without JavaScript."""
    for has_script in (True, False):
        user = site.user()
        page = new_page(java_script_enabled=has_script)
        page.goto(site.url("/forgotPassword"))
        page.fill("#username", user.username)
        page.click("[name=reset_my_password]")
        first = inbox.newest(user.email)
        page.click("[name=resend]")
        assert text_of(page, ".note.good") == f"A new code is on its way to {user.email[0]}***@e***."
        assert "Please wait that long before you ask for another." in text_of(page, "main")
        assert page.locator("[name=resend]").is_disabled() == has_script
        code = inbox.code(user.email, after=first["id"])
        page.fill("#code", f"{code[:3]}-{code[3:]}")
        choose(page, NEW_PASSWORD)
        assert text_of(page, ".note.good") == "Your password has been changed. Sign in with the new one."


def test_unknown_name_pretends_to_send_a_code(page, site):
    page.goto(site.url("/forgotPassword"))
    page.fill("#username", "nobody-of-that-name")
    page.click("[name=reset_my_password]")
    assert "/confirmforgotPassword?" in page.url
    assert "We have sent a code" in text_of(page, "main")


def test_two_different_passwords_are_refused_with_and_without_script(new_page, site, inbox):
    for has_script in (True, False):
        user = site.user()
        page = new_page(java_script_enabled=has_script)
        page.goto(site.url("/forgotPassword"))
        page.fill("#username", user.username)
        page.click("[name=reset_my_password]")
        page.fill("#code", inbox.code(user.email))
        choose(page, NEW_PASSWORD, NEW_PASSWORD + "!")
        if has_script:
            assert page.evaluate("document.querySelector('#confirm_password').validity.customError")
        else:
            assert text_of(page, "#errorMessage") == "The two passwords are different."


def test_temporary_password_gives_way_to_a_new_one(page, site):
    user = site.invited("Temporary-1")
    page.goto(site.sign_in)
    sign_in(page, user.username, user.password)
    assert "/changePassword?" in page.url
    choose(page, "weak")
    assert text_of(page, "#errorMessage") == "Password does not conform to policy: Password not long enough"
    choose(page, NEW_PASSWORD)
    page.wait_for_url("**/_poolhouse/demo")
    page.goto(site.url("/login", prompt="login"))
    sign_in(page, user.username, NEW_PASSWORD)
    page.wait_for_url("**/_poolhouse/demo/callback?*")


def test_what_was_said_of_a_new_password_goes_when_it_is_mended(new_page, site):
    """A new user's walk no. 3, on a page with two password fields."""
    user, page = site.invited("Temporary-1"), new_page()
    page.goto(site.sign_in)
    sign_in(page, user.username, user.password)
    choose(page, "weak")
    assert focused_invalid(page) == ["new_password"]
    page.fill("#new_password", NEW_PASSWORD)
    assert page.locator(".wrong, .note.bad, [aria-invalid]").count() == 0
    page.evaluate("document.querySelector('#confirm_password').removeAttribute('data-same-as')")
    page.evaluate("document.querySelector('form').noValidate = true")
    choose(page, NEW_PASSWORD, NEW_PASSWORD + "!")
    assert focused_invalid(page) == ["confirm_password"]
    page.fill("#new_password", NEW_PASSWORD)
    page.fill("#confirm_password", NEW_PASSWORD)
    assert page.locator(".wrong, .note.bad, [aria-invalid]").count() == 0


@pytest.mark.parametrize("has_script", [True, False])
def test_wrong_fields_beside_a_new_password_are_named_at_once(new_page, pools, server, has_script):
    """first-hour D5, where the same fields are asked for again."""
    required = ["email", "phone_number", "birthdate"]
    pool = pools.user_pool(Schema=[{"Name": name, "Required": True, "Mutable": True} for name in required])
    callback = f"{server.url}/_poolhouse/health"
    client_id = pools.client_id(
        pool,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[callback],
        SupportedIdentityProviders=["COGNITO"],
    )
    domain = unique("invited")
    pools.cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
    pools.cognito.admin_create_user(
        UserPoolId=pool,
        Username="ada",
        TemporaryPassword="Temporary-1",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": "ada@example.com"}],
    )
    query = urlencode({"response_type": "code", "client_id": client_id, "redirect_uri": callback})
    page = new_page(java_script_enabled=has_script)
    page.goto(f"http://{domain}.auth.localhost:{server.port}/login?{query}")
    sign_in(page, "ada", "Temporary-1")
    birthdate, phone = (page.locator(f"[name='requiredAttributes[{name}]']") for name in ("birthdate", "phone_number"))
    page.evaluate("document.querySelectorAll('form input').forEach(input => { input.type = 'text'; })")
    birthdate.fill("yesterday")
    phone.fill("12")
    choose(page, NEW_PASSWORD)
    assert text_of(page, "#errorMessage") == "Please look at the 2 marked fields."
    assert page.locator("[aria-invalid=true]").count() == 2
    assert NEW_PASSWORD not in page.content()
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    birthdate.fill("1990-01-31")
    phone.fill("+14325551212")
    page.click("[name=reset_password]")
    page.wait_for_url("**/_poolhouse/health?code=*")


def test_reset_by_an_administrator_asks_for_the_code(page, site, inbox):
    user = site.user()
    site.cognito.admin_reset_user_password(UserPoolId=site.server.demo_user_pool_id, Username=user.username)
    page.goto(site.sign_in)
    sign_in(page, user.username, user.password)
    if "/confirmforgotPassword?" not in page.url:
        # The demo client hides who exists, and so hides this, too, from a password that no longer counts.
        assert text_of(page, "#loginErrorMessage") == "Incorrect username or password."
        return
    page.fill("#code", inbox.code(user.email))
    choose(page, NEW_PASSWORD)
    sign_in(page, user.username, NEW_PASSWORD)
    page.wait_for_url("**/_poolhouse/demo")
