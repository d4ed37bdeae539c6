"""delivery.outbox and delivery.email_smtp: a real SMTP server gets the mail, and a dead one loses nobody."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller

from poolhouse import config
from poolhouse.config import Settings
from poolhouse.delivery import email_smtp
from poolhouse.delivery.messages import Message
from poolhouse.delivery.outbox import Outbox
from poolhouse.wire.exceptions import CodeDeliveryFailureException
from tests.support.ports import free_port

EXTRA = {"request_id": "r-1", "operation": "SignUp"}
MESSAGE = Message(
    channel="email",
    to="bob@example.com",
    subject="Your verification code ü",
    text="Your code is 123456. ",
    html="Your code is <b>123456</b>. ",
    code="123456",
    user_pool_id="p",
    username="bob",
)


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[tuple[list[str], EmailMessage]] = []
        self.refuses = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        if self.refuses:
            return "554 no thanks"
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    handler, port = Mailbox(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def an_outbox(port: int, **settings: Any) -> Outbox:
    plain = {"delivery": "smtp", "smtp_url": f"smtp://127.0.0.1:{port}", "smtp_from": "us@example.com"}
    return Outbox(Settings(**{**plain, **settings}), cast("Any", None))


async def test_an_email_has_a_plain_and_an_html_part(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    await an_outbox(port).send(MESSAGE, EXTRA)
    ((recipients, mail),) = handler.mails
    assert recipients == ["bob@example.com"]
    assert (mail["From"], mail["To"], mail["Subject"]) == ("us@example.com", "bob@example.com", MESSAGE.subject)
    assert mail["Message-ID"].rstrip(">").endswith("@example.com")
    assert mail["Date"]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().strip() == MESSAGE.text.strip()
    assert html.get_content().strip() == MESSAGE.html.strip()


async def test_the_sender_of_the_pool_wins(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    message = Message(
        **{name: getattr(MESSAGE, name) for name in MESSAGE.__struct_fields__} | {"sender": "Pool <p@x.de>"}
    )
    await an_outbox(port).send(message, EXTRA)
    assert handler.mails[0][1]["From"] == "Pool <p@x.de>"


async def test_a_refused_mail_is_a_delivery_failure(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    handler.refuses = True
    with pytest.raises(CodeDeliveryFailureException) as failure:
        await an_outbox(port).send(MESSAGE, EXTRA)
    assert failure.value.message == "The e-mail could not be sent."
    assert "554" in failure.value.detail


async def test_an_unreachable_server_is_a_delivery_failure() -> None:
    with pytest.raises(CodeDeliveryFailureException):
        await an_outbox(free_port()).send(MESSAGE, EXTRA)


async def test_a_slow_server_is_a_delivery_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_smtp, "TIMEOUT_SECONDS", 0.2)
    # It accepts by its backlog, and never says a word.
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CodeDeliveryFailureException):
        await an_outbox(silent.getsockname()[1]).send(MESSAGE, EXTRA)


async def test_sms_needs_another_way(mailbox: tuple[Mailbox, int]) -> None:
    message = Message(**{name: getattr(MESSAGE, name) for name in MESSAGE.__struct_fields__} | {"channel": "sms"})
    for outbox in (an_outbox(mailbox[1]), an_outbox(0, delivery="none")):
        with pytest.raises(CodeDeliveryFailureException) as failure:
            await outbox.send(message, EXTRA)
        assert failure.value.message == "The SMS message could not be sent."


async def test_unseen_mail_leaves_in_the_background(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    outbox = an_outbox(port)
    await outbox.send_unseen(MESSAGE, "p", EXTRA)
    await outbox.send_unseen(None, "p", EXTRA)
    assert handler.mails == []
    await outbox.close()
    assert len(handler.mails) == 1


async def test_unseen_failures_are_seen_by_nobody() -> None:
    outbox = an_outbox(free_port())
    await outbox.send_unseen(MESSAGE, "p", EXTRA)
    await outbox.close()


def changed(**values: Any) -> Message:
    return Message(**{name: getattr(MESSAGE, name) for name in MESSAGE.__struct_fields__} | values)


@pytest.mark.parametrize(
    "to",
    [
        "a@x.de\nBcc: eve@x.de",
        "=?utf-8?q?mallory=40evil.example=3e=20?=x@corp.example",
        "root,mallory@evil.example",
        '"mallory@evil.example> "@corp.example',
        "é@[corp.example",
        "[" * 1000 + "@corp.example",
        "(" * 3000 + "@corp.example",
    ],
)
async def test_a_text_that_is_no_address_gets_no_mail(mailbox: tuple[Mailbox, int], to: str) -> None:
    """attack-0.1 no. 10: a user from before the rule may have such an address."""
    with pytest.raises(CodeDeliveryFailureException) as failure:
        await an_outbox(mailbox[1]).send(changed(to=to), EXTRA)
    assert failure.value.detail == "the recipient is no e-mail address"
    assert mailbox[0].mails == []


async def test_the_envelope_is_the_address_and_not_what_the_header_reads(mailbox: tuple[Mailbox, int]) -> None:
    """attack-0.1 no. 10."""
    handler, port = mailbox
    for to in ("o'neil+tag@example.com", "Ü.Ö@straße.example", "{a}|b@xn--strae-oqa.example"):
        await an_outbox(port).send(changed(to=to, sender="Shop, Ltd. <no-reply@example.com>"), EXTRA)
        recipients, mail = handler.mails.pop()
        assert recipients == [to]
        assert f"\nTo: {to}\n" in mail.as_bytes().decode()
        assert [(one.display_name, one.addr_spec) for one in mail["From"].addresses] == [
            ("Shop, Ltd.", "no-reply@example.com")
        ]


async def test_replies_go_where_the_pool_says(mailbox: tuple[Mailbox, int]) -> None:
    await an_outbox(mailbox[1]).send(changed(reply_to="help@example.com"), EXTRA)
    assert mailbox[0].mails[0][1]["Reply-To"] == "help@example.com"


async def test_other_letters_need_a_server_that_takes_them() -> None:
    """attack-0.1 no. 10: SMTPUTF8 is asked for where it is needed only; the log says what is missing."""
    handler, port = Mailbox(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=False)
    controller.start()
    try:
        await an_outbox(port).send(MESSAGE, EXTRA)
        with pytest.raises(CodeDeliveryFailureException) as failure:
            await an_outbox(port).send(changed(to="ü@example.com"), EXTRA)
    finally:
        controller.stop()
    assert "needs a mail server with SMTPUTF8" in failure.value.detail
    assert [recipients for recipients, _ in handler.mails] == [["bob@example.com"]]


async def test_whatever_breaks_is_a_delivery_failure_that_tells_no_secret(
    mailbox: tuple[Mailbox, int], caplog: pytest.LogCaptureFixture
) -> None:
    """attack-0.1 no. 10: nothing in `email` ends in a 500, and the log has the request but not the code."""
    with pytest.raises(CodeDeliveryFailureException):
        await an_outbox(mailbox[1]).send(changed(subject="123456\nBcc: eve@x.de"), EXTRA)
    (record,) = caplog.records
    assert record.__dict__["request_id"] == "r-1"
    assert "ValueError" in record.getMessage()
    assert "123456" not in record.getMessage()


async def test_another_machine_has_to_encrypt(mailbox: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """attack-0.1 Noted, SMTP without user name: this server offers no STARTTLS, so it gets no code unless a setting says so."""
    handler, port = mailbox
    monkeypatch.setattr(config, "LOOPBACK_NAMES", frozenset())  # the server of the test is another machine's
    with pytest.raises(CodeDeliveryFailureException) as failure:
        await an_outbox(port).send(MESSAGE, EXTRA)
    assert "?starttls=optional" in failure.value.detail
    assert handler.mails == []
    await an_outbox(port, smtp_url=f"smtp://127.0.0.1:{port}?starttls=optional").send(MESSAGE, EXTRA)
    assert len(handler.mails) == 1
