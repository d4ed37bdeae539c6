"""CustomEmailSender and CustomSMSSender: functions that send the messages of a pool (user-pools-api.md §7.3).

Every code is opened by the AWS Encryption SDK of Amazon, and then does what it was sent for.
"""

import html
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support import functions as support
from tests.support import oauth
from tests.support.functions import KINDS, Functions, arn
from tests.support.functions.codes import KMS_ARN, RAW_ARN, code_of, plaintext_of
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import Server

CHANNELS = ("email", "sms")
SENDERS = {"email": "CustomEmailSender", "sms": "CustomSMSSender"}
ATTRIBUTES = {"email": "email", "sms": "phone_number"}
SMS = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"}
OTHER_PASSWORD = "Another-Horse-2"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Functions]]:
    with support.served(tmp_path_factory.mktemp("senders"), tmp_path_factory.mktemp("told")) as both:
        yield both


def sender_config(function: str, *channels: str, key: str = RAW_ARN) -> dict[str, Any]:
    sender = {"LambdaVersion": "V1_0", "LambdaArn": arn(function)}
    return {"KMSKeyID": key, **{SENDERS[channel]: sender for channel in channels}}


class Sending:
    """A pool that verifies one kind of address, and whose function sends what goes there."""

    def __init__(
        self,
        served: tuple[Server, Functions],
        function: str,
        channel: str,
        config: dict[str, Any] | None = None,
        **settings: Any,
    ) -> None:
        self.server, self.functions = served
        self.cognito = self.server.client()
        self.pools = Pools(self.cognito)
        self.channel, self.attribute = channel, ATTRIBUTES[channel]
        given = {"AutoVerifiedAttributes": [self.attribute], "SmsConfiguration": SMS, **settings}
        self.id = self.pools.user_pool(LambdaConfig=config or sender_config(function, channel), **given)
        self.client_id = self.pools.client_id(self.id, PreventUserExistenceErrors="ENABLED")

    def new_address(self) -> str:
        return f"{unique()}@example.com" if self.channel == "email" else f"+1415{secrets.randbelow(10**7):07}"

    def source(self, about: str) -> str:
        return f"{SENDERS[self.channel]}_{about}"

    def sign_up(self, name: str, address: str = "", **more: Any) -> str:
        """The address."""
        address = address or self.new_address()
        self.cognito.sign_up(
            ClientId=self.client_id,
            Username=name,
            Password=PASSWORD,
            UserAttributes=attributes(**{self.attribute: address}),
            **more,
        )
        return address

    def confirm(self, name: str, code: str) -> None:
        self.cognito.confirm_sign_up(ClientId=self.client_id, Username=name, ConfirmationCode=code)

    def user(self) -> str:
        """With a verified address and a password."""
        name, verified = unique("user"), {self.attribute: self.new_address(), f"{self.attribute}_verified": "true"}
        self.cognito.admin_create_user(
            UserPoolId=self.id, Username=name, MessageAction="SUPPRESS", UserAttributes=attributes(**verified)
        )
        self.cognito.admin_set_user_password(UserPoolId=self.id, Username=name, Password=PASSWORD, Permanent=True)
        return name

    def sign_in(self, name: str, password: str = PASSWORD) -> Any:
        return self.cognito.initiate_auth(
            ClientId=self.client_id,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )

    def token(self, name: str) -> str:
        return str(self.sign_in(name)["AuthenticationResult"]["AccessToken"])

    def next(self, about: str) -> dict[str, Any]:
        """The one event that comes."""
        (told,) = self.functions.wait(self.id)
        assert told["triggerSource"] == self.source(about)
        return told


@pytest.fixture(scope="module")
def pools_of(served: tuple[Server, Functions]) -> dict[str, Sending]:
    return {channel: Sending(served, "python", channel) for channel in CHANNELS}


@pytest.fixture(params=CHANNELS)
def each(request: pytest.FixtureRequest, pools_of: dict[str, Sending]) -> Iterator[Sending]:
    sending = pools_of[request.param]
    sending.functions.told(sending.id)
    yield sending
    (sending.functions.folder / f"{sending.id}.{SENDERS[request.param]}").unlink(missing_ok=True)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_event_and_its_code(served: tuple[Server, Functions], kind: str, channel: str) -> None:
    """Field by field, through every kind of target."""
    sending = Sending(served, kind, channel)
    name = unique("ada")
    address = sending.sign_up(name, ClientMetadata={"a": "b"})
    told = sending.next("SignUp")
    code = told["request"].pop("code")
    sub = told["request"]["userAttributes"].pop("sub")
    assert sub.count("-") == 4
    assert told == {
        "version": "1",
        "triggerSource": sending.source("SignUp"),
        "region": "us-east-1",
        "userPoolId": sending.id,
        "userName": name,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": sending.client_id},
        "request": {
            "type": f"custom{'Email' if channel == 'email' else 'SMS'}SenderRequestV1",
            "userAttributes": {
                "cognito:user_status": "UNCONFIRMED",
                sending.attribute: address,
                f"{sending.attribute}_verified": "false",
            },
            "clientMetadata": {"a": "b"},
        },
        "response": {},
    }
    told["request"]["code"] = code
    sending.confirm(name, code_of(told))
    assert sending.server.inbox(address, wait=0) == []


class TestSources:
    """user-pools-api.md §7.2: in every flow, and what each code is for."""

    def test_a_code_that_is_asked_for_again(self, each: Sending) -> None:
        name = unique("again")
        each.sign_up(name)
        each.next("SignUp")
        each.cognito.resend_confirmation_code(ClientId=each.client_id, Username=name, ClientMetadata={"not": "told"})
        told = each.next("ResendCode")
        assert "clientMetadata" not in told["request"]
        each.confirm(name, code_of(told))

    def test_a_forgotten_password(self, each: Sending) -> None:
        name = each.user()
        each.cognito.forgot_password(ClientId=each.client_id, Username=name, ClientMetadata={"a": "b"})
        told = each.next("ForgotPassword")
        assert told["request"]["clientMetadata"] == {"a": "b"}
        self._set_password(each, name, code_of(told))

    def test_a_reset_by_an_administrator(self, each: Sending) -> None:
        name = each.user()
        each.cognito.admin_reset_user_password(UserPoolId=each.id, Username=name)
        told = each.next("ForgotPassword")
        assert told["callerContext"]["clientId"] == "CLIENT_ID_NOT_APPLICABLE"
        self._set_password(each, name, code_of(told))

    def _set_password(self, each: Sending, name: str, code: str) -> None:
        each.cognito.confirm_forgot_password(
            ClientId=each.client_id, Username=name, ConfirmationCode=code, Password=OTHER_PASSWORD
        )
        assert each.sign_in(name, OTHER_PASSWORD)["AuthenticationResult"]

    def test_a_new_address(self, each: Sending) -> None:
        name, address = each.user(), each.new_address()
        token = each.token(name)
        each.cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(**{each.attribute: address}))
        told = each.next("UpdateUserAttribute")
        assert told["request"]["userAttributes"][each.attribute] == address
        each.cognito.verify_user_attribute(AccessToken=token, AttributeName=each.attribute, Code=code_of(told))

    def test_a_new_address_by_an_administrator(self, each: Sending) -> None:
        name, address = each.user(), each.new_address()
        each.cognito.admin_update_user_attributes(
            UserPoolId=each.id, Username=name, UserAttributes=attributes(**{each.attribute: address})
        )
        told = each.next("UpdateUserAttribute")
        code = code_of(told)
        each.cognito.verify_user_attribute(AccessToken=each.token(name), AttributeName=each.attribute, Code=code)

    def test_an_address_that_is_to_be_proven(self, each: Sending) -> None:
        name = each.user()
        token = each.token(name)
        each.cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName=each.attribute)
        told = each.next("VerifyUserAttribute")
        each.cognito.verify_user_attribute(AccessToken=token, AttributeName=each.attribute, Code=code_of(told))

    @pytest.mark.parametrize("channel", CHANNELS)
    def test_an_address_that_is_not_the_users_before_it_is_proven(
        self, served: tuple[Server, Functions], channel: str
    ) -> None:
        """The function is told where to send the code all the same."""
        before = {"AttributesRequireVerificationBeforeUpdate": [ATTRIBUTES[channel]]}
        sending = Sending(served, "python", channel, UserAttributeUpdateSettings=before)
        name, address = sending.user(), sending.new_address()
        token = sending.token(name)
        asked = attributes(**{sending.attribute: address})
        sending.cognito.update_user_attributes(AccessToken=token, UserAttributes=asked)
        told = sending.next("UpdateUserAttribute")
        assert told["request"]["userAttributes"][sending.attribute] == address
        verify = {"AccessToken": token, "AttributeName": sending.attribute, "Code": code_of(told)}
        sending.cognito.verify_user_attribute(**verify)
        found = sending.cognito.get_user(AccessToken=token)["UserAttributes"]
        assert {"Name": sending.attribute, "Value": address} in found

    def test_a_risky_sign_in(self, served: tuple[Server, Functions]) -> None:
        """DOC: without ClientMetadata. There is no code in it."""
        sending = Sending(served, "python", "email", UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"})
        action = {"Notify": True, "EventAction": "NO_ACTION"}
        takeover = {
            "NotifyConfiguration": {"SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/example.com"},
            "Actions": {"LowAction": action, "MediumAction": action, "HighAction": action},
        }
        sending.cognito.set_risk_configuration(UserPoolId=sending.id, AccountTakeoverRiskConfiguration=takeover)
        name = sending.user()
        for address in ("192.0.2.1", "198.51.100.1"):
            sending.cognito.admin_initiate_auth(
                UserPoolId=sending.id,
                ClientId=sending.client_id,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
                ContextData={"IpAddress": address, "ServerName": "x", "ServerPath": "/", "HttpHeaders": []},
                ClientMetadata={"told": "nobody"},
            )
        told = sending.next("AccountTakeOverNotification")
        assert told["userName"] == name
        assert told["request"].keys() == {"type", "code", "userAttributes"}
        assert told["request"]["code"] is None

    def test_an_invitation_and_the_next(self, each: Sending) -> None:
        """A temporary password is escaped for e-mail (DOC), and only there."""
        name, password = unique("invited"), "Aa1<&>x'y\"z"
        invited = {"UserPoolId": each.id, "Username": name, "DesiredDeliveryMediums": [each.channel.upper()]}
        each.cognito.admin_create_user(
            **invited,
            TemporaryPassword=password,
            UserAttributes=attributes(**{each.attribute: each.new_address()}),
            ClientMetadata={"not": "told"},
        )
        told = each.next("AdminCreateUser")
        assert "clientMetadata" not in told["request"]
        assert plaintext_of(told) == (html.escape(password) if each.channel == "email" else password)
        assert each.sign_in(name, password)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
        each.cognito.admin_create_user(**invited, MessageAction="RESEND")
        again = code_of(each.next("AdminCreateUser"))
        assert each.sign_in(name, again)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"

    def test_the_pages(self, served: tuple[Server, Functions]) -> None:
        """Sign-up and its confirmation in a browser."""
        server, functions = served
        cognito = server.client()
        world = oauth.build(server, Pools(cognito))
        config = sender_config("python", "email")
        cognito.update_user_pool(UserPoolId=world.pool_id, AutoVerifiedAttributes=["email"], LambdaConfig=config)
        browser, asked, name = world.browser(), world.parameters(), unique("page")
        browser.get("/signup", **asked)
        form = {"username": name, "requiredAttributes[email]": f"{name}@example.com", "password": PASSWORD}
        answer = browser.submit("/signup?" + urlencode(asked), **form)
        assert answer.headers.get("location", oauth.text_of(answer)).startswith("/confirm?")
        browser.get("/confirm", **asked)
        (told,) = functions.wait(world.pool_id)
        assert told["triggerSource"] == "CustomEmailSender_SignUp"
        browser.submit("/confirm?" + urlencode(asked), code=code_of(told))
        found = cognito.admin_get_user(UserPoolId=world.pool_id, Username=name)
        assert found["UserStatus"] == "CONFIRMED"


def test_under_a_key_of_kms(served: tuple[Server, Functions], monkeypatch: pytest.MonkeyPatch) -> None:
    _, functions = served
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", functions.address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    sending = Sending(served, "python", "email", sender_config("python", "email", key=KMS_ARN))
    name = unique("kms")
    sending.sign_up(name)
    sending.confirm(name, code_of(sending.next("SignUp"), is_kms=True))


class TestFailures:
    """DOC: nobody is told how it ends. The message waits, and is tried again."""

    @pytest.mark.parametrize("wanted", [{"error": "no"}, {"exit": 3}], ids=str)
    def test_a_function_that_fails_is_asked_again(self, each: Sending, wanted: dict[str, Any]) -> None:
        each.functions.tell(each.id, SENDERS[each.channel], **wanted)
        name = unique("patient")
        each.sign_up(name)
        first = each.next("SignUp")
        each.functions.tell(each.id, SENDERS[each.channel])
        again = each.next("SignUp")
        assert again["request"].pop("code") != first["request"].pop("code")  # encrypted anew
        assert again == first

    def test_what_it_answers_is_ignored(self, each: Sending) -> None:
        each.functions.tell(each.id, SENDERS[each.channel], answer="not the event")
        name = unique("odd")
        each.sign_up(name)
        each.confirm(name, code_of(each.next("SignUp")))

    def test_a_long_answer_is_ignored(self, served: tuple[Server, Functions]) -> None:
        for kind in KINDS:
            sending = Sending(served, kind, "email")
            sending.functions.tell(sending.id, "CustomEmailSender", big=5_000_000)
            name = unique("big")
            sending.sign_up(name)
            sending.confirm(name, code_of(sending.next("SignUp")))

    @pytest.mark.parametrize(
        ("function", "key", "line"),
        [
            ("python", "nowhere", "key/nowhere stands nowhere in [kms_keys] of poolhouse.toml"),
            ("nowhere", "raw", "function:nowhere stands nowhere in [triggers] of poolhouse.toml"),
            ("forbidden", "raw", "function:forbidden was not invoked: AccessDeniedException"),
        ],
    )
    def test_what_leads_nowhere_is_in_the_log(
        self, served: tuple[Server, Functions], function: str, key: str, line: str
    ) -> None:
        config = sender_config(function, "email", key=f"arn:aws:kms:us-east-1:123456789012:key/{key}")
        sending = Sending(served, function, "email", config)
        sending.sign_up(unique("lost"))
        end = time.monotonic() + 30
        while line not in sending.server.read_log():
            assert time.monotonic() < end
            time.sleep(0.05)

    def test_strangers_are_answered_as_users_are(self, each: Sending) -> None:
        answers = []
        asks: list[Callable[[str], Any]] = [
            lambda name: each.cognito.forgot_password(ClientId=each.client_id, Username=name),
            lambda name: each.cognito.resend_confirmation_code(ClientId=each.client_id, Username=name),
        ]
        for ask, known in zip(asks, (each.user(), self._waiting(each)), strict=True):
            for name in (known, unique("nobody")):
                details = ask(name)["CodeDeliveryDetails"]
                answers.append((details["AttributeName"], details["DeliveryMedium"]))
        each.functions.wait(each.id, 2)
        assert answers == [(each.attribute, each.channel.upper())] * 4

    def _waiting(self, each: Sending) -> str:
        name = unique("waiting")
        each.sign_up(name)
        each.next("SignUp")
        return name


class TestCustomMessage:
    """It is asked for words only where they are used."""

    def test_a_sender_needs_no_words(self, served: tuple[Server, Functions]) -> None:
        config = {**sender_config("python", "email"), "CustomMessage": arn("python")}
        sending = Sending(served, "python", "email", config)
        name = unique("wordless")
        sending.sign_up(name)
        sending.next("SignUp")
        sending.cognito.resend_confirmation_code(ClientId=sending.client_id, Username=name)
        sending.next("ResendCode")

    def test_the_other_channel_has_its_words(self, served: tuple[Server, Functions]) -> None:
        """An invitation both ways, of which one goes by a function."""
        config = {**sender_config("python", "sms"), "CustomMessage": arn("python")}
        sending = Sending(served, "python", "email", config)
        email, phone = sending.new_address(), f"+1415{secrets.randbelow(10**7):07}"
        sending.cognito.admin_create_user(
            UserPoolId=sending.id,
            Username=unique("both"),
            UserAttributes=attributes(email=email, phone_number=phone),
            DesiredDeliveryMediums=["EMAIL", "SMS"],
        )
        told = sending.functions.wait(sending.id, 2)
        assert [each["triggerSource"] for each in told] == [
            "CustomMessage_AdminCreateUser",
            "CustomSMSSender_AdminCreateUser",
        ]
        assert sending.server.inbox.code(email) == code_of(told[1])
        assert sending.server.inbox(phone, wait=0) == []
