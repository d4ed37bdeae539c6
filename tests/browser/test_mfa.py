"""Second factors on the pages: asked for, chosen, set up."""

import pytest

from tests.conformance.api.test_mfa import DEVELOPER, SMS, password_auth
from tests.support.browser import focused_invalid, sign_in
from tests.support.pools import Pools
from tests.support.totp import App

pytestmark = pytest.mark.browser


@pytest.fixture
def pool_of(cognito, pools_of_pages):
    """pool_of(mode): (pool id, client id, function from path to address)."""

    def make(mode):
        pool, client_id, address = pools_of_pages(EmailConfiguration=DEVELOPER)
        cognito.set_user_pool_mfa_config(
            UserPoolId=pool,
            SoftwareTokenMfaConfiguration={"Enabled": True},
            SmsMfaConfiguration={"SmsConfiguration": SMS},
            EmailMfaConfiguration={},
            MfaConfiguration=mode,
        )
        return pool, client_id, address

    return make


@pytest.fixture
def pools_of_pages(pages_of, cognito):
    def make(**settings):
        address = pages_of(**settings)
        client_id = address("").partition("client_id=")[2].partition("&")[0]
        found = [
            pool["Id"]
            for pool in cognito.get_paginator("list_user_pools")
            .paginate(PaginationConfig={"PageSize": 60})
            .search("UserPools")
            if any(
                client["ClientId"] == client_id
                for client in cognito.list_user_pool_clients(UserPoolId=pool["Id"], MaxResults=60)["UserPoolClients"]
            )
        ]
        return found[0], client_id, address

    return make


def enter(page, code):
    page.fill("#code", code)
    page.click("[name=verify]")


def test_code_by_text_message(page, pool_of, pools: Pools, cognito, inbox):
    pool, _, address = pool_of("OPTIONAL")
    phone = "+15550100222"
    user = pools.user(pool, phone_number=phone)
    cognito.admin_set_user_mfa_preference(UserPoolId=pool, Username=user.username, SMSMfaSettings={"Enabled": True})
    page.goto(address("/login"))
    sign_in(page, user.username, user.password)
    assert "/mfa?" in page.url
    assert "by text message to +*******0222" in page.locator(".lead").inner_text()
    code = inbox.code(phone)
    enter(page, "000000" if code != "000000" else "000001")
    assert page.locator("#errorMessage").inner_text().strip() == "Invalid code or auth state for the user."
    assert focused_invalid(page) == ["code"]
    enter(page, code)
    page.wait_for_url("**/_poolhouse/health?code=*")


def test_app_is_set_up_and_asked_for(page, pool_of, pools: Pools, cognito):
    pool, client_id, address = pool_of("ON")
    name = "nobody-has-an-address"
    cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password="Correct-Horse-1", Permanent=True)
    page.goto(address("/login"))
    sign_in(page, name, "Correct-Horse-1")
    assert "/mfa/register?" in page.url
    key = page.locator("#key").inner_text()
    page.reload()
    assert page.locator("#key").inner_text() == key  # who looks again has not to type another one
    app = App(key.replace(" ", ""))
    enter(page, app.wrong_code())
    assert page.locator("#errorMessage").inner_text().strip() == "Code mismatch"
    enter(page, app.code(steps=-1))
    page.wait_for_url("**/_poolhouse/health?code=*")
    assert password_auth(cognito, client_id, name)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    page.context.clear_cookies()
    page.goto(address("/login"))
    sign_in(page, name, "Correct-Horse-1")
    assert "authenticator app" in page.locator(".lead").inner_text()
    enter(page, app.code())
    page.wait_for_url("**/_poolhouse/health?code=*")


def test_choice_between_two(page, pool_of, pools: Pools, cognito, inbox):
    pool, _, address = pool_of("OPTIONAL")
    user = pools.user(pool, phone_number="+15550100223")
    cognito.admin_set_user_mfa_preference(
        UserPoolId=pool,
        Username=user.username,
        SMSMfaSettings={"Enabled": True},
        EmailMfaSettings={"Enabled": True},
    )
    page.goto(address("/login"))
    sign_in(page, user.username, user.password)
    assert "/mfa/option?" in page.url
    page.get_by_role("button", name="A code by email").click()
    enter(page, inbox.code(user.email))
    page.wait_for_url("**/_poolhouse/health?code=*")
