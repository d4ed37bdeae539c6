"""CustomMessage: the pool's own words (user-pools-api.md §7.3)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support import functions as support
from tests.support.functions import KINDS, Functions, arn
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.refusals import attributes
from tests.support.server import Server

SES = "arn:aws:ses:us-east-1:123456789012:identity/no-reply@example.com"
DEVELOPER = {"EmailSendingAccount": "DEVELOPER", "SourceArn": SES}
UNRECOGNIZABLE = ("InvalidLambdaResponseException", "Unrecognizable lambda output")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Functions]]:
    with support.served(tmp_path_factory.mktemp("messages"), tmp_path_factory.mktemp("told")) as both:
        yield both


class Writing:
    def __init__(self, served: tuple[Server, Functions], function: str, **settings: Any) -> None:
        self.server, self.functions = served
        self.cognito = self.server.client()
        self.pools = Pools(self.cognito)
        given = {"AutoVerifiedAttributes": ["email"], "EmailConfiguration": DEVELOPER, **settings}
        self.id = self.pools.user_pool(LambdaConfig={"CustomMessage": arn(function)}, **given)
        self.client_id = self.pools.client_id(self.id)

    def tell(self, **response: Any) -> None:
        self.functions.tell(self.id, "CustomMessage", response=response)

    def told(self) -> list[dict[str, Any]]:
        return self.functions.told(self.id)

    def sign_up(self, name: str, **more: Any) -> Any:
        asked = {"ClientId": self.client_id, "Username": name, "Password": PASSWORD}
        return self.cognito.sign_up(**asked, UserAttributes=attributes(email=f"{name}@example.com"), **more)

    def newest(self, name: str) -> dict[str, Any]:
        return self.server.inbox.newest(f"{name}@example.com")


@pytest.fixture(scope="module")
def pool(served: tuple[Server, Functions]) -> Writing:
    return Writing(served, "python")


def refusal(call: Any, *arguments: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(*arguments, **more)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_event_and_the_words(served: tuple[Server, Functions], kind: str) -> None:
    """Field by field."""
    writing = Writing(served, kind)
    writing.tell(emailSubject="Hello", emailMessage="<b>Your</b> code: {####}!")
    name = unique("ada")
    writing.sign_up(name, ClientMetadata={"a": "b"})
    (told,) = writing.told()
    assert told["triggerSource"] == "CustomMessage_SignUp"
    assert told["userName"] == name
    sub = told["request"]["userAttributes"].pop("sub")
    assert sub.count("-") == 4
    assert told["request"] == {
        "userAttributes": {
            "cognito:user_status": "UNCONFIRMED",
            "email": f"{name}@example.com",
            "email_verified": "false",
        },
        "codeParameter": "{####}",
        "linkParameter": "{##Click Here##}",
        "usernameParameter": None,
        "clientMetadata": {"a": "b"},
    }
    assert told["response"] == {"smsMessage": None, "emailMessage": None, "emailSubject": None}
    message = writing.newest(name)
    code = message["code"]
    assert message["subject"] == "Hello"
    assert message["html"] == f"<b>Your</b> code: {code}!"
    assert message["text"] == f"Your code: {code}!"
    writing.cognito.confirm_sign_up(ClientId=writing.client_id, Username=name, ConfirmationCode=code)


SOURCES: list[tuple[str, Callable[[Writing, str], Any]]] = [
    ("ResendCode", lambda w, name: w.cognito.resend_confirmation_code(ClientId=w.client_id, Username=name)),
    ("ForgotPassword", lambda w, name: w.cognito.forgot_password(ClientId=w.client_id, Username=name)),
    ("ForgotPassword", lambda w, name: w.cognito.admin_reset_user_password(UserPoolId=w.id, Username=name)),
    (
        "UpdateUserAttribute",
        lambda w, name: w.cognito.admin_update_user_attributes(
            UserPoolId=w.id, Username=name, UserAttributes=attributes(email=f"new-{name}@example.com")
        ),
    ),
]


@pytest.mark.parametrize(("source", "ask"), SOURCES)
def test_the_sources(pool: Writing, source: str, ask: Callable[[Writing, str], Any]) -> None:
    pool.tell()
    if source == "ResendCode":
        name = unique("waiting")
        pool.sign_up(name)
    else:
        name = pool.pools.user(pool.id).username
    pool.told()
    ask(pool, name)
    assert [told["triggerSource"] for told in pool.told()] == [f"CustomMessage_{source}"]


def test_users_who_change_their_address(pool: Writing) -> None:
    pool.tell()
    user = pool.pools.user(pool.id)
    token = pool.pools.sign_in(pool.client_id, user)["AccessToken"]
    pool.cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(name="no address"))
    assert pool.told() == []
    pool.cognito.update_user_attributes(AccessToken=token, UserAttributes=attributes(email=f"{unique()}@example.com"))
    pool.cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    sources = [told["triggerSource"] for told in pool.told()]
    assert sources == ["CustomMessage_UpdateUserAttribute", "CustomMessage_VerifyUserAttribute"]


def test_an_invitation(pool: Writing) -> None:
    pool.tell(emailMessage="{username}, begin with {####}", emailSubject="Welcome")
    name = unique("invited")
    asked = {"UserPoolId": pool.id, "Username": name, "DesiredDeliveryMediums": ["EMAIL"]}
    pool.cognito.admin_create_user(
        **asked, UserAttributes=attributes(email=f"{name}@example.com"), ClientMetadata={"not": "for this"}
    )
    (told,) = pool.told()
    assert told["triggerSource"] == "CustomMessage_AdminCreateUser"
    assert told["request"]["usernameParameter"] == "{username}"
    assert "clientMetadata" not in told["request"]
    message = pool.newest(name)
    assert message["text"] == f"{name}, begin with {message['code']}"
    pool.tell(emailMessage="only {####}")
    assert refusal(pool.cognito.admin_create_user, **asked, MessageAction="RESEND") == UNRECOGNIZABLE


def test_nothing_is_asked_where_nothing_is_sent(pool: Writing) -> None:
    pool.told()
    pool.cognito.admin_create_user(UserPoolId=pool.id, Username=unique("quiet"), MessageAction="SUPPRESS")
    pool.cognito.sign_up(ClientId=pool.client_id, Username=unique("addressless"), Password=PASSWORD)
    assert pool.told() == []


def test_what_is_null_is_the_pools_own(pool: Writing) -> None:
    pool.tell(emailSubject="Only this")
    name = unique("half")
    pool.sign_up(name)
    message = pool.newest(name)
    assert message["subject"] == "Only this"
    assert message["text"].startswith("Your verification code is ")


@pytest.mark.parametrize(
    "response",
    [
        {"emailMessage": "no code"},
        {"smsMessage": "no code"},
        {"smsMessage": "{####}" + "x" * 135},
        {"emailMessage": "{####}" + "x" * 20_000},
        {"emailMessage": 7},
    ],
    ids=["no code", "no code by SMS", "long SMS", "long e-mail", "number"],
)
def test_what_it_may_not_say(pool: Writing, response: dict[str, Any]) -> None:
    """A refused message leaves no user behind."""
    pool.tell(**response)
    name = unique("odd")
    assert refusal(pool.sign_up, name) == UNRECOGNIZABLE
    with pytest.raises(pool.cognito.exceptions.UserNotFoundException):
        pool.cognito.admin_get_user(UserPoolId=pool.id, Username=name)


def test_words_for_email_need_an_account_of_ones_own(served: tuple[Server, Functions]) -> None:
    writing = Writing(served, "python", EmailConfiguration={"EmailSendingAccount": "COGNITO_DEFAULT"})
    text = (
        "The CustomMessage trigger may set emailMessage and emailSubject only where EmailSendingAccount is DEVELOPER."
    )
    for response in ({"emailMessage": "{####}"}, {"emailSubject": "x"}):
        writing.tell(**response)
        assert refusal(writing.sign_up, unique("plain")) == ("InvalidLambdaResponseException", text)
    writing.tell(smsMessage="{####}")
    writing.sign_up(unique("plain"))


def test_markup_of_a_user_stays_text(pool: Writing) -> None:
    """The words are the operator's; what goes into them is not."""
    pool.tell(emailMessage="<i>{username}</i> {####}")
    name = "<b>&" + unique()
    pool.cognito.sign_up(
        ClientId=pool.client_id,
        Username=name,
        Password=PASSWORD,
        UserAttributes=attributes(email="markup-" + name[4:] + "@example.com"),
    )
    message = pool.server.inbox.newest("markup-" + name[4:] + "@example.com")
    assert message["html"].startswith("<i>&lt;b&gt;&amp;")
