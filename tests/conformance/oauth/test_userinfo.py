"""GET and POST /oauth2/userInfo: vectors 49-54 of endpoints.md §21 and the table of §5."""

import pytest

from tests.support.oauth import FORM, World

DEAD = "Access token is expired, disabled, or deleted, or the user has globally signed out."
NO_OPENID = "Access token does not contain openid scope"
BAD_REQUEST = "Bad OAuth2 request at UserInfo Endpoint"


@pytest.fixture(scope="module")
def visitor(world):
    return world.signed_in()


def assert_refused(answer, error, description, status=401):
    assert (answer.status_code, answer.json()) == (status, {"error": error, "error_description": description})
    assert answer.headers["www-authenticate"] == f'Bearer error="{error}", error_description="{description}"'
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"


class TestAttributes:
    def info(self, world: World, visitor, scope, **changed):
        answer = world.user_info(world.tokens(browser=visitor, scope=scope, **changed)["access_token"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"
        assert answer.headers["cache-control"] == "no-cache, no-store, max-age=0, must-revalidate"
        return answer.json()

    def test_openid_and_email(self, world, visitor):
        assert self.info(world, visitor, "openid email") == {
            "sub": world.bob.sub,
            "email": world.bob.email,
            "email_verified": "true",
            "username": world.bob.username,
        }

    def test_phone_and_profile(self, world, visitor):
        assert self.info(world, visitor, "openid phone") == {
            "sub": world.bob.sub,
            "phone_number": "+15555550100",
            "username": world.bob.username,
        }
        assert self.info(world, visitor, "openid profile") == {
            "sub": world.bob.sub,
            "name": "Bob B.",
            "custom:dept": "R&D",
            "custom:score": "7",
            "username": world.bob.username,
        }

    @pytest.mark.parametrize("more", ["", " aws.cognito.signin.user.admin", " {}/read"])
    def test_openid_alone_gives_every_readable_attribute(self, world, visitor, more):
        everything = self.info(world, visitor, "openid" + more.format(world.resource))
        assert everything == {
            "sub": world.bob.sub,
            "email": world.bob.email,
            "email_verified": "true",
            "phone_number": "+15555550100",
            "name": "Bob B.",
            "custom:dept": "R&D",
            "custom:score": "7",
            "username": world.bob.username,
        }
        assert all(isinstance(value, str) for value in everything.values())

    def test_only_what_the_client_may_read(self, world, visitor):
        client_id = world.client(ReadAttributes=["name"])["ClientId"]
        assert self.info(world, visitor, "openid", client_id=client_id).keys() == {"sub", "name", "username"}

    def test_change_is_seen_at_once(self, world, cognito):
        user = world.user()
        token = world.tokens(user, scope="openid email")["access_token"]
        cognito.admin_update_user_attributes(
            UserPoolId=world.pool_id,
            Username=user.username,
            UserAttributes=[
                {"Name": "email", "Value": "new@example.com"},
                {"Name": "email_verified", "Value": "false"},
            ],
        )
        assert world.user_info(token).json()["email"] == "new@example.com"
        assert world.user_info(token).json()["email_verified"] == "false"


class TestHowTheTokenIsSent:
    def test_post_with_header_or_body(self, world, visitor):
        token = world.tokens(browser=visitor)["access_token"]
        assert world.user_info(token, "POST").status_code == 200
        answer = world.send("POST", "/oauth2/userInfo", content=f"access_token={token}", headers={"content-type": FORM})
        assert answer.status_code == 200

    def test_scheme_in_any_case_and_the_other_spelling_of_the_path(self, world, visitor):
        token = world.tokens(browser=visitor)["access_token"]
        answer = world.send("GET", "/oauth2/userinfo", headers={"authorization": f"bearer {token}"})
        assert answer.status_code == 200

    def test_query_is_refused(self, world, visitor):
        token = world.tokens(browser=visitor)["access_token"]
        for method in ("GET", "POST"):
            answer = world.send(method, f"/oauth2/userInfo?access_token={token}")
            assert_refused(answer, "invalid_request", BAD_REQUEST, 400)

    @pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic abc", "abc"])
    def test_no_token(self, world, authorization):
        headers = {} if authorization is None else {"authorization": authorization}
        for method in ("GET", "POST"):
            answer = world.send(method, "/oauth2/userInfo", headers=headers)
            assert_refused(answer, "invalid_request", BAD_REQUEST, 400)

    @pytest.mark.parametrize("body", [b"\xff\xfe", b"access_token=", b"a=1&" * 300, b"access_token=%FF"])
    def test_body_that_is_no_form(self, world, body):
        answer = world.send("POST", "/oauth2/userInfo", content=body, headers={"content-type": FORM})
        assert_refused(answer, "invalid_request", BAD_REQUEST, 400)

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_other_methods(self, world, method):
        answer = world.send(method, "/oauth2/userInfo")
        assert (answer.status_code, answer.content) == (405, b"")
        assert answer.headers["allow"] == "GET, POST, OPTIONS"

    def test_head(self, world, visitor):
        answer = world.user_info(world.tokens(browser=visitor)["access_token"], "HEAD")
        assert (answer.status_code, answer.content) == (200, b"")
        assert int(answer.headers["content-length"]) > 10


class TestTokensThatAreRefused:
    def test_token_of_the_api(self, world):
        token = world.pools.sign_in(world.public_id, world.bob)["AccessToken"]
        assert_refused(world.user_info(token), "invalid_token", NO_OPENID)

    def test_token_without_openid(self, world, visitor):
        token = world.tokens(browser=visitor, scope="email")["access_token"]
        assert_refused(world.user_info(token), "invalid_token", NO_OPENID)

    def test_id_token(self, world, visitor):
        assert_refused(world.user_info(world.tokens(browser=visitor)["id_token"]), "invalid_token", NO_OPENID)

    def test_refresh_token(self, world, visitor):
        assert_refused(world.user_info(world.tokens(browser=visitor)["refresh_token"]), "invalid_token", DEAD)

    @pytest.mark.parametrize("token", ["x", "a.b.c", "é", "x" * 10_000])
    def test_garbage(self, world, token):
        answer = world.send("GET", "/oauth2/userInfo", headers={"authorization": f"Bearer {token}".encode("latin-1")})
        assert_refused(answer, "invalid_token", DEAD)

    def test_expired(self, clocked_world):
        token = clocked_world.tokens()["access_token"]
        clocked_world.server.advance_clock(3598)
        assert clocked_world.user_info(token).status_code == 200
        clocked_world.server.advance_clock(3)
        assert_refused(clocked_world.user_info(token), "invalid_token", DEAD)

    def test_revoked(self, world):
        body = world.tokens()
        refreshed = world.refresh(body["refresh_token"]).json()
        world.revoke(token=body["refresh_token"], client_id=world.public_id)
        for token in (body["access_token"], refreshed["access_token"]):
            assert_refused(world.user_info(token), "invalid_token", DEAD)

    def test_after_global_sign_out(self, world, cognito):
        user = world.user()
        token = world.tokens(user)["access_token"]
        cognito.admin_user_global_sign_out(UserPoolId=world.pool_id, Username=user.username)
        assert_refused(world.user_info(token), "invalid_token", DEAD)

    def test_user_disabled_or_deleted(self, world, cognito):
        user = world.user()
        token = world.tokens(user)["access_token"]
        cognito.admin_disable_user(UserPoolId=world.pool_id, Username=user.username)
        assert_refused(world.user_info(token), "invalid_token", DEAD)
        cognito.admin_delete_user(UserPoolId=world.pool_id, Username=user.username)
        assert_refused(world.user_info(token), "invalid_token", DEAD)

    def test_token_of_another_pool(self, world, visitor):
        token = world.tokens(browser=visitor)["access_token"]
        answer = world.server.http.get("/oauth2/userInfo", headers={"authorization": f"Bearer {token}"})
        assert_refused(answer, "invalid_token", DEAD)  # the default pool lives at the root
