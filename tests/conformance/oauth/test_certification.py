"""The modules of the OpenID Foundation's certification plans, each under its own name, against a pool of the profile `oidc`.

Each asserts what fails a certification; what is only a warning there stands below a line `# warning`. The plans Basic and Form Post
Basic run the same modules, by their response mode, and so does Implicit with its two response types.
"""

import math
import secrets
import time
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import jwt
import pytest

from tests.support import oauth
from tests.support.oauth import CALLBACK, CHALLENGE, LOGOUT, VERIFIER, Browser, World, fields_of, text_of, unsigned

# One database is enough: what is looked at is what a client is told.
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session")

NOT_SIGNED_IN = {"login_required", "interaction_required", "account_selection_required", "consent_required"}
PLANS = {
    "basic": ("code", ""),
    "formpost-basic": ("code", "form_post"),
    "implicit-id-token": ("id_token", ""),
    "implicit-id-token-token": ("id_token token", ""),
    "formpost-implicit": ("id_token token", "form_post"),
}
WITH_ACCESS_TOKEN = [plan for plan, (response_type, _) in PLANS.items() if response_type != "id_token"]


class RelyingParty:
    """A client under test in one plan, and the browser of its user. logins: how often the sign-in page was shown."""

    def __init__(self, world: World, plan: str) -> None:
        self.world = world
        self.response_type, self.response_mode = PLANS[plan]
        self.has_code = self.response_type == "code"
        self.client = world.client(
            GenerateSecret=True,
            AllowedOAuthFlows=["code", "implicit"],
            AllowedOAuthScopes=["openid", "email", "phone", "profile"],
        )
        self.browser: Browser = world.browser()
        self.logins = 0

    def asked(self, **more: str | None) -> dict[str, str]:
        asked = {
            "response_type": self.response_type,
            "client_id": self.client["ClientId"],
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": secrets.token_urlsafe(24),
            "nonce": secrets.token_urlsafe(24),
            **({"response_mode": self.response_mode} if self.response_mode else {}),
            **more,
        }
        return {name: value for name, value in asked.items() if value is not None}

    def send(self, method: str = "GET", **asked: str) -> httpx.Response:
        """The request, and the sign-in where its page is shown; the last answer, which leads to the client."""
        if method == "POST":
            answer = self.browser.http.post("/oauth2/authorize", data=asked)
            answer = self.browser.http.get(_local(answer.headers["location"]))
        else:
            answer = self.browser.authorize(**asked)
        if answer.status_code == 302 and urlsplit(answer.headers["location"]).path.endswith("/login"):
            self.logins += 1
            self.browser.http.get(_local(answer.headers["location"]))
            bob = self.world.bob
            path = _local(answer.headers["location"])
            answer = self.browser.submit(path, username=bob.username, password=bob.password)
        return answer

    def told(self, answer: httpx.Response) -> dict[str, str]:
        """What the client is told, where its response type and mode have it told."""
        if self.response_mode == "form_post":
            assert answer.status_code == 200, answer.headers
            fields = fields_of(answer)
            assert fields.pop("action") == CALLBACK
            return fields
        assert answer.status_code == 302, text_of(answer)
        url = urlsplit(answer.headers["location"])
        assert f"{url.scheme}://{url.netloc}{url.path}" == CALLBACK
        place, other = (url.query, url.fragment) if self.has_code else (url.fragment, url.query)
        assert not other
        return dict(parse_qsl(place, keep_blank_values=True))

    def redeem(self, code: str, **more: str) -> httpx.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **more}
        return self.world.token(form, headers=oauth.basic(self.client["ClientId"], self.client["ClientSecret"]))

    def sign_in(self, method: str = "GET", **more: str | None) -> dict[str, Any]:
        """A whole sign-in: what came to the client, with the tokens, the code's too; the checks of oidcc-server on it."""
        asked = self.asked(**more)
        told = self.told(self.send(method, **asked))
        assert told.get("state") == asked.get("state")
        issued: dict[str, Any] = dict(told)
        if self.has_code:
            _has_entropy(told["code"])
            answer = self.redeem(told["code"])
            assert answer.status_code == 200, answer.text
            _is_token_response(answer)
            issued |= answer.json()
        issued["claims"] = self.claims(issued["id_token"], asked.get("nonce"), issued.get("access_token"))
        return issued

    def claims(self, id_token: str, nonce: str | None, access_token: str | None) -> dict[str, Any]:
        world = self.world
        keys = jwt.PyJWKSet.from_dict(world.server.get_json(f"/{world.pool_id}/.well-known/jwks.json"))
        key = next(each for each in keys.keys if each.key_id == jwt.get_unverified_header(id_token)["kid"])
        claims: dict[str, Any] = jwt.decode(
            id_token, key.key, algorithms=["RS256"], audience=self.client["ClientId"], issuer=world.issuer
        )
        assert claims.get("nonce") == nonce
        assert abs(claims["iat"] - time.time()) < 300
        assert claims["sub"] == world.bob.sub
        if not self.has_code and access_token:
            assert claims["at_hash"] == oauth.at_hash(access_token)
        if not self.has_code and not access_token:
            assert "at_hash" not in claims
        _are_standard_claims(claims)
        return claims

    def user_info(self, issued: dict[str, Any], method: str = "GET") -> dict[str, Any]:
        answer = self.world.user_info(issued["access_token"], method)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/json")
        info: dict[str, Any] = answer.json()
        assert info["sub"] == issued["claims"]["sub"]
        _are_standard_claims(info)
        return info


def _local(location: str) -> str:
    url = urlsplit(location)
    return f"{url.path}?{url.query}"


def _has_entropy(value: str) -> None:
    """At least 128 bits long, and 96 bits of entropy as the suite measures it."""
    counts = Counter(value)
    per_character = -sum(n / len(value) * math.log2(n / len(value)) for n in counts.values())
    assert len(value) * 8 >= 128
    assert per_character * len(value) >= 96


def _is_token_response(answer: httpx.Response) -> None:
    assert answer.headers["content-type"] == "application/json;charset=UTF-8"
    assert "no-store" in answer.headers["cache-control"]
    assert answer.json()["token_type"].lower() == "bearer"
    # warning
    assert answer.json()["expires_in"] > 0


def _are_standard_claims(claims: dict[str, Any]) -> None:
    for name in ("email_verified", "phone_number_verified"):
        assert isinstance(claims.get(name, True), bool)
    assert isinstance(claims.get("updated_at", 0), int)
    assert isinstance(claims.get("address", {}), dict)
    assert "" not in claims.values()
    for name in ("name", "email", "phone_number", "given_name", "picture", "locale"):
        assert isinstance(claims.get(name, ""), str)


@pytest.fixture(params=PLANS)
def party(oidc: World, request: pytest.FixtureRequest) -> RelyingParty:
    return RelyingParty(oidc, request.param)


@pytest.fixture
def basic(oidc: World) -> RelyingParty:
    return RelyingParty(oidc, "basic")


def assert_error(told: dict[str, str], *expected: str) -> None:
    assert told["error"] in expected
    assert "code" not in told
    assert "id_token" not in told


# ---------------------------------------------------------------------------------------- oidcc-config


def test_oidcc_discovery_endpoint_verification(oidc: World):
    answer = oidc.server.http.get(f"/{oidc.pool_id}/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    told = answer.json()
    assert f"{told['issuer']}/.well-known/openid-configuration" == str(answer.url).replace("127.0.0.1", "localhost")
    assert {"code", "id_token", "id_token token"} <= set(told["response_types_supported"])
    assert set(told["subject_types_supported"]) & {"public", "pairwise"}
    assert "RS256" in told["id_token_signing_alg_values_supported"]
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"):
        assert told[name].startswith(f"{oidc.server.scheme}://")
    assert isinstance(told["code_challenge_methods_supported"], list)
    (keys,) = oidc.server.get_json(f"/{oidc.pool_id}/.well-known/jwks.json").values()
    assert keys
    assert not any({"d", "p", "q", "k"} & key.keys() for key in keys)
    # warning
    assert "openid" in told["scopes_supported"]
    assert "sub" in told["claims_supported"]


# ---------------------------------------------------------------------------------------- oidcc-basic, -implicit


def test_oidcc_server(party: RelyingParty):
    issued = party.sign_in()
    # warning
    if "access_token" in issued:
        assert not {"name", "email", "phone_number"} & issued["claims"].keys()


def test_oidcc_response_type_missing(party: RelyingParty):
    answer = party.browser.authorize(**party.asked(response_type=None, response_mode=None))
    assert dict(parse_qsl(urlsplit(answer.headers["location"]).query))["error"] == "invalid_request"


@pytest.mark.parametrize("party", WITH_ACCESS_TOKEN, indirect=True)
def test_oidcc_userinfo_get(party: RelyingParty):
    party.user_info(party.sign_in())


@pytest.mark.parametrize("party", WITH_ACCESS_TOKEN, indirect=True)
def test_oidcc_userinfo_post_header(party: RelyingParty):
    party.user_info(party.sign_in(), "POST")


def test_oidcc_userinfo_post_body(basic: RelyingParty):
    token = basic.sign_in()["access_token"]
    head = {"content-type": oauth.FORM}
    answer = basic.world.send("POST", "/oauth2/userInfo", content=urlencode({"access_token": token}), headers=head)
    assert answer.json()["sub"] == basic.world.bob.sub


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(basic: RelyingParty):
    basic.sign_in(nonce=None)


@pytest.mark.parametrize("party", [plan for plan in PLANS if "implicit" in plan], indirect=True)
def test_oidcc_ensure_request_without_nonce_fails(party: RelyingParty):
    assert_error(party.told(party.browser.authorize(**party.asked(nonce=None))), "invalid_request")


@pytest.mark.parametrize(
    ("scope", "claims"),
    [("profile", {"name"}), ("email", {"email", "email_verified"}), ("phone", {"phone_number"})],
)
def test_oidcc_scope(party: RelyingParty, scope: str, claims: set[str]):
    """oidcc-scope-profile, oidcc-scope-email, oidcc-scope-phone."""
    issued = party.sign_in(scope=f"openid {scope}")
    if not issued.get("access_token"):
        assert claims <= issued["claims"].keys()
        return
    info = party.user_info(issued)
    # warning
    assert claims <= info.keys()
    assert not claims & issued["claims"].keys()


def test_oidcc_scope_address_and_all_are_skipped(oidc: World):
    """The suite skips both where `address` is not offered, which Cognito has not."""
    told = oidc.server.get_json(f"/{oidc.pool_id}/.well-known/openid-configuration")
    assert "address" not in told["scopes_supported"]


def test_oidcc_alternate_happy_flow(party: RelyingParty):
    issued = party.sign_in(scope="email openid")
    if issued.get("access_token"):
        assert party.user_info(issued)["email"] == party.world.bob.email


@pytest.mark.parametrize(
    "sent",
    [
        {"display": "page"},
        {"display": "popup"},
        {"ui_locales": "se"},
        {"claims_locales": "se"},
        {"login_hint": "buffy@example.com"},
        {"extra": "foobar"},
        {"acr_values": "1 2"},
        {"claims": '{"userinfo":{"name":{"essential":true}}}'},
    ],
    ids=lambda sent: next(iter(sent.items())),
)
def test_oidcc_parameters_that_must_not_disturb(party: RelyingParty, sent: dict[str, str]):
    """oidcc-display-page, -display-popup, -ui-locales, -claims-locales, -login-hint, oidcc-ensure-request-with-unknown-parameter-succeeds,
    oidcc-ensure-request-with-acr-values-succeeds, oidcc-claims-essential."""
    party.sign_in(**sent)


def test_oidcc_prompt_login(party: RelyingParty):
    first = party.sign_in()["claims"]["auth_time"]
    assert party.sign_in(prompt="login")["claims"]["auth_time"] >= first
    assert party.logins == 2


def test_oidcc_prompt_none_not_logged_in(party: RelyingParty):
    state = secrets.token_hex(64)
    told = party.told(party.browser.authorize(**party.asked(prompt="none", state=state)))
    assert_error(told, *NOT_SIGNED_IN)
    assert told["state"] == state
    # warning
    assert told.keys() <= {"error", "error_description", "state", "iss"}


def test_oidcc_prompt_none_logged_in(party: RelyingParty):
    first = party.sign_in()["claims"]
    second = party.sign_in(prompt="none")["claims"]
    assert (second["sub"], second["auth_time"]) == (first["sub"], first["auth_time"])
    assert party.logins == 1


def test_oidcc_id_token_hint(party: RelyingParty):
    first = party.sign_in()
    second = party.sign_in(prompt="none", id_token_hint=first["id_token"])["claims"]
    assert (second["sub"], second["auth_time"]) == (first["claims"]["sub"], first["claims"]["auth_time"])


def test_oidcc_max_age_1(clocked):
    party = RelyingParty(oauth.build(clocked, oauth.Pools(clocked.client()), UserPoolTags=oauth.OIDC), "basic")
    first = party.told(party.send(**party.asked()))
    clocked.advance_clock(2)
    second = party.told(party.send(**party.asked(max_age="1")))
    assert party.logins == 2
    times = [oauth.claims_of(party.redeem(told["code"]).json()["id_token"])["auth_time"] for told in (first, second)]
    assert times[1] >= times[0] + 2


def test_oidcc_max_age_10000(party: RelyingParty):
    first, second = party.sign_in()["claims"], party.sign_in(max_age="10000")["claims"]
    assert second["auth_time"] == first["auth_time"]
    assert party.logins == 1


@pytest.mark.parametrize("plan", ["basic", "formpost-basic"])
def test_oidcc_codereuse(oidc: World, plan: str):
    party = RelyingParty(oidc, plan)
    code = party.told(party.send(**party.asked()))["code"]
    issued = party.redeem(code).json()
    again = party.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert again.headers["content-type"].startswith("application/json")
    # warning, of oidcc-codereuse-30seconds
    assert oidc.user_info(issued["access_token"]).status_code == 401


def test_oidcc_codereuse_30seconds(clocked):
    party = RelyingParty(oauth.build(clocked, oauth.Pools(clocked.client()), UserPoolTags=oauth.OIDC), "basic")
    code = party.told(party.send(**party.asked()))["code"]
    issued = party.redeem(code).json()
    clocked.advance_clock(30)
    again = party.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    # warning
    assert party.world.user_info(issued["access_token"]).status_code == 401


def test_oidcc_ensure_registered_redirect_uri(party: RelyingParty):
    answer = party.browser.authorize(**party.asked(redirect_uri=CALLBACK + "/other"))
    assert urlsplit(answer.headers["location"]).netloc == party.world.host


@pytest.mark.parametrize("changed", ["?added=1", "/../x", "#fragment"])
def test_oidcc_redirect_uri_query_added_and_mismatch(party: RelyingParty, changed: str):
    """oidcc-redirect-uri-query-added, -query-mismatch."""
    answer = party.browser.authorize(**party.asked(redirect_uri=CALLBACK + changed))
    assert urlsplit(answer.headers["location"]).netloc == party.world.host


def test_oidcc_ensure_redirect_uri_in_authorization_request(party: RelyingParty):
    """Cognito fills in the only address of a client; ours has four, and is sent to a page."""
    answer = party.browser.authorize(**party.asked(redirect_uri=None))
    assert urlsplit(answer.headers["location"]).netloc == party.world.host


def test_oidcc_ensure_post_request_succeeds(party: RelyingParty):
    party.sign_in("POST")


def test_oidcc_server_client_secret_post(basic: RelyingParty):
    told = basic.world.server.get_json(f"/{basic.world.pool_id}/.well-known/openid-configuration")
    assert "client_secret_post" in told["token_endpoint_auth_methods_supported"]
    code = basic.told(basic.send(**basic.asked()))["code"]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK}
    names = {"client_id": basic.client["ClientId"], "client_secret": basic.client["ClientSecret"]}
    _is_token_response(basic.world.token({**form, **names}))


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(party: RelyingParty):
    inside = unsigned(state="s", nonce="n", **({"response_mode": party.response_mode} if party.response_mode else {}))
    answer = party.browser.authorize(**party.asked(state=None, nonce=None, response_mode=None, request=inside))
    assert_error(party.told(answer), "request_not_supported")


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(party: RelyingParty):
    answer = party.browser.authorize(**party.asked(request_uri="https://client.example/request"))
    assert_error(party.told(answer), "request_uri_not_supported")


def test_oidcc_ensure_request_object_with_redirect_uri(party: RelyingParty):
    inside = unsigned(redirect_uri=CALLBACK)
    answer = party.browser.authorize(**party.asked(redirect_uri="https://evil.example/", request=inside))
    assert urlsplit(answer.headers["location"]).netloc == party.world.host


def test_oidcc_refresh_token(oidc: World):
    party, other = RelyingParty(oidc, "basic"), RelyingParty(oidc, "basic")
    first = party.sign_in()
    _has_entropy(first["refresh_token"])
    form = {"grant_type": "refresh_token", "scope": "openid"}
    answer = oidc.token(
        {**form, "refresh_token": first["refresh_token"]},
        headers=oauth.basic(party.client["ClientId"], party.client["ClientSecret"]),
    )
    assert answer.status_code == 200
    _is_token_response(answer)
    before, after = first["claims"], oauth.claims_of(answer.json()["id_token"])
    for name in ("iss", "sub", "aud", "auth_time", "azp"):
        assert after.get(name) == before.get(name)
    theirs = other.sign_in()["refresh_token"]
    stolen = oidc.token(
        {**form, "refresh_token": theirs}, headers=oauth.basic(party.client["ClientId"], party.client["ClientSecret"])
    )
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("plan", ["basic", "formpost-basic"])
def test_oidcc_ensure_request_with_valid_pkce_succeeds(oidc: World, plan: str):
    party = RelyingParty(oidc, plan)
    asked = party.asked(code_challenge=CHALLENGE, code_challenge_method="S256")
    code = party.told(party.send(**asked))["code"]
    assert party.redeem(code, code_verifier=VERIFIER).status_code == 200


# ---------------------------------------------------------------------------------------- oidcc-rp-initiated-logout


class TestRPInitiatedLogout:
    """Plan oidcc-rp-initiated-logout-certification-test-plan."""

    def out(self, party: RelyingParty, **sent: str) -> httpx.Response:
        """The answer, after which the browser has no session, whatever it says."""
        answer = party.browser.get("/logout", **sent)
        assert_error(party.told(party.browser.authorize(**party.asked(prompt="none"))), *NOT_SIGNED_IN)
        return answer

    def is_page(self, answer: httpx.Response) -> bool:
        return answer.status_code in (200, 400) and "signed out" in text_of(answer)

    def test_discovery_endpoint_verification(self, oidc: World):
        told = oidc.server.get_json(f"/{oidc.pool_id}/.well-known/openid-configuration")
        assert told["end_session_endpoint"] == f"{oidc.issuer}/logout"

    @pytest.mark.parametrize("state", ["x" * 128, None])
    def test_rp_initiated_logout(self, basic: RelyingParty, state: str | None):
        """oidcc-rp-initiated-logout, -no-state."""
        sent = {"id_token_hint": basic.sign_in()["id_token"], "post_logout_redirect_uri": LOGOUT}
        answer = self.out(basic, **sent, **({} if state is None else {"state": state}))
        assert answer.headers["location"] == (LOGOUT if state is None else f"{LOGOUT}?state={state}")

    @pytest.mark.parametrize("address", ["https://a.example/bad", LOGOUT + "?foo=bar"])
    def test_bad_post_logout_redirect_uri(self, basic: RelyingParty, address: str):
        """oidcc-rp-initiated-logout-bad-post-logout-redirect-uri, -query-added-to-post-logout-redirect-uri."""
        hint = basic.sign_in()["id_token"]
        assert self.is_page(self.out(basic, id_token_hint=hint, post_logout_redirect_uri=address, state="s"))

    def test_modified_id_token_hint(self, basic: RelyingParty):
        _, body, _ = basic.sign_in()["id_token"].split(".")
        hint = f"{unsigned().split('.', maxsplit=1)[0]}.{body}."
        assert self.is_page(self.out(basic, id_token_hint=hint, post_logout_redirect_uri=LOGOUT, state="s"))

    def test_bad_id_token_hint(self, basic: RelyingParty, world: World):
        basic.sign_in()
        foreign = world.tokens(scope="openid")["id_token"]
        assert self.is_page(self.out(basic, id_token_hint=foreign, post_logout_redirect_uri=LOGOUT, state="s"))

    def test_no_id_token_hint(self, basic: RelyingParty):
        basic.sign_in()
        assert self.is_page(self.out(basic, post_logout_redirect_uri=LOGOUT, state="s"))

    def test_no_params(self, basic: RelyingParty):
        basic.sign_in()
        assert "You are signed out." in text_of(self.out(basic))

    def test_no_post_logout_redirect_uri(self, basic: RelyingParty):
        answer = self.out(basic, id_token_hint=basic.sign_in()["id_token"], state="s")
        assert "You are signed out." in text_of(answer)

    def test_only_state(self, basic: RelyingParty):
        basic.sign_in()
        assert "You are signed out." in text_of(self.out(basic, state="s"))
