"""The cookies of the pool domain and the session behind `cognito` (endpoints.md §14, vectors 64 and 75)."""

import re
from urllib.parse import urlencode, urlsplit

from tests.support.oauth import query_of


def cookie(answer, name):
    """The value and the attributes of one Set-Cookie."""
    (found,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(name + "=")]
    first, *attributes = found.split("; ")
    return first.removeprefix(name + "="), set(attributes)


def is_signed_in(world, browser):
    location = browser.authorize(**world.parameters()).headers["location"]
    assert ("code" in query_of(location)) != (urlsplit(location).path == "/login")
    return "code" in query_of(location)


def test_session_cookie(world):
    browser = world.browser()
    answer = browser.login(world.bob, **world.parameters())
    value, attributes = cookie(answer, "cognito")
    # Plain HTTP: no browser would send back a Secure cookie.
    assert attributes == {"Path=/", "HttpOnly", "SameSite=Lax", "Max-Age=3600"}
    assert re.fullmatch(r"[\w-]{43}", value)  # 256 bits


def test_csrf_cookie(world):
    browser = world.browser()
    value, attributes = cookie(browser.get("/login", **world.parameters()), "XSRF-TOKEN")
    assert attributes == {"Path=/", "HttpOnly", "SameSite=Lax"}
    assert re.fullmatch(r"[\w-]{22,}", value)


def test_csrf_cookie_changes_at_sign_in(world):
    browser = world.browser()
    before = cookie(browser.get("/login", **world.parameters()), "XSRF-TOKEN")[0]
    after = cookie(browser.login(world.bob, **world.parameters()), "XSRF-TOKEN")[0]
    assert before != after


def test_session_that_was_brought_is_never_taken_over(world):
    browser = world.browser()
    brought = "A" * 43
    browser.http.cookies.set("cognito", brought)
    value, _ = cookie(browser.login(world.bob, **world.parameters()), "cognito")
    assert value != brought
    stranger = world.browser()
    stranger.http.cookies.set("cognito", brought)
    assert not is_signed_in(world, stranger)


def test_each_sign_in_draws_a_new_value(world):
    values = {cookie(world.browser().login(world.bob, **world.parameters()), "cognito")[0] for _ in range(3)}
    assert len(values) == 3


def test_a_cookie_of_another_program_hides_nothing(world):
    value = world.signed_in().http.cookies["cognito"]
    for foreign in ('a={"b":1}', "x[y]=1", 'q="open', "=", "é=1", "a,b=c d"):
        answer = world.send(
            "GET",
            "/oauth2/authorize",
            params=world.parameters(),
            headers={"cookie": f"{foreign}; cognito={value}; z=1".encode()},
        )
        assert "code" in query_of(answer.headers["location"]), foreign


def test_session_lives_one_hour_and_reuse_does_not_extend_it(clocked_world):
    browser = clocked_world.signed_in()
    clocked_world.server.advance_clock(59 * 60)
    answer = browser.authorize(**clocked_world.parameters())
    assert "code" in query_of(answer.headers["location"])
    assert "set-cookie" not in answer.headers
    # Full-length tokens, whatever is left of the session (DOC).
    assert clocked_world.redeem(query_of(answer.headers["location"])["code"]).json()["expires_in"] == 3600
    clocked_world.server.advance_clock(2 * 60)
    assert not is_signed_in(clocked_world, browser)


def test_tokens_of_a_reused_session_keep_its_auth_time(clocked_world):
    from tests.support.oauth import claims_of

    browser = clocked_world.signed_in()
    first = claims_of(clocked_world.tokens(browser=browser)["id_token"])
    clocked_world.server.advance_clock(100)
    second = claims_of(clocked_world.tokens(browser=browser)["id_token"])
    assert first["auth_time"] == second["auth_time"]
    assert second["iat"] >= first["iat"] + 100
    assert first["origin_jti"] != second["origin_jti"]


def test_session_ends_with_the_user(world, cognito):
    user = world.user()
    browser = world.signed_in(user)
    cognito.admin_disable_user(UserPoolId=world.pool_id, Username=user.username)
    assert not is_signed_in(world, browser)
    cognito.admin_delete_user(UserPoolId=world.pool_id, Username=user.username)
    assert not is_signed_in(world, browser)


def test_session_ends_when_the_password_has_to_be_changed(world, cognito):
    for end in (
        lambda name: cognito.admin_reset_user_password(UserPoolId=world.pool_id, Username=name),
        lambda name: cognito.admin_set_user_password(
            UserPoolId=world.pool_id, Username=name, Password="Another-Horse-2", Permanent=False
        ),
    ):
        user = world.user()
        browser = world.signed_in(user)
        end(user.username)
        assert not is_signed_in(world, browser)


def test_failed_sign_in_sets_no_session(world):
    browser = world.browser()
    browser.get("/login", **world.parameters())
    answer = browser.submit("/login?" + urlencode(world.parameters()), username=world.bob.username, password="x")
    assert answer.status_code == 200
    assert "cognito" not in browser.http.cookies


def test_form_without_its_token_signs_nobody_in(world):
    browser = world.browser()
    browser.get("/login", **world.parameters())
    for token in (None, "", "x", "0" * 36):
        fields = {"username": world.bob.username, "password": world.bob.password}
        if token is not None:
            fields["_csrf"] = token
        answer = browser.http.post("/login?" + urlencode(world.parameters()), data=fields)
        assert answer.status_code == 302
        assert urlsplit(answer.headers["location"]).path == "/login"
        assert "cognito" not in browser.http.cookies
