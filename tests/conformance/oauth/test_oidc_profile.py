"""The profile `oidc` of a pool (docs/design/0010-oidc-profile.md): what it does beyond `cognito`, and that `cognito` does not."""

from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from tests.support import oauth
from tests.support.oauth import CALLBACK, LOGOUT, World, claims_of, fields_of, fragment_of, query_of, text_of, unsigned
from tests.support.pools import Pools


@pytest.fixture(scope="module")
def visitor(oidc: World) -> oauth.Browser:
    return oidc.signed_in()


def test_userinfo_has_the_types_of_oidc(oidc: World, world: World):
    for each, verified in ((oidc, True), (world, "true")):
        user = each.user(address="1 Way", updated_at="1700000000")
        token = each.tokens(user, scope="openid")["access_token"]
        told = each.user_info(token).json()
        assert told["email_verified"] == verified
        assert told["updated_at"] == (1700000000 if each is oidc else "1700000000")
        assert told["address"] == ({"formatted": "1 Way"} if each is oidc else "1 Way")


def test_profile_claims_are_at_userinfo_where_there_is_an_access_token(oidc: World, visitor: oauth.Browser):
    told = claims_of(oidc.tokens(browser=visitor, scope="openid email profile")["id_token"])
    assert not {"email", "email_verified", "name", "custom:dept"} & told.keys()
    assert told["cognito:username"] == oidc.bob.username
    alone = visitor.authorize(**oidc.parameters(response_type="id_token", scope="openid email", nonce="n"))
    assert claims_of(fragment_of(alone)["id_token"])["email"] == oidc.bob.email


class TestResponses:
    def test_a_code_says_who_gave_it(self, oidc: World, visitor: oauth.Browser):
        told = query_of(visitor.authorize(**oidc.parameters(state="s")).headers["location"])
        assert list(told) == ["code", "state", "iss"]
        assert told["iss"] == oidc.issuer

    def test_an_error_says_who_gave_it(self, oidc: World):
        answer = oidc.browser().authorize(**oidc.parameters(prompt="none", state="s"))
        assert query_of(answer.headers["location"]) == {"state": "s", "error": "login_required", "iss": oidc.issuer}

    @pytest.mark.parametrize("response_type", ["id_token token", "token id_token"])
    def test_id_token_and_token(self, oidc: World, visitor: oauth.Browser, response_type: str):
        asked = oidc.parameters(response_type=response_type, nonce="n", scope="openid", state="s")
        told = fragment_of(visitor.authorize(**asked))
        assert list(told) == ["id_token", "access_token", "expires_in", "token_type", "state", "iss"]
        claims = claims_of(told["id_token"])
        assert (claims["nonce"], claims["at_hash"]) == ("n", oauth.at_hash(told["access_token"]))

    def test_id_token_alone(self, oidc: World, visitor: oauth.Browser):
        told = fragment_of(visitor.authorize(**oidc.parameters(response_type="id_token", nonce="n", scope="openid")))
        assert list(told) == ["id_token", "iss"]
        assert "at_hash" not in claims_of(told["id_token"])

    @pytest.mark.parametrize("response_type", ["id_token", "id_token token"])
    def test_an_id_token_needs_a_nonce_and_openid(self, oidc: World, visitor: oauth.Browser, response_type: str):
        asked = oidc.parameters(response_type=response_type, scope="openid", state="s")
        assert fragment_of(visitor.authorize(**asked)) == {
            "state": "s",
            "error": "invalid_request",
            "iss": oidc.issuer,
        }
        told = fragment_of(visitor.authorize(**{**asked, "nonce": "n", "scope": "email"}))
        assert told["error"] == "invalid_scope"

    @pytest.mark.parametrize(
        ("response_type", "mode", "place"),
        [("code", "query", "query"), ("code", "fragment", "fragment"), ("id_token", "fragment", "fragment")],
    )
    def test_response_mode(self, oidc: World, visitor: oauth.Browser, response_type: str, mode: str, place: str):
        asked = oidc.parameters(response_type=response_type, response_mode=mode, nonce="n", scope="openid", state="s")
        location = urlsplit(visitor.authorize(**asked).headers["location"])
        assert dict(parse_qsl(getattr(location, place)))["state"] == "s"
        assert "s" not in dict(parse_qsl(location.query if place == "fragment" else location.fragment)).values()

    @pytest.mark.parametrize(("response_type", "mode"), [("code", "web_message"), ("id_token", "query")])
    def test_a_mode_that_cannot_be(self, oidc: World, visitor: oauth.Browser, response_type: str, mode: str):
        answer = visitor.authorize(**oidc.parameters(response_type=response_type, response_mode=mode, nonce="n"))
        told = query_of(answer.headers["location"]) or fragment_of(answer)
        assert told["error"] == "invalid_request"

    def test_form_post(self, oidc: World, visitor: oauth.Browser):
        page = visitor.authorize(**oidc.parameters(response_mode="form_post", state='"><script>'))
        assert page.status_code == 200
        told = fields_of(page)
        assert list(told) == ["action", "code", "state", "iss"]
        assert (told["action"], told["state"]) == (CALLBACK, '"><script>')
        assert "<script>" not in page.text
        assert page.headers["cache-control"] == "no-store"
        assert oidc.redeem(told["code"]).status_code == 200

    def test_form_post_after_the_sign_in_page_and_for_errors(self, oidc: World):
        answer = oidc.browser().login(oidc.bob, **oidc.parameters(response_mode="form_post"))
        assert fields_of(answer)["code"]
        refused = oidc.browser().authorize(**oidc.parameters(response_mode="form_post", prompt="none", state="s"))
        assert fields_of(refused) == {"action": CALLBACK, "state": "s", "error": "login_required", "iss": oidc.issuer}

    @pytest.mark.parametrize(
        ("name", "error"),
        [("request", "request_not_supported"), ("request_uri", "request_uri_not_supported")],
    )
    def test_request_objects(self, oidc: World, visitor: oauth.Browser, name: str, error: str):
        answer = visitor.authorize(**oidc.parameters(**{name: unsigned(state="inside"), "state": "s"}))
        assert query_of(answer.headers["location"]) == {"state": "s", "error": error, "iss": oidc.issuer}
        foreign = visitor.authorize(**oidc.parameters(**{name: unsigned(), "redirect_uri": "https://evil.example/"}))
        assert urlsplit(foreign.headers["location"]).path == "/error"

    @pytest.mark.parametrize("broken", ["", "a", "a.b.c", unsigned(response_mode="web_message")])
    def test_a_request_object_counts_for_the_way_in_which_it_is_refused(self, oidc: World, visitor, broken: str):
        page = visitor.authorize(**oidc.parameters(request=unsigned(response_mode="form_post")))
        assert fields_of(page)["error"] == "request_not_supported"
        answer = visitor.authorize(**oidc.parameters(request=broken))
        assert query_of(answer.headers["location"])["error"] == "request_not_supported"

    def test_post(self, oidc: World, visitor: oauth.Browser):
        answer = visitor.http.post("/oauth2/authorize", data=oidc.parameters(state="ä&"))
        assert answer.status_code == 303
        location = urlsplit(answer.headers["location"])
        followed = visitor.http.get(f"{location.path}?{location.query}")
        assert query_of(followed.headers["location"])["state"] == "ä&"


def test_cognito_knows_none_of_it(world: World):
    browser = world.signed_in()
    location = browser.authorize(**world.parameters(response_mode="form_post", request="x", state="s")).headers[
        "location"
    ]
    assert list(query_of(location)) == ["code", "state"]
    refused = browser.authorize(**world.parameters(response_type="id_token", nonce="n"))
    assert query_of(refused.headers["location"]) == {"error": "invalid_request"}
    for path in ("/oauth2/authorize", "/authorize", "/logout"):
        answer = browser.http.post(path, data=world.parameters())
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


class TestReplay:
    def test_a_used_code_ends_its_tokens(self, oidc: World, visitor: oauth.Browser):
        code = oidc.code(browser=visitor)
        issued = oidc.redeem(code).json()
        assert oidc.user_info(issued["access_token"]).status_code == 200
        again = oidc.redeem(code)
        assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
        assert oidc.user_info(issued["access_token"]).status_code == 401
        assert oidc.refresh(issued["refresh_token"]).json() == {"error": "invalid_grant"}

    def test_of_many_at_once_nobody_keeps_anything(self, oidc: World, visitor: oauth.Browser):
        """Who comes a moment too late ends what the winner was just given."""
        code = oidc.code(browser=visitor)
        form = {"grant_type": "authorization_code", "client_id": oidc.public_id, "code": code, "redirect_uri": CALLBACK}
        address = f"{oidc.server.scheme}://127.0.0.1:{oidc.server.port}/oauth2/token"

        def redeem(_: int) -> httpx.Response:
            return httpx.post(address, data=form, headers={"host": oidc.host}, timeout=30, verify=oidc.server.trust())

        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(redeem, range(12)))
        (won,) = [answer.json() for answer in answers if answer.status_code == 200]
        assert {answer.text for answer in answers if answer.status_code != 200} == {'{"error":"invalid_grant"}'}
        assert oidc.user_info(won["access_token"]).status_code == 401

    def test_not_when_another_client_brings_it(self, oidc: World, visitor: oauth.Browser):
        code = oidc.code(browser=visitor)
        issued = oidc.redeem(code).json()
        other = oidc.client()["ClientId"]
        assert oidc.redeem(code, client_id=other).json() == {"error": "invalid_grant"}
        assert oidc.user_info(issued["access_token"]).status_code == 200

    def test_cognito_lets_them_live(self, world: World):
        code = world.code()
        issued = world.redeem(code).json()
        assert world.redeem(code).json() == {"error": "invalid_grant"}
        assert world.user_info(issued["access_token"]).status_code == 200


class TestLogout:
    def hint(self, oidc: World, browser: oauth.Browser) -> str:
        return str(oidc.tokens(browser=browser, scope="openid")["id_token"])

    def out(self, oidc: World, browser: oauth.Browser) -> bool:
        return (
            query_of(browser.authorize(**oidc.parameters(prompt="none")).headers["location"]).get("error")
            == "login_required"
        )

    @pytest.mark.parametrize("method", ["GET", "POST"])
    @pytest.mark.parametrize("state", ["s&ü", None])
    def test_back_to_a_registered_address(self, oidc: World, method: str, state: str | None):
        browser = oidc.signed_in()
        asked = {"id_token_hint": self.hint(oidc, browser), "post_logout_redirect_uri": LOGOUT}
        asked |= {} if state is None else {"state": state}
        if method == "POST":
            answer = browser.http.post("/logout", data=asked)
            assert answer.status_code == 303
            answer = browser.http.get("/logout?" + urlsplit(answer.headers["location"]).query)
        else:
            answer = browser.get("/logout", **asked)
        expected = LOGOUT if state is None else f"{LOGOUT}?{urlencode({'state': state})}"
        assert (answer.status_code, answer.headers["location"]) == (302, expected)
        assert self.out(oidc, browser)

    @pytest.mark.parametrize("wrong", [LOGOUT + "?x=1", "https://evil.example/", CALLBACK, ""])
    def test_to_no_other_address(self, oidc: World, wrong: str):
        browser = oidc.signed_in()
        answer = browser.get(
            "/logout", id_token_hint=self.hint(oidc, browser), post_logout_redirect_uri=wrong, state="s"
        )
        assert answer.status_code == 400
        assert "You are signed out. The application has not registered the address" in text_of(answer)
        assert self.out(oidc, browser)

    @pytest.mark.parametrize("which", ["altered", "none", "access", "foreign", "garbage"])
    def test_a_hint_that_is_none(self, oidc: World, world: World, which: str):
        browser = oidc.signed_in()
        issued = oidc.tokens(browser=browser, scope="openid")
        head, body, signature = issued["id_token"].split(".")
        hint = {
            "altered": f"{head}.{body}.{signature[:-6]}AAAAAA",
            "none": f"{unsigned().split('.')[0]}.{body}.",
            "access": issued["access_token"],
            "foreign": world.tokens(scope="openid")["id_token"],
            "garbage": "x",
        }[which]
        answer = browser.get("/logout", id_token_hint=hint, post_logout_redirect_uri=LOGOUT)
        assert answer.status_code == 400
        assert "You are signed out. The application could not be recognized" in text_of(answer)
        assert self.out(oidc, browser)

    def test_no_hint_and_a_hint_of_another_client(self, oidc: World):
        browser = oidc.signed_in()
        assert browser.get("/logout", post_logout_redirect_uri=LOGOUT).status_code == 400
        other = oidc.client()["ClientId"]
        hint = self.hint(oidc, oidc.signed_in())
        assert browser.get("/logout", id_token_hint=hint, client_id=other).status_code == 400

    def test_an_expired_hint_is_one(self, clocked):
        world = oauth.build(clocked, Pools(clocked.client()), UserPoolTags=oauth.OIDC)
        browser = world.signed_in()
        hint = self.hint(world, browser)
        clocked.advance_clock(90_000)
        answer = browser.get("/logout", id_token_hint=hint, post_logout_redirect_uri=LOGOUT)
        assert answer.headers["location"] == LOGOUT

    @pytest.mark.parametrize("asked", [{}, {"state": "s"}, {"id_token_hint": "of this client"}])
    def test_nowhere_to_go(self, oidc: World, asked: dict[str, str]):
        browser = oidc.signed_in()
        if "id_token_hint" in asked:
            asked = {"id_token_hint": self.hint(oidc, browser)}
        page = browser.get("/logout", **asked)
        assert page.status_code == 200
        assert "You are signed out." in text_of(page)
        assert self.out(oidc, browser)

    def test_cognitos_own_parameters_stay(self, oidc: World):
        answer = oidc.browser().get("/logout", client_id=oidc.public_id, logout_uri=LOGOUT)
        assert answer.headers["location"] == LOGOUT
        unknown = oidc.browser().get("/logout", client_id=oidc.public_id, logout_uri="https://other")
        assert urlsplit(unknown.headers["location"]).path == "/error"


def test_discovery(oidc: World, world: World):
    def document(each: World) -> dict[str, object]:
        return dict(each.server.get_json(f"/{each.pool_id}/.well-known/openid-configuration"))

    told, plain = document(oidc), document(world)
    assert {name: told[name] for name in told.keys() - plain.keys()} == {
        "authorization_response_iss_parameter_supported": True,
        "claims_parameter_supported": False,
        "claims_supported": told["claims_supported"],
        "grant_types_supported": [
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "implicit",
            "urn:ietf:params:oauth:grant-type:token-exchange",
        ],
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "response_modes_supported": ["query", "fragment", "form_post"],
    }
    assert told["response_types_supported"] == ["code", "token", "id_token", "id_token token"]
    assert {"sub", "iss", "email", "email_verified", "custom:dept"} <= set(told["claims_supported"])
    assert list(told) == sorted(told)


def test_the_tag_can_change(pools: Pools, server):
    each = oauth.build(server, pools)
    arn = server.client().describe_user_pool(UserPoolId=each.pool_id)["UserPool"]["Arn"]
    server.client().tag_resource(ResourceArn=arn, Tags=oauth.OIDC)
    assert "iss" in query_of(each.signed_in().authorize(**each.parameters()).headers["location"])
