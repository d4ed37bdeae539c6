"""Runs scripts beside the node packages of tests/clients: one JSON object in, lines of JSON out."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CLIENTS = Path(__file__).resolve().parent.parent / "clients"
SECONDS = 60


def start(script: str, *, is_asked: bool = False, **options: Any) -> "subprocess.Popen[str]":
    """The running script, "folder/name"; its standard output has one JSON value a line.

    is_asked: it reads from its standard input, too.
    """
    folder = (CLIENTS / script).parent
    node = shutil.which("node")
    if node is None or not (folder / "node_modules").is_dir():
        pytest.fail("node packages are missing: `make test` installs them, or `make .setup/node`")
    return subprocess.Popen(
        [node, CLIENTS / f"{script}.mjs", json.dumps(options)],
        cwd=folder,
        stdin=subprocess.PIPE if is_asked else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def next_line(process: "subprocess.Popen[str]") -> Any:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        _, problem = process.communicate(timeout=SECONDS)
        raise AssertionError(f"the node script ended early:\n{problem}")
    return json.loads(line)


def end(process: "subprocess.Popen[str]") -> None:
    """Wait for its end, at most a minute, and close its pipes."""
    try:
        process.communicate(timeout=SECONDS)
    finally:
        process.kill()


def run(script: str, **options: Any) -> Any:
    """The one result of a script."""
    process = start(script, **options)
    try:
        return next_line(process)
    finally:
        end(process)


class Refused(Exception):
    """What a client has thrown: its name and its text."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['name']}: {error['message']}")
        self.error = error
        self.name, self.message = error.get("code") or error["name"], error["message"]


@contextmanager
def calls(script: str, **options: Any) -> Iterator[Callable[..., Any]]:
    """A script that calls functions of its client one by one.

    call("signIn", username="ada") or call("sendMFACode", "123456") is what that function gave, or raises Refused.
    """
    process = start(script, is_asked=True, **options)

    def call(name: str, *arguments: Any, **input: Any) -> Any:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"call": name, "input": arguments or input}) + "\n")
        process.stdin.flush()
        answer = next_line(process)
        if "error" in answer:
            raise Refused(answer["error"])
        return answer["result"]

    try:
        yield call
    finally:
        end(process)
