"""Odd e-mail addresses, drawn from a seed, through SignUp and a real mail server.

Each mail has one recipient, who is the stored address; whoever was not signed up gets none.
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from aiosmtpd.controller import Controller

from tests.support.pools import PASSWORD, Pools
from tests.support.ports import free_port
from tests.support.refusals import values
from tests.support.server import Server

AT_ONCE = 4
REFUSALS = {"InvalidParameterException", "SerializationException"}
LOCALS = ["bob", "o'neil", "a.b", "x+tag", "#!$%&'*+-/?^_`{|}~", "ü", "δοκιμή", "用户", "é", "root", "postmaster"]
DOMAINS = [
    "corp.example",
    "sub.corp.example",
    "xn--strae-oqa.example",
    "straße.example",
    "例子.广告",
    "a-b.example",
    "1.example",
]
PIECES = [
    *('"', "(", ")", ",", ":", ";", "<", ">", "[", "]", "\\", "@", ".", "..", "%", "!", "|", "/", "-", "--", "_", "=", "?"),
    *("=?utf-8?q?mallory=40evil.example=3e=20?=", "=?utf-8?b?bUBldmlsLmV4YW1wbGU+?=", "=?x?q?=41?=", "=?utf-7?q?&AEA-?=", "=?"),
    *("mallory@evil.example", "<mallory@evil.example>", ",mallory@evil.example", "%evil.example", "evil.example!", "(@evil.example"),
    *("\r\n", "\n", "\r", "\t", " ", "\x01", "\x7f", "\x85", "\0", "\r\nRCPT TO:<mallory@evil.example>", "\nBcc: mallory@evil.example"),
    *("＠", "．", "。", "，", "＜", "﹫", "Ⓐ", "ﬁ", "\u0130", "\u212a", "ß", "ŀ", "\u0301", "\u3164", "\u200b", "\u202e", "\ufe0f", "\U000e0041"),
    *("\u00a0", "\u3000", "\u2028", "😀", "\ue000", "\U0010ffff", "٣", "ı", "[127.0.0.1]", "[IPv6:::1]", "xn--", "xn--a", "127.0.0.1"),
    *("x" * 64, "x" * 250, "é" * 40, "(" * 200, "[" * 200, '"' * 50, "a." * 120, "SIZE=1", " ORCPT=rfc822;m@evil.example", "%00", "&amp;"),
]  # fmt: skip


def odd_address(draw: random.Random) -> str:
    """A plain address with up to five odd pieces in it, or a heap of pieces."""
    if draw.random() < 0.1:
        return "".join(draw.choices([*PIECES, *LOCALS, "@"], k=draw.randint(1, 8)))
    text = f"{draw.choice(LOCALS)}{draw.randint(0, 999)}@{draw.choice(DOMAINS)}"
    for _ in range(draw.choice([0, 0, 1, 1, 1, 2, 3, 5])):
        at = draw.randint(0, len(text))
        match draw.randrange(5):
            case 0 | 1:
                text = text[:at] + draw.choice(PIECES) + text[at:]
            case 2:
                text = text[:at] + chr(draw.choice([draw.randrange(0x80), draw.randrange(0xD800)])) + text[at:]
            case 3:
                text = text[:at] + text[at + draw.randint(1, 3) :]
            case _:
                text = draw.choice([str.upper, str.title, str.swapcase])(text)
    return text


class Sink:
    """A mail server that takes every mail and keeps whom it was for."""

    def __init__(self) -> None:
        self.recipients: list[tuple[str, ...]] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        self.recipients.append(tuple(envelope.rcpt_tos))
        return "250 OK"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def options(self) -> list[str]:
        """What a server is started with, so that its mail comes here."""
        return ["--delivery", "smtp", "--smtp-url", f"smtp://127.0.0.1:{self.port}", "--await-delivery"]


@dataclass
class Report:
    """failures: (address, answer) where it was neither signed up nor refused.  astray: recipients who are no stored address, or
    not once for each of them."""

    tried: int
    accepted: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    astray: list[tuple[str, ...]] = field(default_factory=list)

    def __str__(self) -> str:
        refused = self.tried - self.accepted - len(self.failures)
        return (
            f"{self.tried} addresses tried, {self.accepted} accepted, {refused} refused, {len(self.failures)} other answers "
            f"{self.failures[:5]}, {len(self.astray)} mails astray or missing {self.astray[:5]}"
        )

    @property
    def is_held(self) -> bool:
        return not self.failures and not self.astray


class Run:
    def __init__(self, server: Server, sink: Sink, tries: int, seed: int) -> None:
        pools = Pools(server.client())
        self._server = server
        self._sink = sink
        self._pool_id = pools.user_pool(AutoVerifiedAttributes=["email"])
        self._client_id = pools.client_id(self._pool_id)
        draw = random.Random(seed)
        self._addresses = [odd_address(draw) for _ in range(tries)]
        self.report = Report(tries)

    def run(self) -> Report:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            stored = [
                address for address in threads.map(self._sign_up, range(self.report.tried)) if address is not None
            ]
        sent, wanted = Counter(self._sink.recipients), Counter((address,) for address in stored)
        self.report.accepted = len(stored)
        self.report.astray = [*((sent - wanted) + (wanted - sent)).elements()]
        return self.report

    def _sign_up(self, number: int) -> str | None:
        """The address that was stored, or None when it was refused."""
        name, address = f"user{number}", self._addresses[number]
        body = {
            "ClientId": self._client_id,
            "Username": name,
            "Password": PASSWORD,
            "UserAttributes": [{"Name": "email", "Value": address}],
        }
        answer = self._server.call("SignUp", body, sign=False)
        if answer.status_code == 200:
            found = self._server.call("AdminGetUser", {"UserPoolId": self._pool_id, "Username": name}).json()
            return values(found["UserAttributes"])["email"]
        if answer.status_code != 400 or answer.json()["__type"] not in REFUSALS:
            self.report.failures.append((address, answer.text))
        return None


def run(server: Server, sink: Sink, tries: int, seed: int) -> Report:
    """The whole programme against a server that was started with the options of the sink."""
    return Run(server, sink, tries, seed).run()


def main(arguments: Any, folder: Path) -> bool:
    """`make fuzz`: prints what was seen; False when it is not as promised."""
    with ExitStack() as ending:
        sink = ending.enter_context(Sink())
        server = Server(folder / "addresses", *sink.options).start()
        ending.callback(server.stop)
        report = run(server, sink, arguments.addresses, arguments.seed)
    print(f"odd e-mail addresses, seed {arguments.seed}: {report}")
    return report.is_held
