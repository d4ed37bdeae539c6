"""Runs scripts beside the node packages of tests/clients: one JSON object in, lines of JSON out."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.calls import ask, end, next_line

CLIENTS = Path(__file__).resolve().parent.parent / "clients"


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


def run(script: str, **options: Any) -> Any:
    """The one result of a script."""
    process = start(script, **options)
    try:
        return next_line(process)
    finally:
        end(process)


@contextmanager
def calls(script: str, **options: Any) -> Iterator[Callable[..., Any]]:
    """A script that calls functions of its client one by one: call("signIn", username="ada"), call("sendMFACode", "123456")."""
    process = start(script, is_asked=True, **options)
    try:
        yield lambda name, *arguments, **input: ask(process, name, arguments or input)["result"]
    finally:
        end(process)


@contextmanager
def configured(script: str) -> Iterator[Callable[..., Any]]:
    """As calls, again and again: with take(**options) as call. A process that was given back is configured anew."""
    free: list[Callable[..., Any]] = []
    with ExitStack() as stack:

        @contextmanager
        def take(**options: Any) -> Iterator[Callable[..., Any]]:
            call = free.pop() if free else stack.enter_context(calls(script))
            call("configure", **options)
            yield call
            free.append(call)

        yield take
