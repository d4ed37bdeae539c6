"""Sends cases to a server and keeps the account: how many of each operation, and which were answered otherwise."""

import http.client
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.conformance.generated.cases import Case, faults
from tests.conformance.generated.model import model
from tests.support.server import JSON_11, TARGET, Server

SHOWN = 300  # characters of an answer that was not right


@dataclass
class Account:
    asked: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        count = self.asked.total()
        lines = [f"{operation:45}{asked:6}" for operation, asked in sorted(self.asked.items())]
        right = count - len(self.wrong)
        return "\n".join(
            [
                *lines,
                *self.wrong,
                f"{count} cases of {len(self.asked)} operations, {right / max(count, 1):.2%} answered as they must be",
            ]
        )


class Door:
    """One kept-alive connection."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("localhost", server.port, timeout=30)

    def post(self, operation: str, document: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": JSON_11, "X-Amz-Target": TARGET + operation}
        self._connection.request("POST", "/", json.dumps(document, ensure_ascii=False).encode(), headers)
        answer = self._connection.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if body else {}

    def close(self) -> None:
        self._connection.close()


def all_cases(operations: Iterable[str] = ()) -> Iterator[Case]:
    for operation in operations or model()["operations"]:
        yield from faults(operation)


def share(cases: Iterable[Case], size: int, seed: int) -> list[Case]:
    """As many, each as likely as any other; the same ones for the same seed."""
    chance, chosen = random.Random(seed), []
    for number, case in enumerate(cases):
        if number < size:
            chosen.append(case)
        elif (place := chance.randrange(number + 1)) < size:
            chosen[place] = case
    return chosen


def send(server: Server, cases: Iterable[Case]) -> Account:
    account, door = Account(), Door(server)
    for case in cases:
        status, answer = door.post(case.operation, case.document)
        account.asked[case.operation] += 1
        if status != 400 or not case.expected.is_answered_by(answer.get("__type", ""), answer.get("message")):
            wanted = f"{case.expected.code}: {'; '.join(case.expected.complaints)}"
            account.wrong.append(f"{case}\n  wanted {wanted[:SHOWN]}\n  got    {status} {str(answer)[:SHOWN]}")
    door.close()
    return account
