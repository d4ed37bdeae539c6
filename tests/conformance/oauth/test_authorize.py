"""GET /oauth2/authorize: vectors 1-25 of endpoints.md §21 and the rules of §2 and §3."""

import re
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

import pytest

from tests.support.oauth import CALLBACK, CALLBACKS, CHALLENGE, VERIFIER, claims_of, query_of, text_of
from tests.support.pools import unique

UUID4 = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def ask(world, **changed):
    return world.send("GET", "/oauth2/authorize", params=world.parameters(**changed))


@pytest.fixture(scope="module")
def visitor(world):
    """A browser with a living session of bob."""
    return world.signed_in()


def assert_goes_to(response, location):
    assert response.status_code == 302
    assert response.headers["location"] == location
    assert response.headers["cache-control"] == "private"
    assert response.content == b""


class TestWithoutASession:
    def test_goes_to_the_sign_in_page_with_the_same_parameters(self, world):
        asked = world.parameters(state="s1", scope="openid")
        answer = world.send("GET", "/oauth2/authorize", params=asked)
        assert_goes_to(answer, f"{world.origin}/login?{urlencode(asked)}")
        page = world.send("GET", "/login", params=asked)
        assert page.status_code == 200
        assert "XSRF-TOKEN=" in page.headers["set-cookie"]

    def test_alias_without_oauth2(self, world):
        answer = world.send("GET", "/authorize", params=world.parameters())
        assert answer.headers["location"].startswith(f"{world.origin}/login?")

    def test_unknown_parameters_are_carried_and_ignored(self, world):
        answer = ask(world, userContextData="abc", response_mode="form_post", request_uri="https://evil", lang="de")
        assert query_of(answer.headers["location"])["userContextData"] == "abc"

    def test_prompt_none(self, world):
        assert_goes_to(ask(world, prompt="none", state="s"), f"{CALLBACK}?state=s&error=login_required")
        assert_goes_to(ask(world, prompt="none"), f"{CALLBACK}?error=login_required")

    def test_forged_cookie_is_no_session(self, world):
        for cookie in ("cognito=x", "cognito=", "cognito=é".encode().decode("latin-1"), "cognito", "; ;=;cognito=a=b"):
            answer = world.send(
                "GET", "/oauth2/authorize", params=world.parameters(), headers={"cookie": cookie.encode("latin-1")}
            )
            assert answer.headers["location"].startswith(f"{world.origin}/login?")


class TestWithASession:
    def test_code_and_state(self, world, visitor):
        answer = visitor.authorize(**world.parameters(state="s1", scope="openid"))
        assert re.fullmatch(rf"https://a\.example/cb\?code={UUID4}&state=s1", answer.headers["location"])
        assert_goes_to(answer, answer.headers["location"])
        assert "set-cookie" not in answer.headers

    def test_code_without_state(self, world, visitor):
        answer = visitor.authorize(**world.parameters())
        assert re.fullmatch(rf"https://a\.example/cb\?code={UUID4}", answer.headers["location"])

    def test_empty_state_comes_back_empty(self, world, visitor):
        answer = visitor.authorize(**world.parameters(state=""))
        assert answer.headers["location"].endswith("&state=")

    @pytest.mark.parametrize("redirect_uri", CALLBACKS)
    def test_every_registered_address(self, world, visitor, redirect_uri):
        answer = visitor.authorize(**world.parameters(redirect_uri=redirect_uri))
        separator = "&" if "?" in redirect_uri else "?"
        assert answer.headers["location"].startswith(f"{redirect_uri}{separator}code=")

    def test_address_with_letters_of_other_alphabets(self, world):
        registered = "https://a.example/приём"
        client = world.client(CallbackURLs=[registered])
        browser = world.signed_in()
        answer = browser.authorize(**world.parameters(client_id=client["ClientId"], redirect_uri=registered))
        assert answer.headers["location"].startswith("https://a.example/%D0%BF%D1%80%D0%B8%D1%91%D0%BC?code=")

    def test_prompt_none(self, world, visitor):
        assert "code" in query_of(visitor.authorize(**world.parameters(prompt="none")).headers["location"])

    def test_session_is_shared_by_the_clients_of_the_pool(self, world, visitor):
        other = world.client()["ClientId"]
        assert "code" in query_of(
            visitor.authorize(**world.parameters(client_id=other, prompt="none")).headers["location"]
        )

    def test_session_is_not_shared_with_another_pool(self, world, visitor, pools):
        pool = pools.user_pool()
        domain = unique("d")
        pools.cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
        settings = {**world.oauth_settings(), "AllowedOAuthScopes": ["openid"]}
        client_id = pools.client_id(pool, **settings)
        answer = world.server.http.get(
            "/oauth2/authorize",
            params=world.parameters(client_id=client_id),
            headers={
                "host": f"{domain}.auth.localhost:{world.server.port}",
                "cookie": f"cognito={visitor.http.cookies['cognito']}",
            },
        )
        assert urlsplit(answer.headers["location"]).path == "/login"

    def test_prompt_login_asks_again(self, world, visitor):
        asked = world.parameters(prompt="login")
        assert_goes_to(visitor.authorize(**asked), f"{world.origin}/login?{urlencode(asked)}")
        page = visitor.get("/login", **asked)
        assert 'name="password"' in page.text

    def test_prompt_login_cannot_be_answered_with_the_session(self, world):
        browser = world.signed_in()
        asked = world.parameters(prompt="login")
        browser.get("/login", **asked)
        answer = browser.submit("/login?" + urlencode(asked), **{"continue": "1"})
        assert urlsplit(answer.headers["location"]).path == "/login"

    def test_prompt_login_replaces_the_session(self, world):
        browser = world.signed_in()
        before = browser.http.cookies["cognito"]
        answer = browser.login(world.bob, **world.parameters(prompt="login"))
        assert "code" in query_of(answer.headers["location"])
        assert browser.http.cookies["cognito"] != before

    @pytest.mark.parametrize("prompt", ["select_account", "consent", "select_account consent", "unheard-of", ""])
    def test_prompts_without_effect(self, world, visitor, prompt):
        assert "code" in query_of(visitor.authorize(**world.parameters(prompt=prompt)).headers["location"])

    @pytest.mark.parametrize("prompt", ["none login", "none consent", "select_account none"])
    def test_prompt_none_stands_alone(self, world, visitor, prompt):
        answer = visitor.authorize(**world.parameters(prompt=prompt, state="s"))
        assert_goes_to(answer, f"{CALLBACK}?state=s&error=invalid_request")

    def test_provider_cognito_takes_a_local_session(self, world, visitor):
        answer = visitor.authorize(**world.parameters(prompt="none", identity_provider="COGNITO"))
        assert "code" in query_of(answer.headers["location"])

    def test_max_age(self, clocked_world):
        browser = clocked_world.signed_in()
        asked = clocked_world.parameters(max_age="60")
        assert "code" in query_of(browser.authorize(**asked).headers["location"])
        clocked_world.server.advance_clock(62)
        assert urlsplit(browser.authorize(**asked).headers["location"]).path == "/login"
        answer = browser.authorize(**asked, prompt="none")
        assert query_of(answer.headers["location"]) == {"error": "login_required"}
        # What the page offers is no way around it.
        assert 'name="password"' in browser.get("/login", **asked).text
        answer = browser.submit("/login?" + urlencode(asked), **{"continue": "1"})
        assert urlsplit(answer.headers["location"]).path == "/login"
        before = claims_of(clocked_world.tokens(browser=browser)["id_token"])["auth_time"]
        browser.login(clocked_world.bob, **asked)
        assert claims_of(clocked_world.tokens(browser=browser)["id_token"])["auth_time"] >= before + 62

    @pytest.mark.parametrize("max_age", ["-1", "1.5", "x", "", "9" * 5000, "١"])
    def test_max_age_that_is_no_number(self, world, visitor, max_age):
        answer = visitor.authorize(**world.parameters(max_age=max_age, state="s"))
        assert_goes_to(answer, f"{CALLBACK}?state=s&error=invalid_request")

    def test_acr_values_mean_nothing_yet(self, world, visitor):
        asked = world.parameters(acr_values="urn:cognito:loa:4 urn:cognito:loa:3", max_age="3600")
        assert "code" in query_of(visitor.authorize(**asked).headers["location"])


class TestErrorsOnAPage:
    """What no client may be told, because it is not known which client asks or where it lives."""

    def test_no_client_id(self, world):
        page = ask(world, client_id=None)
        assert page.status_code == 400
        assert "Required String parameter 'client_id' is not present" in text_of(page)

    @pytest.mark.parametrize("client_id", ["nope", "a\0b", "é", "x" * 3000, "' OR 1=1 --"])
    def test_unknown_client(self, world, client_id):
        page = ask(world, client_id=client_id)
        assert page.status_code == 400
        assert "Client does not exist" in text_of(page)

    def test_client_of_another_pool(self, world, pools):
        foreign = pools.client_id(pools.user_pool(), **{**world.oauth_settings(), "AllowedOAuthScopes": ["openid"]})
        assert "Client does not exist" in text_of(ask(world, client_id=foreign))

    @pytest.mark.parametrize("redirect_uri", ["https://evil", "https://a.example/cb/", "HTTPS://a.example/cb"])
    def test_address_that_is_not_registered(self, world, redirect_uri):
        answer = ask(world, redirect_uri=redirect_uri)
        assert_goes_to(answer, f"{world.origin}/error?error=redirect_mismatch&client_id={world.public_id}")
        page = world.send("GET", "/error", params={"error": "redirect_mismatch", "client_id": world.public_id})
        assert page.status_code == 400
        assert page.headers["content-type"].startswith("text/html")
        assert "An error was encountered with the requested page." in text_of(page)
        assert "redirect_mismatch" in text_of(page)

    def test_no_address_where_there_are_several(self, world):
        asked = world.parameters(redirect_uri=None)
        assert_goes_to(ask(world, redirect_uri=None), f"{world.origin}/error?{urlencode(asked)}")
        page = world.send("GET", "/error", params=asked)
        assert page.status_code == 400
        assert "Required String parameter 'redirect_uri' is not present" in text_of(page)

    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            ({"CallbackURLs": [CALLBACK]}, CALLBACK),
            ({"DefaultRedirectURI": CALLBACKS[1]}, CALLBACKS[1]),
        ],
    )
    def test_no_address_where_there_is_one_choice(self, world, visitor, settings, expected):
        client_id = world.client(**settings)["ClientId"]
        asked = world.parameters(client_id=client_id, redirect_uri=None)
        code = query_of(visitor.authorize(**asked).headers["location"])["code"]
        # RFC 6749 §4.1.3: what was not sent to authorize need not be sent to token.
        assert world.redeem(code, client_id=client_id, redirect_uri=None).status_code == 200
        code = query_of(visitor.authorize(**asked).headers["location"])["code"]
        assert world.redeem(code, client_id=client_id, redirect_uri=expected).status_code == 200
        code = query_of(visitor.authorize(**asked).headers["location"])["code"]
        assert world.redeem(code, client_id=client_id, redirect_uri="https://evil").status_code == 400

    def test_client_that_is_not_for_oauth(self, world, pools):
        client_id = pools.client_id(world.pool_id)
        answer = ask(world, client_id=client_id)
        assert_goes_to(answer, f"{world.origin}/error?error=invalid_request&client_id={client_id}")

    def test_provider_that_the_client_does_not_have(self, world):
        answer = ask(world, identity_provider="Nobody")
        text = "Login option is not available. Please try another one"
        assert_goes_to(answer, f"{world.origin}/error?{urlencode({'error': text, 'client_id': world.public_id})}")
        page = world.server.http.get(
            "/error?" + urlsplit(answer.headers["location"]).query, headers={"host": world.host}
        )
        assert text in text_of(page)
        assert ask(world, idp_identifier="nobody.example").headers["location"] == answer.headers["location"]

    def test_too_many_parameters(self, world):
        query = "&".join(f"a{n}=1" for n in range(300))
        assert world.send("GET", f"/oauth2/authorize?{query}").status_code == 400

    def test_error_page_without_parameters(self, world):
        page = world.send("GET", "/error")
        assert page.status_code == 400
        assert "An error was encountered with the requested page." in text_of(page)


class TestErrorsToTheClient:
    @pytest.mark.parametrize("response_type", [None, "", "id_token", "code id_token", "none", "CODE"])
    def test_response_type(self, world, response_type):
        answer = ask(world, response_type=response_type, state="s")
        assert_goes_to(answer, f"{CALLBACK}?state=s&error=invalid_request")

    def test_response_type_that_the_client_does_not_have(self, world):
        client_id = world.client()["ClientId"]
        answer = ask(world, client_id=client_id, response_type="token", state="s")
        assert_goes_to(answer, f"{CALLBACK}#state=s&error=unauthorized_client")
        implicit = world.client(AllowedOAuthFlows=["implicit"])["ClientId"]
        assert_goes_to(ask(world, client_id=implicit), f"{CALLBACK}?error=unauthorized_client")

    @pytest.mark.parametrize("scope", ["openid foo", "OPENID", "zzz/none", "openid,email", "r/write\0"])
    def test_scope_that_the_client_does_not_have(self, world, scope):
        answer = ask(world, scope=scope, state="s")
        assert_goes_to(answer, f"{CALLBACK}?error_description=invalid_scope&state=s&error=invalid_request")

    def test_scope_that_exists_and_is_not_allowed(self, world):
        answer = ask(world, scope=f"openid {world.resource}/write")
        assert_goes_to(answer, f"{CALLBACK}?error_description=invalid_scope&error=invalid_request")

    @pytest.mark.parametrize(
        "pkce",
        [
            {"code_challenge": CHALLENGE},
            {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
            {"code_challenge": CHALLENGE, "code_challenge_method": "s256"},
            {"code_challenge": CHALLENGE[:-1], "code_challenge_method": "S256"},
            {"code_challenge": CHALLENGE + "=", "code_challenge_method": "S256"},
            {"code_challenge": "x", "code_challenge_method": "S256"},
            {"code_challenge_method": "S256"},
        ],
    )
    def test_pkce(self, world, pkce):
        assert_goes_to(ask(world, state="s", **pkce), f"{CALLBACK}?state=s&error=invalid_request")

    @pytest.mark.parametrize(
        "resource",
        [
            "http://evil.example",
            "https://",
            "no-url",
            "https://api.example#part",
            "https://[",
            "https://a b",
            "https://api.example\r\nX: 1",
        ],
    )
    def test_resource(self, world, resource):
        assert_goes_to(ask(world, state="s", resource=resource), f"{CALLBACK}?state=s&error=invalid_request")

    def test_error_is_appended_to_a_query(self, world):
        answer = ask(world, redirect_uri=CALLBACKS[3], response_type="x")
        assert_goes_to(answer, f"{CALLBACKS[3]}&error=invalid_request")

    def test_errors_of_the_implicit_grant_go_into_the_fragment(self, world):
        """issue 5 exactness 7 (RFC 6749 §4.2.2.1)."""
        answer = ask(world, response_type="token", prompt="none", state="s")
        assert_goes_to(answer, f"{CALLBACK}#state=s&error=login_required")
        answer = ask(world, response_type="token", scope="nope", redirect_uri=CALLBACKS[3])
        assert_goes_to(answer, f"{CALLBACKS[3]}#error_description=invalid_scope&error=invalid_request")
        code_only = world.client()["ClientId"]
        answer = ask(world, client_id=code_only, response_type="token")
        assert_goes_to(answer, f"{CALLBACK}#error=unauthorized_client")

    @pytest.mark.parametrize(
        "name",
        [
            "response_type",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method",
            "prompt",
            "max_age",
            "resource",
            "identity_provider",
        ],
    )
    def test_parameter_twice(self, world, name):
        values = {"response_type": "code", "scope": "openid", "code_challenge": CHALLENGE, "max_age": "1"}
        value = values.get(name, "S256" if name.endswith("method") else "COGNITO" if name.startswith("id") else "login")
        pairs = [*world.parameters(**{name: None}).items(), (name, value), (name, value)]
        answer = world.send("GET", "/oauth2/authorize?" + urlencode(pairs))
        assert query_of(answer.headers["location"])["error"] == "invalid_request"
        assert answer.headers["location"].startswith(CALLBACK)


class TestScopes:
    def scope(self, world, visitor, **changed):
        return set(claims_of(world.tokens(browser=visitor, **changed)["access_token"])["scope"].split())

    def test_none_asked_gives_all_of_the_client(self, world, visitor):
        every = set(world.oauth_settings()["AllowedOAuthScopes"])
        assert self.scope(world, visitor) == every
        assert self.scope(world, visitor, scope="") == every

    def test_what_was_asked(self, world, visitor):
        assert self.scope(world, visitor, scope="openid email") == {"openid", "email"}
        assert self.scope(world, visitor, scope=" email   openid openid ") == {"openid", "email"}

    def test_offline_access_has_no_effect(self, world, visitor):
        assert self.scope(world, visitor, scope="openid offline_access") == {"openid"}

    def test_scope_that_its_resource_server_has_lost(self, world, visitor, cognito):
        resource = unique("gone")
        scopes = [{"ScopeName": name, "ScopeDescription": "x"} for name in ("stays", "goes")]
        cognito.create_resource_server(UserPoolId=world.pool_id, Identifier=resource, Name=resource, Scopes=scopes)
        client_id = world.client(AllowedOAuthScopes=["openid", f"{resource}/stays", f"{resource}/goes"])["ClientId"]
        cognito.update_resource_server(UserPoolId=world.pool_id, Identifier=resource, Name=resource, Scopes=scopes[:1])
        for asked in (None, f"openid {resource}/stays {resource}/goes"):
            assert self.scope(world, visitor, client_id=client_id, scope=asked) == {"openid", f"{resource}/stays"}

    def test_without_openid_there_is_no_id_token(self, world, visitor):
        body = world.tokens(browser=visitor, scope="aws.cognito.signin.user.admin")
        assert body.keys() == {"access_token", "refresh_token", "expires_in", "token_type"}

    def test_attribute_that_the_client_may_not_read(self, world, visitor):
        client_id = world.client(ReadAttributes=["email"])["ClientId"]
        code = world.code(browser=visitor, client_id=client_id, scope="openid email")
        answer = world.redeem(code, client_id=client_id)
        assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


class TestImplicitGrant:
    def fragment(self, answer):
        location = urlsplit(answer.headers["location"])
        assert location.query == ""
        return location.fragment

    def test_fragment(self, world, visitor):
        answer = visitor.authorize(
            **world.parameters(response_type="token", scope="openid email", state="s", nonce="n")
        )
        fragment = self.fragment(answer)
        assert [name for name, _ in parse_qsl(fragment)] == [
            "id_token",
            "access_token",
            "expires_in",
            "token_type",
            "state",
        ]
        found = dict(part.split("=") for part in fragment.split("&"))  # OBS: clients split and decode nothing
        assert (found["expires_in"], found["token_type"], found["state"]) == ("3600", "Bearer", "s")
        assert claims_of(found["id_token"])["nonce"] == "n"
        assert world.user_info(found["access_token"]).status_code == 200

    def test_without_openid_there_is_no_id_token(self, world, visitor):
        asked = world.parameters(response_type="token", scope="aws.cognito.signin.user.admin")
        fragment = dict(parse_qsl(self.fragment(visitor.authorize(**asked))))
        assert fragment.keys() == {"access_token", "expires_in", "token_type"}

    def test_after_the_sign_in_page(self, world):
        browser = world.browser()
        answer = browser.login(world.bob, **world.parameters(response_type="token", scope="openid", state="a b&c=d"))
        fragment = dict(parse_qsl(self.fragment(answer)))
        assert fragment["state"] == "a b&c=d"
        assert world.user_info(fragment["access_token"]).status_code == 200

    def test_tokens_end_with_a_global_sign_out(self, world):
        user = world.user()
        browser = world.signed_in(user)
        fragment = dict(parse_qsl(self.fragment(browser.authorize(**world.parameters(response_type="token")))))
        world.pools.cognito.global_sign_out(AccessToken=fragment["access_token"])
        assert world.user_info(fragment["access_token"]).status_code == 401


class TestResource:
    def test_becomes_the_audience_and_stays_so(self, world, visitor):
        body = world.tokens(browser=visitor, resource="https://api.example")
        assert claims_of(body["access_token"])["aud"] == "https://api.example"
        assert claims_of(body["id_token"])["aud"] == world.public_id
        again = world.refresh(body["refresh_token"]).json()
        assert claims_of(again["access_token"])["aud"] == "https://api.example"

    @pytest.mark.parametrize(
        "resource", ["http://localhost:3000/x", "http://127.0.0.1", "myapp://api", "urn:api", "http://[::1]:80/"]
    )
    def test_addresses_that_are_allowed(self, world, visitor, resource):
        assert claims_of(world.tokens(browser=visitor, resource=resource)["access_token"])["aud"] == resource

    def test_without_resource_there_is_no_audience(self, world, visitor):
        assert "aud" not in claims_of(world.tokens(browser=visitor)["access_token"])


class TestState:
    @pytest.mark.parametrize(
        "state",
        [
            'a"b<c>&d\r\nX:1 é',
            "x" * 2048,
            "".join(map(chr, range(1, 128))),
            "%0d%0aSet-Cookie: a=b",
            '{"u":"https://evil"}',
            "a+b c%20d",
            "\0",
            "日本語 😀",
            "abc-6465",
        ],
    )
    def test_comes_back_unchanged(self, world, visitor, state):
        for asked in (
            world.parameters(state=state),
            world.parameters(state=state, scope="nope"),
            world.parameters(state=state, response_type="token"),
        ):
            answer = visitor.authorize(**asked)
            location = answer.headers["location"]
            assert location.isascii()
            assert location.isprintable()
            assert "x" not in answer.headers
            parts = urlsplit(location)
            found = dict(pair.split("=", 1) for pair in (parts.fragment or parts.query).split("&"))
            assert unquote_plus(found["state"]) == state

    def test_comes_back_unchanged_through_the_sign_in_page(self, world):
        state = 'a"b<c>&d\r\nX:1 é' * 100
        browser = world.browser()
        answer = browser.authorize(**world.parameters(state=state))
        query = urlsplit(answer.headers["location"]).query
        page = browser.http.get(f"/login?{query}")
        action = re.search(r'<form[^>]+action="([^"]+)"', page.text)[1].replace("&amp;", "&")
        answer = browser.submit(action, username=world.bob.username, password=world.bob.password)
        assert query_of(answer.headers["location"])["state"] == state


def test_pkce_pair_of_the_guide(world, visitor):
    code = world.code(browser=visitor, code_challenge=CHALLENGE, code_challenge_method="S256")
    assert world.redeem(code, code_verifier=VERIFIER).status_code == 200
