"""jobs.deliver and what it stands on: a message leaves after its write, once, and also where the first process died."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from poolhouse import clock
from poolhouse.crypto.seal import Keyring
from poolhouse.delivery.messages import Function, Message
from poolhouse.delivery.not_sent import TIMEOUT_SECONDS, NotSent
from poolhouse.delivery.outbox import LEASE_SECONDS, Notice, Outbox
from poolhouse.jobs import deliver
from poolhouse.jobs.deliver import Deliveries, pause_seconds
from poolhouse.pool import resealing
from poolhouse.pool.call import Call, House
from poolhouse.pool.users import invitations, users
from poolhouse.storage.engine import Transaction
from poolhouse.wire.exceptions import CodeDeliveryFailureException
from tests.support.houses import new_call, new_pool, open_house
from tests.support.mailbox import Mailbox
from tests.support.pools import PASSWORD
from tests.support.until import until

HOUR_MS = 3_600_000


def a_message(to: str = "bob@example.com") -> Message:
    return Message(
        channel="email",
        to=to,
        subject="Your verification code",
        text="Your code is 123456. ",
        html="Your code is <b>123456</b>. ",
        code="123456",
        user_pool_id="p",
        username="bob",
    )


def a_notice(message: Message | None, *, subject: str = "sub-1", topic: str = "sign_up", **others: Any) -> Notice:
    return Notice(message, "p", subject, topic, **{"expires_at": clock.now() * 1000 + HOUR_MS, **others})


async def write(house: House, *notices: Notice) -> None:
    """As a request that has nothing else to write."""

    async def work(tx: Transaction) -> None:
        for notice in notices:
            await house.outbox.note(tx, notice)

    await Call(house, request_id="r-1", operation="SignUp").write(work)


async def rows(house: House) -> Sequence[Any]:
    return await house.db.all("SELECT subject, attempts, due_at, holder FROM outbox_messages ORDER BY subject")


async def let_turn_come(house: House) -> None:
    async def work(tx: Transaction) -> None:
        await tx.execute("UPDATE outbox_messages SET due_at = 1 WHERE due_at IS NOT NULL")

    await house.db.write(work)


outboxes: list[Outbox] = []


@pytest.fixture(autouse=True)
async def _no_connection_is_left() -> AsyncIterator[None]:
    yield
    while outboxes:
        await outboxes.pop().close()


def another_process(house: House) -> Deliveries:
    outbox = Outbox(house.settings, house.keyring, house.inbox, house.clock)
    outboxes.append(outbox)
    return Deliveries(house.db, outbox, house.clock)


async def test_an_awaited_message_has_arrived_when_the_write_returns(house: House, mailbox: Mailbox) -> None:
    await write(house, a_notice(a_message()))
    assert [recipients for recipients, _ in mailbox.mails] == [["bob@example.com"]]
    assert await rows(house) == []


async def test_nothing_leaves_of_a_write_that_came_to_nothing(house: House, mailbox: Mailbox) -> None:
    async def work(tx: Transaction) -> None:
        await house.outbox.note(tx, a_notice(a_message()))
        raise KeyError

    with pytest.raises(KeyError):
        await Call(house, request_id="r-1").write(work)
    await another_process(house).deliver_due()
    assert mailbox.mails == []
    assert await rows(house) == []


@pytest.mark.parametrize("engine", ["postgresql"], scope="session")
async def test_of_a_write_that_ran_twice_one_message_leaves(house: House, mailbox: Mailbox) -> None:
    """SQLite runs a write once; PostgreSQL again, when it met another one."""
    tries = []

    async def meanwhile(tx: Transaction) -> None:
        await tx.execute("UPDATE server_state SET value = value + 1 WHERE name = 'generation'")

    async def work(tx: Transaction) -> None:
        await tx.one("SELECT value FROM server_state WHERE name = 'generation'")  # the snapshot
        if not tries:
            await house.db.write(meanwhile)
        tries.append(tx)
        await house.outbox.note(tx, a_notice(a_message()))
        await tx.execute("UPDATE server_state SET value = value + 1 WHERE name = 'generation'")

    await Call(house, request_id="r-1").write(work)
    assert len(tries) == 2
    assert len(mailbox.mails) == 1
    assert await rows(house) == []


async def test_a_hidden_message_leaves_behind_the_answer(house: House, mailbox: Mailbox) -> None:
    mailbox.seconds = 0.3
    await write(house, a_notice(a_message(), is_awaited=False))
    assert mailbox.mails == []
    ((_, attempts, due_at, holder),) = await rows(house)
    assert attempts == 1
    assert due_at > clock.now() * 1000
    assert holder == house.outbox.holder
    await gone(house)
    assert len(mailbox.mails) == 1


async def gone(house: House) -> None:
    async def look() -> bool:
        return not await rows(house)

    await until(look)


async def test_who_cannot_be_told_leaves_a_row_as_large_that_nobody_sends(house: House, mailbox: Mailbox) -> None:
    """user-pools-api.md §4.2: neither the answer nor its time tells whether there was a message."""
    await write(house, a_notice(None, is_awaited=False))
    (row,) = await house.db.all("SELECT due_at, expires_at, length(message) FROM outbox_messages")
    assert row[0] is None
    assert row[1] <= clock.now() * 1000
    assert row[2] > 250
    await another_process(house).deliver_due()
    assert mailbox.mails == []


async def test_a_gateway_that_says_later_is_asked_again(house: House, mailbox: Mailbox) -> None:
    mailbox.answer = "451 greylisted"
    with pytest.raises(CodeDeliveryFailureException) as failure:
        await write(house, a_notice(a_message()))
    assert failure.value.message == "The e-mail could not be sent."
    assert "451" in failure.value.detail
    ((_, attempts, due_at, holder),) = await rows(house)
    assert (attempts, holder) == (1, "")
    assert 0 < due_at - clock.now() * 1000 <= 1000 * pause_seconds(1)
    other = another_process(house)
    await other.deliver_due()
    assert mailbox.mails == []  # its turn has not come
    await let_turn_come(house)
    await other.deliver_due()
    ((_, attempts, _, _),) = await rows(house)
    assert attempts == 2
    mailbox.answer = "250 OK"
    await let_turn_come(house)
    await other.deliver_due()
    assert len(mailbox.mails) == 1
    assert await rows(house) == []


def test_pauses_grow_up_to_a_quarter_of_an_hour() -> None:
    assert [pause_seconds(attempts) for attempts in (1, 2, 3, 8, 9, 1000)] == [5, 10, 20, 640, 900, 900]


async def test_a_gateway_that_says_no_is_not_asked_again(house: House, mailbox: Mailbox) -> None:
    mailbox.answer = "554 no thanks"
    with pytest.raises(CodeDeliveryFailureException):
        await write(house, a_notice(a_message()))
    ((_, attempts, due_at, holder),) = await rows(house)
    assert (attempts, due_at, holder) == (1, None, "")


async def test_one_that_failed_keeps_no_other_back(house: House, mailbox: Mailbox) -> None:
    with pytest.raises(CodeDeliveryFailureException):
        await write(
            house,
            a_notice(a_message("not an address"), topic="attribute:email"),
            a_notice(a_message("ann@example.com"), topic="sign_up"),
        )
    assert [recipients for recipients, _ in mailbox.mails] == [["ann@example.com"]]


async def test_what_a_dead_process_held_is_sent_when_its_lease_has_ended(house: House, mailbox: Mailbox) -> None:
    async def work(tx: Transaction) -> None:
        await house.outbox.note(tx, a_notice(a_message()))

    await house.db.write(work)  # and the process is killed
    await another_process(house).deliver_due()
    assert mailbox.mails == []
    await let_turn_come(house)
    await another_process(house).deliver_due()
    assert len(mailbox.mails) == 1
    assert await rows(house) == []


async def test_each_message_is_taken_by_one_process(house: House, mailbox: Mailbox) -> None:
    people = [f"p{number}@example.com" for number in range(60)]

    async def work(tx: Transaction) -> None:
        for person in people:
            await house.outbox.note(tx, a_notice(a_message(person), subject=person))

    await house.db.write(work)
    await let_turn_come(house)
    await asyncio.gather(*(another_process(house).deliver_due() for _ in range(4)))
    assert sorted(recipients[0] for recipients, _ in mailbox.mails) == sorted(people)
    assert await rows(house) == []


async def test_a_later_message_about_the_same_takes_the_place_of_one_that_waits(house: House, mailbox: Mailbox) -> None:
    """The code in the former does not work any more."""
    mailbox.answer = "451 later"
    for to, subject, topic in (
        ("a@example.com", "sub-1", "sign_up"),
        ("b@example.com", "sub-1", "attribute:email"),
        ("c@example.com", "sub-2", "sign_up"),
        ("d@example.com", "sub-1", "sign_up"),
    ):
        with pytest.raises(CodeDeliveryFailureException):
            await write(house, a_notice(a_message(to), subject=subject, topic=topic))
    mailbox.answer = "250 OK"
    await let_turn_come(house)
    await another_process(house).deliver_due()
    assert sorted(recipients[0] for recipients, _ in mailbox.mails) == [
        "b@example.com",
        "c@example.com",
        "d@example.com",
    ]


async def test_what_is_worth_nothing_any_more_is_not_sent(house: House, mailbox: Mailbox) -> None:
    mailbox.answer = "451 later"
    with pytest.raises(CodeDeliveryFailureException):
        await write(house, a_notice(a_message(), expires_at=int(clock.now() * 1000) + 1))
    mailbox.answer = "250 OK"
    await let_turn_come(house)
    await another_process(house).deliver_due()
    assert mailbox.mails == []


async def test_a_stop_waits_for_what_is_on_its_way_and_hands_back_the_rest(
    house: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "AT_ONCE", 2)
    stopping = another_process(house)
    outbox = stopping._outbox
    mailbox.seconds = 0.3

    async def work(tx: Transaction) -> list[Any]:
        for number in range(5):
            await outbox.note(tx, a_notice(a_message(f"p{number}@example.com"), subject=f"{number}", is_awaited=False))
        return tx.noted

    await stopping.deliver(await house.db.write(work), {})
    await asyncio.sleep(0.1)
    await stopping.close()
    assert len(mailbox.mails) == 2
    left = await rows(house)
    assert len(left) == 3
    assert all(holder == "" and due_at <= clock.now() * 1000 for _, _, due_at, holder in left)
    await another_process(house).deliver_due()
    assert len(mailbox.mails) == 5


async def test_who_gives_up_waiting_stops_no_message(house: House, mailbox: Mailbox) -> None:
    mailbox.seconds = 0.3
    request = asyncio.create_task(write(house, a_notice(a_message())))
    await asyncio.sleep(0.15)
    request.cancel()
    await asyncio.gather(request, return_exceptions=True)
    await gone(house)
    assert len(mailbox.mails) == 1


async def test_a_gateway_that_is_too_slow_is_not_waited_for(
    house: House, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(deliver, "TIMEOUT_SECONDS", 0.2)
    mailbox.seconds = 1
    with caplog.at_level(logging.WARNING), pytest.raises(CodeDeliveryFailureException):
        await write(house, a_notice(a_message()))
    assert "has not accepted it within" in caplog.text
    ((_, _, due_at, holder),) = await rows(house)
    assert due_at is not None
    assert holder == ""


def test_a_lease_outlasts_every_attempt() -> None:
    """Or two processes would send one message at the same time."""
    assert LEASE_SECONDS >= 2 * TIMEOUT_SECONDS


async def test_where_there_is_no_gateway_nothing_waits_for_one(tmp_path: Any, database_url: str) -> None:
    async with open_house(tmp_path, database_url, delivery="none") as house:
        with pytest.raises(CodeDeliveryFailureException):
            await write(house, a_notice(a_message()))
        await write(house, a_notice(None, is_awaited=False), a_notice(a_message(), is_awaited=False))
        assert await rows(house) == []


async def test_what_waits_is_sealed(house: House, mailbox: Mailbox) -> None:
    mailbox.answer = "451 later"
    with pytest.raises(CodeDeliveryFailureException):
        await write(house, a_notice(a_message()))
    ((sealed,),) = await house.db.all("SELECT message FROM outbox_messages")
    assert b"123456" not in bytes(sealed)


async def test_what_waits_is_sent_also_under_a_new_master_key(house: House, mailbox: Mailbox) -> None:
    mailbox.answer = "451 later"
    with pytest.raises(CodeDeliveryFailureException):
        await write(house, a_notice(a_message()))
    old, new = bytes(range(32)), bytes(32)
    assert (await resealing.reseal(house.db, house.db.write, Keyring([new, old])))["outbox_messages"] == 1
    mailbox.answer = "250 OK"
    await let_turn_come(house)
    outbox = Outbox(house.settings, Keyring([new]), house.inbox, house.clock)
    outboxes.append(outbox)
    await Deliveries(house.db, outbox, house.clock).deliver_due()
    assert len(mailbox.mails) == 1


async def test_what_waits_for_a_user_goes_with_the_user(house: House, mailbox: Mailbox) -> None:
    user_pool_id = await new_pool(house)
    call = await new_call(house, "AdminDeleteUser", user_pool_id)
    user = await invitations.create(call, "bob", {"email": "bob@example.com"}, PASSWORD, mediums=())
    mailbox.answer = "451 later"
    notice = a_notice(a_message(), subject=user.sub)
    with pytest.raises(CodeDeliveryFailureException):
        await write(house, msgspec.structs.replace(notice, user_pool_id=user_pool_id))
    assert len(await rows(house)) == 1
    await users.delete(call, user)
    assert await rows(house) == []


class TestFunctions:
    """A message that a function of the pool sends, with each `delivery`."""

    @pytest.fixture(params=["inbox", "none", "smtp"])
    async def here(
        self, request: pytest.FixtureRequest, tmp_path: Path, database_url: str, mailbox: Mailbox
    ) -> AsyncIterator[House]:
        settings = mailbox.settings() if request.param == "smtp" else {"delivery": request.param}
        async with open_house(tmp_path, database_url, **settings) as house:
            yield house

    async def test_it_waits_in_the_outbox_and_is_handed_to_the_function(self, here: House, mailbox: Mailbox) -> None:
        asked: list[tuple[Message, int]] = []

        async def call_function(message: Message, function: Function, attempt: int) -> None:
            assert function is message.by
            asked.append((message, attempt))
            if attempt == 1:
                raise NotSent("not yet")

        outbox = Outbox(here.settings, here.keyring, here.inbox, here.clock, call_function)
        outboxes.append(outbox)
        here.outbox, deliveries = outbox, Deliveries(here.db, outbox, here.clock)
        here.deliver = deliveries.deliver
        taken = msgspec.structs.replace(a_message(), by=Function("arn:f", "arn:k", '{"request":{}}', "r-1"))
        await write(here, a_notice(taken))  # not awaited: nobody is told that the first attempt failed
        await asyncio.wait(deliveries._under_way)
        assert [attempt for _, attempt in asked] == [1]
        await let_turn_come(here)
        await Deliveries(here.db, outbox, here.clock).deliver_due()
        assert asked == [(taken, 1), (taken, 2)]
        assert await rows(here) == []
        assert mailbox.mails == []
        assert await here.inbox.messages() == []

    async def test_for_nobody_a_row_is_written_that_nobody_takes(self, here: House) -> None:
        notice = msgspec.structs.replace(a_notice(a_message()), message=None, is_by_function=True)
        await write(here, notice)
        assert [tuple(row)[2:] for row in await rows(here)] == [(None, "")]
