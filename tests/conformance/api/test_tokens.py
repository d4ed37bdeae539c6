"""RevokeToken and GetTokensFromRefreshToken, and what rotation promises (user-pools-api.md §2.2, endpoints.md §4.4)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from poolhouse.pool.tokens import refresh_tokens
from tests.support.oauth import claims_of
from tests.support.pools import PASSWORD, Pools
from tests.support.refusals import refused, secret_hash

REUSED = "Refresh token reuse detected"
REVOKED = "Refresh Token has been revoked"
IN_FLIGHT_SECONDS = refresh_tokens.IN_FLIGHT_MS / 1000


def rotating(pools: Pools, pool: str, grace: int) -> str:
    """A client whose refresh tokens rotate; grace in seconds."""
    return pools.client_id(
        pool,
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
        RefreshTokenRotation={"Feature": "ENABLED", "RetryGracePeriodSeconds": grace},
    )


def renew(cognito, client_id, refresh_token, **more):
    answer = cognito.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=refresh_token, **more)
    return answer["AuthenticationResult"]


@pytest.fixture(scope="module")
def secretive(pools, user_pool_id):
    return pools.client(user_pool_id, GenerateSecret=True)


@pytest.fixture(scope="module")
def clocked_pools(clocked):
    return Pools(clocked.client())


@pytest.fixture(scope="module")
def clocked_pool(clocked_pools):
    return clocked_pools.user_pool()


def sign_in_with_secret(cognito, client, user):
    hashed = secret_hash(client["ClientSecret"], user.username, client["ClientId"])
    return cognito.initiate_auth(
        ClientId=client["ClientId"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user.username, "PASSWORD": PASSWORD, "SECRET_HASH": hashed},
    )["AuthenticationResult"]


class TestRevokeToken:
    def test_revokes_the_refresh_token_and_all_tokens_of_its_sign_in(self, cognito, pools, client_id, user):
        first, other = pools.sign_in(client_id, user), pools.sign_in(client_id, user)
        second = renew(cognito, client_id, first["RefreshToken"])
        answer = cognito.revoke_token(ClientId=client_id, Token=first["RefreshToken"])
        assert answer.keys() == {"ResponseMetadata"}
        with refused("NotAuthorized", REVOKED):
            renew(cognito, client_id, first["RefreshToken"])
        for token in (first["AccessToken"], second["AccessToken"]):
            with refused("NotAuthorized", "Access Token has been revoked"):
                cognito.get_user(AccessToken=token)
        assert cognito.get_user(AccessToken=other["AccessToken"])["Username"] == user.username
        assert "AccessToken" in renew(cognito, client_id, other["RefreshToken"])

    def test_body_is_an_empty_object(self, server, pools, client_id, user):
        token = pools.sign_in(client_id, user)["RefreshToken"]
        assert server.call("RevokeToken", {"ClientId": client_id, "Token": token}, sign=False).content == b"{}"

    def test_revoked_and_unknown_tokens_are_the_same_success(self, cognito, pools, client_id, user):
        token = pools.sign_in(client_id, user)["RefreshToken"]
        for value in (token, token, token[:-1] + "x", "x", "a.b.c.d.e"):
            cognito.revoke_token(ClientId=client_id, Token=value)

    @pytest.mark.parametrize("kind", ["AccessToken", "IdToken"])
    def test_access_and_id_tokens_are_not_supported(self, cognito, pools, client_id, user, kind):
        result = pools.sign_in(client_id, user)
        with refused("UnsupportedTokenType", "Unsupported token type"):
            cognito.revoke_token(ClientId=client_id, Token=result[kind])
        assert cognito.get_user(AccessToken=result["AccessToken"])

    def test_client_without_revocation(self, cognito, pools, user_pool_id, user):
        client_id = pools.client_id(user_pool_id, EnableTokenRevocation=False)
        token = pools.sign_in(client_id, user)["RefreshToken"]
        with refused("UnsupportedOperation", "Token revocation is not enabled for this client."):
            cognito.revoke_token(ClientId=client_id, Token=token)
        assert "AccessToken" in renew(cognito, client_id, token)

    def test_another_client_cannot_revoke(self, cognito, pools, user_pool_id, client_id, user):
        token = pools.sign_in(client_id, user)["RefreshToken"]
        with refused("Unauthorized", "Invalid client credentials"):
            cognito.revoke_token(ClientId=pools.client_id(user_pool_id), Token=token)
        assert "AccessToken" in renew(cognito, client_id, token)

    def test_client_secret(self, cognito, secretive, user):
        client_id = secretive["ClientId"]
        token = sign_in_with_secret(cognito, secretive, user)["RefreshToken"]
        for wrong in ({}, {"ClientSecret": "x" * 40}):
            with refused("Unauthorized", "Invalid client credentials"):
                cognito.revoke_token(ClientId=client_id, Token=token, **wrong)
        cognito.revoke_token(ClientId=client_id, Token=token, ClientSecret=secretive["ClientSecret"])
        with refused("NotAuthorized", REVOKED):
            renew(cognito, client_id, token, ClientSecret=secretive["ClientSecret"])

    def test_secret_for_a_client_without_one(self, cognito, client_id):
        with refused("Unauthorized", "Invalid client credentials"):
            cognito.revoke_token(ClientId=client_id, Token="x", ClientSecret="x" * 40)

    def test_unknown_client(self, cognito):
        with refused("Unauthorized", "Invalid client credentials"):
            cognito.revoke_token(ClientId="1234567890abcdefghijklmnop", Token="x")


class TestGetTokensFromRefreshToken:
    def test_without_rotation(self, cognito, pools, client_id, user):
        first = pools.sign_in(client_id, user)
        answer = cognito.get_tokens_from_refresh_token(ClientId=client_id, RefreshToken=first["RefreshToken"])
        assert answer.keys() - {"ResponseMetadata"} == {"AuthenticationResult"}
        result = answer["AuthenticationResult"]
        assert result.keys() == {"AccessToken", "IdToken", "ExpiresIn", "TokenType"}
        assert claims_of(result["AccessToken"])["scope"] == "aws.cognito.signin.user.admin"

    def test_groups_and_attributes_are_read_anew(self, cognito, pools, user_pool_id, client_id, user):
        first = pools.sign_in(client_id, user)
        cognito.create_group(UserPoolId=user_pool_id, GroupName=user.username)
        cognito.admin_add_user_to_group(UserPoolId=user_pool_id, Username=user.username, GroupName=user.username)
        cognito.admin_update_user_attributes(
            UserPoolId=user_pool_id, Username=user.username, UserAttributes=[{"Name": "name", "Value": "New"}]
        )
        result = renew(cognito, client_id, first["RefreshToken"])
        assert claims_of(result["IdToken"])["name"] == "New"
        assert claims_of(result["IdToken"])["cognito:groups"] == [user.username]
        assert claims_of(result["AccessToken"])["cognito:groups"] == [user.username]

    @pytest.mark.parametrize("token", ["x", "a.b.c", "a.b.c.d.e"])
    def test_garbage(self, cognito, client_id, token):
        with refused("NotAuthorized", "Invalid Refresh Token"):
            renew(cognito, client_id, token)

    def test_every_part_of_the_token_counts(self, cognito, pools, client_id, user):
        token = pools.sign_in(client_id, user)["RefreshToken"]
        for position, character in enumerate(token):
            if position % 53:
                continue
            other = "A" if character != "A" else "B"
            with refused("NotAuthorized", "Invalid Refresh Token"):
                renew(cognito, client_id, token[:position] + other + token[position + 1 :])

    def test_token_of_another_client_or_pool(self, cognito, pools, user_pool_id, client_id, user):
        token = pools.sign_in(client_id, user)["RefreshToken"]
        for foreign in (pools.client_id(user_pool_id), pools.client_id(pools.user_pool())):
            with refused("NotAuthorized", "Invalid Refresh Token"):
                renew(cognito, foreign, token)

    def test_client_secret(self, cognito, secretive, user):
        token = sign_in_with_secret(cognito, secretive, user)["RefreshToken"]
        for wrong in ({}, {"ClientSecret": "x" * 40}):
            with refused("NotAuthorized", "Invalid client credentials"):
                renew(cognito, secretive["ClientId"], token, **wrong)
        assert "AccessToken" in renew(cognito, secretive["ClientId"], token, ClientSecret=secretive["ClientSecret"])

    def test_unknown_client(self, cognito):
        with refused("ResourceNotFound", "User pool client 1234567890abcdefghijklmnop does not exist."):
            renew(cognito, "1234567890abcdefghijklmnop", "x")

    def test_disabled_and_deleted_user(self, cognito, pools, user_pool_id, client_id, user):
        token = pools.sign_in(client_id, user)["RefreshToken"]
        cognito.admin_disable_user(UserPoolId=user_pool_id, Username=user.username)
        with refused("NotAuthorized", "User is disabled."):
            renew(cognito, client_id, token)
        cognito.admin_enable_user(UserPoolId=user_pool_id, Username=user.username)
        with refused("NotAuthorized", REVOKED):  # disabling has signed him out for good (DOC AdminDisableUser)
            renew(cognito, client_id, token)
        cognito.admin_delete_user(UserPoolId=user_pool_id, Username=user.username)
        with refused("NotAuthorized", "Invalid Refresh Token"):
            renew(cognito, client_id, token)

    def test_expires_with_the_validity_of_the_client(self, clocked, clocked_pools, clocked_pool):
        cognito = clocked.client()
        client_id = clocked_pools.client_id(
            clocked_pool,
            RefreshTokenValidity=60,
            AccessTokenValidity=5,
            IdTokenValidity=10,
            TokenValidityUnits={"RefreshToken": "minutes", "AccessToken": "minutes", "IdToken": "minutes"},
        )
        result = clocked_pools.sign_in(client_id, clocked_pools.user(clocked_pool))
        access, identity = claims_of(result["AccessToken"]), claims_of(result["IdToken"])
        assert result["ExpiresIn"] == access["exp"] - access["iat"] == 300
        assert identity["exp"] - identity["iat"] == 600
        clocked.advance_clock(301)
        with refused("NotAuthorized", "Access Token has expired"):
            cognito.get_user(AccessToken=result["AccessToken"])
        assert "AccessToken" in renew(cognito, client_id, result["RefreshToken"])
        clocked.advance_clock(3300)
        with refused("NotAuthorized", "Refresh Token has expired"):
            renew(cognito, client_id, result["RefreshToken"])

    # ---------------------------------------------------------------- rotation

    def test_rotation_gives_a_successor(self, cognito, pools, user_pool_id, user):
        client_id = rotating(pools, user_pool_id, 0)
        first = pools.sign_in(client_id, user)
        second = renew(cognito, client_id, first["RefreshToken"])
        assert second.keys() == {"AccessToken", "IdToken", "RefreshToken", "ExpiresIn", "TokenType"}
        assert second["RefreshToken"] != first["RefreshToken"]
        third = renew(cognito, client_id, second["RefreshToken"])
        assert third["RefreshToken"] not in {first["RefreshToken"], second["RefreshToken"]}
        origins = {claims_of(result["AccessToken"])["origin_jti"] for result in (first, second, third)}
        assert len(origins) == 1

    def test_reuse_kills_the_family(self, clocked, clocked_pools, clocked_pool):
        cognito, pools = clocked.client(), clocked_pools
        client_id, user = rotating(pools, clocked_pool, 0), pools.user(clocked_pool)
        first, bystander = pools.sign_in(client_id, user), pools.sign_in(client_id, user)
        second = renew(cognito, client_id, first["RefreshToken"])
        clocked.advance_clock(IN_FLIGHT_SECONDS)
        with refused("RefreshTokenReuse", REUSED):
            renew(cognito, client_id, first["RefreshToken"])
        with refused("NotAuthorized", REVOKED):
            renew(cognito, client_id, second["RefreshToken"])
        with refused("NotAuthorized", "Access Token has been revoked"):
            cognito.get_user(AccessToken=second["AccessToken"])
        assert "RefreshToken" in renew(cognito, client_id, bystander["RefreshToken"])

    def test_reuse_while_the_answer_may_be_on_its_way_kills_nothing(self, clocked, clocked_pools, clocked_pool):
        """Issue 5: whoever sends a token twice at once is refused once, and is no thief."""
        cognito, pools = clocked.client(), clocked_pools
        client_id = rotating(pools, clocked_pool, 0)
        first = pools.sign_in(client_id, pools.user(clocked_pool))["RefreshToken"]
        second = renew(cognito, client_id, first)["RefreshToken"]
        clocked.advance_clock(IN_FLIGHT_SECONDS - 1)
        with refused("RefreshTokenReuse", REUSED):
            renew(cognito, client_id, first)
        assert "RefreshToken" in renew(cognito, client_id, second)

    def test_retry_within_the_grace_period_gets_the_same_successor(self, cognito, pools, user_pool_id, user):
        client_id = rotating(pools, user_pool_id, 60)
        first = pools.sign_in(client_id, user)["RefreshToken"]
        successors = {renew(cognito, client_id, first)["RefreshToken"] for _ in range(3)}
        assert len(successors) == 1
        assert "RefreshToken" in renew(cognito, client_id, successors.pop())

    def test_grace_period_ends(self, clocked, clocked_pools, clocked_pool):
        cognito = clocked.client()
        client_id = rotating(clocked_pools, clocked_pool, 10)
        first = clocked_pools.sign_in(client_id, clocked_pools.user(clocked_pool))["RefreshToken"]
        second = renew(cognito, client_id, first)["RefreshToken"]
        clocked.advance_clock(5)
        assert renew(cognito, client_id, first)["RefreshToken"] == second
        clocked.advance_clock(6)
        with refused("RefreshTokenReuse", REUSED):
            renew(cognito, client_id, first)
        with refused("NotAuthorized", REVOKED):
            renew(cognito, client_id, second)

    def test_successor_lives_only_as_long_as_the_first_would_have(self, clocked, clocked_pools, clocked_pool):
        cognito = clocked.client()
        client_id = clocked_pools.client_id(
            clocked_pool,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
            RefreshTokenRotation={"Feature": "ENABLED"},
            RefreshTokenValidity=60,
            TokenValidityUnits={"RefreshToken": "minutes"},
        )
        token = clocked_pools.sign_in(client_id, clocked_pools.user(clocked_pool))["RefreshToken"]
        clocked.advance_clock(3000)
        token = renew(cognito, client_id, token)["RefreshToken"]
        clocked.advance_clock(601)
        with refused("NotAuthorized", "Refresh Token has expired"):
            renew(cognito, client_id, token)

    @pytest.mark.parametrize("grace", [0, 60])
    def test_sixteen_rotations_at_once_make_one_successor(self, cognito, pools, user_pool_id, user, grace):
        client_id = rotating(pools, user_pool_id, grace)
        first = pools.sign_in(client_id, user)["RefreshToken"]

        def attempt(_):
            try:
                return renew(cognito, client_id, first)["RefreshToken"]
            except cognito.exceptions.RefreshTokenReuseException:
                return REUSED

        with ThreadPoolExecutor(16) as threads:
            answers = list(threads.map(attempt, range(16)))
        successors = {answer for answer in answers if answer != REUSED}
        assert len(successors) == 1
        if grace:
            assert len(set(answers)) == 1
            assert "RefreshToken" in renew(cognito, client_id, successors.pop())
        else:
            # Issue 5: the losers could not know of the winner, whose tokens live on.
            assert sum(answer in successors for answer in answers) == 1
            assert "RefreshToken" in renew(cognito, client_id, successors.pop())

    def test_claims_without_revocation_but_with_rotation(self, pools, user_pool_id, user):
        client_id = pools.client_id(
            user_pool_id,
            ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH"],
            EnableTokenRevocation=False,
            RefreshTokenRotation={"Feature": "ENABLED"},
        )
        result = pools.sign_in(client_id, user)
        assert {"jti", "origin_jti"} <= claims_of(result["IdToken"]).keys()
        assert "origin_jti" not in claims_of(result["AccessToken"])
