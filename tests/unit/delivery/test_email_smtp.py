"""delivery.email_smtp: connections are kept for the next mail, and one that has died loses none."""

from collections.abc import AsyncIterator

import msgspec
import pytest

from poolhouse.config import Settings
from poolhouse.delivery import email_smtp
from poolhouse.delivery.email_smtp import SMTP
from poolhouse.delivery.not_sent import NotSent
from tests.support.mailbox import Mailbox
from tests.support.until import until
from tests.unit.delivery.test_outbox import MESSAGE


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def smtp(box: Mailbox) -> AsyncIterator[SMTP]:
    gateway = SMTP(Settings(**box.settings()))
    yield gateway
    await gateway.close()


async def test_one_connection_takes_many_mails(box: Mailbox, smtp: SMTP) -> None:
    with box.listening():
        for number in range(5):
            await smtp.send(MESSAGE, f"id-{number}")
        box.answer = "554 no"
        with pytest.raises(NotSent) as refused:
            await smtp.send(MESSAGE, "id-5")
        box.answer = "250 OK"
        await smtp.send(MESSAGE, "id-6")
    assert refused.value.is_final
    assert len(box.mails) == 6
    assert len(box.peers) == 1
    assert [mail["Message-ID"] for _, mail in box.mails][:2] == ["<id-0@example.com>", "<id-1@example.com>"]


async def test_a_server_that_was_started_again_gets_the_next_mail(box: Mailbox, smtp: SMTP) -> None:
    for _ in range(2):
        with box.listening():
            await smtp.send(MESSAGE, "id")
    assert len(box.mails) == 2
    assert len(box.peers) == 2
    with pytest.raises(NotSent) as failure:
        await smtp.send(MESSAGE, "id")
    assert not failure.value.is_final


async def test_idle_connections_are_left(box: Mailbox, smtp: SMTP, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_smtp, "IDLE_SECONDS", 0.05)
    with box.listening():
        await smtp.send(MESSAGE, "id")
        ((_, connection),) = smtp._idle
        await until(lambda: not smtp._idle)
        await until(lambda: not connection.is_connected)


async def test_the_configuration_set_of_the_pool_is_a_header(box: Mailbox, smtp: SMTP) -> None:
    with box.listening():
        await smtp.send(msgspec.structs.replace(MESSAGE, configuration_set="watched"), "id")
        await smtp.send(MESSAGE, "id")
    assert [mail["X-SES-CONFIGURATION-SET"] for _, mail in box.mails] == ["watched", None]
