"""A person makes an account, with the code from the inbox."""

import re
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
    confirm(page, f" {code[:3]} {code[3:]}\u00a0")  # first-hour D8
    page.wait_for_url("**/_poolhouse/demo")


def test_new_code(page, site, inbox):
    name = unique()
    page.goto(site.sign_in)
    sign_up(page, name, PASSWORD, email=f"{name}@example.com")
    first = inbox.newest(f"{name}@example.com")
    page.get_by_role("button", name="Send a new code").click()
    # first-hour D7: it says so, and lets wait.
    assert text_of(page, ".note.good") == f"A new code is on its way to {name[0]}***@e***."
    assert page.locator("[name=resend]").is_disabled()
    assert re.fullmatch(r"Send a new code \(in (30|2\d) s\)", text_of(page, "[name=resend]"))
    page.evaluate("const now = Date.now; Date.now = () => now() + 31000")
    page.locator("[name=resend]:enabled").wait_for()
    assert text_of(page, "[name=resend]") == "Send a new code"
    page.reload()
    assert page.locator(".note").count() == 0
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
    assert text_of(page, "#username-error") == "There is already an account with this name."


def described(page, selector):
    """What a screen reader says after the name of a field."""
    return page.evaluate(
        """selector => document.querySelector(selector).getAttribute("aria-describedby").split(" ")
        .map(id => document.getElementById(id).innerText.trim()).join(" | ")""",
        selector,
    )


@pytest.fixture
def long_form(pools, server):
    """A pool that asks for much; the address of its sign-up page."""
    required = ["email", "phone_number", "given_name", "birthdate"]
    pool = pools.user_pool(
        AutoVerifiedAttributes=["email"],
        Schema=[{"Name": name, "Required": True, "Mutable": True} for name in required],
    )
    client_id = pools.client_id(
        pool,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["openid"],
        CallbackURLs=[f"{server.url}/_poolhouse/health"],
        SupportedIdentityProviders=["COGNITO"],
    )
    domain = unique("long")
    pools.cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
    query = urlencode(
        {"response_type": "code", "client_id": client_id, "redirect_uri": f"{server.url}/_poolhouse/health"}
    )
    return f"http://{domain}.auth.localhost:{server.port}/signup?{query}"


def attribute(name):
    return f"[name='requiredAttributes[{name}]']"


@pytest.mark.parametrize("has_script", [True, False])
def test_every_wrong_field_is_named_at_once_and_a_good_password_is_kept(new_page, long_form, inbox, has_script):
    """first-hour D5."""
    page = new_page(java_script_enabled=has_script)
    page.goto(long_form)
    name = unique()
    page.fill("#username", name)
    page.fill(attribute("email"), f"{name}@localhost")
    page.fill(attribute("phone_number"), "12")
    page.fill(attribute("given_name"), "مريم")
    page.evaluate("document.querySelector('#attribute-birthdate').type = 'text'")
    page.fill(attribute("birthdate"), "yesterday")
    page.fill("#password", PASSWORD)
    page.click("[name=signUpButton]")
    assert text_of(page, "#errorMessage") == "Please look at the 3 marked fields."
    marked = page.eval_on_selector_all("[aria-invalid=true]", "fields => fields.map(field => field.name)")
    assert set(marked) == {f"requiredAttributes[{name}]" for name in ("email", "phone_number", "birthdate")}
    # The focus is on the first of them, in the order of the page.
    assert page.evaluate("document.activeElement.name") == marked[0]
    assert described(page, attribute("email")).startswith("Enter a whole address")
    assert described(page, attribute("phone_number")).startswith("Enter the number with its country code")
    assert described(page, attribute("birthdate")) == "String must be at least 10 characters long"
    assert page.input_value(attribute("given_name")) == "مريم"
    # The password is kept, but not in the page.
    assert page.input_value("#password") == ""
    assert PASSWORD not in page.content()
    assert page.locator(".rules li.met").count() == 5
    page.fill(attribute("email"), f"{name}@example.com")
    page.fill(attribute("birthdate"), "1990-01-31")
    page.click("[name=signUpButton]")
    # One is left: the note says the API's words, the field what to do.
    assert text_of(page, "#errorMessage") == "Invalid phone number format."
    assert page.eval_on_selector_all("[aria-invalid=true]", "f => f.map(e => e.name)") == [
        "requiredAttributes[phone_number]"
    ]
    page.fill(attribute("phone_number"), "+14325551212")
    page.click("[name=signUpButton]")
    assert "/confirm?" in page.url
    confirm(page, inbox.code(f"{name}@example.com"))
    page.wait_for_url("**/_poolhouse/health?code=*")
    page.goto(long_form.replace("/signup?", "/login?") + "&prompt=login")
    sign_in(page, name, PASSWORD)
    page.wait_for_url("**/_poolhouse/health?code=*")


def test_all_that_a_password_misses_is_said(page, long_form):
    """first-hour D5: the password is marked besides the others, and emptied because it is no good."""
    page.goto(long_form)
    page.fill("#username", unique())
    page.fill(attribute("email"), "a@example.com")
    page.fill(attribute("phone_number"), "12")
    page.fill(attribute("given_name"), "A")
    page.fill(attribute("birthdate"), "1990-01-31")
    page.fill("#password", "abc")
    page.click("[name=signUpButton]")
    assert text_of(page, "#errorMessage") == "Please look at the 2 marked fields."
    assert text_of(page, "#password-error") == (
        "Still missing: at least 8 characters, an upper case letter, a number, a symbol."
    )
    assert page.locator("[name=kept]").count() == 0
    assert page.get_attribute("#password", "required") == ""


def test_another_password_goes_before_the_kept_one(page, site):
    """first-hour D5."""
    taken, name = site.user(), unique()
    page.goto(site.url("/signup"))
    page.fill("#username", taken.username)
    page.fill(attribute("email"), f"{name}@example.com")
    page.fill("#password", PASSWORD)
    page.click("[name=signUpButton]")
    page.fill("#username", name)
    page.fill("#password", "x" * 300)
    page.evaluate("document.querySelector('#password').removeAttribute('maxlength')")
    page.fill("#password", "x" * 300)
    page.click("[name=signUpButton]")
    assert "Still missing" in text_of(page, "#password-error")
    page.fill("#password", "Another-Horse-2")
    page.click("[name=signUpButton]")
    assert "/confirm?" in page.url
    site.cognito.admin_confirm_sign_up(UserPoolId=site.server.demo_user_pool_id, Username=name)
    page.goto(site.url("/login"))
    sign_in(page, name, "Another-Horse-2")
    page.wait_for_url("**/_poolhouse/demo/callback?*")


def test_a_kept_password_is_nothing_to_another_browser(site):
    """first-hour D5: it opens only beside the token of the browser that it was typed in."""
    taken = site.user()
    form = {"username": taken.username, "requiredAttributes[email]": "a@example.com"}
    with site.server.browser() as ours, site.server.browser() as theirs:
        for browser in (ours, theirs):
            browser.get(site.url("/signup"))
        page = ours.post(site.url("/signup"), data={**form, "_csrf": ours.cookies["XSRF-TOKEN"], "password": PASSWORD})
        kept = re.search(r'name="kept" value="([^"]+)"', page.text)[1]
        stolen = {**form, "username": unique(), "kept": kept}
        page = theirs.post(site.url("/signup"), data={**stolen, "_csrf": theirs.cookies["XSRF-TOKEN"]})
        assert "Still missing" in page.text
        for odd in ("", "x", "é", kept[:-4] + "AAAA"):
            page = ours.post(site.url("/signup"), data={**stolen, "kept": odd, "_csrf": ours.cookies["XSRF-TOKEN"]})
            assert "Still missing" in page.text
        done = ours.post(site.url("/signup"), data={**stolen, "_csrf": ours.cookies["XSRF-TOKEN"]})
        assert done.headers["location"].startswith("/confirm?")


def test_rules_are_ticked_while_typing(page, site):
    page.goto(site.url("/signup"))
    assert page.locator(".rules li").count() == 5
    page.fill("#password", "abc")
    assert page.locator(".rules li.met").all_text_contents() == ["A lower case letter ✓"]
    page.fill("#password", PASSWORD)
    assert page.locator(".rules li.met").count() == 5


def test_what_was_said_of_a_password_goes_when_it_is_mended(page, site):
    """A new user's walk no. 3: the line, the marking and the note above, as soon as every rule ticks."""
    page.goto(site.url("/signup"))
    page.fill("#username", unique())
    page.fill(attribute("email"), "ada@example.com")
    page.fill("#password", "abc")
    page.click("[name=signUpButton]")
    assert focused_invalid(page) == ["password"]
    page.fill("#password", "Correct-Horse")
    assert page.locator("#password-error").is_visible()
    page.fill("#password", PASSWORD)
    assert page.locator("#password-error").count() == page.locator("[aria-invalid]").count() == 0
    assert page.get_attribute("#password", "aria-describedby") == "password-rules"
    assert page.locator("#errorMessage").count() == 0


def test_a_note_about_other_fields_stays(page, long_form):
    """A new user's walk no. 3: only what was said of the password goes, and the note counts what is left."""
    page.goto(long_form)
    page.fill("#username", unique())
    page.fill(attribute("email"), "ada@example.com")
    page.fill(attribute("phone_number"), "12")
    page.fill(attribute("given_name"), "Ada")
    page.fill(attribute("birthdate"), "1990-01-31")
    page.fill("#password", "abc")
    page.click("[name=signUpButton]")
    page.fill("#password", PASSWORD)
    assert page.locator("#password-error").count() == 0
    assert page.locator("#attribute-phone_number-error").is_visible()
    assert text_of(page, "#errorMessage") == "Please look at the marked field."


@pytest.mark.parametrize("has_script", [True, False])
def test_a_mistyped_address_is_mended_from_the_page_that_asks_for_the_code(new_page, pages_of, inbox, has_script):
    """A new user's walk no. 4."""
    address = pages_of(UsernameAttributes=["email"], AutoVerifiedAttributes=["email"])
    page = new_page(java_script_enabled=has_script)
    name = unique()
    page.goto(address("/signup"))
    page.fill("#username", f"{name}@exmaple.com")
    page.fill("#password", PASSWORD)
    page.click("[name=signUpButton]")
    page.get_by_role("link", name="Start again").click()
    assert text_of(page, "h1") == "Create an account"
    assert page.input_value("#username") == f"{name}@exmaple.com"
    page.fill("#username", f"{name}@example.com")
    page.fill("#password", PASSWORD)
    page.click("[name=signUpButton]")
    confirm(page, inbox.code(f"{name}@example.com"))
    page.wait_for_url("**/_poolhouse/health?code=*")


def test_the_page_that_asks_for_the_code_leads_back(page, site):
    """A new user's walk no. 4: a name that is taken by now is not offered again."""
    name = unique()
    page.goto(site.url("/login"))
    sign_up(page, name, PASSWORD, email=f"{name}@example.com")
    assert "Not your address? Start again" in text_of(page, "main")
    page.get_by_role("link", name="Start again").click()
    assert page.input_value("#username") == ""
    page.go_back()
    page.get_by_role("link", name="Back to sign in").click()
    assert text_of(page, "h1") == "Sign in"


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
    # first-hour D13: a way on, and a friendly page at the second click.
    assert "/login?client_id=" in confirmed.get_by_role("link", name="Sign in").get_attribute("href")
    confirmed.reload()
    assert text_of(confirmed, "h1") == "This link is no longer good"
    assert "your account is confirmed and you can sign in" in text_of(confirmed, "main")
    confirmed.get_by_role("link", name="Sign in").click()
    confirmed.wait_for_selector("#signInFormUsername")
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, email, PASSWORD)
    page.wait_for_url("**/_poolhouse/health?code=*")
