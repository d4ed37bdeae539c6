"""delivery.outbox and delivery.email_smtp: a real SMTP server gets the mail, and a dead one loses nobody."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller

from poolhouse.call import Call
from poolhouse.config import Settings
from poolhouse.delivery import email_smtp
from poolhouse.delivery.messages import Message
from poolhouse.delivery.outbox import Outbox
from poolhouse.wire.exceptions import CodeDeliveryFailureException
from tests.support.ports import free_port

CALL = cast("Call", SimpleNamespace())
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
    return Outbox(Settings(**{**plain, **settings}), cast("Any", None), cast("Any", None))


async def test_an_email_has_a_plain_and_an_html_part(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    await an_outbox(port).send(CALL, MESSAGE)
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
    await an_outbox(port).send(CALL, message)
    assert handler.mails[0][1]["From"] == "Pool <p@x.de>"


async def test_a_refused_mail_is_a_delivery_failure(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    handler.refuses = True
    with pytest.raises(CodeDeliveryFailureException) as failure:
        await an_outbox(port).send(CALL, MESSAGE)
    assert failure.value.message == "The e-mail could not be sent."
    assert "554" in failure.value.detail


async def test_an_unreachable_server_is_a_delivery_failure() -> None:
    with pytest.raises(CodeDeliveryFailureException):
        await an_outbox(free_port()).send(CALL, MESSAGE)


async def test_a_slow_server_is_a_delivery_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_smtp, "TIMEOUT_SECONDS", 0.2)
    # It accepts by its backlog, and never says a word.
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CodeDeliveryFailureException):
        await an_outbox(silent.getsockname()[1]).send(CALL, MESSAGE)


async def test_sms_needs_another_way(mailbox: tuple[Mailbox, int]) -> None:
    message = Message(**{name: getattr(MESSAGE, name) for name in MESSAGE.__struct_fields__} | {"channel": "sms"})
    for outbox in (an_outbox(mailbox[1]), an_outbox(0, delivery="none")):
        with pytest.raises(CodeDeliveryFailureException) as failure:
            await outbox.send(CALL, message)
        assert failure.value.message == "The SMS message could not be sent."


async def test_unseen_mail_leaves_in_the_background(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    outbox = an_outbox(port)
    await outbox.send_unseen(CALL, MESSAGE)
    await outbox.send_unseen(CALL, None)
    assert handler.mails == []
    await outbox.close()
    assert len(handler.mails) == 1


async def test_unseen_failures_are_seen_by_nobody() -> None:
    outbox = an_outbox(free_port())
    await outbox.send_unseen(CALL, MESSAGE)
    await outbox.close()


async def test_a_recipient_cannot_add_headers(mailbox: tuple[Mailbox, int]) -> None:
    message = Message(
        **{name: getattr(MESSAGE, name) for name in MESSAGE.__struct_fields__} | {"to": "a@x.de\nBcc: eve@x.de"}
    )
    with pytest.raises(CodeDeliveryFailureException):
        await an_outbox(mailbox[1]).send(CALL, message)
    assert mailbox[0].mails == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.com", None),
        ("smtp://u:p@mail.example.com:587", True),
        ("smtp://u:p@localhost:587", None),
        ("smtps://u:p@mail.example.com", False),
    ],
)
def test_a_password_travels_encrypted(url: str, expected: bool | None) -> None:
    assert email_smtp._start_tls(email_smtp.urlsplit(url)) is expected
