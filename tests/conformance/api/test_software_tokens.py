"""AssociateSoftwareToken, VerifySoftwareToken, AdminDeleteSoftwareToken (user-pools-api.md §2.3)."""

import pytest

from tests.conformance.api.test_mfa import mfa_pool, password_auth, with_app
from tests.support.refusals import refused
from tests.support.totp import App


@pytest.fixture(scope="module")
def world(cognito, pools):
    return mfa_pool(cognito, pools, "OPTIONAL")


@pytest.fixture
def token(cognito, pools, world):
    pool, client_id = world
    user = pools.user(pool)
    return password_auth(cognito, client_id, user.username)["AuthenticationResult"]["AccessToken"]


class TestAssociateSoftwareToken:
    def test_secret(self, cognito, token):
        answer = cognito.associate_software_token(AccessToken=token)
        assert len(answer["SecretCode"]) == 52
        assert "Session" not in answer

    def test_each_has_another_secret(self, cognito, token):
        secrets = {cognito.associate_software_token(AccessToken=token)["SecretCode"] for _ in range(3)}
        assert len(secrets) == 3

    def test_newer_one_takes_the_place_of_one_that_waits(self, cognito, token):
        first, second = (App(cognito.associate_software_token(AccessToken=token)["SecretCode"]) for _ in range(2))
        with refused("EnableSoftwareTokenMFA", "Code mismatch"):
            cognito.verify_software_token(AccessToken=token, UserCode=first.code())
        cognito.verify_software_token(AccessToken=token, UserCode=second.code())

    def test_not_a_factor_of_the_pool(self, cognito, pools, user_pool_id, client_id):
        token = pools.sign_in(client_id, pools.user(user_pool_id))["AccessToken"]
        with refused("SoftwareTokenMFANotFound", "Software Token MFA has not been enabled by the userPool"):
            cognito.associate_software_token(AccessToken=token)

    def test_neither_token_nor_session(self, cognito):
        with refused("InvalidParameter", "Either AccessToken or Session must be provided."):
            cognito.associate_software_token()

    def test_session_of_nobody(self, cognito):
        with refused("NotAuthorized", "Invalid session for the user."):
            cognito.associate_software_token(Session="x" * 40)

    def test_session_of_another_challenge(self, cognito, pools, world):
        pool, client_id = world
        user, _ = with_app(cognito, pools, pool, client_id)
        session = password_auth(cognito, client_id, user.username)["Session"]
        with refused("NotAuthorized", "Invalid session for the user."):
            cognito.associate_software_token(Session=session)


class TestVerifySoftwareToken:
    def test_turns_nothing_on(self, cognito, token):
        app = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
        answer = cognito.verify_software_token(AccessToken=token, UserCode=app.code())
        assert answer["Status"] == "SUCCESS"
        assert "Session" not in answer
        told = cognito.get_user(AccessToken=token)
        assert "UserMFASettingList" not in told
        assert "PreferredMfaSetting" not in told

    def test_code_serves_once(self, cognito, token):
        app = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
        cognito.verify_software_token(AccessToken=token, UserCode=app.code())
        with refused("SoftwareTokenMFANotFound", "Software Token MFA has not been associated for the user"):
            cognito.verify_software_token(AccessToken=token, UserCode=app.code())

    def test_one_step_either_way(self, cognito, token):
        for steps in (-1, 0, 1):
            app = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
            cognito.verify_software_token(AccessToken=token, UserCode=app.code(steps=steps))
        app = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
        for steps in (-3, 3):
            with refused("EnableSoftwareTokenMFA", "Code mismatch"):
                cognito.verify_software_token(AccessToken=token, UserCode=app.code(steps=steps))

    def test_guesses_begin_a_lock(self, cognito, token):
        app = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
        for _ in range(5):
            with refused("EnableSoftwareTokenMFA", "Code mismatch"):
                cognito.verify_software_token(AccessToken=token, UserCode=app.wrong_code())
        with refused("NotAuthorized", "Password attempts exceeded"):
            cognito.verify_software_token(AccessToken=token, UserCode=app.code())

    def test_nothing_associated(self, cognito, token):
        with refused("SoftwareTokenMFANotFound", "Software Token MFA has not been associated for the user"):
            cognito.verify_software_token(AccessToken=token, UserCode="123456")

    def test_neither_token_nor_session(self, cognito):
        with refused("InvalidParameter", "Either AccessToken or Session must be provided."):
            cognito.verify_software_token(UserCode="123456")

    def test_new_app_takes_the_place_of_the_one_before(self, cognito, pools, world):
        pool, client_id = world
        user, old = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        done = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": old.code()},
        )
        token = done["AuthenticationResult"]["AccessToken"]
        new = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
        cognito.verify_software_token(AccessToken=token, UserCode=new.code(steps=-1))
        challenge = password_auth(cognito, client_id, user.username)
        given = {"ClientId": client_id, "ChallengeName": "SOFTWARE_TOKEN_MFA", "Session": challenge["Session"]}
        with refused("CodeMismatch", "Invalid code received for user"):
            cognito.respond_to_auth_challenge(
                **given,
                ChallengeResponses={"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": old.code(steps=1)},
            )
        cognito.respond_to_auth_challenge(
            **given, ChallengeResponses={"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": new.code()}
        )


class TestAdminDeleteSoftwareToken:
    def test_app_serves_no_more(self, cognito, pools, world):
        pool, client_id = world
        user, _ = with_app(cognito, pools, pool, client_id)
        cognito.admin_delete_software_token(UserPoolId=pool, Username=user.username)
        answer = password_auth(cognito, client_id, user.username)
        told = cognito.get_user(AccessToken=answer["AuthenticationResult"]["AccessToken"])
        assert "UserMFASettingList" not in told
        assert "PreferredMfaSetting" not in told
        with refused("InvalidParameter", "User has not verified software token mfa"):
            cognito.set_user_mfa_preference(
                AccessToken=answer["AuthenticationResult"]["AccessToken"], SoftwareTokenMfaSettings={"Enabled": True}
            )

    def test_sign_in_that_waits_for_the_app_ends(self, cognito, pools, world):
        pool, client_id = world
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        cognito.admin_delete_software_token(UserPoolId=pool, Username=user.username)
        with refused("CodeMismatch", "Invalid code received for user"):
            cognito.respond_to_auth_challenge(
                ClientId=client_id,
                ChallengeName="SOFTWARE_TOKEN_MFA",
                Session=challenge["Session"],
                ChallengeResponses={"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": app.code()},
            )

    def test_user_without_one(self, cognito, pools, world):
        cognito.admin_delete_software_token(UserPoolId=world[0], Username=pools.user(world[0]).username)

    def test_unknown_user(self, cognito, world):
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_delete_software_token(UserPoolId=world[0], Username="nobody")
