"""A mail server that dies: nobody waits for it, and each message arrives when it is back, once."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from poolhouse.config import Settings
from poolhouse.storage.engine import open_database
from tests.support.mailbox import Mailbox
from tests.support.pools import PASSWORD, Pools
from tests.support.server import Server
from tests.support.until import until

PEOPLE = (60, 500)  # in `make test`, in `make long`
AT_ONCE = 6
MOST_ON_THEIR_WAY = 16  # from one process (jobs/deliver.py)


def mail_options(box: Mailbox, *more: str) -> tuple[str, ...]:
    return ("--delivery", "smtp", "--smtp-url", f"smtp://127.0.0.1:{box.port}", *more)


def sign_up(client: Any, client_id: str, name: str) -> None:
    address = {"Name": "email", "Value": f"{name}@example.com"}
    client.sign_up(ClientId=client_id, Username=name, Password=PASSWORD, UserAttributes=[address])


@pytest.mark.parametrize("workers", [1, 2])
async def test_what_was_promised_while_it_was_dead_arrives(
    start_server: Callable[..., Server], workers: int, share: Callable[[int, int], int]
) -> None:
    people, box = share(*PEOPLE), Mailbox()
    server = start_server("--workers", str(workers), *mail_options(box))
    pools = Pools(server.client())
    client_id = pools.client_id(pools.user_pool(AutoVerifiedAttributes=["email"]))
    names = [f"p{number}" for number in range(people)]

    def some(these: list[str]) -> None:
        client = server.client()
        for name in these:
            sign_up(client, client_id, name)  # raises unless it is answered with 200

    def all_of(these: list[str]) -> None:
        threads = [threading.Thread(target=some, args=(these[first::AT_ONCE],)) for first in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    with box.listening():
        all_of(names[: people // 3])
    all_of(names[people // 3 : 2 * people // 3])
    with box.listening():
        all_of(names[2 * people // 3 :])
        db = await open_database(Settings(data=server.data, database_url=server.database_url), migrate=False)
        try:
            # As if their pauses were over.
            async def let_turns_come(tx: Any) -> None:
                await tx.execute("UPDATE outbox_messages SET due_at = 1 WHERE due_at IS NOT NULL AND holder = ''")

            async def are_gone() -> bool:
                await db.write(let_turns_come)
                return await db.one("SELECT 1 FROM outbox_messages LIMIT 1") is None

            await until(are_gone, seconds=120)
        finally:
            await db.close()
    arrived = Counter(recipients[0] for recipients, _ in box.mails)
    print(  # noqa: T201  the figures of `make long`
        f"\n{workers} workers: {people} sign-ups, {len(arrived)} messages arrived, {sum(c > 1 for c in arrived.values())} twice"
    )
    assert set(arrived) == {f"{name}@example.com" for name in names}
    # Twice: only what the mail server had accepted, and had not said so, when it died.
    assert sum(arrived.values()) - people <= MOST_ON_THEIR_WAY * workers


def test_a_silent_mail_server_holds_nobody_up(start_local_server: Callable[..., Server]) -> None:
    """It accepts a mail only after every sign-up was answered: whoever waited for it would wait for ever."""
    box = Mailbox()
    box.seconds = 5.0
    with box.listening():
        server = start_local_server(*mail_options(box))
        pools = Pools(server.client())
        client_id = pools.client_id(pools.user_pool(AutoVerifiedAttributes=["email"]))
        for number in range(20):
            sign_up(server.client(), client_id, f"p{number}")
        assert box.mails == []


def test_who_wants_to_know_is_told_what_the_server_refuses(start_local_server: Callable[..., Server]) -> None:
    box = Mailbox()
    box.answer = "554 no thanks"
    with box.listening():
        server = start_local_server(*mail_options(box, "--await-delivery"))
        pools = Pools(server.client())
        client_id = pools.client_id(pools.user_pool(AutoVerifiedAttributes=["email"]))
        with pytest.raises(ClientError) as refused:
            sign_up(server.client(), client_id, "bob")
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("CodeDeliveryFailureException", "The e-mail could not be sent.")
