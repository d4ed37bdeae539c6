"""`poolhouse messages` beside a running server whose mail server refuses."""

import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support.mailbox import Mailbox
from tests.support.pools import PASSWORD, Pools
from tests.support.server import COMMAND, Server
from tests.support.until import until

LINE = re.compile(r"^([0-9a-f]{24})  (.{9})  ( *\d+)  email  (\S+)  (.*)$", re.MULTILINE)


class Waiting:
    def __init__(self, server: Server, box: Mailbox) -> None:
        self.server, self.box = server, box
        pools = Pools(server.client())
        pool = pools.user_pool(AutoVerifiedAttributes=["email"], EmailVerificationSubject="Code {####}")
        self.client_id = pools.client_id(pool)

    def sign_up(self, name: str) -> None:
        email = [{"Name": "email", "Value": f"{name}@example.com"}]
        self.server.client().sign_up(ClientId=self.client_id, Username=name, Password=PASSWORD, UserAttributes=email)

    def run(self, *arguments: str) -> tuple[int, str]:
        database = ["--database-url", self.server.database_url] if self.server.database_url else []
        where = ["--data", str(self.server.data), *database]
        ran = subprocess.run(
            [str(COMMAND), "messages", *arguments, *where], capture_output=True, text=True, check=False, timeout=60
        )
        return ran.returncode, ran.stdout + ran.stderr

    def lines(self, *arguments: str) -> list[tuple[str, str, int, str, str]]:
        found = LINE.findall(self.run("list", *arguments)[1])
        return [(id_, state.strip(), int(attempts), to, subject) for id_, state, attempts, to, subject in found]


@pytest.fixture
def waiting(start_server: Callable[..., Server]) -> Iterator[Waiting]:
    box = Mailbox()
    with box.listening():
        server = start_server("--delivery", "smtp", "--smtp-url", f"smtp://127.0.0.1:{box.port}")
        yield Waiting(server, box)


async def settled(waiting: Waiting, count: int) -> list[Any]:
    """When none is being sent."""
    await until(lambda: [each[1] for each in waiting.lines()].count("sending") == 0, seconds=30)
    lines = waiting.lines()
    assert len(lines) == count
    return lines


async def test_what_was_refused_is_listed_shown_and_sent_at_last(waiting: Waiting) -> None:
    assert waiting.run("list") == (0, "No message waits.\n")
    waiting.box.answer = "554 no thanks"
    for name in ("ann", "bob"):
        waiting.sign_up(name)
    lines = await settled(waiting, 2)
    assert {(state, attempts, to, subject) for _, state, attempts, to, subject in lines} == {
        ("given up", 1, "ann@example.com", "Code ●●●●●●"),
        ("given up", 1, "bob@example.com", "Code ●●●●●●"),
    }
    code, text = waiting.run("list", "--to", "ANN@example.com")
    assert code == 0
    assert "554" in text
    assert text.endswith("1 given up\n")
    ((ann, *_),) = waiting.lines("--to", "ann@example.com")
    code, text = waiting.run("show", ann[:8])
    assert code == 0
    for part in (f"id:                  {ann}", "state:               given up", "username:            ann", "●●●●●●"):
        assert part in text
    assert not re.search(r"\b\d{6}\b", text)  # the code
    waiting.box.answer = "250 OK"
    assert waiting.run("retry", ann[:8]) == (0, "1 message is due now.\n")
    await until(lambda: len(waiting.box.mails) == 1, seconds=30)
    assert waiting.run("retry", "--all") == (0, "1 message is due now.\n")
    await until(lambda: len(waiting.box.mails) == 2, seconds=30)
    await until(lambda: waiting.run("list") == (0, "No message waits.\n"), seconds=30)


async def test_a_code_that_the_refusal_quotes_is_hidden(waiting: Waiting) -> None:
    async def quoting(_server: Any, _session: Any, envelope: Any) -> str:
        return f"554 spam: {re.search(rb'Code ([0-9]{6})', envelope.content)[1].decode()}"  # type: ignore[index]

    waiting.box.handle_DATA = quoting  # type: ignore[method-assign]
    waiting.sign_up("ann")
    await settled(waiting, 1)
    text = waiting.run("list")[1]
    assert "spam: ●●●●●●" in text
    assert not re.search(r"\b\d{6}\b", text)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("show", "abcdef012345"), "is no message that waits"),
        (("show", "a"), "is no message that waits"),
        (("retry", "abcdef012345"), "is no message that waits"),
        (("retry",), "or give --all"),
        (("retry", "abcdef", "--all"), "or give --all"),
    ],
)
def test_what_cannot_be_done_is_said(waiting: Waiting, arguments: tuple[str, ...], text: str) -> None:
    code, said = waiting.run(*arguments)
    assert code != 0
    assert text in said
    assert "Traceback" not in said
