"""Libraries that verify tokens accept ours: joserfc in issuer mode `self`, aws-jwt-verify in the two AWS modes."""

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.support import node
from tests.support.pools import Pools


@pytest.fixture
def tokens(pools, user_pool_id, client_id, user):
    return pools.sign_in(client_id, user)


class TestJoserfc:
    @pytest.fixture
    def keys(self, server, user_pool_id):
        discovery = server.get_json(f"/{user_pool_id}/.well-known/openid-configuration")
        assert discovery["issuer"] == f"{server.url}/{user_pool_id}"
        assert discovery["jwks_uri"] == f"{server.url}/{user_pool_id}/.well-known/jwks.json"
        return KeySet.import_key_set(server.get_json(f"/{user_pool_id}/.well-known/jwks.json"))

    def test_accepts_an_id_token(self, keys, server, tokens, user_pool_id, client_id, user):
        token = jwt.decode(tokens["IdToken"], keys, algorithms=["RS256"])
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": f"{server.url}/{user_pool_id}"},
            aud={"essential": True, "value": client_id},
            sub={"essential": True, "value": user.sub},
            token_use={"essential": True, "value": "id"},
        ).validate(token.claims)
        assert token.claims["cognito:username"] == user.username
        assert token.claims["email"] == user.email

    def test_accepts_an_access_token(self, keys, server, tokens, user_pool_id, client_id):
        token = jwt.decode(tokens["AccessToken"], keys, algorithms=["RS256"])
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": f"{server.url}/{user_pool_id}"},
            client_id={"essential": True, "value": client_id},
            token_use={"essential": True, "value": "access"},
        ).validate(token.claims)
        assert token.claims["scope"] == "aws.cognito.signin.user.admin"

    def test_refuses_a_changed_token(self, keys, tokens):
        head, _, signature = tokens["AccessToken"].split(".")
        with pytest.raises(Exception, match="bad_signature"):
            jwt.decode(f"{head}.{tokens['IdToken'].split('.')[1]}.{signature}", keys, algorithms=["RS256"])


@pytest.mark.node
class TestAWSJWTVerify:
    @pytest.mark.readme("aws-issuer")
    @pytest.mark.parametrize(("mode", "host"), [("aws", "cognito-idp"), ("aws-updated", "issuer-cognito-idp")])
    def test_accepts_id_and_access_tokens_of_the_aws_issuer_modes(self, start_server, mode, host):
        server = start_server("--issuer-mode", mode)
        pools = Pools(server.client())
        pool_id = pools.user_pool()
        client_id = pools.client_id(pool_id)
        tokens = pools.sign_in(client_id, pools.user(pool_id))
        results = node.run(
            "node/aws_jwt_verify",
            userPoolId=pool_id,
            clientId=client_id,
            jwks=server.get_json(f"/{pool_id}/.well-known/jwks.json"),
            tokens=[
                {"token": tokens["IdToken"], "tokenUse": "id"},
                {"token": tokens["AccessToken"], "tokenUse": "access"},
                {"token": tokens["AccessToken"], "tokenUse": "id"},
            ],
        )
        issuer = f"https://{host}.us-east-1.amazonaws.com/{pool_id}"
        assert [result.get("claims", {}).get("iss") for result in results] == [issuer, issuer, None], results
        assert results[2]["error"]["name"] == "CognitoJwtInvalidTokenUseError"

    def test_refuses_tokens_of_issuer_mode_self(self, server, tokens, user_pool_id, client_id):
        (result,) = node.run(
            "node/aws_jwt_verify",
            userPoolId=user_pool_id,
            clientId=client_id,
            jwks=server.get_json(f"/{user_pool_id}/.well-known/jwks.json"),
            tokens=[{"token": tokens["IdToken"], "tokenUse": "id"}],
        )
        assert result["error"]["name"] == "ParameterValidationError"
