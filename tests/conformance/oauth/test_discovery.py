"""The issuer documents and the three issuer modes (endpoints.md §12, vectors 70-72)."""

import base64

import jwt
import pytest

from tests.support import oauth
from tests.support.oauth import claims_of, header_of
from tests.support.pools import Pools, unique
from tests.support.refusals import refused

NAMES = [
    "authorization_endpoint",
    "code_challenge_methods_supported",
    "end_session_endpoint",
    "id_token_signing_alg_values_supported",
    "issuer",
    "jwks_uri",
    "response_types_supported",
    "revocation_endpoint",
    "scopes_supported",
    "subject_types_supported",
    "token_endpoint",
    "token_endpoint_auth_methods_supported",
    "userinfo_endpoint",
]


def document(server, pool_id):
    return server.get_json(f"/{pool_id}/.well-known/openid-configuration")


class TestOpenIDConfiguration:
    def test_members(self, world):
        found = document(world.server, world.pool_id)
        assert list(found) == NAMES
        assert found == {
            "authorization_endpoint": f"{world.issuer}/oauth2/authorize",
            "code_challenge_methods_supported": ["S256"],
            "end_session_endpoint": f"{world.issuer}/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": world.issuer,
            "jwks_uri": f"{world.issuer}/.well-known/jwks.json",
            "response_types_supported": ["code", "token"],
            "revocation_endpoint": f"{world.issuer}/oauth2/revoke",
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": f"{world.issuer}/oauth2/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": f"{world.issuer}/oauth2/userInfo",
        }

    def test_headers(self, world):
        for name in ("openid-configuration", "jwks.json"):
            answer = world.server.http.get(f"/{world.pool_id}/.well-known/{name}")
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.headers["cache-control"] == "public, max-age=86400"

    def test_pool_without_a_domain(self, world, pools):
        pool = pools.user_pool()
        issuer = f"{world.server.url}/{pool}"
        found = document(world.server, pool)
        assert found["authorization_endpoint"] == f"{issuer}/authorize"
        assert found["token_endpoint"] == f"{issuer}/token"
        assert found["userinfo_endpoint"] == f"{issuer}/userInfo"
        assert "end_session_endpoint" not in found
        assert "revocation_endpoint" not in found

    def test_custom_domain_comes_first(self, world, pools, cognito):
        pool = pools.user_pool()
        prefix, custom = unique("d"), f"{unique('auth')}.example.com"
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=prefix)
        cognito.create_user_pool_domain(
            UserPoolId=pool,
            Domain=custom,
            CustomDomainConfig={"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x"},
        )
        found = document(world.server, pool)
        hosts = {value.split("/")[2] for name, value in found.items() if name.endswith("_endpoint")}
        assert hosts == {f"{custom}:{world.server.port}"}

    @pytest.mark.parametrize("pool_id", ["us-east-1_Nowhere01", "x", "%00", "%C3%A9%22", "..%2f"])
    @pytest.mark.parametrize("name", ["openid-configuration", "jwks.json"])
    def test_unknown_pool(self, world, pool_id, name):
        answer = world.server.http.get(f"/{pool_id}/.well-known/{name}")
        assert answer.status_code == 404
        if "%2f" not in pool_id:
            assert answer.json()["message"].endswith("does not exist.")

    def test_other_methods(self, world):
        answer = world.server.http.post(f"/{world.pool_id}/.well-known/jwks.json")
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
        answer = world.server.http.head(f"/{world.pool_id}/.well-known/jwks.json")
        assert (answer.status_code, answer.content) == (200, b"")

    def test_not_served_on_the_domain_nor_for_oauth(self, world):
        for path in ("/.well-known/openid-configuration", "/.well-known/jwks.json"):
            assert world.send("GET", path).status_code == 404
        answer = world.server.http.get(f"/{world.pool_id}/.well-known/oauth-authorization-server")
        assert answer.status_code == 404


class TestJWKS:
    def test_two_keys_of_six_members(self, world):
        keys = world.server.get_json(f"/{world.pool_id}/.well-known/jwks.json")["keys"]
        assert len(keys) == 2
        for key in keys:
            assert list(key) == ["alg", "e", "kid", "kty", "n", "use"]
            assert (key["alg"], key["e"], key["kty"], key["use"]) == ("RS256", "AQAB", "RSA", "sig")
            assert "=" not in key["n"]
            assert len(base64.urlsafe_b64decode(key["n"] + "==")) == 256
            assert len(key["kid"]) == 44
            assert key["kid"].endswith("=")

    def test_first_signs_id_tokens_and_second_access_tokens(self, world):
        keys = world.server.get_json(f"/{world.pool_id}/.well-known/jwks.json")["keys"]
        body = world.tokens()
        assert header_of(body["id_token"])["kid"] == keys[0]["kid"]
        assert header_of(body["access_token"])["kid"] == keys[1]["kid"]
        for token, key, audience in (
            (body["id_token"], keys[0], world.public_id),
            (body["access_token"], keys[1], None),
        ):
            jwt.decode(token, jwt.PyJWK(key).key, ["RS256"], audience=audience, issuer=world.issuer)

    def test_pools_share_no_key(self, world, pools):
        other = world.server.get_json(f"/{pools.user_pool()}/.well-known/jwks.json")["keys"]
        ours = world.server.get_json(f"/{world.pool_id}/.well-known/jwks.json")["keys"]
        assert not {key["kid"] for key in other} & {key["kid"] for key in ours}


@pytest.mark.parametrize(
    ("mode", "issuer"),
    [
        ("aws", "https://cognito-idp.us-east-1.amazonaws.com/{}"),
        ("aws-updated", "https://issuer-cognito-idp.us-east-1.amazonaws.com/{}"),
    ],
)
def test_issuer_strings_of_aws(start_local_server, mode, issuer):
    server = start_local_server(environment={"POOLHOUSE_ISSUER_MODE": mode, "POOLHOUSE_STRICT_DISCOVERY": "true"})
    world = oauth.build(server, Pools(server.client()))
    found = document(server, world.pool_id)
    assert list(found) == [name for name in NAMES if name != "code_challenge_methods_supported"]
    assert found["issuer"] == issuer.format(world.pool_id)
    # What is not a name but an address still leads here.
    assert found["jwks_uri"] == f"{world.issuer}/.well-known/jwks.json"
    assert found["token_endpoint"] == f"{world.issuer}/oauth2/token"
    body = world.tokens()
    for kind in ("id_token", "access_token"):
        assert claims_of(body[kind])["iss"] == issuer.format(world.pool_id)
    assert world.user_info(body["access_token"]).status_code == 200
    assert world.pools.cognito.get_user(AccessToken=body["access_token"])["Username"] == world.bob.username
    with refused("NotAuthorized", "Invalid Access Token"):
        world.pools.cognito.get_user(AccessToken=body["id_token"])
