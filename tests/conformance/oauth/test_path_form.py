"""A pool's domain endpoints under {public URL}/{user pool id}, which every program can reach (endpoints.md §1.1; first-hour F6)."""

import re
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from poolhouse.routes import DOMAIN_ROUTES
from tests.support.oauth import CALLBACK, FORM, query_of, text_of
from tests.support.pools import unique


@pytest.fixture
def browser(world):
    """A cookie jar at the main origin, which knows no host of the pool."""
    with httpx.Client(base_url=world.server.url, timeout=30, trust_env=False) as http:
        yield http


def test_every_endpoint_is_there(world):
    """first-hour F6: the same answers as by the host of the domain."""
    for path, route in DOMAIN_ROUTES.items():
        for method in route.handlers:
            by_host = world.send(method, path)
            by_path = world.server.http.request(method, f"/{world.pool_id}{path}")
            assert by_path.status_code == by_host.status_code, (method, path)
            assert by_path.headers.get("content-type") == by_host.headers.get("content-type")


def test_code_grant(world, browser):
    """first-hour F6: sign-in, token, userInfo, refresh, sign-out; redirects, forms, links and cookies stay below the path."""
    base = f"/{world.pool_id}"
    asked = world.parameters()
    answer = browser.get(f"{base}/oauth2/authorize", params=asked)
    assert answer.headers["location"].startswith(f"{world.issuer}/login?")
    page = browser.get(answer.headers["location"])
    links = re.findall(r'(?:href|action)="(/[^"?]*)\?', page.text)
    assert links
    assert all(link.startswith(f"{base}/") for link in links), links
    form = {"_csrf": browser.cookies["XSRF-TOKEN"], "username": world.bob.username, "password": world.bob.password}
    signed_in = browser.post(f"{base}/login?{urlencode(asked)}", data=form)
    assert signed_in.headers["location"].startswith(f"{CALLBACK}?"), text_of(signed_in)
    assert {(cookie.name, cookie.path) for cookie in browser.cookies.jar} == {("cognito", base), ("XSRF-TOKEN", base)}
    token = {
        "grant_type": "authorization_code",
        "client_id": world.public_id,
        "code": query_of(signed_in.headers["location"])["code"],
        "redirect_uri": CALLBACK,
    }
    tokens = browser.post(f"{base}/oauth2/token", data=token).json()
    head = {"authorization": f"Bearer {tokens['access_token']}"}
    assert browser.get(f"{base}/oauth2/userInfo", headers=head).json()["username"] == world.bob.username
    refresh = {"grant_type": "refresh_token", "client_id": world.public_id, "refresh_token": tokens["refresh_token"]}
    assert browser.post(f"{base}/oauth2/token", data=refresh).status_code == 200
    again = browser.get(f"{base}/oauth2/authorize", params=asked)
    assert "code" in query_of(again.headers["location"])
    out = browser.get(f"{base}/logout", params={"client_id": world.public_id, **asked})
    assert out.headers["location"].startswith(f"{world.issuer}/login?")
    assert "cognito" not in browser.cookies


def test_pages_behind_a_form_stay_below_the_path(world, browser, cognito):
    """first-hour F6: from a temporary password to a new one."""
    name = unique("user")
    cognito.admin_create_user(
        UserPoolId=world.pool_id, Username=name, TemporaryPassword="Temporary-1", MessageAction="SUPPRESS"
    )
    query = urlencode(world.parameters())
    browser.get(f"/{world.pool_id}/login?{query}")
    form = {"_csrf": browser.cookies["XSRF-TOKEN"], "username": name, "password": "Temporary-1"}
    answer = browser.post(f"/{world.pool_id}/login?{query}", data=form)
    assert urlsplit(answer.headers["location"]).path == f"/{world.pool_id}/changePassword"
    page = browser.get(answer.headers["location"])
    sealed = re.search(r'name="flow" value="([^"]+)"', page.text)
    assert sealed
    form = {"_csrf": browser.cookies["XSRF-TOKEN"], "flow": sealed[1], "password": "Another-Horse-2"}
    answer = browser.post(answer.headers["location"], data=form)
    assert answer.headers["location"].startswith(f"{CALLBACK}?code=")


def test_sessions_of_two_pools_at_one_origin_do_not_meet(world, browser, pools):
    """first-hour F6: a cookie holds for the path of its pool."""
    other = pools.user_pool()
    pools.cognito.create_user_pool_domain(UserPoolId=other, Domain=unique("d"))
    client_id = pools.client_id(other, **{**world.oauth_settings(), "AllowedOAuthScopes": ["openid"]})
    user = pools.user(other)
    for pool_id, client, person in ((world.pool_id, world.public_id, world.bob), (other, client_id, user)):
        query = urlencode({"client_id": client, "response_type": "code", "redirect_uri": CALLBACK})
        page = browser.get(f"/{pool_id}/login?{query}")
        csrf = re.search(r'name="_csrf" value="([^"]+)"', page.text)
        assert csrf
        form = {"_csrf": csrf[1], "username": person.username, "password": person.password}
        assert browser.post(f"/{pool_id}/login?{query}", data=form).status_code == 302
    for pool_id, client in ((world.pool_id, world.public_id), (other, client_id)):
        asked = {"client_id": client, "response_type": "code", "redirect_uri": CALLBACK}
        answer = browser.get(f"/{pool_id}/oauth2/authorize", params=asked)
        assert "code" in query_of(answer.headers["location"])


def test_a_client_of_another_pool_is_unknown(world, server):
    asked = world.parameters()
    answer = server.http.get(f"/{server.demo_user_pool_id}/login", params=asked)
    assert "Client does not exist" in text_of(answer)


def test_refusals_stay_below_the_path(world):
    answer = world.server.http.get(
        f"/{world.pool_id}/oauth2/authorize", params=world.parameters(redirect_uri="https://x.y/")
    )
    assert answer.headers["location"].startswith(f"{world.issuer}/error?error=redirect_mismatch&")
    assert world.server.http.put(f"/{world.pool_id}/oauth2/token").status_code == 405
    assert world.server.http.put(f"/{world.pool_id}/oauth2/token").headers["allow"] == "POST, OPTIONS"


def test_a_pool_without_a_domain_has_no_pages(world, pools):
    """As on Cognito, where nothing but the issuer documents answers for it."""
    pool_id = pools.user_pool()
    for path in ("/login", "/oauth2/token", "/oauth2/authorize"):
        assert world.server.http.get(f"/{pool_id}{path}", params=world.parameters()).status_code == 404
    for path in ("/us-east-1_Nowhere01/login", "/x/login", "/%00/login", "/%C3%A9/oauth2/token"):
        assert world.server.http.get(path).status_code == 404


def test_not_below_the_host_of_a_domain(world, server):
    """Whose pages are whose is then a matter of the host alone."""
    assert world.send("GET", f"/{server.demo_user_pool_id}/login").status_code == 404


def test_discovery_leads_backends_there(world):
    """first-hour F6: `*.localhost` resolves in browsers, but not in Python or Node."""
    found = world.server.get_json(f"/{world.pool_id}/.well-known/openid-configuration")
    form = {"grant_type": "client_credentials"}
    secret = (world.machine["ClientId"], world.machine["ClientSecret"])
    answer = httpx.post(
        found["token_endpoint"], data=form, auth=secret, headers={"content-type": FORM}, trust_env=False
    )
    assert answer.status_code == 200, answer.text


def test_host_form_where_it_is_wanted(start_local_server):
    """first-hour F6: `serve` names the host of the domain, as Cognito does, unless told otherwise."""
    from tests.support import oauth
    from tests.support.pools import Pools

    server = start_local_server("--domain-form", "host")
    world = oauth.build(server, Pools(server.client()))
    found = server.get_json(f"/{world.pool_id}/.well-known/openid-configuration")
    assert found["token_endpoint"] == f"{world.origin}/oauth2/token"
    assert server.http.get(f"/{world.pool_id}/login", params=world.parameters()).status_code == 200
