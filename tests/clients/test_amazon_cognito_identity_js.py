"""amazon-cognito-identity-js in Node.js, unchanged: sign-up, sign-in, second factors, devices, passwords, attributes."""

from contextlib import ExitStack

import pytest

from tests.conformance.api.test_devices import device_pool
from tests.conformance.api.test_mfa import mfa_pool, prefer, with_app
from tests.support import node
from tests.support.calls import Refused
from tests.support.pools import PASSWORD, unique
from tests.support.totp import App

pytestmark = [
    pytest.mark.node,
    # What the client says and understands does not hang on the engine.
    pytest.mark.parametrize("engine", ["sqlite"], indirect=True, scope="session"),
]

HERE = "CALLBACK"  # Where the callback stands when it is not the last argument.
NEW_PASSWORD = "Other-Horse-2"
INCORRECT = "Incorrect username or password."


@pytest.fixture(scope="module")
def processes():
    with node.configured("amazon-cognito-identity-js/calls") as take:
        yield take


@pytest.fixture
def person_of(server, processes):
    """person_of(username, pool, client): the methods of CognitoUser; each gives (callback, its arguments)."""
    with ExitStack() as stack:

        def make(username, pool, client_id):
            options = {"endpoint": server.url, "UserPoolId": pool, "ClientId": client_id, "username": username}
            call = stack.enter_context(processes(**options))

            def method(name, *arguments):
                answer = call(name, *(arguments or (HERE,)))
                return answer["name"], answer["values"]

            return method

        yield make


@pytest.fixture
def person(person_of, user, user_pool_id, client_id):
    return person_of(user.username, user_pool_id, client_id)


def sign_in(person, username, password=PASSWORD):
    return person("authenticateUser", {"Username": username, "Password": password})


def test_sign_up_with_the_code_from_a_mail(person_of, pools, inbox):
    pool = pools.user_pool(AutoVerifiedAttributes=["email"])
    name = unique()
    email = f"{name}@example.com"
    person = person_of(name, pool, pools.client_id(pool))
    _, [signed_up] = person("signUp", name, PASSWORD, [{"Name": "email", "Value": email}], None)
    assert signed_up["userConfirmed"] is False
    first = inbox.newest(email)
    person("resendConfirmationCode")
    person("confirmRegistration", inbox.code(email, after=first["id"]), True)
    assert sign_in(person, name)[0] == "onSuccess"
    person("deleteUser")
    with pytest.raises(Refused, match="User does not exist"):
        sign_in(person, name)


class TestSignIn:
    def test_by_srp_then_attributes_refresh_and_sign_out_everywhere(self, person, user):
        _, [session] = sign_in(person, user.username)
        assert session["idToken"]["payload"]["sub"] == user.sub
        _, [refreshed] = person("refreshSession", session["refreshToken"]["token"])
        assert refreshed["accessToken"]["jwtToken"] != session["accessToken"]["jwtToken"]
        person("updateAttributes", [{"Name": "nickname", "Value": "Ada"}])
        attributes = {each["Name"]: each["Value"] for each in person("getUserAttributes")[1][0]}
        assert (attributes["email"], attributes["nickname"]) == (user.email, "Ada")
        person("deleteAttributes", ["nickname"])
        assert "nickname" not in {each["Name"] for each in person("getUserAttributes")[1][0]}
        person("globalSignOut")
        with pytest.raises(Refused):
            person("getUserAttributes")

    def test_a_wrong_password_is_refused(self, person, user):
        with pytest.raises(Refused) as wrong:
            sign_in(person, user.username, "Wrong-Horse-1")
        assert (wrong.value.name, wrong.value.message) == ("NotAuthorizedException", INCORRECT)

    def test_an_invited_user_chooses_a_password(self, person_of, cognito, user_pool_id, client_id):
        name = unique()
        cognito.admin_create_user(
            UserPoolId=user_pool_id, Username=name, TemporaryPassword="Temporary-1", MessageAction="SUPPRESS"
        )
        person = person_of(name, user_pool_id, client_id)
        assert sign_in(person, name, "Temporary-1") == ("newPasswordRequired", [{}, []])
        assert person("completeNewPasswordChallenge", PASSWORD, {})[0] == "onSuccess"


class TestPasswords:
    def test_changed(self, person, user):
        sign_in(person, user.username)
        person("changePassword", PASSWORD, NEW_PASSWORD)
        assert sign_in(person, user.username, NEW_PASSWORD)[0] == "onSuccess"

    def test_forgotten(self, person, user, inbox):
        asked, [answer] = person("forgotPassword")
        assert (asked, answer["CodeDeliveryDetails"]["DeliveryMedium"]) == ("inputVerificationCode", "EMAIL")
        person("confirmPassword", inbox.code(user.email), NEW_PASSWORD)
        assert sign_in(person, user.username, NEW_PASSWORD)[0] == "onSuccess"


class TestSecondFactors:
    @pytest.fixture
    def optional(self, cognito, pools):
        return mfa_pool(cognito, pools, "OPTIONAL")

    def test_app_is_set_up_and_asked_for(self, person_of, optional, pools):
        name = pools.user(optional[0]).username
        person = person_of(name, *optional)
        sign_in(person, name)
        asked, [secret] = person("associateSoftwareToken")
        app = App(secret)
        assert asked == "associateSecretCode"
        person("verifySoftwareToken", app.code(steps=-1), "My phone")
        person("setUserMfaPreference", None, {"PreferredMfa": True, "Enabled": True})
        asked, [factor, details] = sign_in(person, name)
        assert (asked, factor, details["FRIENDLY_DEVICE_NAME"]) == ("totpRequired", "SOFTWARE_TOKEN_MFA", "My phone")
        with pytest.raises(Refused) as wrong:
            person("sendMFACode", app.wrong_code(), HERE, "SOFTWARE_TOKEN_MFA")
        assert wrong.value.name == "CodeMismatchException"
        assert person("sendMFACode", app.code(), HERE, "SOFTWARE_TOKEN_MFA")[0] == "onSuccess"

    def test_app_is_set_up_on_the_way_in(self, person_of, cognito, pools):
        required = mfa_pool(cognito, pools, "ON")
        name = pools.user(required[0]).username
        person = person_of(name, *required)
        assert sign_in(person, name)[0] == "mfaSetup"
        app = App(person("associateSoftwareToken")[1][0])
        assert person("verifySoftwareToken", app.code(), "My phone")[0] == "onSuccess"

    def test_text_message(self, person_of, optional, pools, inbox):
        phone = "+15550100888"
        user = pools.user(optional[0], phone_number=phone)
        person = person_of(user.username, *optional)
        sign_in(person, user.username)
        person("setUserMfaPreference", {"PreferredMfa": True, "Enabled": True}, None)
        asked, [factor, details] = sign_in(person, user.username)
        assert (asked, factor) == ("mfaRequired", "SMS_MFA")
        assert details["CODE_DELIVERY_DESTINATION"].endswith("0888")
        assert person("sendMFACode", inbox.code(phone))[0] == "onSuccess"

    def test_which_one_is_chosen(self, person_of, optional, cognito, pools):
        user, app = with_app(cognito, pools, *optional, is_preferred=False)
        cognito.admin_update_user_attributes(
            UserPoolId=optional[0],
            Username=user.username,
            UserAttributes=[
                {"Name": "phone_number", "Value": "+15550100999"},
                {"Name": "phone_number_verified", "Value": "true"},
            ],
        )
        both = {"SMSMfaSettings": {"Enabled": True}, "SoftwareTokenMfaSettings": {"Enabled": True}}
        prefer(cognito, optional[0], user, **both)
        person = person_of(user.username, *optional)
        assert sign_in(person, user.username)[0] == "selectMFAType"
        assert person("sendMFASelectionAnswer", "SOFTWARE_TOKEN_MFA")[0] == "totpRequired"
        assert person("sendMFACode", app.code(), HERE, "SOFTWARE_TOKEN_MFA")[0] == "onSuccess"


def test_a_remembered_device_skips_the_second_factor_until_it_is_forgotten(person_of, cognito, pools):
    pool, client_id = device_pool(cognito, pools, prompt=True)
    user, app = with_app(cognito, pools, pool, client_id)
    person = person_of(user.username, pool, client_id)
    assert sign_in(person, user.username)[0] == "totpRequired"
    _, [_, confirmation_is_needed] = person("sendMFACode", app.code(), HERE, "SOFTWARE_TOKEN_MFA")
    assert confirmation_is_needed is True
    person("setDeviceStatusRemembered")
    device = person("getDevice")[1][0]["Device"]
    assert {"Name": "device_status", "Value": "valid"} in device["DeviceAttributes"]
    assert sign_in(person, user.username)[0] == "onSuccess"
    [listed] = person("listDevices", 10, None)[1][0]["Devices"]
    assert listed["DeviceKey"] == device["DeviceKey"]
    person("setDeviceStatusNotRemembered")
    person("forgetDevice")
    assert person("listDevices", 10, None)[1][0]["Devices"] == []
    assert sign_in(person, user.username)[0] == "totpRequired"
