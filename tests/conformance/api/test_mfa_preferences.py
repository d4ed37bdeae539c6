"""SetUserMFAPreference, SetUserSettings, GetUserAuthFactors, and the same by administrators (user-pools-api.md §2.3)."""

import pytest

from tests.conformance.api.test_mfa import mfa_pool, password_auth, with_app
from tests.support.refusals import refused
from tests.support.totp import App

ON, PREFERRED, OFF = {"Enabled": True}, {"Enabled": True, "PreferredMfa": True}, {"Enabled": False}
SMS_OPTION = [{"DeliveryMedium": "SMS", "AttributeName": "phone_number"}]


@pytest.fixture(scope="module")
def world(cognito, pools):
    return mfa_pool(cognito, pools, "OPTIONAL", email=True)


@pytest.fixture
def user(pools, world):
    return pools.user(world[0], phone_number="+15550100111")


@pytest.fixture
def token(cognito, world, user):
    return password_auth(cognito, world[1], user.username)["AuthenticationResult"]["AccessToken"]


def told(cognito, token):
    answer = cognito.get_user(AccessToken=token)
    return answer.get("UserMFASettingList"), answer.get("PreferredMfaSetting")


class TestSetUserMFAPreference:
    def test_on_and_preferred(self, cognito, token):
        cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON, EmailMfaSettings=PREFERRED)
        assert told(cognito, token) == (["SMS_MFA", "EMAIL_OTP"], "EMAIL_OTP")

    def test_what_is_left_out_stays(self, cognito, token):
        cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)
        cognito.set_user_mfa_preference(AccessToken=token, EmailMfaSettings=ON)
        assert told(cognito, token) == (["SMS_MFA", "EMAIL_OTP"], "SMS_MFA")

    def test_off_is_no_longer_preferred(self, cognito, token):
        cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED, EmailMfaSettings=ON)
        cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=OFF)
        assert told(cognito, token) == (["EMAIL_OTP"], None)

    def test_preference_is_taken_back(self, cognito, token):
        cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED)
        cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings={"Enabled": True, "PreferredMfa": False})
        assert told(cognito, token) == (["SMS_MFA"], None)

    def test_two_preferred(self, cognito, token):
        with refused("InvalidParameter", "Only one MFA type can be preferred."):
            cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=PREFERRED, EmailMfaSettings=PREFERRED)

    def test_preferred_but_not_on(self, cognito, token):
        with refused("InvalidParameter", "SMS_MFA has to be enabled to be preferred."):
            cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings={"PreferredMfa": True})

    def test_app_that_is_not_verified(self, cognito, token):
        with refused("InvalidParameter", "User has not verified software token mfa"):
            cognito.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=ON)

    def test_no_phone_number(self, cognito, pools, world):
        user = pools.user(world[0])
        token = password_auth(cognito, world[1], user.username)["AuthenticationResult"]["AccessToken"]
        with refused("InvalidParameter", "User does not have delivery config set to turn on SMS_MFA"):
            cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON)

    def test_not_a_factor_of_the_pool(self, cognito, pools, user_pool_id, client_id):
        token = pools.sign_in(client_id, pools.user(user_pool_id))["AccessToken"]
        with refused("InvalidParameter", "EMAIL_OTP is not enabled for the user pool."):
            cognito.set_user_mfa_preference(AccessToken=token, EmailMfaSettings=ON)

    def test_last_one_stays_where_mfa_is_required(self, cognito, pools):
        pool, client_id = mfa_pool(cognito, pools, "ON")
        user = pools.user(pool)
        challenge = password_auth(cognito, client_id, user.username)
        associated = cognito.associate_software_token(Session=challenge["Session"])
        verified = cognito.verify_software_token(
            Session=associated["Session"], UserCode=App(associated["SecretCode"]).code()
        )
        token = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="MFA_SETUP",
            Session=verified["Session"],
            ChallengeResponses={"USERNAME": user.username},
        )["AuthenticationResult"]["AccessToken"]
        with refused("InvalidParameter", "MFA can not be disabled: the user pool requires it."):
            cognito.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings=OFF)

    def test_id_token(self, cognito, world, user):
        """Acceptance 31."""
        token = password_auth(cognito, world[1], user.username)["AuthenticationResult"]["IdToken"]
        with refused("NotAuthorized"):
            cognito.set_user_mfa_preference(AccessToken=token, SMSMfaSettings=ON)

    def test_next_sign_in_asks_for_it(self, cognito, world, user, token):
        cognito.set_user_mfa_preference(AccessToken=token, EmailMfaSettings=ON)
        assert password_auth(cognito, world[1], user.username)["ChallengeName"] == "EMAIL_OTP"


class TestAdminSetUserMFAPreference:
    def test_on_and_preferred(self, cognito, world, user, token):
        cognito.admin_set_user_mfa_preference(UserPoolId=world[0], Username=user.username, SMSMfaSettings=PREFERRED)
        assert told(cognito, token) == (["SMS_MFA"], "SMS_MFA")
        shown = cognito.admin_get_user(UserPoolId=world[0], Username=user.username)
        assert (shown["UserMFASettingList"], shown["PreferredMfaSetting"]) == (["SMS_MFA"], "SMS_MFA")

    def test_unknown_user(self, cognito, world):
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_set_user_mfa_preference(UserPoolId=world[0], Username="nobody", SMSMfaSettings=ON)


class TestSetUserSettings:
    def test_text_messages_on_and_off(self, cognito, token):
        cognito.set_user_settings(AccessToken=token, MFAOptions=SMS_OPTION)
        assert told(cognito, token)[0] == ["SMS_MFA"]
        assert cognito.get_user(AccessToken=token)["MFAOptions"] == SMS_OPTION
        cognito.set_user_settings(AccessToken=token, MFAOptions=[])
        assert told(cognito, token)[0] is None
        assert "MFAOptions" not in cognito.get_user(AccessToken=token)

    def test_knows_nothing_else(self, cognito, token):
        with refused("InvalidParameter"):
            cognito.set_user_settings(
                AccessToken=token, MFAOptions=[{"DeliveryMedium": "EMAIL", "AttributeName": "email"}]
            )


class TestAdminSetUserSettings:
    def test_text_messages_on(self, cognito, world, user):
        cognito.admin_set_user_settings(UserPoolId=world[0], Username=user.username, MFAOptions=SMS_OPTION)
        shown = cognito.admin_get_user(UserPoolId=world[0], Username=user.username)
        assert shown["MFAOptions"] == SMS_OPTION

    def test_unknown_user(self, cognito, world):
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_set_user_settings(UserPoolId=world[0], Username="nobody", MFAOptions=[])


class TestGetUserAuthFactors:
    def test_password_alone(self, cognito, token, user):
        answer = cognito.get_user_auth_factors(AccessToken=token)
        assert {key: answer[key] for key in answer.keys() - {"ResponseMetadata"}} == {
            "Username": user.username,
            "ConfiguredUserAuthFactors": ["PASSWORD"],
        }

    def test_app(self, cognito, pools, world):
        user, app = with_app(cognito, pools, *world)
        challenge = password_auth(cognito, world[1], user.username)
        token = cognito.respond_to_auth_challenge(
            ClientId=world[1],
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": app.code()},
        )["AuthenticationResult"]["AccessToken"]
        answer = cognito.get_user_auth_factors(AccessToken=token)
        assert answer["ConfiguredUserAuthFactors"] == ["PASSWORD", "SOFTWARE_TOKEN"]
        assert answer["PreferredMfaSetting"] == "SOFTWARE_TOKEN_MFA"


class TestAdminGetUserAuthFactors:
    def test_those_of_a_pool_that_takes_mail_first(self, cognito, pools):
        pool = pools.user_pool(Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}})
        user = pools.user(pool)
        answer = cognito.admin_get_user_auth_factors(UserPoolId=pool, Username=user.username)
        assert answer["ConfiguredUserAuthFactors"] == ["PASSWORD", "EMAIL_OTP"]

    def test_unknown_user(self, cognito, world):
        with refused("UserNotFound", "User does not exist."):
            cognito.admin_get_user_auth_factors(UserPoolId=world[0], Username="nobody")
