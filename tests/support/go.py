"""The AWS SDK for Go as tests use it: the program that `make go` builds, and that it has read each answer whole."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.calls import ask, end

CLIENT = Path(__file__).resolve().parents[2] / ".setup" / "go-client"

# Members of answers that are younger than the locked release of the SDK, which passes over what it does not know.
YOUNGER = {"AcrConfiguration", "ClientType"}


@contextmanager
def calls(endpoint: str) -> Iterator[Callable[..., Any]]:
    """call("GetUser", AccessToken=...): what the SDK made of the answer."""
    if not CLIENT.exists():
        pytest.fail("the client of the AWS SDK for Go is missing: `make test` builds it, or `make go`")
    command = [CLIENT, json.dumps({"endpoint": endpoint})]
    process = subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, text=True)

    def call(name: str, **input: Any) -> Any:
        answer = ask(process, name, input)
        if "raw" in answer:
            _assert_whole(answer["raw"], answer["result"], name)
        return answer["result"]

    try:
        yield call
    finally:
        end(process)


def _assert_whole(sent: Any, read: Any, path: str) -> None:
    """Every member that was sent is there after the SDK has read it into its types. Times are text in Go."""
    if isinstance(sent, dict):
        for name in sent.keys() - YOUNGER:
            assert name in read, f"{path} has no {name} in the SDK's types"
            _assert_whole(sent[name], read[name], f"{path}.{name}")
    elif isinstance(sent, list):
        assert len(sent) == len(read), path
        for number, (one, other) in enumerate(zip(sent, read, strict=True)):
            _assert_whole(one, other, f"{path}[{number}]")
    elif isinstance(sent, float):
        assert isinstance(read, str), f"{path} should be a time"
        assert read.endswith("Z"), f"{path} should be a time"
    else:
        assert sent == read or read == str(sent), path
