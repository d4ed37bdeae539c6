"""GlobalSignOut, AdminUserGlobalSignOut (user-pools-api.md §2.2), and the account of sessions (user-pools-api.md §9.9)."""

import re

import pytest
from botocore.exceptions import ClientError

from tests.support import oauth
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


def track(cognito, pool, most=20):
    cognito.set_user_pool_session_configuration(
        UserPoolId=pool, UserSessionTracking="ENABLED", TokenSession={"MaxPerUser": most}
    )


@pytest.fixture(scope="module")
def tracked(cognito, pools):
    """(pool that keeps account of sessions, client)."""
    pool = pools.user_pool()
    track(cognito, pool)
    return pool, pools.client_id(pool)


@pytest.fixture
def person(pools, tracked):
    return pools.user(tracked[0])


@pytest.fixture(scope="module")
def world(server, pools, cognito):
    """A pool with pages that keeps account of sessions."""
    world = oauth.build(server, pools)
    track(cognito, world.pool_id)
    return world


def sessions(cognito, token):
    return cognito.list_user_sessions(AccessToken=token)["Sessions"]


def is_signed_out(cognito, token):
    try:
        cognito.get_user(AccessToken=token)
    except ClientError as error:
        return bool(error.response["Error"]["Message"] == REVOKED)
    return False


class TestListUserSessions:
    def test_what_is_shown(self, cognito, pools, tracked, person):
        first, second = (pools.sign_in(tracked[1], person) for _ in range(2))
        found = sessions(cognito, second["AccessToken"])
        assert [each["IsCurrentSession"] for each in found] == [True, False]
        shown = found[0]
        assert re.fullmatch(r"tkn[a-z0-9]{25}", shown["SessionId"])
        assert (shown["SessionType"], shown["ClientId"]) == ("TOKEN", tracked[1])
        assert shown["LastIPAddress"] == "127.0.0.1"
        assert "Boto3" in shown["DeviceType"]
        assert shown["LastLocation"] == {"Country": "unknown"}
        assert "OriginSessionId" not in shown
        assert sessions(cognito, first["AccessToken"])[1]["IsCurrentSession"]

    def test_refresh_is_activity(self, clocked):
        cognito = clocked.client()
        pools = Pools(cognito)
        pool = pools.user_pool()
        track(cognito, pool)
        client_id = pools.client_id(pool)
        done = pools.sign_in(client_id, pools.user(pool))
        clocked.advance_clock(60)
        cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": done["RefreshToken"]},
        )
        (shown,) = sessions(cognito, done["AccessToken"])
        assert (shown["LastActiveDate"] - shown["CreateDate"]).total_seconds() >= 60

    def test_pool_that_keeps_no_account(self, cognito, pools, client_id, user):
        assert sessions(cognito, pools.sign_in(client_id, user)["AccessToken"]) == []

    def test_living_ones_only(self, cognito, pools, tracked, person):
        """A global sign-out ends them, and so do a revoked token and a disabled user."""
        kept = pools.sign_in(tracked[1], person)
        revoked = pools.sign_in(tracked[1], person)
        cognito.revoke_token(ClientId=tracked[1], Token=revoked["RefreshToken"])
        assert len(sessions(cognito, kept["AccessToken"])) == 1
        cognito.global_sign_out(AccessToken=kept["AccessToken"])
        again = pools.sign_in(tracked[1], person)
        assert len(sessions(cognito, again["AccessToken"])) == 1
        cognito.admin_disable_user(UserPoolId=tracked[0], Username=person.username)
        assert cognito.admin_list_user_sessions(UserPoolId=tracked[0], Username=person.username)["Sessions"] == []

    def test_one_too_many_ends_the_one_that_was_active_longest_ago(self, cognito, pools):
        pool = pools.user_pool()
        track(cognito, pool, 2)
        client_id = pools.client_id(pool)
        user = pools.user(pool)
        first, second, third = (pools.sign_in(client_id, user) for _ in range(3))
        assert is_signed_out(cognito, first["AccessToken"])
        assert not is_signed_out(cognito, second["AccessToken"])
        assert len(sessions(cognito, third["AccessToken"])) == 2

    def test_browser_and_its_tokens(self, cognito, world):
        user = world.user()
        browser = world.signed_in(user)
        issued = world.tokens(user, browser)
        token, sso = sorted(
            sessions(cognito, issued["access_token"]), key=lambda each: each["SessionType"], reverse=True
        )
        assert re.fullmatch(r"sso[a-z0-9]{25}", sso["SessionId"])
        assert (sso["SessionType"], token["OriginSessionId"]) == ("SSO", sso["SessionId"])
        assert not sso["IsCurrentSession"]
        assert "OriginSessionId" not in sso


class TestAdminListUserSessions:
    def test_none_is_current(self, cognito, pools, tracked, person):
        pools.sign_in(tracked[1], person)
        (shown,) = cognito.admin_list_user_sessions(UserPoolId=tracked[0], Username=person.username)["Sessions"]
        assert not shown["IsCurrentSession"]

    def test_unknown_user(self, cognito, tracked):
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_list_user_sessions(UserPoolId=tracked[0], Username=unique("nobody"))


class TestRevokeUserSession:
    def test_ends_another_sign_in(self, cognito, pools, tracked, person):
        here, there = (pools.sign_in(tracked[1], person) for _ in range(2))
        other = next(each for each in sessions(cognito, here["AccessToken"]) if not each["IsCurrentSession"])
        cognito.revoke_user_session(AccessToken=here["AccessToken"], SessionId=other["SessionId"])
        assert_signed_out(cognito, tracked[1], there)
        assert len(sessions(cognito, here["AccessToken"])) == 1
        with refused("ResourceNotFound", "Session does not exist."):
            cognito.revoke_user_session(AccessToken=here["AccessToken"], SessionId=other["SessionId"])

    def test_not_its_own(self, cognito, pools, tracked, person):
        token = pools.sign_in(tracked[1], person)["AccessToken"]
        (own,) = sessions(cognito, token)
        with refused("InvalidParameter", "The session of the access token can not be revoked by itself."):
            cognito.revoke_user_session(AccessToken=token, SessionId=own["SessionId"])

    def test_not_anybody_elses(self, cognito, pools, tracked, person):
        token = pools.sign_in(tracked[1], person)["AccessToken"]
        other = pools.sign_in(tracked[1], pools.user(tracked[0]))["AccessToken"]
        (foreign,) = sessions(cognito, other)
        with refused("ResourceNotFound", "Session does not exist."):
            cognito.revoke_user_session(AccessToken=token, SessionId=foreign["SessionId"])
        assert not is_signed_out(cognito, other)

    def test_browser_alone_and_with_its_tokens(self, cognito, pools, world):
        user = world.user()
        browser = world.signed_in(user)
        issued = world.tokens(user, browser)
        api = pools.sign_in(world.public_id, user)["AccessToken"]
        sso = next(each for each in sessions(cognito, api) if each["SessionType"] == "SSO")
        cognito.revoke_user_session(AccessToken=api, SessionId=sso["SessionId"])
        assert "/login" in browser.authorize(**world.parameters()).headers["location"]
        assert not is_signed_out(cognito, issued["access_token"])
        browser = world.signed_in(user)
        issued = world.tokens(user, browser)
        sso = next(each for each in sessions(cognito, api) if each["SessionType"] == "SSO")
        cognito.revoke_user_session(AccessToken=api, SessionId=sso["SessionId"], RevokeAssociatedSessions="LINKED")
        assert is_signed_out(cognito, issued["access_token"])


class TestAdminRevokeUserSession:
    def test_tokens_alone_and_with_their_browser(self, cognito, world):
        user = world.user()
        given = {"UserPoolId": world.pool_id, "Username": user.username}

        def token_session():
            found = cognito.admin_list_user_sessions(**given)["Sessions"]
            return next(each["SessionId"] for each in found if each["SessionType"] == "TOKEN")

        browser = world.signed_in(user)
        issued = world.tokens(user, browser)
        cognito.admin_revoke_user_session(**given, SessionId=token_session())
        assert is_signed_out(cognito, issued["access_token"])
        issued = world.tokens(user, browser)  # the browser goes on
        cognito.admin_revoke_user_session(**given, SessionId=token_session(), RevokeAssociatedSessions="LINKED")
        assert is_signed_out(cognito, issued["access_token"])
        assert "/login" in browser.authorize(**world.parameters()).headers["location"]

    def test_unknown(self, cognito, tracked, person):
        with refused("ResourceNotFound", "Session does not exist."):
            cognito.admin_revoke_user_session(
                UserPoolId=tracked[0], Username=person.username, SessionId="tkn" + "a" * 25
            )
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_revoke_user_session(
                UserPoolId=tracked[0], Username=unique("nobody"), SessionId="tkn" + "a" * 25
            )


class TestLifeOfABrowsersSession:
    """SSOSession.MaxValidityMinutes of each client."""

    def test_client_that_always_asks(self, cognito, world):
        client = world.client()
        cognito.set_user_pool_client_session_configuration(
            UserPoolId=world.pool_id, ClientId=client["ClientId"], SSOSession={"MaxValidityMinutes": 0}
        )
        browser = world.signed_in(world.user())
        assert "code=" in browser.authorize(**world.parameters()).headers["location"]
        asked = browser.authorize(**world.parameters(client_id=client["ClientId"]))
        assert "/login" in asked.headers["location"]

    def test_client_that_takes_it_longer(self, clocked):
        cognito = clocked.client()
        world = oauth.build(clocked, Pools(cognito))
        track(cognito, world.pool_id)
        client = world.client()
        cognito.set_user_pool_client_session_configuration(
            UserPoolId=world.pool_id, ClientId=client["ClientId"], SSOSession={"MaxValidityMinutes": 120}
        )
        browser = world.signed_in(world.user())
        clocked.advance_clock(3_700)
        patient = browser.authorize(**world.parameters(client_id=client["ClientId"]))
        assert "code=" in patient.headers["location"]
        assert "/login" in browser.authorize(**world.parameters()).headers["location"]

    def test_revoked_token_takes_its_browser_along(self, cognito, world):
        """RevokeToken with RevokeAssociatedSessions."""
        user = world.user()
        browser = world.signed_in(user)
        issued = world.tokens(user, browser)
        cognito.revoke_token(ClientId=world.public_id, Token=issued["refresh_token"])
        assert "code=" in browser.authorize(**world.parameters()).headers["location"]
        issued = world.tokens(user, browser)
        cognito.revoke_token(ClientId=world.public_id, Token=issued["refresh_token"], RevokeAssociatedSessions="LINKED")
        assert "/login" in browser.authorize(**world.parameters()).headers["location"]
