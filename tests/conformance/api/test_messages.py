"""Every message of a pool, as a real mail server reads it: sender, recipient, both parts, in the pool's words."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.mailbox import Mailbox
from tests.support.pools import PASSWORD, Pools, unique
from tests.support.server import Server

SOURCE_ARN = "arn:aws:ses:us-east-1:123456789012:identity/example.com"
CONFIGURATION = {
    "EmailSendingAccount": "DEVELOPER",
    "SourceArn": SOURCE_ARN,
    "From": "Shöp, Ltd. <no-reply@example.com>",
    "ReplyToEmailAddress": "help@example.com",
    "ConfigurationSet": "watched",
}
TEMPLATES = {
    "EmailMessage": "<p>Hällo {username}</p><p>code <b>{####}</b></p>",
    "EmailSubject": "Cöde {####}",
    "EmailMessageByLink": "<p>Click {##here##}</p>",
    "EmailSubjectByLink": "Link",
}
INVITATION = {"EmailMessage": "<p>{username} has {####}</p>", "EmailSubject": "Welcome {username}"}


@pytest.fixture(scope="module")
def sending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Mailbox]]:
    box = Mailbox()
    with box.listening():
        options = ("--delivery", "smtp", "--await-delivery", "--smtp-url", f"smtp://127.0.0.1:{box.port}")
        server = Server(tmp_path_factory.mktemp("sending"), *options).start()
        try:
            yield server, box
        finally:
            server.stop()


class Sending:
    """A pool whose words, sender and recipients are out of the common."""

    def __init__(self, server: Server, box: Mailbox, option: str = "CONFIRM_WITH_CODE") -> None:
        self.box, self.cognito = box, server.client()
        pools = Pools(self.cognito)
        self.id = pools.user_pool(
            AutoVerifiedAttributes=["email"],
            EmailConfiguration=CONFIGURATION,
            VerificationMessageTemplate={**TEMPLATES, "DefaultEmailOption": option},
            AdminCreateUserConfig={"InviteMessageTemplate": INVITATION},
        )
        self.cognito.create_user_pool_domain(UserPoolId=self.id, Domain=unique("mail").lower().replace("_", "-"))
        self.client_id = pools.client_id(
            self.id, ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        )
        self.name = unique("jan")
        self.address = f"{self.name}@example.com"

    @contextmanager
    def mail(self) -> Iterator[list[Any]]:
        """The one that comes meanwhile."""
        self.box.mails.clear()
        got: list[Any] = []
        yield got
        ((recipients, mail),) = self.box.mails
        assert recipients == [self.address]
        got.append(mail)

    def sign_up(self) -> None:
        email = [{"Name": "email", "Value": self.address}]
        self.cognito.sign_up(ClientId=self.client_id, Username=self.name, Password=PASSWORD, UserAttributes=email)

    def confirmed(self) -> None:
        self.cognito.admin_create_user(
            UserPoolId=self.id,
            Username=self.name,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": self.address}, {"Name": "email_verified", "Value": "true"}],
        )
        self.cognito.admin_set_user_password(UserPoolId=self.id, Username=self.name, Password=PASSWORD, Permanent=True)

    def token(self) -> str:
        parameters = {"USERNAME": self.name, "PASSWORD": PASSWORD}
        signed_in = self.cognito.initiate_auth(
            ClientId=self.client_id, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
        )
        return str(signed_in["AuthenticationResult"]["AccessToken"])


@pytest.fixture
def pool(sending: tuple[Server, Mailbox]) -> Sending:
    return Sending(*sending)


def check(mail: Any, subject: str, text: str) -> str:
    """text: a pattern with one group, which is given back. What all mails of the pool have in common is checked too."""
    sender = mail["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Shöp, Ltd.", "no-reply@example.com")
    assert (mail["Reply-To"], mail["X-SES-CONFIGURATION-SET"]) == ("help@example.com", "watched")
    assert mail.get_content_type() == "multipart/alternative"
    assert not mail.defects
    plain, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
    found = re.search(text, plain)
    assert found is not None, plain
    assert re.fullmatch(subject.replace("CODE", re.escape(found[1])), mail["Subject"]), mail["Subject"]
    assert found[1] in html.replace("&amp;", "&")
    assert "<p>" in html
    return found[1]


CODE = r"code (\d{6})\s*$"


def test_sign_up_and_resent(pool: Sending) -> None:
    with pool.mail() as got:
        pool.sign_up()
    check(got[0], "Cöde CODE", CODE)
    assert f"Hällo {pool.name}" in got[0].get_body(("plain",)).get_content()
    with pool.mail() as got:
        pool.cognito.resend_confirmation_code(ClientId=pool.client_id, Username=pool.name)
    code = check(got[0], "Cöde CODE", CODE)
    pool.cognito.confirm_sign_up(ClientId=pool.client_id, Username=pool.name, ConfirmationCode=code)


def test_an_address_with_letters_outside_ascii(pool: Sending) -> None:
    pool.address = f"jürgen-{pool.name}@bücher.example"
    with pool.mail() as got:
        pool.sign_up()
    assert f"\nTo: {pool.address}\n" in got[0].as_bytes().decode()


def test_a_link_confirms(sending: tuple[Server, Mailbox]) -> None:
    pool = Sending(*sending, option="CONFIRM_WITH_LINK")
    with pool.mail() as got:
        pool.sign_up()
    link = check(got[0], "Link", r"here: (\S+)")
    assert "/confirmUser?" in link


def test_an_invitation(pool: Sending) -> None:
    with pool.mail() as got:
        pool.cognito.admin_create_user(
            UserPoolId=pool.id,
            Username=pool.name,
            UserAttributes=[{"Name": "email", "Value": pool.address}],
            DesiredDeliveryMediums=["EMAIL"],
        )
    plain = got[0].get_body(("plain",)).get_content()
    assert plain.startswith(f"{pool.name} has ")
    assert got[0]["Subject"] == f"Welcome {pool.name}"
    assert got[0]["From"].addresses[0].addr_spec == "no-reply@example.com"


def test_forgotten_and_reset_passwords(pool: Sending) -> None:
    pool.confirmed()
    with pool.mail() as got:
        pool.cognito.forgot_password(ClientId=pool.client_id, Username=pool.name)
    check(got[0], "Cöde CODE", CODE)
    with pool.mail() as got:
        pool.cognito.admin_reset_user_password(UserPoolId=pool.id, Username=pool.name)
    check(got[0], "Cöde CODE", CODE)


def test_changed_and_proven_addresses(pool: Sending) -> None:
    pool.confirmed()
    token = pool.token()
    pool.address = f"new-{pool.address}"
    with pool.mail() as got:
        email = [{"Name": "email", "Value": pool.address}]
        pool.cognito.update_user_attributes(AccessToken=token, UserAttributes=email)
    check(got[0], "Cöde CODE", CODE)
    with pool.mail() as got:
        pool.cognito.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    code = check(got[0], "Cöde CODE", CODE)
    pool.cognito.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)


@pytest.mark.parametrize(
    ("configuration", "sender"),
    [
        ({"SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/post@example.com"}, "post@example.com"),
        ({"SourceArn": SOURCE_ARN}, "no-reply@localhost"),
        ({}, "no-reply@localhost"),
    ],
)
def test_without_from_the_verified_address_sends(
    sending: tuple[Server, Mailbox], configuration: dict[str, str], sender: str
) -> None:
    pool = Sending(*sending)
    pool.cognito.update_user_pool(
        UserPoolId=pool.id, AutoVerifiedAttributes=["email"], EmailConfiguration=configuration
    )
    with pool.mail() as got:
        pool.sign_up()
    assert got[0]["From"].addresses[0].addr_spec == sender
    assert got[0]["Reply-To"] is None


@pytest.mark.parametrize(
    "wrong", [{"From": "a@example.com\nBcc: eve@example.com"}, {"ReplyToEmailAddress": "a@example.com\r\nX: y"}]
)
def test_no_header_is_smuggled_in_by_the_configuration(sending: tuple[Server, Mailbox], wrong: dict[str, str]) -> None:
    pool = Sending(*sending)
    with pytest.raises(ClientError) as refused:
        pool.cognito.update_user_pool(UserPoolId=pool.id, EmailConfiguration={**CONFIGURATION, **wrong})
    assert refused.value.response["Error"]["Code"] == "InvalidParameterException"


def test_no_header_is_smuggled_in_by_a_subject(sending: tuple[Server, Mailbox]) -> None:
    pool = Sending(*sending)
    template = {**TEMPLATES, "EmailSubject": "Code\r\nBcc: eve@example.com"}
    pool.cognito.update_user_pool(
        UserPoolId=pool.id,
        AutoVerifiedAttributes=["email"],
        EmailConfiguration=CONFIGURATION,
        VerificationMessageTemplate=template,
    )
    with pool.mail() as got:
        pool.sign_up()
    assert got[0]["Bcc"] is None
    assert got[0]["Subject"] == "Code Bcc: eve@example.com"


def test_an_sms_without_a_gateway_is_refused(start_local_server: Callable[..., Server]) -> None:
    server = start_local_server("--delivery", "smtp", "--smtp-url", "smtp://127.0.0.1:9")
    pools = Pools(server.client())
    client_id = pools.client_id(pools.user_pool(AutoVerifiedAttributes=["phone_number"]))
    phone = [{"Name": "phone_number", "Value": "+4915112345678"}]
    with pytest.raises(ClientError) as refused:
        server.client().sign_up(ClientId=client_id, Username="ann", Password=PASSWORD, UserAttributes=phone)
    assert refused.value.response["Error"]["Message"] == "The SMS message could not be sent."
