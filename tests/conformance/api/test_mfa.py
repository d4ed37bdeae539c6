"""Second factors in every flow: which one is asked for, its answer, and what a wrong one leaves (user-pools-api.md §6.9)."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes, refused, values
from tests.support.srp import SRPClient
from tests.support.totp import App

SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
DEVELOPER = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/pool@example.com",
}
PHONE = "+15550100123"
WRONG_CODE = "Invalid code or auth state for the user."


def mfa_pool(cognito, pools, mode, *, sms=True, totp=True, email=False, **settings):
    """(pool, client) with these factors."""
    pool = pools.user_pool(EmailConfiguration=DEVELOPER, **settings)
    factors = {}
    if sms:
        factors["SmsMfaConfiguration"] = {"SmsConfiguration": SMS, "SmsAuthenticationMessage": "Sesame {####}"}
    if email:
        factors["EmailMfaConfiguration"] = {"Message": "<b>Mail {####}</b>", "Subject": "Sesame"}
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool, SoftwareTokenMfaConfiguration={"Enabled": totp}, MfaConfiguration=mode, **factors
    )
    return pool, pools.client_id(pool)


@pytest.fixture(scope="module")
def optional(cognito, pools):
    return mfa_pool(cognito, pools, "OPTIONAL", email=True)


@pytest.fixture(scope="module")
def required(cognito, pools):
    return mfa_pool(cognito, pools, "ON")


def password_auth(cognito, client_id, username, **more):
    return cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": PASSWORD, **more},
    )


def answer(cognito, client_id, challenge, username, **responses):
    return cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName=challenge["ChallengeName"],
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": username, **responses},
    )


def with_app(cognito, pools, pool, client_id, *, is_preferred=True):
    """(user, their app), turned on; one code of it is used up."""
    user = pools.user(pool)
    token = password_auth(cognito, client_id, user.username)["AuthenticationResult"]["AccessToken"]
    app = App(cognito.associate_software_token(AccessToken=token)["SecretCode"])
    cognito.verify_software_token(AccessToken=token, UserCode=app.code(steps=-1), FriendlyDeviceName="My phone")
    cognito.set_user_mfa_preference(
        AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": is_preferred}
    )
    return user, app


def prefer(cognito, pool, user, **settings):
    cognito.admin_set_user_mfa_preference(UserPoolId=pool, Username=user.username, **settings)


SMS_ON, SMS_PREFERRED = {"Enabled": True}, {"Enabled": True, "PreferredMfa": True}


class TestOptional:
    def test_without_a_factor_nothing_is_asked(self, cognito, pools, optional):
        pool, client_id = optional
        assert "AuthenticationResult" in password_auth(cognito, client_id, pools.user(pool).username)

    def test_app(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        assert challenge["ChallengeParameters"] == {
            "FRIENDLY_DEVICE_NAME": "My phone",
            "USER_ID_FOR_SRP": user.username,
        }
        assert "AuthenticationResult" not in challenge
        done = answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())
        assert done["AuthenticationResult"]["AccessToken"]
        assert done["ChallengeParameters"] == {}

    def test_app_after_srp(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        client = SRPClient(pool, user.username, user.password)
        begun = cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_SRP_AUTH", AuthParameters=client.parameters)
        challenge = cognito.respond_to_auth_challenge(
            ClientId=client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=client.responses(begun)
        )
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        done = answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())
        assert done["AuthenticationResult"]["AccessToken"]

    def test_app_by_an_administrator(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = cognito.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": PASSWORD},
        )
        done = cognito.admin_respond_to_auth_challenge(
            UserPoolId=pool,
            ClientId=client_id,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": app.code()},
        )
        assert done["AuthenticationResult"]["AccessToken"]

    def test_wrong_code_of_the_app_leaves_the_session(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        with refused("CodeMismatch", "Invalid code received for user"):
            answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.wrong_code())
        answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())

    def test_code_of_the_app_serves_once(self, cognito, pools, optional):
        """Acceptance 25."""
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        first, second = (password_auth(cognito, client_id, user.username) for _ in range(2))
        code = app.code()
        answer(cognito, client_id, first, user.username, SOFTWARE_TOKEN_MFA_CODE=code)
        with refused("ExpiredCode", "Your software token has already been used once."):
            answer(cognito, client_id, second, user.username, SOFTWARE_TOKEN_MFA_CODE=code)
        with refused("ExpiredCode", "Your software token has already been used once."):
            answer(cognito, client_id, second, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code(steps=-1))
        answer(cognito, client_id, second, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code(steps=1))

    def test_code_that_verified_the_app_does_not_sign_in(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        with refused("ExpiredCode"):
            answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code(steps=-1))

    def test_session_serves_once(self, cognito, pools, optional):
        """Acceptance 26, of a second factor."""
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code(steps=1))

    def test_session_of_another_user(self, cognito, pools, optional):
        pool, client_id = optional
        user, _ = with_app(cognito, pools, pool, client_id)
        other, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(cognito, client_id, challenge, other.username, SOFTWARE_TOKEN_MFA_CODE=app.code())

    def test_session_of_another_challenge(self, cognito, pools, optional):
        """A Session that waits for the app is none that waits for a message."""
        pool, client_id = optional
        user, _ = with_app(cognito, pools, pool, client_id)
        challenge = {**password_auth(cognito, client_id, user.username), "ChallengeName": "SMS_MFA"}
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(cognito, client_id, challenge, user.username, SMS_MFA_CODE="123456")

    def test_guesses_begin_a_lock(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)

        def guess(_):
            try:
                answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.wrong_code())
            except ClientError as error:
                return error.response["Error"]["Message"]

        with ThreadPoolExecutor(8) as threads:
            said = list(threads.map(guess, range(24)))
        # Also side by side: five are free, and the lock of a second lets a few more in while these go on.
        assert said.count("Invalid code received for user") < 10
        assert "Password attempts exceeded" in said

    def test_password_changed_meanwhile(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        cognito.admin_set_user_password(
            UserPoolId=pool, Username=user.username, Password="Another-Horse-1", Permanent=True
        )
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())

    def test_disabled_meanwhile(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        cognito.admin_disable_user(UserPoolId=pool, Username=user.username)
        with refused("NotAuthorized", "User is disabled."):
            answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())

    def test_session_expires(self, clocked):
        cognito = clocked.client()
        pools = Pools(cognito)
        pool, client_id = mfa_pool(cognito, pools, "OPTIONAL")
        user = pools.user(pool, phone_number=PHONE)
        prefer(cognito, pool, user, SMSMfaSettings=SMS_PREFERRED)
        challenge = password_auth(cognito, client_id, user.username)
        clocked.advance_clock(181)
        with refused("NotAuthorized", "Invalid session for the user, session is expired."):
            answer(cognito, client_id, challenge, user.username, SMS_MFA_CODE="123456")

    def test_text_message(self, cognito, pools, optional, inbox):
        pool, client_id = optional
        phone = "+15550100155"
        user = pools.user(pool, phone_number=phone)
        prefer(cognito, pool, user, SMSMfaSettings=SMS_PREFERRED)
        challenge = password_auth(cognito, client_id, user.username)
        assert challenge["ChallengeName"] == "SMS_MFA"
        assert challenge["ChallengeParameters"] == {
            "CODE_DELIVERY_DELIVERY_MEDIUM": "SMS",
            "CODE_DELIVERY_DESTINATION": f"+*******{phone[-4:]}",
            "USER_ID_FOR_SRP": user.username,
        }
        message = inbox.newest(phone)
        assert message["text"] == f"Sesame {message['code']}"
        assert len(message["code"]) == 6
        wrong = "000000" if message["code"] != "000000" else "000001"
        with refused("CodeMismatch", WRONG_CODE):
            answer(cognito, client_id, challenge, user.username, SMS_MFA_CODE=wrong)
        done = answer(cognito, client_id, challenge, user.username, SMS_MFA_CODE=message["code"])
        assert done["AuthenticationResult"]["AccessToken"]
        told = cognito.admin_get_user(UserPoolId=pool, Username=user.username)
        assert values(told["UserAttributes"])["phone_number_verified"] == "true"

    def test_mail(self, cognito, pools, optional, inbox):
        pool, client_id = optional
        user = pools.user(pool)
        prefer(cognito, pool, user, EmailMfaSettings=SMS_PREFERRED)
        challenge = password_auth(cognito, client_id, user.username)
        assert challenge["ChallengeName"] == "EMAIL_OTP"
        assert challenge["ChallengeParameters"]["CODE_DELIVERY_DELIVERY_MEDIUM"] == "EMAIL"
        message = inbox.newest(user.email)
        assert (message["subject"], message["html"]) == ("Sesame", f"<b>Mail {message['code']}</b>")
        done = answer(cognito, client_id, challenge, user.username, EMAIL_OTP_CODE=message["code"])
        assert done["AuthenticationResult"]["AccessToken"]

    def test_each_sign_in_has_a_code_of_its_own(self, cognito, pools, optional, inbox):
        pool, client_id = optional
        user = pools.user(pool)
        prefer(cognito, pool, user, EmailMfaSettings=SMS_PREFERRED)
        first = password_auth(cognito, client_id, user.username)
        known = inbox.newest(user.email)
        second = password_auth(cognito, client_id, user.username)
        newer = inbox.newest(user.email, after=known["id"])
        if newer["code"] != known["code"]:
            with refused("CodeMismatch", WRONG_CODE):
                answer(cognito, client_id, second, user.username, EMAIL_OTP_CODE=known["code"])
        answer(cognito, client_id, first, user.username, EMAIL_OTP_CODE=known["code"])
        answer(cognito, client_id, second, user.username, EMAIL_OTP_CODE=newer["code"])

    def test_code_went_to_an_address_that_is_no_longer_the_users(self, cognito, pools, optional, inbox):
        pool, client_id = optional
        user = pools.user(pool)
        prefer(cognito, pool, user, EmailMfaSettings=SMS_PREFERRED)
        challenge = password_auth(cognito, client_id, user.username)
        code = inbox.code(user.email)
        cognito.admin_update_user_attributes(
            UserPoolId=pool, Username=user.username, UserAttributes=attributes(email=f"{unique()}@example.com")
        )
        with refused("CodeMismatch", WRONG_CODE):
            answer(cognito, client_id, challenge, user.username, EMAIL_OTP_CODE=code)

    def test_too_many_messages(self, cognito, pools, optional):
        pool, client_id = optional
        user = pools.user(pool)
        prefer(cognito, pool, user, EmailMfaSettings=SMS_PREFERRED)
        for _ in range(20):
            password_auth(cognito, client_id, user.username)
        with refused("TooManyRequests", "Too many requests"):
            password_auth(cognito, client_id, user.username)

    def test_two_without_a_preference_are_a_choice(self, cognito, pools, optional, inbox):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id, is_preferred=False)
        prefer(cognito, pool, user, EmailMfaSettings=SMS_ON)
        choice = password_auth(cognito, client_id, user.username)
        assert choice["ChallengeName"] == "SELECT_MFA_TYPE"
        assert json.loads(choice["ChallengeParameters"]["MFAS_CAN_CHOOSE"]) == ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]
        with refused("InvalidParameter", "ANSWER is not one of the choices."):
            answer(cognito, client_id, choice, user.username, ANSWER="SMS_MFA")
        challenge = answer(cognito, client_id, choice, user.username, ANSWER="EMAIL_MFA")
        assert challenge["ChallengeName"] == "EMAIL_OTP"
        answer(cognito, client_id, challenge, user.username, EMAIL_OTP_CODE=inbox.code(user.email))
        choice = password_auth(cognito, client_id, user.username)
        challenge = answer(cognito, client_id, choice, user.username, ANSWER="SOFTWARE_TOKEN_MFA")
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            answer(cognito, client_id, choice, user.username, ANSWER="EMAIL_OTP")
        answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())

    def test_factor_turned_on_while_tokens_are_made_is_asked_for_the_next_time(self, cognito, pools, optional):
        """Acceptance 23, by an administrator."""
        pool, client_id = optional
        user, _app = with_app(cognito, pools, pool, client_id)
        cognito.admin_set_user_password(UserPoolId=pool, Username=user.username, Password=PASSWORD, Permanent=True)
        assert password_auth(cognito, client_id, user.username)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"

    @pytest.mark.parametrize("by", ["the user", "an administrator"])
    def test_forgotten_password_does_not_get_past_it(self, cognito, pools, optional, inbox, by):
        """Acceptance 23."""
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        if by == "the user":
            cognito.forgot_password(ClientId=client_id, Username=user.username)
        else:
            cognito.admin_reset_user_password(UserPoolId=pool, Username=user.username)
        cognito.confirm_forgot_password(
            ClientId=client_id,
            Username=user.username,
            ConfirmationCode=inbox.code(user.email),
            Password="Another-Horse-2",
        )
        challenge = password_auth(cognito, client_id, user.username, PASSWORD="Another-Horse-2")
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        assert "AuthenticationResult" not in challenge
        with refused("CodeMismatch"):
            answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.wrong_code())
        done = answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())
        assert done["AuthenticationResult"]["AccessToken"]

    def test_refresh_asks_for_nothing(self, cognito, pools, optional):
        pool, client_id = optional
        user, app = with_app(cognito, pools, pool, client_id)
        challenge = password_auth(cognito, client_id, user.username)
        done = answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())
        again = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": done["AuthenticationResult"]["RefreshToken"]},
        )
        assert again["AuthenticationResult"]["AccessToken"]


class TestRequired:
    def test_app_is_set_up(self, cognito, pools, required):
        pool, client_id = required
        user = pools.user(pool)
        challenge = password_auth(cognito, client_id, user.username)
        assert challenge["ChallengeName"] == "MFA_SETUP"
        assert json.loads(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(cognito, client_id, challenge, user.username)  # nothing is set up yet
        associated = cognito.associate_software_token(Session=challenge["Session"])
        app = App(associated["SecretCode"])
        with refused("EnableSoftwareTokenMFA", "Code mismatch"):
            cognito.verify_software_token(Session=associated["Session"], UserCode=app.wrong_code())
        verified = cognito.verify_software_token(Session=associated["Session"], UserCode=app.code(steps=-1))
        assert verified["Status"] == "SUCCESS"
        done = answer(cognito, client_id, {**challenge, "Session": verified["Session"]}, user.username)
        assert done["AuthenticationResult"]["AccessToken"]
        told = cognito.get_user(AccessToken=done["AuthenticationResult"]["AccessToken"])
        assert (told["UserMFASettingList"], told["PreferredMfaSetting"]) == (
            ["SOFTWARE_TOKEN_MFA"],
            "SOFTWARE_TOKEN_MFA",
        )
        challenge = password_auth(cognito, client_id, user.username)
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        answer(cognito, client_id, challenge, user.username, SOFTWARE_TOKEN_MFA_CODE=app.code())

    def test_verified_session_serves_once(self, cognito, pools, required):
        pool, client_id = required
        user = pools.user(pool)
        challenge = password_auth(cognito, client_id, user.username)
        associated = cognito.associate_software_token(Session=challenge["Session"])
        code = App(associated["SecretCode"]).code()
        verified = cognito.verify_software_token(Session=associated["Session"], UserCode=code)
        answer(cognito, client_id, {**challenge, "Session": verified["Session"]}, user.username)
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            answer(cognito, client_id, {**challenge, "Session": verified["Session"]}, user.username)

    def test_phone_number_serves_without_having_been_turned_on(self, cognito, pools, required, inbox):
        pool, client_id = required
        phone = "+15550100199"
        user = pools.user(pool, phone_number=phone)
        challenge = password_auth(cognito, client_id, user.username)
        assert challenge["ChallengeName"] == "SMS_MFA"
        done = answer(cognito, client_id, challenge, user.username, SMS_MFA_CODE=inbox.code(phone))
        assert done["AuthenticationResult"]["AccessToken"]

    def test_nothing_that_the_user_could_prove(self, cognito, pools):
        pool, client_id = mfa_pool(cognito, pools, "ON", totp=False)
        user = pools.user(pool)
        with refused("MFAMethodNotFound", "No MFA mechanism registered in the account."):
            cognito.admin_initiate_auth(
                UserPoolId=pool,
                ClientId=client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": user.username, "PASSWORD": PASSWORD},
            )
        with refused("InvalidParameter", "No MFA mechanism registered in the account."):
            password_auth(cognito, client_id, user.username)  # InitiateAuth declares no MFAMethodNotFoundException

    def test_address_of_recovery_is_passed_over(self, cognito, pools):
        recovery = {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]}
        pool, client_id = mfa_pool(cognito, pools, "ON", email=True, AccountRecoverySetting=recovery)
        user = pools.user(pool, phone_number="+15550100177")
        assert password_auth(cognito, client_id, user.username)["ChallengeName"] == "SMS_MFA"

    def test_mail_is_set_up(self, cognito, pools, inbox):
        pool, client_id = mfa_pool(cognito, pools, "ON", email=True, sms=False)
        username, email = unique(), f"{unique()}@example.com"
        cognito.admin_create_user(UserPoolId=pool, Username=username, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool, Username=username, Password=PASSWORD, Permanent=True)
        challenge = password_auth(cognito, client_id, username)
        assert json.loads(challenge["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]
        with refused("InvalidParameter", "Invalid email address format."):
            answer(cognito, client_id, challenge, username, email="nowhere")
        asked = answer(cognito, client_id, challenge, username, email=email)
        assert asked["ChallengeName"] == "EMAIL_OTP"
        assert "email" not in values(cognito.admin_get_user(UserPoolId=pool, Username=username)["UserAttributes"])
        done = answer(cognito, client_id, asked, username, EMAIL_OTP_CODE=inbox.code(email))
        told = cognito.get_user(AccessToken=done["AuthenticationResult"]["AccessToken"])
        assert told["UserMFASettingList"] == ["EMAIL_OTP"]
        has = values(told["UserAttributes"])
        assert (has["email"], has["email_verified"]) == (email, "true")

    def test_new_password_comes_first(self, cognito, required):
        """OBS moto aws_verified: NEW_PASSWORD_REQUIRED, then MFA_SETUP, then tokens."""
        pool, client_id = required
        username = unique()
        cognito.admin_create_user(
            UserPoolId=pool, Username=username, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )
        challenge = password_auth(cognito, client_id, username)
        assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        challenge = answer(cognito, client_id, challenge, username, NEW_PASSWORD="Another-Horse-1")
        assert challenge["ChallengeName"] == "MFA_SETUP"
        associated = cognito.associate_software_token(Session=challenge["Session"])
        verified = cognito.verify_software_token(
            Session=associated["Session"], UserCode=App(associated["SecretCode"]).code()
        )
        done = answer(cognito, client_id, {**challenge, "Session": verified["Session"]}, username)
        assert done["AuthenticationResult"]["AccessToken"]

    def test_app_is_not_offered_where_it_is_no_factor(self, cognito, pools):
        pool, client_id = mfa_pool(cognito, pools, "ON", email=True, totp=False, sms=False)
        username = unique()
        cognito.admin_create_user(UserPoolId=pool, Username=username, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool, Username=username, Password=PASSWORD, Permanent=True)
        challenge = password_auth(cognito, client_id, username)
        with refused("SoftwareTokenMFANotFound", "Software Token MFA has not been enabled by the userPool"):
            cognito.associate_software_token(Session=challenge["Session"])


class TestSetUpThatIsTooLate:
    """Whoever began MFA_SETUP with the password alone gets nothing by it once the user has a factor."""

    @pytest.fixture
    def late(self, cognito, pools):
        """(client, user, a Session of MFA_SETUP from before the user had an app)."""
        pool, client_id = mfa_pool(cognito, pools, "ON", sms=False, email=True)
        name = unique()
        cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        early, own = (password_auth(cognito, client_id, name) for _ in range(2))
        begun = cognito.associate_software_token(Session=own["Session"])
        verified = cognito.verify_software_token(Session=begun["Session"], UserCode=App(begun["SecretCode"]).code())
        return client_id, name, early, own, verified

    def test_app(self, cognito, late):
        _, _, early, _, _ = late
        begun = cognito.associate_software_token(Session=early["Session"])
        code = App(begun["SecretCode"]).code()
        with refused("NotAuthorized", "Invalid session for the user."):
            cognito.verify_software_token(Session=begun["Session"], UserCode=code)

    def test_address(self, cognito, late, inbox):
        client_id, name, early, _, _ = late
        address = f"{name}@thief.example"
        sent = answer(cognito, client_id, early, name, EMAIL=address)
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(cognito, client_id, sent, name, EMAIL_OTP_CODE=inbox.code(address))

    def test_the_one_who_was_first_goes_on(self, cognito, late):
        client_id, name, _, own, verified = late
        done = answer(cognito, client_id, {**own, "Session": verified["Session"]}, name)
        assert done["AuthenticationResult"]["AccessToken"]
