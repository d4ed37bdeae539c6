"""delivery.outbox and delivery.email_smtp: a real SMTP server gets the mail, and a dead one loses nobody."""

import socket
from collections.abc import Iterator
from typing import Any, cast

import pytest

from poolhouse import config
from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.crypto.seal import Keyring
from poolhouse.delivery import email_smtp
from poolhouse.delivery.messages import Message
from poolhouse.delivery.outbox import Noted, Outbox
from poolhouse.jobs.deliver import Deliveries
from poolhouse.wire.exceptions import CodeDeliveryFailureException
from tests.support.mailbox import Mailbox
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


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    handler = Mailbox()
    with handler.listening():
        yield handler, handler.port


async def send(port: int, message: Message, **settings: Any) -> None:
    """As a request that waits for it; nothing is stored. Raises CodeDeliveryFailureException."""
    plain = {
        "delivery": "smtp",
        "smtp_url": f"smtp://127.0.0.1:{port}",
        "smtp_from": "us@example.com",
        "sms_delivery": "none",
    }
    outbox = Outbox(Settings(**{**plain, **settings}), Keyring([bytes(32)]), cast("Any", None), Clock())
    try:
        await Deliveries(cast("Any", None), outbox, Clock()).deliver([Noted(message, None, is_awaited=True)], EXTRA)
    finally:
        await outbox.close()


async def test_an_email_has_a_plain_and_an_html_part(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    await send(port, MESSAGE)
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
    await send(port, message)
    assert handler.mails[0][1]["From"] == "Pool <p@x.de>"


async def test_a_refused_mail_is_a_delivery_failure(mailbox: tuple[Mailbox, int]) -> None:
    handler, port = mailbox
    handler.answer = "554 no thanks"
    with pytest.raises(CodeDeliveryFailureException) as failure:
        await send(port, MESSAGE)
    assert failure.value.message == "The e-mail could not be sent."
    assert "554" in failure.value.detail


async def test_an_unreachable_server_is_a_delivery_failure() -> None:
    with pytest.raises(CodeDeliveryFailureException):
        await send(free_port(), MESSAGE)


async def test_a_slow_server_is_a_delivery_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_smtp, "TIMEOUT_SECONDS", 0.2)
    # It accepts by its backlog, and never says a word.
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(CodeDeliveryFailureException):
        await send(silent.getsockname()[1], MESSAGE)


async def test_sms_needs_another_way(mailbox: tuple[Mailbox, int]) -> None:
    message = Message(**{name: getattr(MESSAGE, name) for name in MESSAGE.__struct_fields__} | {"channel": "sms"})
    for settings in ({}, {"delivery": "none"}):
        with pytest.raises(CodeDeliveryFailureException) as failure:
            await send(mailbox[1], message, **settings)
        assert failure.value.message == "The SMS message could not be sent."


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
        await send(mailbox[1], changed(to=to))
    assert failure.value.detail == "the recipient is no e-mail address"
    assert mailbox[0].mails == []


async def test_the_envelope_is_the_address_and_not_what_the_header_reads(mailbox: tuple[Mailbox, int]) -> None:
    """attack-0.1 no. 10."""
    handler, port = mailbox
    for to in ("o'neil+tag@example.com", "Ü.Ö@straße.example", "{a}|b@xn--strae-oqa.example"):
        await send(port, changed(to=to, sender="Shop, Ltd. <no-reply@example.com>"))
        recipients, mail = handler.mails.pop()
        assert recipients == [to]
        assert f"\nTo: {to}\n" in mail.as_bytes().decode()
        assert [(one.display_name, one.addr_spec) for one in mail["From"].addresses] == [
            ("Shop, Ltd.", "no-reply@example.com")
        ]


async def test_replies_go_where_the_pool_says(mailbox: tuple[Mailbox, int]) -> None:
    await send(mailbox[1], changed(reply_to="help@example.com"))
    assert mailbox[0].mails[0][1]["Reply-To"] == "help@example.com"


async def test_other_letters_need_a_server_that_takes_them() -> None:
    """attack-0.1 no. 10: SMTPUTF8 is asked for where it is needed only; the log says what is missing."""
    handler = Mailbox()
    port = handler.port
    with handler.listening(enable_SMTPUTF8=False):
        await send(port, MESSAGE)
        with pytest.raises(CodeDeliveryFailureException) as failure:
            await send(port, changed(to="ü@example.com"))
    assert "needs a mail server with SMTPUTF8" in failure.value.detail
    assert [recipients for recipients, _ in handler.mails] == [["bob@example.com"]]


async def test_whatever_breaks_is_a_delivery_failure_that_tells_no_secret(
    mailbox: tuple[Mailbox, int], caplog: pytest.LogCaptureFixture
) -> None:
    """attack-0.1 no. 10: nothing in `email` ends in a 500, and the log has the request but not the code."""
    with pytest.raises(CodeDeliveryFailureException):
        await send(mailbox[1], changed(subject="123456\nBcc: eve@x.de"))
    (record,) = caplog.records
    assert record.__dict__["request_id"] == "r-1"
    assert "ValueError" in record.getMessage()
    assert "123456" not in record.getMessage()


async def test_another_machine_has_to_encrypt(mailbox: tuple[Mailbox, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """attack-0.1 Noted, SMTP without user name: this server offers no STARTTLS, so it gets no code unless a setting says so."""
    handler, port = mailbox
    monkeypatch.setattr(config, "LOOPBACK_NAMES", frozenset())  # the server of the test is another machine's
    with pytest.raises(CodeDeliveryFailureException) as failure:
        await send(port, MESSAGE)
    assert "?starttls=optional" in failure.value.detail
    assert handler.mails == []
    await send(port, MESSAGE, smtp_url=f"smtp://127.0.0.1:{port}?starttls=optional")
    assert len(handler.mails) == 1
