"""POST /oauth2/revoke: vectors 54-58 of endpoints.md §21 and the table of §6."""

import pytest

from tests.support.oauth import FORM, basic


@pytest.fixture(scope="module")
def visitor(world):
    return world.signed_in()


def assert_done(answer):
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == "0"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "no-store" in answer.headers["cache-control"]


def assert_refused(answer, error, status=400):
    assert (answer.status_code, answer.json()) == (status, {"error": error})


def test_ends_the_sign_in_and_no_other(world, visitor):
    body, other = world.tokens(browser=visitor), world.tokens(browser=visitor)
    assert_done(world.revoke(token=body["refresh_token"], client_id=world.public_id))
    assert world.user_info(body["access_token"]).status_code == 401
    assert_refused(world.refresh(body["refresh_token"]), "invalid_grant")
    assert world.user_info(other["access_token"]).status_code == 200
    assert world.refresh(other["refresh_token"]).status_code == 200


def test_leaves_the_browser_session(world, visitor):
    body = world.tokens(browser=visitor)
    answer = world.revoke(token=body["refresh_token"], client_id=world.public_id)
    assert "set-cookie" not in answer.headers
    assert "code=" in visitor.authorize(**world.parameters()).headers["location"]


@pytest.mark.parametrize("token", ["x", "a.b", "a.b.c.d.e", "é", "\0", "x" * 20_000])
def test_unknown_token_is_a_success(world, token):
    assert_done(world.revoke(token=token, client_id=world.public_id))


def test_twice_is_a_success(world, visitor):
    token = world.tokens(browser=visitor)["refresh_token"]
    for _ in range(2):
        assert_done(world.revoke(token=token, client_id=world.public_id, token_type_hint="access_token"))


@pytest.mark.parametrize("kind", ["access_token", "id_token"])
def test_other_tokens_are_not_supported(world, visitor, kind):
    body = world.tokens(browser=visitor)
    assert_refused(world.revoke(token=body[kind], client_id=world.public_id), "unsupported_token_type")
    assert world.user_info(body["access_token"]).status_code == 200


def test_no_token(world):
    assert_refused(world.revoke(client_id=world.public_id), "invalid_request")
    assert_refused(world.revoke(client_id=world.public_id, token=""), "invalid_request")


def test_client_without_revocation(world, visitor):
    client_id = world.client(EnableTokenRevocation=False)["ClientId"]
    token = world.tokens(browser=visitor, client_id=client_id)["refresh_token"]
    assert_refused(world.revoke(token=token, client_id=client_id), "invalid_request")
    assert world.refresh(token, client_id).status_code == 200


def test_confidential_client(world, visitor):
    client_id, secret = world.confidential["ClientId"], world.confidential["ClientSecret"]
    code = world.code(browser=visitor, client_id=client_id)
    token = world.redeem(code, client_id=client_id, client_secret=secret).json()["refresh_token"]
    assert_refused(world.revoke(basic(client_id, "wrong"), token=token), "invalid_client", 401)
    assert_refused(world.revoke(token=token, client_id=client_id), "invalid_client", 401)
    assert_refused(world.revoke(token=token, client_id=client_id, client_secret="wrong"), "invalid_client", 401)
    refresh = {"grant_type": "refresh_token", "refresh_token": token}
    assert world.token(refresh, basic(client_id, secret)).status_code == 200
    assert_done(world.revoke(basic(client_id, secret), token=token))
    assert_refused(world.token(refresh, basic(client_id, secret)), "invalid_grant")
    assert_done(world.revoke(token=token, client_id=client_id, client_secret=secret))


def test_unknown_client(world):
    assert_refused(world.revoke(token="x", client_id="nope"), "invalid_client", 401)
    assert_refused(world.revoke(token="x"), "invalid_request")


def test_token_of_another_client_stays_good(world, visitor):
    token = world.tokens(browser=visitor)["refresh_token"]
    assert_done(world.revoke(token=token, client_id=world.client()["ClientId"]))
    assert world.refresh(token).status_code == 200


def test_form_that_cannot_be_read(world):
    for body, content_type in ((b'{"token":"x"}', "application/json"), (b"\xff", FORM), (b"token=a&token=b", FORM)):
        answer = world.send("POST", "/oauth2/revoke", content=body, headers={"content-type": content_type})
        assert_refused(answer, "invalid_request")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_other_methods(world, method):
    answer = world.send(method, "/oauth2/revoke")
    assert (answer.status_code, answer.content, answer.headers["allow"]) == (405, b"", "POST, OPTIONS")
