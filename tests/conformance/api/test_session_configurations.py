"""The session configuration of pools and clients (user-pools-api.md §9.9)."""

import pytest

from tests.support.refusals import refused

NOBODYS = "1234567890abcdefghijklmnop"


@pytest.fixture
def pool(pools):
    return pools.user_pool()


def track(cognito, pool, most=20, tracking="ENABLED"):
    return cognito.set_user_pool_session_configuration(
        UserPoolId=pool, UserSessionTracking=tracking, TokenSession={"MaxPerUser": most}
    )


class TestGetUserPoolSessionConfiguration:
    def test_default(self, cognito, pool):
        found = cognito.get_user_pool_session_configuration(UserPoolId=pool)
        assert (found["UserPoolId"], found["UserSessionTracking"], found["TokenSession"]) == (
            pool,
            "DISABLED",
            {"MaxPerUser": 20},
        )


class TestSetUserPoolSessionConfiguration:
    def test_replaces(self, cognito, pool):
        made = track(cognito, pool, 3)
        found = cognito.get_user_pool_session_configuration(UserPoolId=pool)
        for answer in (made, found):
            assert (answer["UserSessionTracking"], answer["TokenSession"]) == ("ENABLED", {"MaxPerUser": 3})
        track(cognito, pool, 4, "DISABLED")
        assert cognito.get_user_pool_session_configuration(UserPoolId=pool)["UserSessionTracking"] == "DISABLED"


class TestGetUserPoolClientSessionConfiguration:
    def test_default(self, cognito, pools, pool):
        client_id = pools.client_id(pool)
        found = cognito.get_user_pool_client_session_configuration(UserPoolId=pool, ClientId=client_id)
        assert (found["ClientId"], found["SSOSession"]) == (client_id, {"MaxValidityMinutes": 60})

    def test_unknown_client(self, cognito, pool):
        with refused("ResourceNotFound"):
            cognito.get_user_pool_client_session_configuration(UserPoolId=pool, ClientId=NOBODYS)


class TestSetUserPoolClientSessionConfiguration:
    def test_replaces(self, cognito, pools, pool):
        given = {"UserPoolId": pool, "ClientId": pools.client_id(pool)}
        track(cognito, pool)
        made = cognito.set_user_pool_client_session_configuration(**given, SSOSession={"MaxValidityMinutes": 0})
        assert made["SSOSession"] == {"MaxValidityMinutes": 0}
        found = cognito.get_user_pool_client_session_configuration(**given)
        assert found["SSOSession"] == {"MaxValidityMinutes": 0}

    def test_not_tracked(self, cognito, pools, pool):
        with refused("InvalidParameter", "Session tracking is not enabled for the user pool."):
            cognito.set_user_pool_client_session_configuration(
                UserPoolId=pool, ClientId=pools.client_id(pool), SSOSession={"MaxValidityMinutes": 5}
            )

    def test_unknown_client(self, cognito, pool):
        track(cognito, pool)
        with refused("ResourceNotFound"):
            cognito.set_user_pool_client_session_configuration(
                UserPoolId=pool, ClientId=NOBODYS, SSOSession={"MaxValidityMinutes": 5}
            )
