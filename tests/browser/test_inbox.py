"""The inbox as a page and as an API."""

import re
import subprocess
import threading
import time

import httpx
import pytest

from tests.support.pools import unique
from tests.support.server import COMMAND

pytestmark = pytest.mark.browser


def send(site, user):
    """Any message with a code."""
    site.cognito.forgot_password(ClientId=site.server.demo_client_id, Username=user.username)


def test_messages_of_one_recipient_newest_first(site):
    user = site.user()
    send(site, user)
    send(site, user)
    answer = httpx.get(f"{site.server.url}/_poolhouse/api/inbox", params={"to": user.email.upper()}, trust_env=False)
    messages = answer.json()["messages"]
    assert [message["to"] for message in messages] == [user.email, user.email]
    assert messages[0]["id"] > messages[1]["id"]
    assert messages[0].keys() == {
        "id", "channel", "to", "subject", "text", "html", "code", "user_pool_id", "username", "created_at", "link",
    }  # fmt: skip
    assert messages[0]["channel"] == "email"
    assert messages[0]["code"] in messages[0]["text"]
    assert answer.headers["cache-control"] == "no-store"


def test_wait_ends_as_soon_as_there_is_a_message(site):
    user = site.user()
    timer = threading.Timer(0.5, send, (site, user))
    timer.start()
    # At the end of the 60 seconds the client has given up long ago.
    assert site.server.get_json("/_poolhouse/api/inbox", to=user.email, wait=60)["messages"]
    timer.join()


def test_wait_ends_when_the_time_is_over(site):
    began = time.monotonic()
    assert site.server.get_json("/_poolhouse/api/inbox", to="nobody@example.com", wait=0.4) == {"messages": []}
    assert time.monotonic() - began >= 0.4


def test_after_gives_only_newer_ones(site):
    user = site.user()
    send(site, user)
    first = site.server.inbox.newest(user.email)
    send(site, user)
    newer = site.server.get_json("/_poolhouse/api/inbox", to=user.email, wait=5, after=first["id"])["messages"]
    assert [message["id"] > first["id"] for message in newer] == [True]


@pytest.mark.parametrize("wait", ["soon", "-1", "nan"])
def test_unreadable_wait(site, wait):
    answer = httpx.get(f"{site.server.url}/_poolhouse/api/inbox", params={"wait": wait}, trust_env=False)
    assert answer.status_code == 400


def test_new_mail_appears_by_itself(page, site):
    user = site.user()
    page.goto(f"{site.server.url}/_poolhouse/inbox?to={user.email}")
    assert page.locator(".letter").count() == 0
    send(site, user)
    page.wait_for_selector(".letter", timeout=5000)
    page.click(".letter")
    code = page.locator(".bigcode strong").inner_text()
    assert code == site.server.inbox.code(user.email)


def test_new_mail_leaves_the_focus_where_it_is(page, site):
    """first-hour D11."""
    user = site.user()
    send(site, user)
    page.goto(f"{site.server.url}/_poolhouse/inbox?to={user.email}")
    page.focus(".letter")
    page.evaluate("window.marked = document.activeElement")
    send(site, user)
    page.locator(".letter").nth(1).wait_for()
    assert page.evaluate("document.activeElement === window.marked")
    assert page.evaluate("document.querySelectorAll('.letter')[1] === window.marked")
    assert page.locator("#said").inner_text() == f"New message to {user.email}"
    # And from the keyboard on: the row above is the new one.
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement === document.querySelectorAll('.letter')[0]")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_list_reaches_the_bottom_of_the_window(new_page, site, width):
    """first-hour D17: no stripe below it, and nothing to scroll."""
    page = new_page(viewport={"width": width, "height": 800})
    page.goto(f"{site.server.url}/_poolhouse/inbox?to=nobody@example.com")
    if width == 1280:
        assert page.evaluate("document.querySelector('.mail').getBoundingClientRect().bottom") == 800
        assert page.evaluate("document.documentElement.scrollHeight") == 800
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_a_mail_with_a_link_offers_the_link_and_no_code(new_page, site, pools):
    """first-hour D13; a full stop behind the link is no part of it."""
    pool = pools.user_pool(
        AutoVerifiedAttributes=["email"],
        UsernameAttributes=["email"],
        VerificationMessageTemplate={
            "DefaultEmailOption": "CONFIRM_WITH_LINK",
            "EmailMessageByLink": "Please {##confirm##}.",
            "EmailSubjectByLink": "Confirm",
        },
    )
    pools.cognito.create_user_pool_domain(UserPoolId=pool, Domain=unique("links"))
    email = f"{unique()}@example.com"
    pools.cognito.sign_up(ClientId=pools.client_id(pool), Username=email, Password="Correct-Horse-1")
    message = site.server.inbox.newest(email)
    assert re.search(r"https?://\S+", message["text"])[0] == message["link"]
    assert message["link"].endswith(f"confirmation_code={message['code']}")
    page = new_page()
    page.goto(f"{site.server.url}/_poolhouse/inbox?to={email}")
    page.click(".letter")
    assert page.get_by_role("link", name="Open the link").get_attribute("href") == message["link"]
    assert page.locator(".bigcode").count() == 0
    assert message["code"] not in page.locator("main").inner_text()


def test_code_is_copied(new_page, site):
    user = site.user()
    send(site, user)
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{site.server.url}/_poolhouse/inbox?to={user.email}")
    page.click(".letter")
    page.get_by_role("button", name="Copy the code").click()
    page.wait_for_selector(".copy.done")
    assert page.evaluate("navigator.clipboard.readText()") == site.server.inbox.code(user.email)


def test_markup_of_a_mail_is_shown_but_runs_nothing(browser, site, pools):
    """Acceptance 61."""
    pool = pools.user_pool(
        AutoVerifiedAttributes=["email"],
        VerificationMessageTemplate={
            "EmailSubject": "<b>Hi</b>",
            "EmailMessage": "<h1>Hello</h1><img src=x onerror=alert(1)><script>alert(1)</script><p>{####}</p>",
        },
    )
    name = unique("<i>")
    client_id = pools.client_id(pool)
    email = f"{unique()}@example.com"
    pools.cognito.sign_up(
        ClientId=client_id,
        Username=name,
        Password="Correct-Horse-1",
        UserAttributes=[{"Name": "email", "Value": email}],
    )
    # A context of its own: here the complaints of the policy are what is wanted.
    page = browser.new_context().new_page()
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(f"{site.server.url}/_poolhouse/inbox?to={email}")
    page.click(".letter")
    frame = page.frame_locator("iframe")
    assert frame.locator("h1").inner_text() == "Hello"
    assert page.locator(".read h1").inner_text() == "<b>Hi</b>"
    assert page.locator(".facts").inner_text().count(name) == 1
    assert not dialogs
    page.context.close()


def test_serve_opens_the_inbox_with_an_access_key_only(start_server, new_database_url, tmp_path):
    run = lambda *words: subprocess.run([COMMAND, "keys", *words], check=True, capture_output=True, text=True).stdout
    run("master", str(tmp_path / "master.key"))
    url = new_database_url()
    storage = ["--data", str(tmp_path)] + (["--database-url", url] if url else [])
    access_key_id, secret = (line.split("=", 1)[1] for line in run("create", *storage).splitlines())
    master_key = ("--master-key-file", str(tmp_path / "master.key"))
    server = start_server(*master_key, "--delivery", "inbox", command="serve", data=tmp_path, database_url=url)
    for path in ("/_poolhouse/inbox", "/_poolhouse/api/inbox"):
        get = lambda *pair, path=path: server.http.get(path, auth=pair or None)
        assert get().status_code == 401
        assert get().headers["www-authenticate"].startswith("Basic ")
        assert get(access_key_id, "wrong").status_code == 401
        assert get("AKIANOBODY", secret).status_code == 401
        assert get("\u20ac", "\u20ac").status_code == 401
        assert server.http.get(path, headers={"authorization": "Basic !!!"}).status_code == 401
        assert get(access_key_id, secret).status_code == 200
    # first-hour D10: emptying is for `dev`.
    assert server.http.delete("/_poolhouse/api/inbox").status_code == 401
    assert server.http.delete("/_poolhouse/api/inbox", auth=(access_key_id, secret)).status_code == 403


def test_a_server_that_sends_mail_has_no_inbox(start_server):
    server = start_server(environment={"POOLHOUSE_DELIVERY": "none"})
    assert server.http.get("/_poolhouse/inbox").status_code == 404
    assert server.http.get("/_poolhouse/api/inbox").status_code == 404
