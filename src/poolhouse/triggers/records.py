"""What triggers were told and said lately, in `dev`: kept in the memory of one worker, gone with it."""

from collections import deque
from collections.abc import Sequence
from typing import Any

import msgspec

MOST = 200


class Invocation(msgspec.Struct, frozen=True):
    """One call of a function. at: epoch seconds.  answer: None where it did not answer.  error: why, or why the answer was
    not taken, or empty.

    replay_of: the id of the one that was asked again, or empty. The event of UserMigration holds a password.
    is_event: it was called asynchronously, and its answer ignored.
    """

    id: str
    at: float
    arn: str
    trigger_source: str
    user_pool_id: str
    request_id: str
    event: dict[str, Any]
    answer: Any
    error: str
    milliseconds: float
    replay_of: str = ""
    is_event: bool = False


class Records:
    """The last MOST invocations, the newest first."""

    def __init__(self) -> None:
        self._kept: deque[Invocation] = deque(maxlen=MOST)
        self._number = 0

    def next_id(self) -> str:
        self._number += 1
        return str(self._number)

    def keep(self, invocation: Invocation) -> None:
        self._kept.appendleft(invocation)

    def refuse(self, arn: str, request_id: str, why: str) -> None:
        """Note that the last answer of a function to a request was not taken."""
        for at, kept in enumerate(self._kept):
            if kept.arn == arn and kept.request_id == request_id:
                self._kept[at] = msgspec.structs.replace(kept, error=why)
                return

    def all(self) -> Sequence[Invocation]:
        return tuple(self._kept)

    def get(self, invocation_id: str) -> Invocation | None:
        return next((each for each in self._kept if each.id == invocation_id), None)
