"""Pools that do not sign with RS256: the tag `poolhouse:signing_algorithm` (docs/design/0008-signing-algorithm.md)."""

import base64
import hashlib
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from poolhouse.crypto.signatures import ALGORITHMS
from tests.support import node
from tests.support.oauth import World, build, claims_of, header_of
from tests.support.ports import free_port
from tests.support.refusals import refused

# RFC 9864 names it Ed25519 instead; what is in use knows EdDSA.
pytestmark = pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
TAG = "poolhouse:signing_algorithm"
DIGESTS = {"ES256": hashlib.sha256, "EdDSA": hashlib.sha512}


@pytest.fixture(scope="module", params=DIGESTS)
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def world(server, pools, algorithm) -> World:
    return build(server, pools, UserPoolTags={TAG: algorithm})


def keys_of(world: World) -> KeySet:
    return KeySet.import_key_set(world.server.get_json(f"/{world.pool_id}/.well-known/jwks.json"))


class TestTokens:
    def test_every_token_is_signed_so_and_serves(self, world, algorithm):
        tokens, keys = world.tokens(scope="openid email profile aws.cognito.signin.user.admin"), keys_of(world)
        for name in ("access_token", "id_token"):
            assert header_of(tokens[name])["alg"] == algorithm
            assert jwt.decode(tokens[name], keys, algorithms=[algorithm]).claims["sub"] == world.bob.sub
        assert world.user_info(tokens["access_token"]).json()["sub"] == world.bob.sub
        assert world.pools.cognito.get_user(AccessToken=tokens["access_token"])["Username"] == world.bob.username
        refreshed = world.refresh(tokens["refresh_token"]).json()
        assert jwt.decode(refreshed["id_token"], keys, algorithms=[algorithm]).claims["sub"] == world.bob.sub

    def test_at_hash_is_of_the_algorithms_digest(self, world, algorithm):
        """OIDC Core §3.1.3.6; for EdDSA with Ed25519 that is SHA-512."""
        tokens = world.tokens(scope="openid")
        digest = DIGESTS[algorithm](tokens["access_token"].encode()).digest()
        expected = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
        assert claims_of(tokens["id_token"])["at_hash"] == expected

    def test_client_credentials(self, world, algorithm):
        machine = world.machine
        answer = world.token(
            grant_type="client_credentials", client_id=machine["ClientId"], client_secret=machine["ClientSecret"]
        )
        token = answer.json()["access_token"]
        assert jwt.decode(token, keys_of(world), algorithms=[algorithm]).claims["client_id"] == machine["ClientId"]

    def test_somebody_elses_key_gets_nowhere_whatever_the_header_says(self, world, algorithm):
        """RFC 8725 §3.1, over HTTP: the claims of a good token, its kid, and a signature by another key."""
        head, payload, _ = world.tokens(scope="openid")["access_token"].split(".")
        kid = header_of(f"{head}.{payload}.")["kid"]
        for said in (algorithm, "RS256", "HS256", "none"):
            forged = base64.urlsafe_b64encode(f'{{"kid":"{kid}","alg":"{said}"}}'.encode()).rstrip(b"=").decode()
            data = f"{forged}.{payload}".encode()
            for other in ALGORITHMS.values():
                signature = base64.urlsafe_b64encode(other.sign(other.generate())(data)).rstrip(b"=").decode()
                answer = world.user_info(f"{data.decode()}.{signature}")
                assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")

    def test_discovery_and_the_published_keys_say_so(self, world, algorithm):
        document = world.server.get_json(f"/{world.pool_id}/.well-known/openid-configuration")
        assert document["id_token_signing_alg_values_supported"] == [algorithm]
        found = world.server.get_json(f"/{world.pool_id}/.well-known/jwks.json")["keys"]
        assert [(key["alg"], key["use"]) for key in found] == [(algorithm, "sig")] * 2
        described = world.pools.cognito.describe_user_pool(UserPoolId=world.pool_id)["UserPool"]
        assert described["UserPoolTags"] == {TAG: algorithm}


@pytest.mark.node
class TestLibraries:
    def test_aws_jwt_verify_and_jose_accept_them(self, world):
        tokens = world.tokens(scope="openid")
        result = node.run(
            "node/generic_jwt",
            issuer=world.issuer,
            audience=world.public_id,
            jwks=world.server.get_json(f"/{world.pool_id}/.well-known/jwks.json"),
            token=tokens["id_token"],
        )
        assert result == {"aws-jwt-verify": world.bob.sub, "jose": world.bob.sub}

    def test_openid_client_signs_in(self, world):
        port = free_port()
        client = world.client(CallbackURLs=[f"http://localhost:{port}/callback"])
        process = node.start(
            "node/openid_client", issuer=world.issuer, clientId=client["ClientId"], port=port, scope="openid email"
        )
        try:
            asked = httpx.URL(node.next_line(process)["authorizationUrl"])
            answer = world.browser().login(world.bob, **dict(asked.params))
            httpx.get(answer.headers["location"], trust_env=False).raise_for_status()
            result = node.next_line(process)["result"]
        finally:
            node.end(process)
        assert "error" not in result, result
        assert result["claims"]["sub"] == result["userInfo"]["sub"] == result["refreshedClaims"]["sub"] == world.bob.sub


class TestTag:
    def test_an_unknown_algorithm_is_refused(self, cognito: Any) -> None:
        text = "The tag poolhouse:signing_algorithm must be one of: RS256, ES256, EdDSA."
        with refused("InvalidParameter", text):
            cognito.create_user_pool(PoolName="x", UserPoolTags={TAG: "HS256"})

    def test_a_pool_without_it_signs_as_cognito_does(self, server, pools):
        pool_id = pools.user_pool()
        document = server.get_json(f"/{pool_id}/.well-known/openid-configuration")
        assert document["id_token_signing_alg_values_supported"] == ["RS256"]
