"""Which pool a host name means: prefix domains, custom domains, the default pool at the root (endpoints.md §1.1)."""

import json

import pytest

from tests.support.oauth import CALLBACK, Browser, query_of, text_of
from tests.support.pools import unique


def login_page(server, host, client_id):
    return server.http.get(
        "/login",
        params={"client_id": client_id, "response_type": "code", "redirect_uri": CALLBACK},
        headers={"host": host},
    )


@pytest.mark.parametrize("spelling", ["{}.auth.localhost:{}", "{}.AUTH.localhost:{}", "{}.auth.localhost"])
def test_prefix_domain(world, spelling):
    host = spelling.format(world.domain, world.server.port)
    assert login_page(world.server, host, world.public_id).status_code == 200


def test_default_pool_lives_at_the_root(server):
    client = {"client_id": server.demo_client_id, "response_type": "code"}
    for host in (f"localhost:{server.port}", f"127.0.0.1:{server.port}", "demo.auth.localhost"):
        page = server.http.get("/login", params=client, headers={"host": host})
        assert "Client does not exist" not in text_of(page)


def test_client_of_another_pool_is_unknown_at_the_root(world):
    page = login_page(world.server, f"localhost:{world.server.port}", world.public_id)
    assert page.status_code == 400
    assert "Client does not exist" in text_of(page)


@pytest.mark.parametrize("path", ["/login", "/oauth2/authorize", "/oauth2/token", "/logout", "/error", "/nowhere"])
def test_unknown_prefix_is_not_found(server, path):
    for host in (
        "nobody.auth.localhost",
        f"nobody.auth.localhost:{server.port}",
        "a.b.auth.localhost",
        ".auth.localhost",
    ):
        answer = server.http.get(path, headers={"host": host})
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["x-frame-options"] == "DENY"


def test_custom_domain(world, pools, cognito):
    pool = pools.user_pool()
    custom = f"{unique('auth')}.example.com"
    cognito.create_user_pool_domain(
        UserPoolId=pool,
        Domain=custom,
        CustomDomainConfig={"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x"},
    )
    client_id = pools.client_id(pool, **{**world.oauth_settings(), "AllowedOAuthScopes": ["openid"]})
    user = pools.user(pool)
    for host in (f"{custom}:{world.server.port}", custom, custom.upper()):
        browser = Browser(world.server, host)
        asked = {"client_id": client_id, "response_type": "code", "redirect_uri": CALLBACK}
        answer = browser.authorize(**asked)
        # The link is that of the domain, with the port of the public URL, however the host was written.
        assert answer.headers["location"].startswith(f"http://{custom}:{world.server.port}/login?")
        assert "code" in query_of(browser.login(user, **asked).headers["location"])
    cognito.delete_user_pool_domain(UserPoolId=pool, Domain=custom)
    # A name that leads nowhere of ours any more (attack-0.1 no. 08).
    assert login_page(world.server, custom, client_id).status_code == 421


def test_new_and_deleted_domain_count_at_once(world, pools, cognito):
    pool, domain = pools.user_pool(), unique("d")
    client_id = pools.client_id(pool, **{**world.oauth_settings(), "AllowedOAuthScopes": ["openid"]})
    host = f"{domain}.auth.localhost"
    assert login_page(world.server, host, client_id).status_code == 404
    cognito.create_user_pool_domain(UserPoolId=pool, Domain=domain)
    assert login_page(world.server, host, client_id).status_code == 200
    cognito.delete_user_pool_domain(UserPoolId=pool, Domain=domain)
    assert login_page(world.server, host, client_id).status_code == 404


def test_api_answers_on_every_host(world):
    body = json.dumps({"ClientId": world.public_id, "AuthFlow": "USER_PASSWORD_AUTH"}).encode()
    for host in (world.host, "127.0.0.1", "localhost"):
        answer = world.server.http.post(
            "/",
            content=body,
            headers={
                "host": host,
                "content-type": "application/x-amz-json-1.1",
                "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
            },
        )
        assert answer.json()["message"] == "Missing required parameter USERNAME"


def test_every_answer_has_a_request_id(world):
    for path in ("/login", "/oauth2/userInfo", "/nowhere", "/error", f"/{world.pool_id}/.well-known/jwks.json"):
        answer = world.send("GET", path)
        assert len(answer.headers["x-amz-cognito-request-id"]) == 36
        assert answer.headers["server"] == "Server"
