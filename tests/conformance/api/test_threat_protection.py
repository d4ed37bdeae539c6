"""What threat protection does: known passwords, risky sign-ins, addresses, and the mails about them (user-pools-api.md §8)."""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.support.expected import refused, refused_parameter
from tests.support.inbox import Inbox
from tests.support.oauth import build, text_of
from tests.support.pools import PASSWORD, NewUser, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import Server

ENFORCED = {"AdvancedSecurityMode": "ENFORCED"}
KNOWN_PASSWORD = "Password123!"  # it meets the policy, and is on the list that ships
HOME, OTHER_NETWORK = "192.0.2.10", "198.51.100.20"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
PASSWORD_COMPROMISED = "Provided password cannot be used for security reasons."
SIGN_IN_BLOCKED = "Unable to login because of security reasons."
REQUEST_BLOCKED = "Request not allowed due to security reasons."
BLOCK_KNOWN = {"Actions": {"EventAction": "BLOCK"}}
NOTIFY = {
    "From": "Guard <guard@example.com>",
    "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com",
    "BlockEmail": {"Subject": "Blocked {username}", "TextBody": "From {ip-address} at {login-time} on {device-name}"},
    "NoActionEmail": {"Subject": "Seen", "HtmlBody": "<p>{username} {event-id} {feedback-token} {city} {nothing}</p>"},
    "MfaEmail": {"Subject": "Asked", "TextBody": "We asked {username} for more"},
}


def context(address: str = HOME, agent: str = CHROME, encoded: str = "") -> dict[str, Any]:
    told = {"EncodedData": encoded} if encoded else {}
    headers = [{"headerName": "User-Agent", "headerValue": agent}]
    return {"IpAddress": address, "ServerName": "app", "ServerPath": "/", "HttpHeaders": headers, **told}


def encoded(**device: str) -> str:
    """As the SDKs send it."""
    payload = json.dumps({"contextData": device, "username": "x", "userPoolId": "x", "timestamp": "1"})
    envelope = {"payload": payload, "signature": "x", "version": "JS20171115"}
    return base64.b64encode(json.dumps(envelope).encode()).decode()


def actions(**levels: str) -> dict[str, Any]:
    """Level → what follows; users are told."""
    return {f"{level}Action": {"Notify": True, "EventAction": action} for level, action in levels.items()}


class Guarded:
    """A pool that enforces, and what its users do."""

    def __init__(
        self, cognito: Any, pools: Pools, user_pool_id: str = "", client_id: str = "", **settings: Any
    ) -> None:
        self.cognito, self.pools = cognito, pools
        made = {"UserPoolAddOns": ENFORCED, "AutoVerifiedAttributes": ["email"], **settings}
        self.id = user_pool_id or pools.user_pool(**made)
        self.client_id = client_id or pools.client_id(self.id)

    def rules(self, **configuration: Any) -> None:
        self.cognito.set_risk_configuration(UserPoolId=self.id, **configuration)

    def takeover(self, **levels: str) -> None:
        self.rules(AccountTakeoverRiskConfiguration={"NotifyConfiguration": NOTIFY, "Actions": actions(**levels)})

    def sign_in(self, user: NewUser, where: dict[str, Any] | None = None, password: str = "") -> dict[str, Any]:
        answer: dict[str, Any] = self.cognito.admin_initiate_auth(
            UserPoolId=self.id,
            ClientId=self.client_id,
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": user.username, "PASSWORD": password or user.password},
            ContextData=where or context(),
        )
        return answer

    def at_home(self, **attributes: str) -> NewUser:
        """A user who has signed in from home."""
        user = self.pools.user(self.id, **attributes)
        self.sign_in(user)
        return user

    def events(self, user: NewUser) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.cognito.admin_list_user_auth_events(
            UserPoolId=self.id, Username=user.username
        )["AuthEvents"]
        return found

    def risk(self, user: NewUser) -> tuple[str, str]:
        """(decision, level) of the newest event."""
        found = self.events(user)[0]["EventRisk"]
        return found["RiskDecision"], found.get("RiskLevel", "")

    def status(self, user: NewUser) -> str:
        return str(self.cognito.admin_get_user(UserPoolId=self.id, Username=user.username)["UserStatus"])


@pytest.fixture
def guarded(cognito: Any, pools: Pools) -> Guarded:
    return Guarded(cognito, pools)


class TestKnownPasswords:
    def test_nobody_signs_up_with_one(self, guarded: Guarded) -> None:
        guarded.rules(CompromisedCredentialsRiskConfiguration=BLOCK_KNOWN)
        with refused("InvalidPasswordException", PASSWORD_COMPROMISED):
            guarded.cognito.sign_up(ClientId=guarded.client_id, Username=unique(), Password=KNOWN_PASSWORD)
        name = unique()
        guarded.cognito.sign_up(
            ClientId=guarded.client_id,
            Username=name,
            Password=PASSWORD,
            UserAttributes=attributes(email=f"{name}@example.com"),
        )

    def test_who_signs_in_with_one_has_to_reset_it(self, guarded: Guarded, inbox: Inbox) -> None:
        guarded.rules(CompromisedCredentialsRiskConfiguration=BLOCK_KNOWN)
        user = guarded.pools.user(guarded.id, password=KNOWN_PASSWORD)
        with refused("PasswordResetRequiredException", "Password reset required for the user"):
            guarded.sign_in(user)
        assert guarded.status(user) == "RESET_REQUIRED"
        event = guarded.events(user)[0]
        assert event["EventResponse"] == "Fail"
        assert event["EventRisk"] == {"RiskDecision": "Block", "CompromisedCredentialsDetected": True}
        guarded.cognito.forgot_password(ClientId=guarded.client_id, Username=user.username)
        given = {"ClientId": guarded.client_id, "Username": user.username, "ConfirmationCode": inbox.code(user.email)}
        with refused("InvalidPasswordException", PASSWORD_COMPROMISED):
            guarded.cognito.confirm_forgot_password(**given, Password=KNOWN_PASSWORD)
        guarded.cognito.confirm_forgot_password(**given, Password=PASSWORD)
        assert guarded.sign_in(user, password=PASSWORD)["AuthenticationResult"]

    def test_a_wrong_password_is_only_wrong(self, guarded: Guarded) -> None:
        guarded.rules(CompromisedCredentialsRiskConfiguration=BLOCK_KNOWN)
        user = guarded.pools.user(guarded.id)
        with refused("NotAuthorizedException", "Incorrect username or password."):
            guarded.sign_in(user, password=KNOWN_PASSWORD)
        assert guarded.status(user) == "CONFIRMED"

    def test_nobody_changes_to_one(self, guarded: Guarded) -> None:
        guarded.rules(CompromisedCredentialsRiskConfiguration=BLOCK_KNOWN)
        user = guarded.pools.user(guarded.id)
        token = guarded.sign_in(user)["AuthenticationResult"]["AccessToken"]
        with refused("InvalidPasswordException", PASSWORD_COMPROMISED):
            guarded.cognito.change_password(
                AccessToken=token, PreviousPassword=PASSWORD, ProposedPassword=KNOWN_PASSWORD
            )
        assert guarded.events(user)[0]["EventRisk"]["CompromisedCredentialsDetected"] is True

    def test_a_temporary_one_has_to_give_way_to_another(self, guarded: Guarded) -> None:
        """DOC: what administrators set is not looked at, the answer to NEW_PASSWORD_REQUIRED is."""
        guarded.rules(CompromisedCredentialsRiskConfiguration=BLOCK_KNOWN)
        name = unique()
        guarded.cognito.admin_create_user(
            UserPoolId=guarded.id, Username=name, TemporaryPassword=KNOWN_PASSWORD, MessageAction="SUPPRESS"
        )
        session = guarded.sign_in(NewUser(name, KNOWN_PASSWORD, "", ""))["Session"]
        answer = {"ClientId": guarded.client_id, "ChallengeName": "NEW_PASSWORD_REQUIRED", "Session": session}
        with refused("InvalidPasswordException", PASSWORD_COMPROMISED):
            guarded.cognito.respond_to_auth_challenge(
                **answer, ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": KNOWN_PASSWORD}
            )
        guarded.cognito.respond_to_auth_challenge(
            **answer, ChallengeResponses={"USERNAME": name, "NEW_PASSWORD": PASSWORD}
        )

    @pytest.mark.parametrize(
        ("settings", "compromised"),
        [
            ({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}, BLOCK_KNOWN),
            ({}, {"Actions": {"EventAction": "NO_ACTION"}}),
        ],
    )
    def test_where_nothing_is_blocked_it_is_recorded(
        self, cognito: Any, pools: Pools, settings: dict[str, Any], compromised: dict[str, Any]
    ) -> None:
        guarded = Guarded(cognito, pools, **settings)
        guarded.rules(CompromisedCredentialsRiskConfiguration=compromised)
        user = pools.user(guarded.id, password=KNOWN_PASSWORD)
        assert guarded.sign_in(user)["AuthenticationResult"]
        (event,) = guarded.events(user)
        assert event["EventResponse"] == "Pass"
        assert event["EventRisk"] == {"RiskDecision": "NoRisk", "CompromisedCredentialsDetected": True}

    def test_only_the_events_of_the_filter_are_looked_at(self, guarded: Guarded) -> None:
        guarded.rules(CompromisedCredentialsRiskConfiguration={**BLOCK_KNOWN, "EventFilter": ["SIGN_UP"]})
        user = guarded.pools.user(guarded.id, password=KNOWN_PASSWORD)
        assert guarded.sign_in(user)["AuthenticationResult"]
        assert guarded.events(user)[0]["EventRisk"]["CompromisedCredentialsDetected"] is False

    def test_a_client_may_be_stricter_than_its_pool(self, guarded: Guarded) -> None:
        strict = guarded.pools.client_id(guarded.id)
        guarded.rules(ClientId=strict, CompromisedCredentialsRiskConfiguration=BLOCK_KNOWN)
        user = guarded.pools.user(guarded.id, password=KNOWN_PASSWORD)
        assert guarded.sign_in(user)["AuthenticationResult"]
        guarded.client_id = strict
        with refused("PasswordResetRequiredException"):
            guarded.sign_in(user)

    @pytest.mark.parametrize("form", ["list", "ranges"])
    def test_the_operator_has_a_list_too(self, start_local_server: Any, tmp_path: Path, form: str) -> None:
        known = "Tr0ub4dor&3-of-ours"
        if form == "list":
            file = tmp_path / "known.txt"
            file.write_text(f"something else\r\n{known}\r\n")
        else:
            digest = hashlib.sha1(known.encode()).hexdigest().upper()
            padded = hashlib.sha1(PASSWORD.encode()).hexdigest().upper()
            file = tmp_path / "ranges"
            file.mkdir()
            (file / f"{digest[:5]}.txt").write_text(f"{'0' * 35}:4\n{digest[5:]}:12\n")
            (file / padded[:5]).write_text(f"{padded[5:]}:0\n")
        server: Server = start_local_server("--compromised-passwords", str(file))
        cognito = server.client()
        guarded = Guarded(cognito, Pools(cognito))
        guarded.rules(CompromisedCredentialsRiskConfiguration=BLOCK_KNOWN)
        for password in (known, KNOWN_PASSWORD):
            with refused("InvalidPasswordException", PASSWORD_COMPROMISED):
                cognito.sign_up(ClientId=guarded.client_id, Username=unique(), Password=password)
        cognito.sign_up(
            ClientId=guarded.client_id,
            Username=unique(),
            Password=PASSWORD,
            UserAttributes=attributes(email="a@example.com"),
        )


class TestRisk:
    def test_the_first_sign_in_is_no_risk(self, guarded: Guarded) -> None:
        guarded.takeover(Low="BLOCK", Medium="BLOCK", High="BLOCK")
        user = guarded.at_home()
        assert guarded.risk(user) == ("NoRisk", "")
        guarded.sign_in(user)
        assert guarded.risk(user) == ("NoRisk", "")

    @pytest.mark.parametrize(
        ("where", "level"),
        [
            (context("192.0.2.77"), ""),  # the same network
            (context(OTHER_NETWORK), "Low"),
            (context(agent=FIREFOX), "Low"),
            (context(OTHER_NETWORK, FIREFOX), "Medium"),
        ],
    )
    def test_what_is_new_about_it_makes_the_level(self, guarded: Guarded, where: dict[str, Any], level: str) -> None:
        user = guarded.at_home()
        assert guarded.sign_in(user, where)["AuthenticationResult"]
        assert guarded.risk(user) == ("AccountTakeover" if level else "NoRisk", level)
        guarded.sign_in(user, where)
        assert guarded.risk(user) == ("NoRisk", "")  # it is known now

    def test_wrong_passwords_before_the_right_one_make_it_high(self, guarded: Guarded) -> None:
        user = guarded.at_home()
        for _ in range(3):
            with refused("NotAuthorizedException"):
                guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX), password="Wrong-Horse-1")
        guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))
        assert guarded.risk(user) == ("AccountTakeover", "High")

    def test_who_moves_too_fast_makes_it_higher(self, guarded: Guarded) -> None:
        user = guarded.at_home()
        guarded.sign_in(user, context(OTHER_NETWORK))
        assert guarded.risk(user) == ("AccountTakeover", "Low")
        guarded.sign_in(user, context("203.0.113.5"))
        assert guarded.risk(user) == ("AccountTakeover", "Medium")

    def test_feedback_counts(self, guarded: Guarded) -> None:
        user = guarded.at_home()
        guarded.sign_in(user, context(OTHER_NETWORK))
        event_id = guarded.events(user)[0]["EventId"]
        feedback = {"UserPoolId": guarded.id, "Username": user.username, "EventId": event_id}
        guarded.cognito.admin_update_auth_event_feedback(**feedback, FeedbackValue="Invalid")
        guarded.sign_in(user, context(OTHER_NETWORK))
        assert guarded.risk(user) == ("AccountTakeover", "High")

    def test_the_data_of_an_sdk_tells_devices_apart(self, guarded: Guarded) -> None:
        user = guarded.pools.user(guarded.id)
        first = encoded(DeviceId="1", DeviceName="Ada's phone", ClientTimezone="-07:00", UserAgent=CHROME)
        guarded.sign_in(user, context(encoded=first))
        told = guarded.events(user)[0]["EventContextData"]
        assert told == {"IpAddress": HOME, "DeviceName": "Ada's phone", "Timezone": "-07:00"}
        guarded.sign_in(user, context(agent=FIREFOX, encoded=first))
        assert guarded.risk(user) == ("NoRisk", "")
        guarded.sign_in(user, context(encoded=encoded(DeviceId="2", ClientTimezone="-07:00", UserAgent=CHROME)))
        assert guarded.risk(user) == ("AccountTakeover", "Low")
        guarded.sign_in(user, context(encoded=encoded(DeviceId="3", ClientTimezone="+09:00", UserAgent=CHROME)))
        assert guarded.risk(user) == ("AccountTakeover", "Medium")

    @pytest.mark.parametrize(
        "data", ["x", "====", "e30=", "bnVsbA==", "W10=", encoded()[:40], "\U0001f600", "x" * 70_000]
    )
    def test_data_that_nobody_can_read_fails_nothing(self, guarded: Guarded, data: str) -> None:
        user = guarded.at_home()
        assert guarded.sign_in(user, context(encoded=data))["AuthenticationResult"]
        assert guarded.events(user)[0]["EventContextData"]["DeviceName"] == "Chrome 126, Windows 10"

    def test_an_address_that_is_none_is_refused(self, guarded: Guarded) -> None:
        user = guarded.at_home()
        for password in (user.password, "Wrong-Horse-1"):
            with refused_parameter("IpAddress is not a valid IPv4 or IPv6 address."):
                guarded.sign_in(user, context("example.com"), password)

    @pytest.mark.parametrize("at", ["form", "address"])
    def test_the_pages_take_the_data_of_a_script_but_not_of_a_link(
        self, server: Server, pools: Pools, cognito: Any, at: str
    ) -> None:
        """By a link, a stranger could make a device known before using it."""
        world = build(server, pools)
        cognito.update_user_pool(UserPoolId=world.pool_id, UserPoolAddOns=ENFORCED)
        user, browser = world.user(), world.browser()
        data = encoded(DeviceName="Ada's desk", ClientTimezone="+01:00")
        query = world.parameters(**({"userContextData": data} if at == "address" else {}))
        browser.get("/login", **query)
        fields = {"username": user.username, "password": user.password}
        fields |= {"cognitoAsfData": data} if at == "form" else {}
        answer = browser.submit("/login?" + urlencode(query), **fields)
        assert "code=" in answer.headers["location"]
        told = Guarded(cognito, pools, world.pool_id, world.public_id).events(user)[0]["EventContextData"]
        assert (told["DeviceName"] == "Ada's desk") == (at == "form")

    def test_only_a_client_that_may_names_the_address(self, guarded: Guarded) -> None:
        user = guarded.pools.user(guarded.id)
        data = {"UserContextData": {"IpAddress": HOME, "EncodedData": encoded(DeviceId="1")}}

        def address(client_id: str, **more: str) -> str:
            guarded.cognito.initiate_auth(
                ClientId=client_id,
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": user.username, "PASSWORD": user.password, **more},
                **data,
            )
            return str(guarded.events(user)[0]["EventContextData"]["IpAddress"])

        assert address(guarded.client_id) == "127.0.0.1"
        made = guarded.pools.client(guarded.id, GenerateSecret=True, EnablePropagateAdditionalUserContextData=True)
        proof = base64.b64encode(
            hmac.digest(made["ClientSecret"].encode(), f"{user.username}{made['ClientId']}".encode(), "sha256")
        ).decode()
        assert address(made["ClientId"], SECRET_HASH=proof) == HOME


class TestResponses:
    def test_a_level_that_blocks(self, guarded: Guarded, inbox: Inbox) -> None:
        guarded.takeover(Medium="BLOCK")
        user = guarded.at_home()
        with refused("NotAuthorizedException", SIGN_IN_BLOCKED):
            guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))
        assert guarded.risk(user) == ("Block", "Medium")
        assert guarded.events(user)[0]["EventResponse"] == "Fail"
        message = inbox.newest(user.email)
        assert message["subject"] == f"Blocked {user.username}"
        assert re.fullmatch(rf"From {OTHER_NETWORK} at .* UTC \d{{4}} on Firefox 127, Linux", message["text"].strip())
        assert guarded.sign_in(user)["AuthenticationResult"]  # from home

    def test_what_was_blocked_is_not_known(self, guarded: Guarded) -> None:
        guarded.takeover(Medium="BLOCK")
        user = guarded.at_home()
        for _ in range(2):
            with refused("NotAuthorizedException", SIGN_IN_BLOCKED):
                guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))

    def test_a_stranger_with_the_password_fills_no_mailbox(self, guarded: Guarded, inbox: Inbox) -> None:
        guarded.takeover(Medium="BLOCK")
        user = guarded.at_home()
        for _ in range(13):
            with refused("NotAuthorizedException", SIGN_IN_BLOCKED):
                guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))
        assert len(inbox.messages(user.email)) == 10  # in an hour

    def test_where_a_pool_only_looks_on_nothing_follows(self, cognito: Any, pools: Pools, inbox: Inbox) -> None:
        guarded = Guarded(cognito, pools, UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"})
        guarded.takeover(Low="BLOCK", Medium="BLOCK", High="BLOCK")
        user = guarded.at_home()
        assert guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))["AuthenticationResult"]
        assert guarded.risk(user) == ("AccountTakeover", "Medium")
        assert inbox.messages(user.email, wait=0) == []

    def test_a_mail_brings_feedback(self, guarded: Guarded, inbox: Inbox) -> None:
        guarded.takeover(Medium="NO_ACTION")
        user = guarded.at_home()
        assert guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))["AuthenticationResult"]
        event_id = guarded.events(user)[0]["EventId"]
        message = inbox.newest(user.email)
        assert message["subject"] == "Seen"
        name, told, token, city, nothing = message["text"].split()
        assert (name, told, city, nothing) == (user.username, event_id, "unknown", "{nothing}")
        given = {"UserPoolId": guarded.id, "Username": user.username, "FeedbackToken": token}
        with refused("NotAuthorizedException", "Invalid feedback token."):
            guarded.cognito.update_auth_event_feedback(
                **given, EventId=guarded.events(user)[1]["EventId"], FeedbackValue="Valid"
            )
        other = guarded.pools.user(guarded.id)
        with refused("NotAuthorizedException", "Invalid feedback token."):
            guarded.cognito.update_auth_event_feedback(
                **{**given, "Username": other.username}, EventId=event_id, FeedbackValue="Valid"
            )
        for value in ("Invalid", "Valid"):
            guarded.cognito.update_auth_event_feedback(**given, EventId=event_id, FeedbackValue=value)
            feedback = guarded.events(user)[0]["EventFeedback"]
            assert (feedback["FeedbackValue"], feedback["Provider"]) == (value, "User")

    def test_a_link_of_a_mail_asks_before_it_tells(
        self, server: Server, pools: Pools, cognito: Any, inbox: Inbox
    ) -> None:
        """Mail scanners open every link."""
        world = build(server, pools)
        cognito.update_user_pool(UserPoolId=world.pool_id, UserPoolAddOns=ENFORCED)
        template = {"Subject": "Seen", "TextBody": "{one-click-link-valid} {one-click-link-invalid}"}
        notify = {**NOTIFY, "NoActionEmail": template}
        cognito.set_risk_configuration(
            UserPoolId=world.pool_id,
            AccountTakeoverRiskConfiguration={"NotifyConfiguration": notify, "Actions": actions(Medium="NO_ACTION")},
        )
        guarded = Guarded(cognito, pools, world.pool_id, world.public_id)
        user = guarded.at_home()
        guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))
        for link, value in zip(inbox.newest(user.email)["text"].split(), ("Valid", "Invalid"), strict=True):
            path = link[link.index("/eventFeedback") :]
            before = guarded.events(user)[0].get("EventFeedback", {})
            browser = world.browser()
            assert browser.get(path).status_code == 200
            assert guarded.events(user)[0].get("EventFeedback", {}) == before
            fields = dict(parse_qsl(urlsplit(path).query))
            assert "Thank you" in text_of(browser.submit("/eventFeedback", **fields))
            feedback = guarded.events(user)[0]["EventFeedback"]
            assert (feedback["FeedbackValue"], feedback["Provider"]) == (value, "User")
        refused_page = browser.submit("/eventFeedback", **{**fields, "feedback_token": "forged"})
        assert refused_page.status_code == 400
        assert "no longer good" in text_of(refused_page)
        assert world.browser().http.post("/eventFeedback", data=fields).status_code == 403  # not from our page
        assert world.browser().get("/eventFeedback").status_code == 400

    def test_what_is_required_and_cannot_be_had_blocks(self, guarded: Guarded, inbox: Inbox) -> None:
        guarded.takeover(Medium="MFA_REQUIRED")
        user = guarded.at_home()
        with refused("NotAuthorizedException", SIGN_IN_BLOCKED):
            guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))
        assert guarded.risk(user) == ("Block", "Medium")
        assert inbox.newest(user.email)["subject"] == f"Blocked {user.username}"

    def test_what_is_optional_and_cannot_be_had_is_left_out(self, guarded: Guarded) -> None:
        guarded.takeover(Medium="MFA_IF_CONFIGURED")
        user = guarded.at_home()
        assert guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))["AuthenticationResult"]

    @pytest.mark.parametrize("action", ["MFA_REQUIRED", "MFA_IF_CONFIGURED"])
    def test_a_second_factor_is_asked_for(self, cognito: Any, pools: Pools, inbox: Inbox, action: str) -> None:
        guarded = Guarded(cognito, pools, MfaConfiguration="OPTIONAL", SmsConfiguration=SMS)
        guarded.takeover(Medium=action)
        phone = f"+1415{secrets.randbelow(10**7):07}"
        user = guarded.at_home(phone_number=phone)
        answer = guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))
        assert answer["ChallengeName"] == "SMS_MFA"
        assert guarded.events(user)[0]["EventResponse"] == "InProgress"
        assert inbox.newest(user.email)["subject"] == "Asked"
        respond = {
            "UserPoolId": guarded.id,
            "ClientId": guarded.client_id,
            "ChallengeName": "SMS_MFA",
            "Session": answer["Session"],
        }
        code = inbox.code(phone)
        with refused("CodeMismatchException"):
            cognito.admin_respond_to_auth_challenge(
                **respond,
                ChallengeResponses={
                    "USERNAME": user.username,
                    "SMS_MFA_CODE": f"{(int(code) + 1) % 10**6:06}",
                },
            )
        event = guarded.events(user)[0]
        assert event["EventResponse"] == "Fail"
        assert event["ChallengeResponses"][-1] == {"ChallengeName": "Mfa", "ChallengeResponse": "Failure"}
        tokens = cognito.admin_respond_to_auth_challenge(
            **respond, ChallengeResponses={"USERNAME": user.username, "SMS_MFA_CODE": code}
        )["AuthenticationResult"]
        assert tokens
        event = guarded.events(user)[0]
        assert event["EventResponse"] == "Pass"
        assert event["EventRisk"]["RiskLevel"] == "Medium"
        assert [each["ChallengeName"] for each in event["ChallengeResponses"]] == ["Password", "Mfa"]
        assert guarded.sign_in(user, context(OTHER_NETWORK, FIREFOX))["AuthenticationResult"]  # it is known now

    def test_the_pages_say_it(self, server: Server, pools: Pools, cognito: Any) -> None:
        world = build(server, pools)
        cognito.update_user_pool(UserPoolId=world.pool_id, UserPoolAddOns=ENFORCED)
        cognito.set_risk_configuration(
            UserPoolId=world.pool_id, RiskExceptionConfiguration={"BlockedIPRangeList": ["127.0.0.0/8"]}
        )
        answer = world.browser().login(world.user(), **world.parameters())
        assert answer.status_code < 500
        assert "location" not in answer.headers or "code=" not in answer.headers["location"]
        assert REQUEST_BLOCKED in text_of(answer)


class TestAddresses:
    BLOCKED: dict[str, Any] = {"RiskExceptionConfiguration": {"BlockedIPRangeList": ["198.51.100.0/24", "127.0.0.0/8"]}}

    def test_one_that_is_always_blocked_may_nothing(self, guarded: Guarded) -> None:
        user = guarded.at_home()
        guarded.rules(**self.BLOCKED)
        for password in (user.password, "Wrong-Horse-1"):
            with refused("NotAuthorizedException", REQUEST_BLOCKED):
                guarded.sign_in(user, context(OTHER_NETWORK), password)
        assert guarded.risk(user) == ("Block", "")
        with refused("NotAuthorizedException", REQUEST_BLOCKED):
            guarded.sign_in(NewUser("nobody", "x", "", ""), context(OTHER_NETWORK))
        public = {"ClientId": guarded.client_id, "Username": user.username}
        attempts: tuple[Callable[[], Any], ...] = (
            lambda: guarded.cognito.sign_up(ClientId=guarded.client_id, Username=unique(), Password=PASSWORD),
            lambda: guarded.cognito.forgot_password(**public),
            lambda: guarded.cognito.resend_confirmation_code(**public),
            lambda: guarded.cognito.confirm_forgot_password(**public, ConfirmationCode="123456", Password=PASSWORD),
        )
        for attempt in attempts:
            with refused("NotAuthorizedException", REQUEST_BLOCKED):
                attempt()
        assert guarded.sign_in(user)["AuthenticationResult"]  # from home

    def test_a_pool_that_only_looks_on_blocks_nobody(self, cognito: Any, pools: Pools) -> None:
        guarded = Guarded(cognito, pools, UserPoolAddOns={"AdvancedSecurityMode": "AUDIT"})
        guarded.rules(**self.BLOCKED)
        assert guarded.sign_in(pools.user(guarded.id), context(OTHER_NETWORK))["AuthenticationResult"]

    def test_one_that_is_always_allowed_is_no_risk(self, guarded: Guarded) -> None:
        guarded.rules(
            AccountTakeoverRiskConfiguration={
                "NotifyConfiguration": NOTIFY,
                "Actions": actions(Low="BLOCK", Medium="BLOCK"),
            },
            RiskExceptionConfiguration={"SkippedIPRangeList": ["198.51.100.0/24"]},
        )
        user = guarded.at_home()
        assert guarded.sign_in(user, context(OTHER_NETWORK))["AuthenticationResult"]
        assert guarded.risk(user) == ("NoRisk", "")
        with refused("NotAuthorizedException", SIGN_IN_BLOCKED):
            guarded.sign_in(user, context("203.0.113.5"))

    def test_one_that_is_always_allowed_still_may_not_use_a_known_password(self, guarded: Guarded) -> None:
        guarded.rules(
            CompromisedCredentialsRiskConfiguration=BLOCK_KNOWN,
            RiskExceptionConfiguration={"SkippedIPRangeList": ["0.0.0.0/0"]},
        )
        with refused("PasswordResetRequiredException"):
            guarded.sign_in(guarded.pools.user(guarded.id, password=KNOWN_PASSWORD))
