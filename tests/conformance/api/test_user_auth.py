"""USER_AUTH: a user chooses with what to begin, or has just confirmed the sign-up (user-pools-api.md §6.5, §6.7)."""

import pytest

from tests.conformance.api.test_mfa import mfa_pool, with_app
from tests.support.oauth import claims_of
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes, refused, values
from tests.support.srp import SRPClient

FACTORS = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}}
FLOWS = ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
WRONG_CODE = "Invalid code or auth state for the user."


@pytest.fixture(scope="module")
def choosy(pools):
    """(pool, client) in which every factor but passkeys may come first; the client hides who exists."""
    pool = pools.user_pool(Policies=FACTORS, AutoVerifiedAttributes=["email"])
    return pool, pools.client_id(pool, ExplicitAuthFlows=FLOWS, PreventUserExistenceErrors="ENABLED")


@pytest.fixture
def start(cognito, choosy):
    def start(username, *, client_id="", **parameters):
        return cognito.initiate_auth(
            ClientId=client_id or choosy[1],
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": username, **parameters},
        )

    return start


@pytest.fixture
def answer(cognito, choosy):
    def answer(challenge, username, *, name="", client_id="", **responses):
        return cognito.respond_to_auth_challenge(
            ClientId=client_id or choosy[1],
            ChallengeName=name or challenge["ChallengeName"],
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": username, **responses},
        )

    return answer


class TestChoice:
    def test_what_is_available(self, pools, choosy, start):
        user = pools.user(choosy[0], phone_number="+15550100301")
        got = start(user.username)
        assert got["ChallengeName"] == "SELECT_CHALLENGE"
        assert got["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD", "EMAIL_OTP", "SMS_OTP"]
        assert got["ChallengeParameters"] == {}
        assert 20 <= len(got["Session"]) <= 4096

    def test_without_a_phone_number_no_text_message(self, pools, choosy, start):
        assert "SMS_OTP" not in start(pools.user(choosy[0]).username)["AvailableChallenges"]

    def test_a_temporary_password_comes_first(self, cognito, choosy, start):
        """2026 runbook."""
        name = unique()
        cognito.admin_create_user(
            UserPoolId=choosy[0],
            Username=name,
            TemporaryPassword=PASSWORD,
            MessageAction="SUPPRESS",
            UserAttributes=attributes(email=f"{name}@example.com"),
        )
        assert start(name)["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_user_without_a_password(self, cognito, choosy, start):
        name = unique()
        cognito.admin_create_user(
            UserPoolId=choosy[0],
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=attributes(email=f"{name}@example.com"),
        )
        assert start(name)["AvailableChallenges"] == ["EMAIL_OTP"]

    def test_pool_of_passwords_alone(self, cognito, pools, user_pool_id, user):
        client_id = pools.client_id(user_pool_id, ExplicitAuthFlows=FLOWS)
        got = cognito.initiate_auth(
            ClientId=client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": user.username}
        )
        assert got["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]

    def test_where_the_client_does_not_allow_it(self, cognito, client_id, user):
        with refused("InvalidParameter", "USER_AUTH flow not enabled for this client"):
            cognito.initiate_auth(ClientId=client_id, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": user.username})

    def test_who_has_a_second_factor_is_sent_no_code_as_the_first(self, cognito, pools):
        pool, client_id = mfa_pool(cognito, pools, "OPTIONAL", Policies=FACTORS)
        user, _ = with_app(cognito, pools, pool, client_id)
        choosing = pools.client_id(pool, ExplicitAuthFlows=FLOWS)
        got = cognito.initiate_auth(ClientId=choosing, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": user.username})
        assert got["AvailableChallenges"] == ["PASSWORD_SRP", "PASSWORD"]
        other = pools.user(pool)
        got = cognito.initiate_auth(
            ClientId=choosing, AuthFlow="USER_AUTH", AuthParameters={"USERNAME": other.username}
        )
        assert "EMAIL_OTP" in got["AvailableChallenges"]

    def test_picking_one_that_is_not_offered(self, pools, choosy, start, answer):
        user = pools.user(choosy[0])
        with refused("InvalidParameter", "ANSWER is not one of the choices."):
            answer(start(user.username), user.username, ANSWER="SMS_OTP")

    def test_session_of_another_user(self, pools, choosy, start, answer):
        user, other = pools.user(choosy[0]), pools.user(choosy[0])
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(start(user.username), other.username, ANSWER="PASSWORD", PASSWORD=PASSWORD)

    @pytest.mark.parametrize("parameter", ["TARGET_ACR_VALUES", "MAX_AGE", "ACCESS_TOKEN"])
    def test_step_up_is_not_built_and_says_so(self, pools, choosy, start, parameter):
        with refused("InvalidParameter", f"{parameter} is not available in poolhouse yet; see `poolhouse operations`."):
            start(pools.user(choosy[0]).username, **{parameter: "1"})


class TestPassword:
    def test_at_once(self, pools, choosy, start):
        user = pools.user(choosy[0])
        got = start(user.username, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
        assert got["AuthenticationResult"]["AccessToken"]

    @pytest.mark.parametrize("name", ["SELECT_CHALLENGE", "PASSWORD"])
    def test_by_choice(self, pools, choosy, start, answer, name):
        user = pools.user(choosy[0])
        picked = {"ANSWER": "PASSWORD"} if name == "SELECT_CHALLENGE" else {}
        challenge = start(user.username)
        with refused("NotAuthorized", "Incorrect username or password."):
            answer(challenge, user.username, name=name, PASSWORD="Wrong-Horse-1", **picked)
        done = answer(challenge, user.username, name=name, PASSWORD=PASSWORD, **picked)
        assert done["AuthenticationResult"]["AccessToken"]
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            answer(challenge, user.username, name=name, PASSWORD=PASSWORD, **picked)

    def test_missing(self, pools, choosy, start):
        with refused("InvalidParameter", "Missing required parameter PASSWORD"):
            start(pools.user(choosy[0]).username, PREFERRED_CHALLENGE="PASSWORD")

    def test_then_a_second_factor(self, cognito, pools):
        pool, client_id = mfa_pool(cognito, pools, "OPTIONAL", Policies=FACTORS)
        user, app = with_app(cognito, pools, pool, client_id)
        choosing = pools.client_id(pool, ExplicitAuthFlows=FLOWS)
        challenge = cognito.initiate_auth(
            ClientId=choosing,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": user.username, "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD},
        )
        assert challenge["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
        done = cognito.respond_to_auth_challenge(
            ClientId=choosing,
            ChallengeName="SOFTWARE_TOKEN_MFA",
            Session=challenge["Session"],
            ChallengeResponses={"USERNAME": user.username, "SOFTWARE_TOKEN_MFA_CODE": app.code()},
        )
        assert done["AuthenticationResult"]["AccessToken"]

    def test_by_an_administrator(self, cognito, pools, choosy):
        pool, client_id = choosy
        user = pools.user(pool)
        got = cognito.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=client_id,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": user.username, "PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": PASSWORD},
        )
        assert got["AuthenticationResult"]["AccessToken"]


class TestPasswordSRP:
    def test_at_once(self, cognito, pools, choosy, start):
        pool, client_id = choosy
        user = pools.user(pool)
        client = SRPClient(pool, user.username, PASSWORD)
        challenge = start(user.username, PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A=client.parameters["SRP_A"])
        assert challenge["ChallengeName"] == "PASSWORD_VERIFIER"
        done = cognito.respond_to_auth_challenge(
            ClientId=client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=client.responses(challenge)
        )
        assert done["AuthenticationResult"]["AccessToken"]

    @pytest.mark.parametrize("name", ["SELECT_CHALLENGE", "PASSWORD_SRP"])
    def test_by_choice(self, cognito, pools, choosy, start, answer, name):
        pool, client_id = choosy
        user = pools.user(pool)
        client = SRPClient(pool, user.username, PASSWORD)
        picked = {"ANSWER": "PASSWORD_SRP"} if name == "SELECT_CHALLENGE" else {}
        challenge = answer(start(user.username), user.username, name=name, SRP_A=client.parameters["SRP_A"], **picked)
        assert challenge["ChallengeName"] == "PASSWORD_VERIFIER"
        done = cognito.respond_to_auth_challenge(
            ClientId=client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=client.responses(challenge)
        )
        assert done["AuthenticationResult"]["AccessToken"]


class TestCode:
    def test_mail_at_once(self, pools, choosy, start, answer, inbox):
        user = pools.user(choosy[0])
        challenge = start(user.username, PREFERRED_CHALLENGE="EMAIL_OTP")
        assert challenge["ChallengeName"] == "EMAIL_OTP"
        assert challenge["AvailableChallenges"] == ["EMAIL_OTP"]
        assert challenge["ChallengeParameters"] == {
            "CODE_DELIVERY_DELIVERY_MEDIUM": "EMAIL",
            "CODE_DELIVERY_DESTINATION": f"{user.email[0]}***@e***",
        }
        code = inbox.code(user.email)
        assert len(code) == 8
        with refused("CodeMismatch", WRONG_CODE):
            answer(challenge, user.username, EMAIL_OTP_CODE="0" * 8 if code != "0" * 8 else "1" * 8)
        done = answer(challenge, user.username, EMAIL_OTP_CODE=code)
        assert claims_of(done["AuthenticationResult"]["AccessToken"])["sub"] == user.sub
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            answer(challenge, user.username, EMAIL_OTP_CODE=code)

    def test_text_message_by_choice(self, cognito, pools, choosy, start, answer, inbox):
        pool, phone = choosy[0], "+15550100302"
        user = pools.user(pool, phone_number=phone)
        challenge = answer(start(user.username), user.username, ANSWER="SMS_OTP")
        assert challenge["ChallengeName"] == "SMS_OTP"
        done = answer(challenge, user.username, SMS_OTP_CODE=inbox.code(phone))
        assert done["AuthenticationResult"]["AccessToken"]
        told = cognito.admin_get_user(UserPoolId=pool, Username=user.username)
        assert values(told["UserAttributes"])["phone_number_verified"] == "true"

    def test_confirms_a_sign_up(self, cognito, choosy, start, answer, inbox):
        pool, client_id = choosy
        name = unique()
        email = f"{name}@example.com"
        cognito.sign_up(ClientId=client_id, Username=name, Password=PASSWORD, UserAttributes=attributes(email=email))
        known = inbox.newest(email)
        challenge = start(name, PREFERRED_CHALLENGE="EMAIL_OTP")
        done = answer(challenge, name, EMAIL_OTP_CODE=inbox.code(email, after=known["id"]))
        assert done["AuthenticationResult"]["AccessToken"]
        told = cognito.admin_get_user(UserPoolId=pool, Username=name)
        assert told["UserStatus"] == "CONFIRMED"
        assert values(told["UserAttributes"])["email_verified"] == "true"

    def test_disabled_user(self, cognito, pools, choosy, start, answer, inbox):
        user = pools.user(choosy[0])
        challenge = start(user.username, PREFERRED_CHALLENGE="EMAIL_OTP")
        code = inbox.code(user.email)
        cognito.admin_disable_user(UserPoolId=choosy[0], Username=user.username)
        with refused("NotAuthorized", "User is disabled."):
            answer(challenge, user.username, EMAIL_OTP_CODE=code)

    def test_code_of_another_challenge(self, pools, choosy, start, answer, inbox):
        """The code of a mail does not answer a text message, and the other way round."""
        user = pools.user(choosy[0], phone_number="+15550100303")
        challenge = start(user.username, PREFERRED_CHALLENGE="EMAIL_OTP")
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(challenge, user.username, name="SMS_OTP", SMS_OTP_CODE=inbox.code(user.email))


class TestNobody:
    """user-pools-api.md §4.2: the same answers as for somebody."""

    def test_choice(self, pools, choosy, start):
        user, nobody = pools.user(choosy[0]), unique("user")
        known, unknown = start(user.username), start(nobody)
        assert unknown["ChallengeName"] == known["ChallengeName"]
        assert len(unknown["Session"]) == len(known["Session"])
        assert set(known["AvailableChallenges"]) <= set(unknown["AvailableChallenges"])

    def test_code(self, pools, choosy, start, answer):
        user, nobody = pools.user(choosy[0]), unique("user")
        known, unknown = (start(name, PREFERRED_CHALLENGE="EMAIL_OTP") for name in (user.username, nobody))
        assert unknown.keys() == known.keys()
        assert unknown["ChallengeParameters"].keys() == known["ChallengeParameters"].keys()
        assert len(unknown["Session"]) == len(known["Session"])
        again = start(nobody, PREFERRED_CHALLENGE="EMAIL_OTP")
        assert again["ChallengeParameters"] == unknown["ChallengeParameters"]
        said = []
        for challenge, name in ((known, user.username), (unknown, nobody)):
            for _ in range(5):
                with refused("CodeMismatch", WRONG_CODE):
                    answer(challenge, name, EMAIL_OTP_CODE="wrong")
            with refused("NotAuthorized", "Password attempts exceeded") as refusal:
                answer(challenge, name, EMAIL_OTP_CODE="wrong")
            said.append(refusal.value.response["Error"])
        assert said[0] == said[1]

    def test_password(self, start, answer):
        nobody = unique("user")
        with refused("NotAuthorized", "Incorrect username or password."):
            start(nobody, PREFERRED_CHALLENGE="PASSWORD", PASSWORD=PASSWORD)
        with refused("NotAuthorized", "Incorrect username or password."):
            answer(start(nobody), nobody, ANSWER="PASSWORD", PASSWORD=PASSWORD)

    def test_session_of_another_nobody(self, start, answer):
        with refused("NotAuthorized", "Invalid session for the user."):
            answer(start(unique("user")), unique("user"), ANSWER="PASSWORD", PASSWORD=PASSWORD)

    def test_where_the_client_tells(self, pools, choosy, start):
        client_id = pools.client_id(choosy[0], ExplicitAuthFlows=FLOWS, PreventUserExistenceErrors="LEGACY")
        with refused("UserNotFound", "User does not exist."):
            start(unique("user"), client_id=client_id)


class TestAfterSignUp:
    def sign_up(self, cognito, client_id):
        name = unique()
        email = f"{name}@example.com"
        made = cognito.sign_up(
            ClientId=client_id, Username=name, Password=PASSWORD, UserAttributes=attributes(email=email)
        )
        return name, email, made

    def test_tokens_without_another_challenge(self, cognito, choosy, inbox):
        client_id = choosy[1]
        name, email, made = self.sign_up(cognito, client_id)
        confirmed = cognito.confirm_sign_up(
            ClientId=client_id, Username=name, ConfirmationCode=inbox.code(email), Session=made["Session"]
        )
        given = {"ClientId": client_id, "AuthFlow": "USER_AUTH", "Session": confirmed["Session"]}
        with refused("NotAuthorized", "Invalid session for the user."):
            cognito.initiate_auth(**given, AuthParameters={"USERNAME": unique("other")})
        done = cognito.initiate_auth(**given, AuthParameters={"USERNAME": name})
        assert done["AuthenticationResult"]["AccessToken"]
        with refused("NotAuthorized", "Invalid session for the user, session can only be used once."):
            cognito.initiate_auth(**given, AuthParameters={"USERNAME": name})

    def test_session_expires(self, clocked):
        cognito = clocked.client()
        pools = Pools(cognito)
        pool = pools.user_pool(Policies=FACTORS, AutoVerifiedAttributes=["email"])
        client_id = pools.client_id(pool, ExplicitAuthFlows=FLOWS)
        name, email, _ = self.sign_up(cognito, client_id)
        code = clocked.get_json("/_poolhouse/api/inbox", to=email, wait=5)["messages"][0]["code"]
        session = cognito.confirm_sign_up(ClientId=client_id, Username=name, ConfirmationCode=code)["Session"]
        clocked.advance_clock(181)
        with refused("NotAuthorized", "Invalid session for the user, session is expired."):
            cognito.initiate_auth(
                ClientId=client_id, AuthFlow="USER_AUTH", Session=session, AuthParameters={"USERNAME": name}
            )

    def test_session_that_nobody_gave(self, cognito, choosy, inbox):
        name, email, _ = self.sign_up(cognito, choosy[1])
        with refused("NotAuthorized", "Invalid session for the user."):
            cognito.confirm_sign_up(
                ClientId=choosy[1], Username=name, ConfirmationCode=inbox.code(email), Session="x" * 30
            )

    def test_no_session_where_it_would_lead_nowhere(self, cognito, pools, client_id, inbox):
        name, email, made = self.sign_up(cognito, client_id)
        assert "Session" not in made
        pool = pools.user_pool(AutoVerifiedAttributes=["email"])  # of passwords alone
        client = pools.client_id(pool, ExplicitAuthFlows=FLOWS)
        name, email, _ = self.sign_up(cognito, client)
        confirmed = cognito.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode=inbox.code(email))
        assert "Session" not in confirmed
