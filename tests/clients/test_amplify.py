"""AWS Amplify v6 in Node.js, unchanged: everything that a front end asks of a user pool but passkeys, which need a browser."""

import pytest

from tests.conformance.api.test_devices import device_pool
from tests.conformance.api.test_mfa import DEVELOPER, mfa_pool, prefer, with_app
from tests.conformance.api.test_user_auth import FACTORS
from tests.support import node
from tests.support.calls import Refused
from tests.support.pools import ALL_FLOWS, PASSWORD, unique
from tests.support.totp import App

pytestmark = [
    pytest.mark.node,
    # What the client says and understands does not hang on the engine.
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session"),
]

NEW_PASSWORD = "Other-Horse-2"
INCORRECT = "Incorrect username or password."


@pytest.fixture(scope="module")
def world(pools):
    """(pool, client) in which every first factor may be chosen and addresses are verified."""
    pool = pools.user_pool(Policies=FACTORS, AutoVerifiedAttributes=["email"], EmailConfiguration=DEVELOPER)
    return pool, pools.client_id(pool, ExplicitAuthFlows=[*ALL_FLOWS, "ALLOW_USER_AUTH"])


@pytest.fixture(scope="module")
def amplify_of(server):
    """amplify_of(pool, client): Amplify in a process of its own, with nothing stored yet."""
    with node.configured("amplify/calls") as take:
        yield lambda pool, client_id: take(userPoolEndpoint=server.url, userPoolId=pool, userPoolClientId=client_id)


@pytest.fixture
def amplify(amplify_of, world):
    with amplify_of(*world) as call:
        yield call


@pytest.fixture
def user(pools, world):
    return pools.user(world[0])


def step(answer):
    return answer["nextStep"]["signInStep"]


class TestSignUp:
    @pytest.mark.parametrize("auto", [True, {"authFlowType": "USER_AUTH"}], ids=["password", "session"])
    def test_code_then_signed_in_by_itself(self, amplify, inbox, auto):
        name = unique()
        email = f"{name}@example.com"
        signed_up = amplify(
            "signUp",
            username=name,
            password=PASSWORD,
            options={"userAttributes": {"email": email}, "autoSignIn": auto},
        )
        assert signed_up["nextStep"]["signUpStep"] == "CONFIRM_SIGN_UP"
        assert signed_up["nextStep"]["codeDeliveryDetails"]["destination"] == f"{email[0]}***@e***"
        first = inbox.newest(email)
        assert amplify("resendSignUpCode", username=name)["deliveryMedium"] == "EMAIL"
        code = inbox.code(email, after=first["id"])
        confirmed = amplify("confirmSignUp", username=name, confirmationCode=code)
        assert confirmed["nextStep"]["signUpStep"] == "COMPLETE_AUTO_SIGN_IN"
        assert step(amplify("autoSignIn")) == "DONE"
        assert amplify("getCurrentUser")["username"] == name
        amplify("deleteUser")
        with pytest.raises(Refused, match="User does not exist"):
            amplify("signIn", username=name, password=PASSWORD)


class TestSignIn:
    def test_by_srp_refreshes_and_signs_out_everywhere(self, amplify, user):
        with pytest.raises(Refused) as wrong:
            amplify("signIn", username=user.username, password="Wrong-Horse-1")
        assert (wrong.value.name, wrong.value.message) == ("NotAuthorizedException", INCORRECT)
        done = amplify("signIn", username=user.username, password=PASSWORD)
        assert (done["isSignedIn"], step(done)) == (True, "DONE")
        assert amplify("getCurrentUser")["userId"] == user.sub
        first = amplify("fetchAuthSession")["tokens"]["accessToken"]
        renewed = amplify("fetchAuthSession", forceRefresh=True)["tokens"]["accessToken"]
        assert first["payload"]["sub"] == renewed["payload"]["sub"] == user.sub
        assert first["text"] != renewed["text"]
        amplify("signOut", **{"global": True})
        with pytest.raises(Refused) as signed_out:
            amplify("getCurrentUser")
        assert signed_out.value.name == "UserUnAuthenticatedException"

    def test_a_global_sign_out_ends_the_other_device(self, amplify, amplify_of, world, user):
        with amplify_of(*world) as elsewhere:
            for device in (amplify, elsewhere):
                device("signIn", username=user.username, password=PASSWORD)
            amplify("signOut", **{"global": True})
            with pytest.raises(Refused, match="Access Token has been revoked"):
                elsewhere("fetchUserAttributes")

    def test_first_sign_in_of_an_invited_user(self, amplify, cognito, world):
        name = unique()
        cognito.admin_create_user(
            UserPoolId=world[0], Username=name, TemporaryPassword="Temporary-1", MessageAction="SUPPRESS"
        )
        asked = amplify("signIn", username=name, password="Temporary-1")
        assert step(asked) == "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED"
        assert step(amplify("confirmSignIn", challengeResponse=PASSWORD)) == "DONE"

    def test_by_code_in_a_mail(self, amplify, user, inbox):
        choice = {"authFlowType": "USER_AUTH", "preferredChallenge": "EMAIL_OTP"}
        asked = amplify("signIn", username=user.username, options=choice)
        assert step(asked) == "CONFIRM_SIGN_IN_WITH_EMAIL_CODE"
        assert asked["nextStep"]["codeDeliveryDetails"]["deliveryMedium"] == "EMAIL"
        code = inbox.code(user.email)
        with pytest.raises(Refused) as wrong:
            amplify("confirmSignIn", challengeResponse="0" * len(code))
        assert wrong.value.name == "CodeMismatchException"
        assert step(amplify("confirmSignIn", challengeResponse=code)) == "DONE"

    @pytest.mark.parametrize("factor", ["PASSWORD", "PASSWORD_SRP"])
    def test_by_what_the_user_chooses(self, amplify, user, factor):
        asked = amplify("signIn", username=user.username, options={"authFlowType": "USER_AUTH"})
        assert step(asked) == "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION"
        assert asked["nextStep"]["availableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP"]
        assert step(amplify("confirmSignIn", challengeResponse=factor)) == "CONFIRM_SIGN_IN_WITH_PASSWORD"
        assert step(amplify("confirmSignIn", challengeResponse=PASSWORD)) == "DONE"

    @pytest.mark.parametrize("factor", ["PASSWORD", "PASSWORD_SRP"])
    def test_by_the_password_that_is_preferred(self, amplify, user, factor):
        choice = {"authFlowType": "USER_AUTH", "preferredChallenge": factor}
        assert step(amplify("signIn", username=user.username, password=PASSWORD, options=choice)) == "DONE"


class TestWhatIsTheirs:
    def test_attributes(self, amplify, user, inbox):
        amplify("signIn", username=user.username, password=PASSWORD)
        other = f"{unique()}@example.com"
        updated = amplify("updateUserAttributes", userAttributes={"email": other, "name": "Ada", "nickname": "a"})
        assert updated["name"]["nextStep"]["updateAttributeStep"] == "DONE"
        assert updated["email"]["nextStep"]["updateAttributeStep"] == "CONFIRM_ATTRIBUTE_WITH_CODE"
        amplify("confirmUserAttribute", userAttributeKey="email", confirmationCode=inbox.code(other))
        amplify("deleteUserAttributes", userAttributeKeys=["nickname"])
        known = {"sub": user.sub, "email": other, "email_verified": "true", "name": "Ada"}
        assert amplify("fetchUserAttributes") == known

    def test_a_new_password(self, amplify, user):
        amplify("signIn", username=user.username, password=PASSWORD)
        with pytest.raises(Refused, match="Password does not conform to policy: Password not long enough"):
            amplify("updatePassword", oldPassword=PASSWORD, newPassword="short")
        amplify("updatePassword", oldPassword=PASSWORD, newPassword=NEW_PASSWORD)
        amplify("signOut")
        assert step(amplify("signIn", username=user.username, password=NEW_PASSWORD)) == "DONE"

    def test_a_lost_password(self, amplify, user, inbox):
        asked = amplify("resetPassword", username=user.username)
        assert asked["nextStep"]["resetPasswordStep"] == "CONFIRM_RESET_PASSWORD_WITH_CODE"
        code = inbox.code(user.email)
        amplify("confirmResetPassword", username=user.username, confirmationCode=code, newPassword=NEW_PASSWORD)
        assert step(amplify("signIn", username=user.username, password=NEW_PASSWORD)) == "DONE"


class TestSecondFactors:
    @pytest.fixture
    def optional(self, cognito, pools):
        return mfa_pool(cognito, pools, "OPTIONAL")

    def test_app_is_set_up_preferred_and_asked_for(self, amplify_of, optional, pools):
        user = pools.user(optional[0])
        with amplify_of(*optional) as amplify:
            amplify("signIn", username=user.username, password=PASSWORD)
            details = amplify("setUpTOTP")
            # The quotes are Amplify's own: it writes the name as JSON.
            secret = details["sharedSecret"]
            assert details["setupUri"] == f"otpauth://totp/Shop:%22{user.username}%22?secret={secret}&issuer=Shop"
            app = App(secret)
            with pytest.raises(Refused) as wrong:
                amplify("verifyTOTPSetup", code=app.wrong_code())
            assert wrong.value.name == "EnableSoftwareTokenMFAException"
            amplify("verifyTOTPSetup", code=app.code(steps=-1))
            amplify("updateMFAPreference", totp="PREFERRED")
            assert amplify("fetchMFAPreference") == {"enabled": ["TOTP"], "preferred": "TOTP"}
            amplify("signOut")
            asked = amplify("signIn", username=user.username, password=PASSWORD)
            assert step(asked) == "CONFIRM_SIGN_IN_WITH_TOTP_CODE"
            assert step(amplify("confirmSignIn", challengeResponse=app.code())) == "DONE"
            amplify("updateMFAPreference", totp="DISABLED")
            assert amplify("fetchMFAPreference") == {"enabled": None, "preferred": None}

    def test_app_is_set_up_on_the_way_in(self, amplify_of, cognito, pools):
        required = mfa_pool(cognito, pools, "ON")
        user = pools.user(required[0])
        with amplify_of(*required) as amplify:
            asked = amplify("signIn", username=user.username, password=PASSWORD)
            assert step(asked) == "CONTINUE_SIGN_IN_WITH_TOTP_SETUP"
            app = App(asked["nextStep"]["totpSetupDetails"]["sharedSecret"])
            assert step(amplify("confirmSignIn", challengeResponse=app.code())) == "DONE"

    def test_text_message_is_chosen(self, amplify_of, optional, cognito, pools, inbox):
        user, _ = with_app(cognito, pools, *optional, is_preferred=False)
        phone = "+15550100777"
        cognito.admin_update_user_attributes(
            UserPoolId=optional[0],
            Username=user.username,
            UserAttributes=[
                {"Name": "phone_number", "Value": phone},
                {"Name": "phone_number_verified", "Value": "true"},
            ],
        )
        both = {"SMSMfaSettings": {"Enabled": True}, "SoftwareTokenMfaSettings": {"Enabled": True}}
        prefer(cognito, optional[0], user, **both)
        with amplify_of(*optional) as amplify:
            asked = amplify("signIn", username=user.username, password=PASSWORD)
            assert step(asked) == "CONTINUE_SIGN_IN_WITH_MFA_SELECTION"
            assert sorted(asked["nextStep"]["allowedMFATypes"]) == ["SMS", "TOTP"]
            assert step(amplify("confirmSignIn", challengeResponse="SMS")) == "CONFIRM_SIGN_IN_WITH_SMS_CODE"
            assert step(amplify("confirmSignIn", challengeResponse=inbox.code(phone))) == "DONE"


def test_a_remembered_device_skips_the_second_factor_until_it_is_forgotten(amplify_of, cognito, pools):
    pool, client_id = device_pool(cognito, pools, prompt=True)
    user, app = with_app(cognito, pools, pool, client_id)
    with amplify_of(pool, client_id) as amplify:
        credentials = {"username": user.username, "password": PASSWORD}
        assert step(amplify("signIn", **credentials)) == "CONFIRM_SIGN_IN_WITH_TOTP_CODE"
        amplify("confirmSignIn", challengeResponse=app.code())
        amplify("rememberDevice")
        [device] = amplify("fetchDevices")
        assert device["attributes"]["device_status"] == "valid"
        assert device["name"].startswith("Node.js/")
        amplify("signOut")
        assert step(amplify("signIn", **credentials)) == "DONE"
        assert [found["id"] for found in amplify("fetchDevices")] == [device["id"]]
        amplify("forgetDevice")
        assert amplify("fetchDevices") == []
        amplify("signOut")
        assert step(amplify("signIn", **credentials)) == "CONFIRM_SIGN_IN_WITH_TOTP_CODE"
