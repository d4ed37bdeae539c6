"""A person makes an account, with the code from the inbox."""

from urllib.parse import urlencode

import pytest

from tests.browser.conftest import PASSWORD
from tests.support.browser import confirm, focused_invalid, sign_in, sign_up
from tests.support.pools import unique

pytestmark = pytest.mark.browser


def text_of(page, selector):
    return page.locator(selector).inner_text().strip()


def test_confirmed_account_is_signed_in(page, site, inbox):
    name = unique()
    page.goto(site.sign_in)
    sign_up(page, name, PASSWORD, email=f"{name}@example.com")
    assert "/confirm?" in page.url
    assert f"{name[0]}***@e***" in text_of(page, "main")
    confirm(page, inbox.code(f"{name}@example.com"))
    page.wait_for_url("**/_poolhouse/demo")
    assert text_of(page, "h1") == f"Hello, {name}@example.com"


def test_wrong_code_then_right(page, site, inbox):
    name = unique()
    page.goto(site.sign_in)
    sign_up(page, name, PASSWORD, email=f"{name}@example.com")
    code = inbox.code(f"{name}@example.com")
    confirm(page, "000000" if code != "000000" else "000001")
    assert text_of(page, "#errorMessage") == "Invalid verification code provided, please try again."
    confirm(page, f" {code} ")
    page.wait_for_url("**/_poolhouse/demo")


def test_new_code(page, site, inbox):
    name = unique()
    page.goto(site.sign_in)
    sign_up(page, name, PASSWORD, email=f"{name}@example.com")
    first = inbox.newest(f"{name}@example.com")
    page.get_by_role("button", name="Send a new code").click()
    confirm(page, inbox.code(f"{name}@example.com", after=first["id"]))
    page.wait_for_url("**/_poolhouse/demo")


def test_weak_password_and_taken_name(page, site):
    user = site.user()
    page.goto(site.sign_in)
    sign_up(page, user.username, "short", email="new@example.com")
    assert text_of(page, "#errorMessage") == "Password did not conform with policy: Password not long enough"
    assert focused_invalid(page) == ["password"]
    assert page.input_value("#username") == user.username
    assert page.input_value("input[name='requiredAttributes[email]']") == "new@example.com"
    page.fill("#password", PASSWORD)
    page.click("[name=signUpButton]")
    assert text_of(page, "#errorMessage") == "User already exists"
    assert focused_invalid(page) == ["username"]


def test_rules_are_ticked_while_typing(page, site):
    page.goto(site.url("/signup"))
    assert page.locator(".rules li").count() == 5
    page.fill("#password", "abc")
    assert page.locator(".rules li.met").all_text_contents() == ["A lower case letter ✓"]
    page.fill("#password", PASSWORD)
    assert page.locator(".rules li.met").count() == 5


def test_unconfirmed_account_that_signs_in_is_asked_for_a_new_code(page, site, inbox):
    name = unique()
    email = f"{name}@example.com"
    page.goto(site.sign_in)
    sign_up(page, name, PASSWORD, email=email)
    first = inbox.newest(email)
    page.goto(site.sign_in)
    sign_in(page, name, PASSWORD)
    assert "/confirm?" in page.url
    confirm(page, inbox.code(email, after=first["id"]))
    page.wait_for_url("**/_poolhouse/demo")


def test_confirmation_without_a_proven_password_leads_to_the_sign_in_page(page, site, inbox):
    """A code alone is no sign-in: whoever has it may not be who chose the password."""
    name = unique()
    page.goto(site.sign_in)
    sign_up(page, name, PASSWORD, email=f"{name}@example.com")
    code = inbox.code(f"{name}@example.com")
    page.evaluate("document.querySelector('form [name=flow]').value = 'forged'")
    confirm(page, code)
    assert "/login?" in page.url
    assert text_of(page, ".note.good") == "Your account is confirmed. Sign in to continue."
    assert "cognito" not in {cookie["name"] for cookie in page.context.cookies()}


def test_confirm_page_alone_leads_to_the_sign_in_page(page, site):
    page.goto(site.url("/confirm"))
    assert "/login?" in page.url


def test_link_in_the_mail_confirms_on_the_prefix_domain(new_page, pools, server):
    """endpoints.md §21 vector 66; Chromium takes every name under localhost for this machine."""
    pool = pools.user_pool(
        AutoVerifiedAttributes=["email"],
        UsernameAttributes=["email"],
        VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_LINK"},
    )
    client_id = pools.client_id(
        pool,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[f"{server.url}/_poolhouse/health"],
        SupportedIdentityProviders=["COGNITO"],
    )
    domain = unique("links")
    pools.cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
    query = urlencode(
        {"response_type": "code", "client_id": client_id, "redirect_uri": f"{server.url}/_poolhouse/health"}
    )
    email = f"{unique()}@example.com"
    page = new_page()
    page.goto(f"http://{domain}.auth.localhost:{server.port}/signup?{query}")
    assert page.get_attribute("#username", "type") == "email"
    page.fill("#username", email)
    page.fill("#password", PASSWORD)
    page.click("[name=signUpButton]")
    assert "We have sent a link by email" in text_of(page, "main")
    server.inbox.newest(email)
    mail = page.context.new_page()
    mail.goto(f"{server.url}/_poolhouse/inbox?to={email}")
    mail.click(".letter")
    with page.context.expect_page() as opened:
        mail.frame_locator("iframe").get_by_role("link").click()
    confirmed = opened.value
    confirmed.wait_for_selector("text=Your registration has been confirmed!")
    confirmed.reload()
    assert "Invalid code" in text_of(confirmed, "main") or "cannot be confirmed" in text_of(confirmed, "main")
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, email, PASSWORD)
    page.wait_for_url("**/_poolhouse/health?code=*")
