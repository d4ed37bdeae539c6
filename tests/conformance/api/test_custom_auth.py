"""CUSTOM_AUTH: alone and after SRP, by the examples and by functions that say what they were told (user-pools-api.md §6.4)."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support import functions as support
from tests.support import node
from tests.support.functions import Functions, arn
from tests.support.oauth import claims_of
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.server import Server
from tests.support.srp import SRPClient

FUNCTIONS = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")
FLOWS = ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
WRONG = ("NotAuthorizedException", "Incorrect username or password.")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Functions]]:
    with support.served(tmp_path_factory.mktemp("custom"), tmp_path_factory.mktemp("told")) as both:
        yield both


class Custom:
    """A pool whose three triggers are one function."""

    def __init__(self, served: tuple[Server, Functions], function: str, **triggers: str) -> None:
        self.server, self.functions = served
        self.cognito = self.server.client()
        self.pools = Pools(self.cognito)
        self.id = self.pools.user_pool(LambdaConfig={**dict.fromkeys(FUNCTIONS, arn(function)), **triggers})
        self.client_id = self.pools.client_id(
            self.id, ExplicitAuthFlows=FLOWS, PreventUserExistenceErrors="ENABLED", AuthSessionValidity=3
        )

    def user(self) -> str:
        return self.pools.user(self.id).username

    def begin(self, name: str, **more: str) -> dict[str, Any]:
        parameters = {"USERNAME": name, **more}
        return dict(
            self.cognito.initiate_auth(ClientId=self.client_id, AuthFlow="CUSTOM_AUTH", AuthParameters=parameters)
        )

    def answer(self, challenge: dict[str, Any], answer: str, **more: Any) -> dict[str, Any]:
        return self.respond(
            "CUSTOM_CHALLENGE",
            challenge.get("Session"),
            {"USERNAME": challenge["ChallengeParameters"]["USERNAME"], "ANSWER": answer},
            **more,
        )

    def respond(self, name: str, session: str | None, responses: dict[str, str], **more: Any) -> dict[str, Any]:
        if session is not None:
            more["Session"] = session
        return dict(
            self.cognito.respond_to_auth_challenge(
                ClientId=self.client_id, ChallengeName=name, ChallengeResponses=responses, **more
            )
        )

    def code(self, name: str) -> str:
        """What the example has printed."""
        logs = [self.server.read_log(), *(log.read_text() for log in self.functions.folder.glob("*.runtime.log"))]
        return re.findall(rf"The code for {name}@example.com is (\d+)", "\n".join(logs))[-1]


@pytest.fixture(
    scope="module", params=["passwordless_email-py", "passwordless_email-mjs", "passwordless_email-runtime"]
)
def passwordless(request: pytest.FixtureRequest, served: tuple[Server, Functions]) -> Custom:
    return Custom(served, request.param)


@pytest.fixture(scope="module", params=["password_then_code-py", "password_then_code-runtime"])
def second_factor(request: pytest.FixtureRequest, served: tuple[Server, Functions]) -> Custom:
    return Custom(served, request.param)


def refusal(call: Any, *arguments: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(*arguments, **more)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


class TestWatched:
    """Threat protection has a mode of its own for custom authentication (DOC)."""

    CONTEXT: Any = {"ServerName": "x", "ServerPath": "/", "HttpHeaders": []}

    def sign_in(self, custom: Custom, name: str, address: str) -> dict[str, Any]:
        context = {"IpAddress": address, **self.CONTEXT}
        of = {"UserPoolId": custom.id, "ClientId": custom.client_id, "ContextData": context}
        challenge = custom.cognito.admin_initiate_auth(**of, AuthFlow="CUSTOM_AUTH", AuthParameters={"USERNAME": name})
        return dict(
            custom.cognito.admin_respond_to_auth_challenge(
                **of,
                ChallengeName="CUSTOM_CHALLENGE",
                Session=challenge["Session"],
                ChallengeResponses={"USERNAME": name, "ANSWER": custom.code(name)},
            )
        )

    def test_by_its_own_mode(self, served: tuple[Server, Functions]) -> None:
        custom = Custom(served, "passwordless_email-py")
        triggers, name = dict.fromkeys(FUNCTIONS, arn("passwordless_email-py")), custom.user()
        for own, address, level in (("AUDIT", "192.0.2.1", None), ("ENFORCED", "198.51.100.1", "Low")):
            add_ons = {
                "AdvancedSecurityMode": "OFF",
                "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": own},
            }
            custom.cognito.update_user_pool(UserPoolId=custom.id, LambdaConfig=triggers, UserPoolAddOns=add_ons)
            issued = self.sign_in(custom, name, address)["AuthenticationResult"]
            (event, *_) = custom.cognito.admin_list_user_auth_events(UserPoolId=custom.id, Username=name)["AuthEvents"]
            assert event["EventResponse"] == "Pass"
            assert event["EventId"] == claims_of(issued["AccessToken"])["event_id"]
            assert event["EventRisk"].get("RiskLevel") == level
        blocks = {"Notify": False, "EventAction": "BLOCK"}
        custom.cognito.set_risk_configuration(
            UserPoolId=custom.id, AccountTakeoverRiskConfiguration={"Actions": {"MediumAction": blocks}}
        )
        blocked = refusal(self.sign_in, custom, name, "203.0.113.1")  # the third network in an hour
        assert blocked == ("NotAuthorizedException", "Unable to login because of security reasons.")
        assert self.sign_in(custom, name, "192.0.2.1")["AuthenticationResult"]


class TestPasswordless:
    def test_the_right_code_signs_in(self, passwordless: Custom) -> None:
        name = passwordless.user()
        challenge = passwordless.begin(name)
        assert challenge["ChallengeName"] == "CUSTOM_CHALLENGE"
        assert challenge["ChallengeParameters"] == {"USERNAME": name, "medium": "EMAIL"}
        issued = passwordless.answer(challenge, passwordless.code(name))["AuthenticationResult"]
        assert claims_of(issued["AccessToken"])["username"] == name

    def test_a_wrong_code_is_another_round_and_three_are_the_end(self, passwordless: Custom) -> None:
        name = passwordless.user()
        challenge = passwordless.begin(name)
        sessions = {challenge["Session"]}
        for _ in range(2):
            challenge = passwordless.answer(challenge, "wrong!")
            sessions.add(challenge["Session"])
        assert len(sessions) == 3
        assert refusal(passwordless.answer, challenge, "wrong!") == WRONG

    def test_a_session_is_good_for_one_answer(self, passwordless: Custom) -> None:
        """Or guesses would be free: whatever the triggers count, they would count the first one only."""
        name = passwordless.user()
        challenge = passwordless.begin(name)
        passwordless.answer(challenge, "wrong!")
        code, _ = refusal(passwordless.answer, challenge, passwordless.code(name))
        assert code == "NotAuthorizedException"

    def test_once_means_once(self, passwordless: Custom) -> None:
        """Eight answers at once, all right: tokens for one."""
        name = passwordless.user()
        challenge = passwordless.begin(name)
        code = passwordless.code(name)

        def answer(_: int) -> bool:
            try:
                return "AuthenticationResult" in passwordless.answer(challenge, code)
            except passwordless.cognito.exceptions.NotAuthorizedException:
                return False

        with ThreadPoolExecutor(8) as executor:
            assert sum(executor.map(answer, range(8))) == 1

    def test_a_stranger_is_asked_and_never_let_in(self, passwordless: Custom) -> None:
        name = unique("nobody")
        challenge = passwordless.begin(name)
        assert challenge["ChallengeParameters"] == {"USERNAME": name, "medium": "EMAIL"}
        for _ in range(2):
            challenge = passwordless.answer(challenge, "wrong!")
        assert refusal(passwordless.answer, challenge, "wrong!") == WRONG

    def test_a_session_is_its_users_and_its_clients(self, passwordless: Custom) -> None:
        name, other = passwordless.user(), passwordless.user()
        challenge = passwordless.begin(name)
        code = passwordless.code(name)
        stolen = {**challenge, "ChallengeParameters": {"USERNAME": other}}
        text = "Invalid session for the user."
        assert refusal(passwordless.answer, stolen, code) == ("NotAuthorizedException", text)
        stranger = {**challenge, "ChallengeParameters": {"USERNAME": unique("nobody")}}
        assert refusal(passwordless.answer, stranger, code) == ("NotAuthorizedException", text)
        elsewhere = passwordless.pools.client_id(passwordless.id, ExplicitAuthFlows=FLOWS)
        answers = {"USERNAME": name, "ANSWER": code}
        asked = {"ClientId": elsewhere, "ChallengeName": "CUSTOM_CHALLENGE", "ChallengeResponses": answers}
        ask = passwordless.cognito.respond_to_auth_challenge
        assert refusal(ask, **asked, Session=challenge["Session"]) == ("NotAuthorizedException", text)
        assert passwordless.answer(challenge, code)["AuthenticationResult"]  # none of them used it up

    def test_a_deleted_and_recreated_user_is_another(self, passwordless: Custom) -> None:
        name = passwordless.user()
        challenge = passwordless.begin(name)
        passwordless.cognito.admin_delete_user(UserPoolId=passwordless.id, Username=name)
        passwordless.pools.user(passwordless.id, username=name)
        code, _ = refusal(passwordless.answer, challenge, passwordless.code(name))
        assert code == "NotAuthorizedException"

    def test_a_new_password_ends_the_attempt(self, passwordless: Custom) -> None:
        """As it ends every other that was begun before it."""
        name = passwordless.user()
        challenge = passwordless.begin(name)
        passwordless.cognito.admin_set_user_password(
            UserPoolId=passwordless.id, Username=name, Password=PASSWORD + "x", Permanent=True
        )
        text = "Invalid session for the user."
        answered = refusal(passwordless.answer, challenge, passwordless.code(name))
        assert answered == ("NotAuthorizedException", text)

    def test_a_disabled_user_gets_nothing(self, passwordless: Custom) -> None:
        name, later = passwordless.user(), passwordless.user()
        passwordless.cognito.admin_disable_user(UserPoolId=passwordless.id, Username=name)
        challenge = passwordless.begin(name)
        text = "User is disabled."
        assert refusal(passwordless.answer, challenge, passwordless.code(name)) == ("NotAuthorizedException", text)
        challenge = passwordless.begin(later)
        passwordless.cognito.admin_disable_user(UserPoolId=passwordless.id, Username=later)
        assert refusal(passwordless.answer, challenge, passwordless.code(later))[0] == "NotAuthorizedException"

    def test_an_unconfirmed_user_is_told_so(self, passwordless: Custom) -> None:
        name = unique("waiting")
        passwordless.cognito.sign_up(ClientId=passwordless.client_id, Username=name, Password=PASSWORD)
        assert refusal(passwordless.begin, name) == ("UserNotConfirmedException", "User is not confirmed.")

    def test_without_an_answer(self, passwordless: Custom) -> None:
        challenge = passwordless.begin(passwordless.user())
        asked = ("CUSTOM_CHALLENGE", challenge["Session"], {"USERNAME": challenge["ChallengeParameters"]["USERNAME"]})
        assert refusal(passwordless.respond, *asked) == (
            "InvalidParameterException",
            "Missing required parameter ANSWER",
        )

    def test_with_amazon_cognito_identity_js(self, passwordless: Custom) -> None:
        assert_signs_in(passwordless, password="")


class TestAfterSRP:
    def test_the_password_and_then_the_code(self, second_factor: Custom) -> None:
        name = second_factor.user()
        srp = SRPClient(second_factor.id, name, PASSWORD)
        for word in ("CHALLENGE_NAME", "ChallengeName"):
            verifier = second_factor.begin(**srp_parameters(srp), **{word: "SRP_A"})
            assert verifier["ChallengeName"] == "PASSWORD_VERIFIER"
            challenge = second_factor.respond("PASSWORD_VERIFIER", verifier["Session"], srp.responses(verifier))
            assert challenge["ChallengeName"] == "CUSTOM_CHALLENGE"
            assert second_factor.answer(challenge, second_factor.code(name))["AuthenticationResult"]

    def test_the_password_alone_is_not_enough(self, second_factor: Custom) -> None:
        """Whoever leaves the Session out does not get past the rest."""
        name = second_factor.user()
        srp = SRPClient(second_factor.id, name, PASSWORD)
        verifier = second_factor.begin(**srp_parameters(srp), CHALLENGE_NAME="SRP_A")
        other = second_factor.begin(name=second_factor.user(), SRP_A="a" * 64, CHALLENGE_NAME="SRP_A")
        text = "Invalid session for the user."
        for session in (None, other["Session"], "x" * 40):
            answered = refusal(second_factor.respond, "PASSWORD_VERIFIER", session, srp.responses(verifier))
            assert answered == ("NotAuthorizedException", text)

    def test_a_wrong_password_ends_it(self, second_factor: Custom) -> None:
        name = second_factor.user()
        srp = SRPClient(second_factor.id, name, PASSWORD + "x")
        verifier = second_factor.begin(**srp_parameters(srp), CHALLENGE_NAME="SRP_A")
        assert (
            refusal(second_factor.respond, "PASSWORD_VERIFIER", verifier["Session"], srp.responses(verifier)) == WRONG
        )

    def test_with_amazon_cognito_identity_js(self, second_factor: Custom) -> None:
        assert_signs_in(second_factor, password=PASSWORD)


def srp_parameters(srp: SRPClient) -> dict[str, str]:
    parameters = srp.parameters
    return {"name": parameters["USERNAME"], "SRP_A": parameters["SRP_A"]}


def assert_signs_in(custom: Custom, password: str) -> None:
    name = custom.user()
    process = node.start(
        "amazon-cognito-identity-js/custom_auth",
        is_asked=True,
        endpoint=custom.server.url,
        userPoolId=custom.id,
        clientId=custom.client_id,
        username=name,
        password=password,
    )
    assert process.stdin is not None
    try:
        told = node.next_line(process)
        assert told == {"parameters": {"USERNAME": name, "medium": "EMAIL"}}
        process.stdin.write(custom.code(name) + "\n")
        process.stdin.flush()
        assert claims_of(node.next_line(process)["accessToken"])["username"] == name
    finally:
        node.end(process)


class TestEvents:
    """user-pools-api.md §7.3, field by field, through every kind of target."""

    @pytest.mark.parametrize("kind", support.KINDS)
    def test_one_round(self, served: tuple[Server, Functions], kind: str) -> None:
        custom = Custom(served, kind)
        name = custom.user()
        tell = custom.functions.tell
        tell(custom.id, "DefineAuthChallenge", response={"challengeName": "CUSTOM_CHALLENGE"})
        created = {
            "publicChallengeParameters": {"question": "?"},
            "privateChallengeParameters": {"answer": "!"},
            "challengeMetadata": "FIRST",
        }
        tell(custom.id, "CreateAuthChallenge", response=created)
        tell(custom.id, "VerifyAuthChallengeResponse", response={"answerCorrect": True})
        challenge = custom.begin(name)
        define, create = custom.functions.told(custom.id)
        told = define["request"]["userAttributes"]
        assert told["cognito:user_status"] == "CONFIRMED"
        assert define["triggerSource"] == "DefineAuthChallenge_Authentication"
        assert define["request"] == {"userAttributes": told, "session": [], "userNotFound": False}
        assert define["response"] == {"challengeName": None, "issueTokens": None, "failAuthentication": None}
        assert create["triggerSource"] == "CreateAuthChallenge_Authentication"
        assert create["request"] == {
            "userAttributes": told,
            "challengeName": "CUSTOM_CHALLENGE",
            "session": [],
            "userNotFound": False,
        }
        assert set(create["response"].values()) == {None}
        assert create["response"].keys() == created.keys()
        assert challenge["ChallengeParameters"] == {"USERNAME": name, "question": "?"}
        tell(custom.id, "DefineAuthChallenge", response={"issueTokens": True})
        custom.answer(challenge, "mine", ClientMetadata={"a": "b"})
        verify, define = custom.functions.told(custom.id)
        assert verify["triggerSource"] == "VerifyAuthChallengeResponse_Authentication"
        assert verify["request"] == {
            "userAttributes": told,
            "privateChallengeParameters": {"answer": "!"},
            "challengeAnswer": "mine",
            "userNotFound": False,
            "clientMetadata": {"a": "b"},
        }
        assert verify["response"] == {"answerCorrect": None}
        rounds = [{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": True, "challengeMetadata": "FIRST"}]
        assert define["request"]["session"] == rounds
        assert define["request"]["clientMetadata"] == {"a": "b"}

    @pytest.mark.parametrize(
        ("word", "response", "expected"),
        [
            ("DefineAuthChallenge", {"failAuthentication": True}, WRONG),
            ("DefineAuthChallenge", {}, ("InvalidLambdaResponseException", "Unrecognizable lambda output")),
            (
                "DefineAuthChallenge",
                {"challengeName": "SMS_MFA"},
                ("InvalidLambdaResponseException", "Unrecognizable lambda output"),
            ),
            (
                "CreateAuthChallenge",
                {"privateChallengeParameters": {"a": "x" * 100_000}},
                None,
            ),
            (
                "CreateAuthChallenge",
                {"publicChallengeParameters": {"a": 1}},
                ("InvalidLambdaResponseException", "Unrecognizable lambda output"),
            ),
        ],
    )
    def test_what_the_triggers_may_not_say(
        self, served: tuple[Server, Functions], word: str, response: dict[str, Any], expected: tuple[str, str] | None
    ) -> None:
        custom = Custom(served, "python")
        custom.functions.tell(custom.id, "DefineAuthChallenge", response={"challengeName": "CUSTOM_CHALLENGE"})
        custom.functions.tell(custom.id, word, response=response)
        if expected is None:
            assert custom.begin(custom.user())["Session"]  # long, but all the same letter
        else:
            assert refusal(custom.begin, custom.user()) == expected

    def test_a_trigger_that_raises(self, served: tuple[Server, Functions]) -> None:
        """user-pools-api.md §7.4, OBS."""
        custom = Custom(served, "python")
        custom.functions.tell(custom.id, "DefineAuthChallenge", response={"challengeName": "CUSTOM_CHALLENGE"})
        custom.functions.tell(custom.id, "CreateAuthChallenge", error="'email'")
        text = "CreateAuthChallenge failed with error 'email'."
        assert refusal(custom.begin, custom.user()) == ("UserLambdaValidationException", text)

    def test_a_pool_with_two_of_the_three(self, served: tuple[Server, Functions]) -> None:
        custom = Custom(served, "python")
        custom.cognito.update_user_pool(UserPoolId=custom.id, LambdaConfig=dict.fromkeys(FUNCTIONS[:2], arn("python")))
        text = "Custom auth lambda trigger is not configured for the user pool."
        assert refusal(custom.begin, custom.user()) == ("InvalidParameterException", text)
