"""Authentication events: what a pool that watches knows of its users, and what is thought of it."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import oauth
from tests.support.expected import refused, refused_parameter, refused_pool
from tests.support.inbox import Inbox
from tests.support.oauth import World, query_of
from tests.support.pools import PASSWORD, NewUser, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import Server

MISSING_POOL = "us-east-1_Missing00"
AUDIT = {"AdvancedSecurityMode": "AUDIT"}
UUID_LENGTH = 36
NOT_ENABLED = "User pool add-on is not enabled."
OTHER_PASSWORD = "Another-Horse-2"


@pytest.fixture(scope="module")
def watched(pools: Pools) -> str:
    return pools.user_pool(UserPoolAddOns=AUDIT, AutoVerifiedAttributes=["email"])


@pytest.fixture(scope="module")
def client_id(pools: Pools, watched: str) -> str:
    return pools.client_id(watched)


@pytest.fixture
def user(pools: Pools, watched: str) -> NewUser:
    return pools.user(watched)


@pytest.fixture
def events(cognito: Any, watched: str) -> Callable[..., list[dict[str, Any]]]:
    """Of a user, the newest first."""

    def read(username: str, user_pool_id: str = watched) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = cognito.admin_list_user_auth_events(UserPoolId=user_pool_id, Username=username)[
            "AuthEvents"
        ]
        return found

    return read


def said(event: dict[str, Any]) -> tuple[str, str, list[tuple[str, str]]]:
    challenges = [(each["ChallengeName"], each["ChallengeResponse"]) for each in event["ChallengeResponses"]]
    return event["EventType"], event["EventResponse"], challenges


def claims(token: str) -> dict[str, Any]:
    payload = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return found


def sign_in_wrongly(cognito: Any, client_id: str, name: str) -> None:
    with refused("NotAuthorizedException", "Incorrect username or password."):
        cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": "Wrong-Horse-1"},
        )


class TestAdminListUserAuthEvents:
    def test_a_sign_in_is_told_whole(
        self, pools: Pools, client_id: str, user: NewUser, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        tokens = pools.sign_in(client_id, user)
        (event,) = events(user.username)
        assert event.pop("CreationDate")
        assert len(event["EventId"]) == UUID_LENGTH
        assert event.pop("EventContextData").keys() >= {"IpAddress", "DeviceName"}
        assert event == {
            "EventId": claims(tokens["AccessToken"])["event_id"],
            "EventType": "SignIn",
            "EventResponse": "Pass",
            "EventRisk": {"RiskDecision": "NoRisk", "CompromisedCredentialsDetected": False},
            "ChallengeResponses": [{"ChallengeName": "Password", "ChallengeResponse": "Success"}],
        }

    def test_refreshed_tokens_name_the_sign_in(
        self, cognito: Any, pools: Pools, client_id: str, user: NewUser, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        tokens = pools.sign_in(client_id, user)
        refreshed = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )["AuthenticationResult"]
        (event,) = events(user.username)
        assert {claims(refreshed[name])["event_id"] for name in ("AccessToken", "IdToken")} == {event["EventId"]}

    def test_a_wrong_password_is_told_before_the_right_one(
        self, cognito: Any, pools: Pools, client_id: str, user: NewUser, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        sign_in_wrongly(cognito, client_id, user.username)
        pools.sign_in(client_id, user)
        assert [said(event) for event in events(user.username)] == [
            ("SignIn", "Pass", [("Password", "Success")]),
            ("SignIn", "Fail", [("Password", "Failure")]),
        ]

    def test_a_sign_in_that_goes_on_is_one_event(
        self, cognito: Any, watched: str, client_id: str, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        name = unique("temporary")
        cognito.admin_create_user(
            UserPoolId=watched, Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )
        answer = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
        )
        assert [said(event) for event in events(name)] == [("SignIn", "InProgress", [("Password", "Success")])]
        answer = cognito.respond_to_auth_challenge(
            ClientId=client_id,
            ChallengeName="NEW_PASSWORD_REQUIRED",
            Session=answer["Session"],
            ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": OTHER_PASSWORD},
        )
        (event,) = events(name)
        assert said(event) == ("SignIn", "Pass", [("Password", "Success")])
        assert claims(answer["AuthenticationResult"]["IdToken"])["event_id"] == event["EventId"]

    def test_whom_the_steps_refuse_has_failed(
        self, cognito: Any, watched: str, client_id: str, user: NewUser, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        cognito.admin_disable_user(UserPoolId=watched, Username=user.username)
        with refused("NotAuthorizedException", "User is disabled."):
            cognito.initiate_auth(
                ClientId=client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
            )
        assert [said(event) for event in events(user.username)] == [("SignIn", "Fail", [("Password", "Success")])]

    def test_a_code_as_the_first_factor(self, cognito: Any, pools: Pools, inbox: Inbox) -> None:
        factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}
        user_pool_id = pools.user_pool(UserPoolAddOns=AUDIT, Policies=factors)
        client_id = pools.client_id(user_pool_id, ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"])
        user = pools.user(user_pool_id)
        challenge = cognito.initiate_auth(
            ClientId=client_id,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": user.username, "PREFERRED_CHALLENGE": "EMAIL_OTP"},
        )
        code = inbox.code(user.email)
        answer = {"ClientId": client_id, "ChallengeName": "EMAIL_OTP", "Session": challenge["Session"]}
        for given in (f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}", code):
            responses = {"USERNAME": user.username, "EMAIL_OTP_CODE": given}
            if given == code:
                cognito.respond_to_auth_challenge(**answer, ChallengeResponses=responses)
            else:
                with refused("CodeMismatchException"):
                    cognito.respond_to_auth_challenge(**answer, ChallengeResponses=responses)
        found = cognito.admin_list_user_auth_events(UserPoolId=user_pool_id, Username=user.username)["AuthEvents"]
        assert [said(event) for event in found] == [
            ("SignIn", "Pass", [("Mfa", "Success")]),
            ("SignIn", "Fail", [("Mfa", "Failure")]),
        ]

    def test_signing_up_and_a_forgotten_password(
        self, cognito: Any, client_id: str, inbox: Inbox, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        name = unique("new")
        email = f"{name}@example.com"
        cognito.sign_up(ClientId=client_id, Username=name, Password=PASSWORD, UserAttributes=attributes(email=email))
        first = inbox.newest(email)
        cognito.resend_confirmation_code(ClientId=client_id, Username=name)
        code = inbox.newest(email, after=first["id"])
        with refused("CodeMismatchException"):
            cognito.confirm_sign_up(ClientId=client_id, Username=name, ConfirmationCode="000000")
        cognito.confirm_sign_up(ClientId=client_id, Username=name, ConfirmationCode=code["code"])
        cognito.forgot_password(ClientId=client_id, Username=name)
        code = inbox.newest(email, after=code["id"])
        cognito.confirm_forgot_password(
            ClientId=client_id, Username=name, ConfirmationCode=code["code"], Password=OTHER_PASSWORD
        )
        assert [said(event)[:2] for event in reversed(events(name))] == [
            ("SignUp", "InProgress"),
            ("ResendCode", "InProgress"),
            ("SignUp", "Fail"),
            ("SignUp", "Pass"),
            ("ForgotPassword", "InProgress"),
            ("ForgotPassword", "Pass"),
        ]

    def test_a_changed_password(
        self, cognito: Any, pools: Pools, client_id: str, user: NewUser, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        token = pools.sign_in(client_id, user)["AccessToken"]
        with refused("NotAuthorizedException"):
            cognito.change_password(
                AccessToken=token, PreviousPassword="Wrong-Horse-1", ProposedPassword=OTHER_PASSWORD
            )
        cognito.change_password(AccessToken=token, PreviousPassword=user.password, ProposedPassword=OTHER_PASSWORD)
        assert [said(event) for event in events(user.username)[:2]] == [
            ("PasswordChange", "Pass", [("Password", "Success")]),
            ("PasswordChange", "Fail", [("Password", "Failure")]),
        ]

    def test_the_hosted_pages_are_watched_too(self, server: Server, pools: Pools, cognito: Any) -> None:
        world: World = oauth.build(server, pools)
        cognito.update_user_pool(UserPoolId=world.pool_id, UserPoolAddOns=AUDIT)
        person = world.user()
        answer = world.browser().login(person, **world.parameters())
        code = query_of(answer.headers["location"])["code"]
        tokens = world.redeem(code).json()
        (event,) = cognito.admin_list_user_auth_events(UserPoolId=world.pool_id, Username=person.username)["AuthEvents"]
        assert said(event) == ("SignIn", "Pass", [("Password", "Success")])
        assert {claims(tokens[name])["event_id"] for name in ("access_token", "id_token")} == {event["EventId"]}

    def test_pages_follow_each_other(
        self, cognito: Any, watched: str, client_id: str, user: NewUser, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        for _ in range(3):
            sign_in_wrongly(cognito, client_id, user.username)
        first = cognito.admin_list_user_auth_events(UserPoolId=watched, Username=user.username, MaxResults=2)
        rest = cognito.admin_list_user_auth_events(
            UserPoolId=watched, Username=user.username, MaxResults=2, NextToken=first["NextToken"]
        )
        assert [*first["AuthEvents"], *rest["AuthEvents"]] == events(user.username)
        assert "NextToken" not in rest
        whole = cognito.admin_list_user_auth_events(UserPoolId=watched, Username=user.username, MaxResults=0)
        assert whole["AuthEvents"] == events(user.username)
        for token in ("edited", first["NextToken"][:-2]):
            with refused_parameter("Invalid pagination token"):
                cognito.admin_list_user_auth_events(UserPoolId=watched, Username=user.username, NextToken=token)

    def test_another_users_token_does_not_serve(
        self, cognito: Any, pools: Pools, watched: str, client_id: str, user: NewUser
    ) -> None:
        for _ in range(2):
            sign_in_wrongly(cognito, client_id, user.username)
        token = cognito.admin_list_user_auth_events(UserPoolId=watched, Username=user.username, MaxResults=1)[
            "NextToken"
        ]
        other = pools.user(watched)
        with refused_parameter("Invalid pagination token"):
            cognito.admin_list_user_auth_events(UserPoolId=watched, Username=other.username, NextToken=token)

    def test_a_pool_that_does_not_watch_has_none(self, cognito: Any, pools: Pools, user_pool_id: str) -> None:
        user = pools.user(user_pool_id)
        with refused("UserPoolAddOnNotEnabledException", NOT_ENABLED):
            cognito.admin_list_user_auth_events(UserPoolId=user_pool_id, Username=user.username)
        pools.sign_in(pools.client_id(user_pool_id), user)
        cognito.update_user_pool(UserPoolId=user_pool_id, UserPoolAddOns=AUDIT)
        assert cognito.admin_list_user_auth_events(UserPoolId=user_pool_id, Username=user.username)["AuthEvents"] == []
        cognito.update_user_pool(UserPoolId=user_pool_id)

    def test_they_go_with_the_user(
        self, cognito: Any, pools: Pools, watched: str, client_id: str, events: Callable[..., list[dict[str, Any]]]
    ) -> None:
        user = pools.user(watched)
        pools.sign_in(client_id, user)
        cognito.admin_delete_user(UserPoolId=watched, Username=user.username)
        pools.user(watched, username=user.username)
        assert events(user.username) == []

    def test_two_years_are_kept(self, clocked: Server) -> None:
        cognito = clocked.client()
        pools = Pools(cognito)
        user_pool_id = pools.user_pool(UserPoolAddOns=AUDIT)
        user, client_id = pools.user(user_pool_id), pools.client_id(user_pool_id)
        pools.sign_in(client_id, user)
        clocked.advance_clock(731 * 86_400)
        pools.sign_in(client_id, user)
        found = cognito.admin_list_user_auth_events(UserPoolId=user_pool_id, Username=user.username)["AuthEvents"]
        assert len(found) == 1

    def test_an_unknown_user_does_not_exist(self, cognito: Any, watched: str) -> None:
        with refused("UserNotFoundException", "User does not exist."):
            cognito.admin_list_user_auth_events(UserPoolId=watched, Username="nobody")

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.admin_list_user_auth_events(UserPoolId=MISSING_POOL, Username="x")


class TestAdminUpdateAuthEventFeedback:
    def test_it_is_told_with_the_event_and_overwritten(
        self,
        cognito: Any,
        pools: Pools,
        watched: str,
        client_id: str,
        user: NewUser,
        events: Callable[..., list[dict[str, Any]]],
    ) -> None:
        pools.sign_in(client_id, user)
        (event,) = events(user.username)
        for value in ("Invalid", "Valid"):
            cognito.admin_update_auth_event_feedback(
                UserPoolId=watched, Username=user.username, EventId=event["EventId"], FeedbackValue=value
            )
            feedback = events(user.username)[0]["EventFeedback"]
            assert feedback.pop("FeedbackDate")
            assert feedback == {"FeedbackValue": value, "Provider": "Admin"}

    def test_an_event_of_another_user_is_none(
        self, cognito: Any, pools: Pools, watched: str, client_id: str, user: NewUser, events: Any
    ) -> None:
        pools.sign_in(client_id, user)
        (event,) = events(user.username)
        other = pools.user(watched)
        with refused("ResourceNotFoundException", f"Event {event['EventId']} does not exist."):
            cognito.admin_update_auth_event_feedback(
                UserPoolId=watched, Username=other.username, EventId=event["EventId"], FeedbackValue="Valid"
            )

    def test_a_pool_that_does_not_watch_refuses(self, cognito: Any, pools: Pools, user_pool_id: str) -> None:
        user = pools.user(user_pool_id)
        with refused("UserPoolAddOnNotEnabledException", NOT_ENABLED):
            cognito.admin_update_auth_event_feedback(
                UserPoolId=user_pool_id, Username=user.username, EventId="1", FeedbackValue="Valid"
            )

    def test_an_unknown_user_does_not_exist(self, cognito: Any, watched: str) -> None:
        with refused("UserNotFoundException", "User does not exist."):
            cognito.admin_update_auth_event_feedback(
                UserPoolId=watched, Username="nobody", EventId="1", FeedbackValue="Valid"
            )

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.admin_update_auth_event_feedback(
                UserPoolId=MISSING_POOL, Username="x", EventId="1", FeedbackValue="Valid"
            )


class TestUpdateAuthEventFeedback:
    """With a right token: test_threat_protection.py, where one is mailed."""

    @pytest.mark.parametrize("name", ["known", "unknown"])
    def test_without_the_right_token_nobody_learns_who_exists(
        self, cognito: Any, watched: str, user: NewUser, name: str
    ) -> None:
        with refused("NotAuthorizedException", "Invalid feedback token."):
            cognito.update_auth_event_feedback(
                UserPoolId=watched,
                Username=user.username if name == "known" else "nobody",
                EventId="1",
                FeedbackToken="forged",
                FeedbackValue="Valid",
            )

    def test_a_pool_that_does_not_watch_refuses(self, cognito: Any, user_pool_id: str) -> None:
        with refused("UserPoolAddOnNotEnabledException", NOT_ENABLED):
            cognito.update_auth_event_feedback(
                UserPoolId=user_pool_id, Username="x", EventId="1", FeedbackToken="x", FeedbackValue="Valid"
            )

    def test_an_unknown_pool_does_not_exist(self, cognito: Any) -> None:
        with refused_pool(MISSING_POOL):
            cognito.update_auth_event_feedback(
                UserPoolId=MISSING_POOL, Username="x", EventId="1", FeedbackToken="x", FeedbackValue="Valid"
            )
