"""POST /oauth2/token: vectors 27-48 of endpoints.md §21 and the error table of §4.7."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from tests.support.oauth import CALLBACK, CHALLENGE, FORM, VERIFIER, basic, build, claims_of, text_of
from tests.support.refusals import refused

INVALID_GRANT = {"error": "invalid_grant"}


@pytest.fixture(scope="module")
def visitor(world):
    return world.signed_in()


def assert_refused(answer, error, description=None, status=400):
    expected = {"error": error} if description is None else {"error": error, "error_description": description}
    assert (answer.status_code, answer.json()) == (status, expected)
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert answer.headers["cache-control"] == "no-cache, no-store, max-age=0, must-revalidate"


class TestAuthorizationCode:
    def test_success(self, world, visitor):
        answer = world.redeem(world.code(browser=visitor))
        body = answer.json()
        assert list(body) == ["id_token", "access_token", "refresh_token", "expires_in", "token_type"]
        assert (body["expires_in"], body["token_type"]) == (3600, "Bearer")
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"
        for name, value in (
            ("x-content-type-options", "nosniff"),
            ("x-xss-protection", "1; mode=block"),
            ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
            ("pragma", "no-cache"),
            ("expires", "0"),
            ("x-frame-options", "DENY"),
            ("access-control-allow-origin", "*"),
            ("server", "Server"),
        ):
            assert answer.headers[name] == value
        assert len(answer.headers["x-amz-cognito-request-id"]) == 36

    def test_code_works_once(self, world, visitor):
        code = world.code(browser=visitor)
        assert world.redeem(code).status_code == 200
        assert_refused(world.redeem(code), "invalid_grant")

    def test_code_expires_after_five_minutes(self, clocked_world):
        browser = clocked_world.signed_in()
        late, in_time = clocked_world.code(browser=browser), clocked_world.code(browser=browser)
        clocked_world.server.advance_clock(295)
        assert clocked_world.redeem(in_time).status_code == 200
        clocked_world.server.advance_clock(6)
        assert_refused(clocked_world.redeem(late), "invalid_grant")

    @pytest.mark.parametrize("redirect_uri", ["https://a.example/cb/", "http://localhost:3000/", "", None])
    def test_another_redirect_uri(self, world, visitor, redirect_uri):
        code = world.code(browser=visitor)
        assert_refused(world.redeem(code, redirect_uri=redirect_uri), "unauthorized_client", "invalid_redirect")
        assert_refused(world.redeem(code), "invalid_grant")  # it is used up

    @pytest.mark.parametrize("code", ["x", "0" * 36, "a\0b", "é", "x" * 5000])
    def test_unknown_code(self, world, code):
        assert_refused(world.redeem(code), "invalid_grant")

    @pytest.mark.parametrize("code", ["", None])
    def test_no_code(self, world, code):
        assert_refused(world.redeem(code), "invalid_request")

    def test_code_of_another_client(self, world, visitor):
        code = world.code(browser=visitor)
        other = world.confidential
        answer = world.redeem(code, client_id=other["ClientId"], client_secret=other["ClientSecret"])
        assert_refused(answer, "invalid_grant")
        # Documented: a thief without the rightful client's name does not use the code up.
        assert world.redeem(code).status_code == 200

    def test_code_of_another_pool(self, world, visitor, pools):
        code = world.code(browser=visitor)
        foreign = pools.client_id(pools.user_pool(), **{**world.oauth_settings(), "AllowedOAuthScopes": ["openid"]})
        assert_refused(world.redeem(code, client_id=foreign), "invalid_client")

    def test_client_without_the_code_grant(self, world, visitor):
        client_id = world.client(AllowedOAuthFlows=["implicit"])["ClientId"]
        assert_refused(world.redeem(world.code(browser=visitor), client_id=client_id), "unauthorized_client")

    @pytest.mark.parametrize(
        "verifier", [None, "", VERIFIER[:-1], VERIFIER + "x", "short", "x" * 129, "é" * 50, CHALLENGE]
    )
    def test_wrong_or_absent_verifier_uses_the_code_up(self, world, visitor, verifier):
        code = world.code(browser=visitor, code_challenge=CHALLENGE, code_challenge_method="S256")
        assert_refused(world.redeem(code, code_verifier=verifier), "invalid_grant")
        assert_refused(world.redeem(code, code_verifier=VERIFIER), "invalid_grant")

    def test_verifier_without_a_challenge(self, world, visitor):
        assert_refused(world.redeem(world.code(browser=visitor), code_verifier=VERIFIER), "invalid_grant")

    def test_user_disabled_or_deleted_meanwhile(self, world, cognito):
        for end in (cognito.admin_disable_user, cognito.admin_delete_user):
            user = world.user()
            code = world.code(user)
            end(UserPoolId=world.pool_id, Username=user.username)
            assert_refused(world.redeem(code), "invalid_grant")

    def test_user_signed_out_everywhere_since_the_code_was_issued(self, world, cognito):
        user = world.user()
        browser = world.signed_in(user)
        code = world.code(browser=browser)
        cognito.admin_user_global_sign_out(UserPoolId=world.pool_id, Username=user.username)
        assert_refused(world.redeem(code), "invalid_grant")
        assert world.redeem(world.code(browser=browser)).status_code == 200  # the cookie stays (DOC)

    def test_user_who_was_made_anew_under_the_same_name(self, world, cognito, pools):
        user = world.user()
        code = world.code(user)
        cognito.admin_delete_user(UserPoolId=world.pool_id, Username=user.username)
        pools.user(world.pool_id, username=user.username)
        assert_refused(world.redeem(code), "invalid_grant")

    def test_sixteen_redemptions_at_once_have_one_winner(self, world, visitor):
        code = world.code(browser=visitor)
        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(lambda _: world.redeem(code), range(16)))
        assert sorted(answer.status_code for answer in answers) == [200] + [400] * 15
        assert all(answer.json() == INVALID_GRANT for answer in answers if answer.status_code == 400)


class TestClientAuthentication:
    def grant(self, world, visitor):
        return {
            "grant_type": "authorization_code",
            "redirect_uri": CALLBACK,
            "code": world.code(browser=visitor, client_id=world.confidential["ClientId"]),
        }

    def test_secret_in_the_header(self, world, visitor):
        head = basic(world.confidential["ClientId"], world.confidential["ClientSecret"])
        assert world.token(self.grant(world, visitor), head).status_code == 200

    def test_secret_in_the_header_and_the_id_in_both(self, world, visitor):
        head = basic(world.confidential["ClientId"], world.confidential["ClientSecret"])
        assert (
            world.token(self.grant(world, visitor), head, client_id=world.confidential["ClientId"]).status_code == 200
        )

    def test_secret_in_the_header_percent_encoded(self, world, visitor):
        client_id, secret = world.confidential["ClientId"], world.confidential["ClientSecret"]
        encoded = "".join(f"%{ord(character):02X}" for character in secret)
        assert world.token(self.grant(world, visitor), basic(quote(client_id), encoded)).status_code == 200

    def test_scheme_in_any_case(self, world):
        value = basic(world.machine["ClientId"], world.machine["ClientSecret"])["Authorization"]
        for scheme in ("basic", "BASIC"):
            head = {"Authorization": value.replace("Basic", scheme)}
            assert world.token({"grant_type": "client_credentials"}, head).status_code == 200

    def test_secret_in_the_body(self, world, visitor):
        client = world.confidential
        form = {**self.grant(world, visitor), "client_id": client["ClientId"], "client_secret": client["ClientSecret"]}
        assert world.token(form).status_code == 200

    def test_both_at_once(self, world):
        client = world.machine
        head = basic(client["ClientId"], client["ClientSecret"])
        form = {"grant_type": "client_credentials", "client_secret": client["ClientSecret"]}
        assert_refused(world.token(form, head), "invalid_request")

    @pytest.mark.parametrize("secret", ["", "wrong", "é", "\0", "x" * 5000])
    def test_wrong_secret(self, world, secret):
        client_id = world.confidential["ClientId"]
        form = {"grant_type": "authorization_code", "code": "x"}
        assert_refused(world.token(form, basic(client_id, secret)), "invalid_client")
        assert_refused(world.token(form, client_id=client_id, client_secret=secret), "invalid_client")

    def test_missing_secret(self, world):
        form = {"grant_type": "authorization_code", "code": "x", "client_id": world.confidential["ClientId"]}
        assert_refused(world.token(form), "invalid_client")

    def test_wrong_secret_does_not_use_the_code_up(self, world, visitor):
        grant, client = self.grant(world, visitor), world.confidential
        assert_refused(world.token(grant, basic(client["ClientId"], "wrong")), "invalid_client")
        assert world.token(grant, basic(client["ClientId"], client["ClientSecret"])).status_code == 200

    def test_secret_of_a_public_client(self, world):
        form = {"grant_type": "authorization_code", "code": "x", "client_id": world.public_id}
        assert_refused(world.token(form, client_secret="x"), "invalid_client")
        assert_refused(world.token(form, client_secret=""), "invalid_grant")

    @pytest.mark.parametrize("client_id", ["nope", "a\0b", "é", "' OR 1=1 --", "x" * 5000])
    def test_unknown_client(self, world, client_id):
        assert_refused(world.token(grant_type="client_credentials", client_id=client_id), "invalid_client")
        assert_refused(world.token({"grant_type": "client_credentials"}, basic(client_id, "x")), "invalid_client")

    def test_no_client_at_all(self, world):
        assert_refused(world.token(grant_type="client_credentials"), "invalid_request")
        assert_refused(world.token(grant_type="client_credentials", client_id=""), "invalid_request")

    def test_two_client_ids(self, world):
        head = basic(world.machine["ClientId"], world.machine["ClientSecret"])
        form = {"grant_type": "client_credentials", "client_id": world.public_id}
        assert_refused(world.token(form, head), "invalid_client")

    @pytest.mark.parametrize(
        "authorization",
        [
            "Basic",
            "Basic !!!",
            "Basic " + base64.b64encode(b"no-colon").decode(),
            "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
            "Basic éé",
            "Bearer abc",
            "Digest x",
            "x",
        ],
    )
    def test_header_that_cannot_be_read(self, world, authorization):
        head = {"Authorization": authorization.encode("latin-1")}
        assert_refused(world.token({"grant_type": "client_credentials"}, head), "invalid_client")

    def test_either_of_two_secrets(self, world, cognito):
        client = world.pools.client(
            world.pool_id,
            GenerateSecret=True,
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["client_credentials"],
            AllowedOAuthScopes=[f"{world.resource}/read"],
        )
        client_id, first = client["ClientId"], client["ClientSecret"]
        second = cognito.add_user_pool_client_secret(UserPoolId=world.pool_id, ClientId=client_id)[
            "ClientSecretDescriptor"
        ]
        for secret in (first, second["ClientSecretValue"]):
            assert world.token({"grant_type": "client_credentials"}, basic(client_id, secret)).status_code == 200
        cognito.delete_user_pool_client_secret(
            UserPoolId=world.pool_id, ClientId=client_id, ClientSecretId=second["ClientSecretId"]
        )
        answer = world.token({"grant_type": "client_credentials"}, basic(client_id, second["ClientSecretValue"]))
        assert_refused(answer, "invalid_client")
        assert world.token({"grant_type": "client_credentials"}, basic(client_id, first)).status_code == 200


class TestRefreshToken:
    def test_without_rotation(self, world, visitor):
        first = world.tokens(browser=visitor, nonce="n")
        answer = world.refresh(first["refresh_token"])
        assert list(answer.json()) == ["id_token", "access_token", "expires_in", "token_type"]
        for kind in ("id_token", "access_token"):
            before, after = claims_of(first[kind]), claims_of(answer.json()[kind])
            assert all(before[name] == after[name] for name in ("sub", "iss", "auth_time", "origin_jti"))
            assert before["jti"] != after["jti"]
        assert claims_of(first["id_token"])["nonce"] == "n"
        assert "nonce" not in claims_of(answer.json()["id_token"])
        assert claims_of(answer.json()["access_token"])["scope"] == claims_of(first["access_token"])["scope"]

    def test_scope_and_redirect_uri_are_ignored(self, world, visitor):
        first = world.tokens(browser=visitor, scope="openid email")
        for more in ({"redirect_uri": CALLBACK}, {"scope": "openid"}, {"scope": f"openid {world.resource}/write"}):
            body = world.refresh(first["refresh_token"], **more).json()
            assert claims_of(body["access_token"])["scope"] == "openid email"

    def test_confidential_client(self, world, visitor):
        client = world.confidential
        head = basic(client["ClientId"], client["ClientSecret"])
        code = world.code(browser=visitor, client_id=client["ClientId"])
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
        token = world.token(form, head).json()["refresh_token"]
        again = {"grant_type": "refresh_token", "refresh_token": token}
        assert world.token(again, head).status_code == 200
        assert_refused(world.token(again, client_id=client["ClientId"]), "invalid_client")

    def test_token_of_the_api(self, world):
        token = world.pools.sign_in(world.public_id, world.bob)["RefreshToken"]
        body = world.refresh(token).json()
        assert body.keys() == {"id_token", "access_token", "expires_in", "token_type"}
        assert claims_of(body["access_token"])["scope"] == "aws.cognito.signin.user.admin"
        assert "version" not in claims_of(body["access_token"])

    def test_token_of_the_api_where_the_pool_remembers_devices(self, server, pools, cognito):
        own = build(server, pools)
        of_api = pools.sign_in(own.public_id, own.bob)["RefreshToken"]
        of_pages = own.tokens()["refresh_token"]
        cognito.update_user_pool(UserPoolId=own.pool_id, DeviceConfiguration={"ChallengeRequiredOnNewDevice": True})
        assert_refused(own.refresh(of_api), "invalid_grant")
        assert own.refresh(of_pages).status_code == 200
        asked = {"AuthFlow": "REFRESH_TOKEN_AUTH", "AuthParameters": {"REFRESH_TOKEN": of_api}}
        assert "AccessToken" in cognito.initiate_auth(ClientId=own.public_id, **asked)["AuthenticationResult"]

    @pytest.mark.parametrize("token", ["x", "a.b.c", "a.b.c.d.e", "é.é.é.é.é", "\0", "x" * 20_000])
    def test_garbage(self, world, token):
        assert_refused(world.refresh(token), "invalid_grant")

    def test_no_token(self, world):
        assert_refused(world.token(grant_type="refresh_token", client_id=world.public_id), "invalid_request")

    def test_token_of_another_client(self, world, visitor):
        token = world.tokens(browser=visitor)["refresh_token"]
        assert_refused(world.refresh(token, world.client()["ClientId"]), "invalid_grant")
        assert world.refresh(token).status_code == 200

    def test_after_revocation_disabling_and_deletion(self, world, cognito):
        user = world.user()
        token = world.tokens(user)["refresh_token"]
        world.revoke(token=token, client_id=world.public_id)
        assert_refused(world.refresh(token), "invalid_grant")
        token = world.tokens(user)["refresh_token"]
        cognito.admin_disable_user(UserPoolId=world.pool_id, Username=user.username)
        assert_refused(world.refresh(token), "invalid_grant")
        cognito.admin_delete_user(UserPoolId=world.pool_id, Username=user.username)
        assert_refused(world.refresh(token), "invalid_grant")

    def test_rotation(self, clocked_world):
        client_id = clocked_world.client(
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
            RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
        )["ClientId"]
        first = clocked_world.tokens(client_id=client_id)["refresh_token"]
        answer = clocked_world.refresh(first, client_id).json()
        assert list(answer) == ["id_token", "access_token", "refresh_token", "expires_in", "token_type"]
        second = answer["refresh_token"]
        clocked_world.server.advance_clock(5)
        assert clocked_world.refresh(first, client_id).json()["refresh_token"] == second
        clocked_world.server.advance_clock(6)
        assert_refused(clocked_world.refresh(first, client_id), "invalid_grant")
        assert_refused(clocked_world.refresh(second, client_id), "invalid_grant")

    def test_does_not_renew_the_session(self, clocked_world):
        browser = clocked_world.signed_in()
        token = clocked_world.tokens(browser=browser)["refresh_token"]
        clocked_world.server.advance_clock(3500)
        answer = clocked_world.refresh(token)
        assert answer.status_code == 200
        assert "set-cookie" not in answer.headers
        clocked_world.server.advance_clock(101)
        assert "/login?" in browser.authorize(**clocked_world.parameters()).headers["location"]


class TestClientCredentials:
    def ask(self, world, **more):
        head = basic(world.machine["ClientId"], world.machine["ClientSecret"])
        return world.token({"grant_type": "client_credentials"}, head, **more)

    def test_without_scope(self, world):
        body = self.ask(world).json()
        assert list(body) == ["access_token", "expires_in", "token_type"]
        claims = claims_of(body["access_token"])
        assert claims["scope"] == f"{world.resource}/read"
        assert claims["sub"] == claims["client_id"] == world.machine["ClientId"]

    def test_with_scope(self, world):
        assert self.ask(world, scope=f"{world.resource}/read").status_code == 200

    def test_scope_that_exists_and_is_not_allowed(self, world):
        assert_refused(self.ask(world, scope=f"{world.resource}/write"), "invalid_grant")
        assert_refused(self.ask(world, scope=f"{world.resource}/read {world.resource}/write"), "invalid_grant")

    def test_scope_that_does_not_exist(self, world):
        for scope in ("zzz/none", f"{world.resource}/none", "openid", f"{world.resource}/read zzz/none"):
            assert_refused(self.ask(world, scope=scope), "invalid_scope")

    def test_resource_is_not_honoured(self, world):
        body = self.ask(world, resource="https://api.example").json()
        assert "aud" not in claims_of(body["access_token"])

    def test_metadata_is_accepted(self, world):
        assert self.ask(world, aws_client_metadata=json.dumps({"environment": "dev"})).status_code == 200

    def test_clients_without_the_grant(self, world):
        client = world.confidential
        head = basic(client["ClientId"], client["ClientSecret"])
        assert_refused(world.token({"grant_type": "client_credentials"}, head), "unauthorized_client")
        assert_refused(world.token(grant_type="client_credentials", client_id=world.public_id), "unauthorized_client")

    def test_machine_has_no_other_grant(self, world):
        head = basic(world.machine["ClientId"], world.machine["ClientSecret"])
        answer = world.token({"grant_type": "authorization_code", "code": "x"}, head)
        assert_refused(answer, "unauthorized_client")

    def test_token_is_nobodys_at_user_info_and_the_api(self, world, cognito):
        token = self.ask(world).json()["access_token"]
        assert world.user_info(token).status_code == 401
        with refused("NotAuthorized", "Invalid Access Token"):
            cognito.get_user(AccessToken=token)


class TestForm:
    @pytest.mark.parametrize("grant_type", ["password", "implicit", "urn:ietf:params:oauth:grant-type:jwt-bearer", "é"])
    def test_unknown_grant(self, world, grant_type):
        answer = world.token(grant_type=grant_type, client_id=world.public_id, username="bob", password="x")
        assert_refused(answer, "unsupported_grant_type")

    @pytest.mark.parametrize("form", [{}, {"grant_type": ""}])
    def test_no_grant(self, world, form):
        assert_refused(world.token(form, client_id=world.public_id), "invalid_request")

    @pytest.mark.parametrize("name", ["grant_type", "client_id", "code", "redirect_uri", "anything"])
    def test_parameter_twice(self, world, name):
        pairs = [("grant_type", "authorization_code"), ("client_id", world.public_id), ("code", "x"), (name, "y")]
        pairs.append((name, "z"))
        assert_refused(world.token(pairs), "invalid_request")

    @pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", "multipart/form-data; boundary=x"])
    def test_other_content_types(self, world, content_type):
        body = b'{"grant_type":"client_credentials"}'
        answer = world.send("POST", "/oauth2/token", content=body, headers={"content-type": content_type})
        assert_refused(answer, "invalid_request")

    def test_content_type_with_a_charset(self, world):
        answer = world.token(
            {"grant_type": "x", "client_id": world.public_id}, {"content-type": FORM + "; charset=UTF-8"}
        )
        assert_refused(answer, "unsupported_grant_type")

    @pytest.mark.parametrize(
        "body", [b"", b"\xff\xfe", b"%FF=1", b"grant_type", b"&&&", b"=", b"a=1&" * 300, b"\0" * 100]
    )
    def test_body_that_is_no_form(self, world, body):
        answer = world.send("POST", "/oauth2/token", content=body, headers={"content-type": FORM})
        assert_refused(answer, "invalid_request")

    def test_parameters_in_the_query_are_ignored(self, world):
        answer = world.send(
            "POST",
            f"/oauth2/token?grant_type=client_credentials&client_id={world.public_id}",
            headers={"content-type": FORM},
        )
        assert_refused(answer, "invalid_request")

    @pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
    def test_other_methods(self, world, method):
        answer = world.send(method, "/oauth2/token")
        assert answer.status_code == 405
        assert answer.content == b""
        assert answer.headers["allow"] == "POST, OPTIONS"

    def test_trailing_slash_and_case_are_other_paths(self, world):
        for path in ("/oauth2/token/", "/oauth2/Token"):
            answer = world.send("POST", path, headers={"content-type": FORM})
            assert answer.status_code == 404
            assert "no page at this address" in text_of(answer)
