"""How tests talk to clients in other languages: a process that takes one line of JSON for each call, and answers with one."""

import json
import subprocess
from typing import Any

SECONDS = 60


class Refused(Exception):
    """What a client has thrown: its name and its text; error has all that its process told."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['name']}: {error['message']}")
        self.error = error
        self.name, self.message = error.get("code") or error["name"], error["message"]


def next_line(process: "subprocess.Popen[str]") -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _, problem = process.communicate(timeout=SECONDS)
        raise AssertionError(f"the client ended early:\n{problem}")
    return json.loads(line)


def end(process: "subprocess.Popen[str]") -> None:
    """Wait for its end, at most a minute, and close its pipes."""
    try:
        process.communicate(timeout=SECONDS)
    finally:
        process.kill()


def ask(process: "subprocess.Popen[str]", call: str, input: Any) -> dict[str, Any]:
    """What the call gave, under "result"; or raises Refused."""
    assert process.stdin is not None
    process.stdin.write(json.dumps({"call": call, "input": input}) + "\n")
    process.stdin.flush()
    answer: dict[str, Any] = next_line(process)
    if "error" in answer:
        raise Refused(answer["error"])
    return answer
