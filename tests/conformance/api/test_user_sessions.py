"""GlobalSignOut and AdminUserGlobalSignOut (user-pools-api.md §2.2)."""

import pytest

from tests.support.oauth import claims_of
from tests.support.pools import Pools, unique
from tests.support.refusals import refused

REVOKED = "Access Token has been revoked"


def assert_signed_out(cognito, client_id, result) -> None:
    with refused("NotAuthorized", REVOKED):
        cognito.get_user(AccessToken=result["AccessToken"])
    with refused("NotAuthorized", "Refresh Token has been revoked"):
        cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": result["RefreshToken"]},
        )


class TestGlobalSignOut:
    def test_ends_every_sign_in_of_the_user_and_of_nobody_else(self, cognito, pools, user_pool_id, client_id, user):
        somebody_else = pools.sign_in(client_id, pools.user(user_pool_id))
        results = [pools.sign_in(client_id, user) for _ in range(3)]
        answer = cognito.global_sign_out(AccessToken=results[0]["AccessToken"])
        assert answer.keys() == {"ResponseMetadata"}
        for result in results:
            assert_signed_out(cognito, client_id, result)
        assert cognito.get_user(AccessToken=somebody_else["AccessToken"])

    def test_second_call_with_the_same_token(self, cognito, pools, client_id, user):
        token = pools.sign_in(client_id, user)["AccessToken"]
        cognito.global_sign_out(AccessToken=token)
        with refused("NotAuthorized", REVOKED):
            cognito.global_sign_out(AccessToken=token)

    def test_signing_in_again_at_once_works(self, cognito, pools, client_id, user):
        cognito.global_sign_out(AccessToken=pools.sign_in(client_id, user)["AccessToken"])
        again = pools.sign_in(client_id, user)
        assert cognito.get_user(AccessToken=again["AccessToken"])["Username"] == user.username

    def test_client_without_revocation(self, cognito, pools, user_pool_id, user):
        """Its tokens have no origin_jti: what was issued until now is told by its time."""
        client_id = pools.client_id(user_pool_id, EnableTokenRevocation=False)
        result = pools.sign_in(client_id, user)
        claims = claims_of(result["AccessToken"]), claims_of(result["IdToken"])
        assert all("origin_jti" not in found for found in claims)
        assert "jti" in claims[0]
        assert "jti" not in claims[1]
        assert cognito.get_user(AccessToken=result["AccessToken"])
        cognito.global_sign_out(AccessToken=result["AccessToken"])
        assert_signed_out(cognito, client_id, result)
        again = pools.sign_in(client_id, user)
        assert cognito.get_user(AccessToken=again["AccessToken"])["Username"] == user.username

    @pytest.mark.parametrize("token", ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
    def test_garbage(self, cognito, token):
        with refused("NotAuthorized", "Invalid Access Token"):
            cognito.global_sign_out(AccessToken=token)

    def test_id_token(self, cognito, pools, client_id, user):
        result = pools.sign_in(client_id, user)
        with refused("NotAuthorized", "Invalid Access Token"):
            cognito.global_sign_out(AccessToken=result["IdToken"])

    def test_expired_token(self, clocked):
        pools = Pools(clocked.client())
        pool = pools.user_pool()
        token = pools.sign_in(pools.client_id(pool), pools.user(pool))["AccessToken"]
        clocked.advance_clock(3601)
        with refused("NotAuthorized", "Access Token has expired"):
            clocked.client().global_sign_out(AccessToken=token)

    def test_disabled_and_deleted_user(self, cognito, pools, user_pool_id, client_id, user):
        token = pools.sign_in(client_id, user)["AccessToken"]
        cognito.admin_disable_user(UserPoolId=user_pool_id, Username=user.username)
        with refused("NotAuthorized", "User is disabled."):
            cognito.global_sign_out(AccessToken=token)
        cognito.admin_delete_user(UserPoolId=user_pool_id, Username=user.username)
        with refused("NotAuthorized", REVOKED):  # UserNotFoundException is not declared
            cognito.global_sign_out(AccessToken=token)


class TestAdminUserGlobalSignOut:
    def test_ends_every_sign_in_of_the_user(self, cognito, pools, user_pool_id, client_id, user):
        results = [pools.sign_in(client_id, user) for _ in range(2)]
        answer = cognito.admin_user_global_sign_out(UserPoolId=user_pool_id, Username=user.username)
        assert answer.keys() == {"ResponseMetadata"}
        for result in results:
            assert_signed_out(cognito, client_id, result)

    def test_by_sub(self, cognito, pools, user_pool_id, client_id, user):
        result = pools.sign_in(client_id, user)
        cognito.admin_user_global_sign_out(UserPoolId=user_pool_id, Username=user.sub)
        assert_signed_out(cognito, client_id, result)

    def test_unknown_user(self, cognito, user_pool_id):
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_user_global_sign_out(UserPoolId=user_pool_id, Username=unique())

    def test_unknown_pool(self, cognito):
        with refused("ResourceNotFound", "User pool us-east-1_Nowhere01 does not exist."):
            cognito.admin_user_global_sign_out(UserPoolId="us-east-1_Nowhere01", Username="x")
