"""jobs.custom_senders: when a message is given up, and when it waits."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from poolhouse.config import Settings
from poolhouse.delivery.messages import Function, Message
from poolhouse.delivery.not_sent import NotSent
from poolhouse.jobs.custom_senders import MOST_ATTEMPTS, CustomSenders
from poolhouse.triggers.invoker import Invoker
from poolhouse.triggers.kms_keys import KMSKeys

KEY = "arn:aws:kms:us-east-1:123456789012:key/one"
LOST = "arn:aws:kms:us-east-1:123456789012:key/lost"
DEAD = "arn:aws:kms:us-east-1:123456789012:key/dead"
EVENT = '{"triggerSource":"CustomEmailSender_SignUp","request":{"code":null}}'
MESSAGE = Message(
    channel="email", to="bob@example.com", subject="", text="", html="", code="sesame", user_pool_id="p", username="bob"
)
SOURCE = (
    "def lambda_handler(event, context):\n    raise ValueError('no')\n\ndef ok(event, context):\n    print(event)\n"
)


@pytest.fixture
async def senders(tmp_path: Path) -> AsyncIterator[CustomSenders]:
    (tmp_path / "function.py").write_text(SOURCE)
    (tmp_path / "codes.key").write_text("00" * 32)
    settings = Settings(
        mode="serve",
        triggers={
            "arn:raises": str(tmp_path / "function.py"),
            "arn:ok": f"{tmp_path / 'function.py'}:ok",
            "arn:dead": "lambda+http://127.0.0.1:9",
        },
        kms_keys={KEY: str(tmp_path / "codes.key"), DEAD: "kms+http://127.0.0.1:9"},
    )
    invoker = Invoker(settings)
    yield CustomSenders(invoker, KMSKeys(settings, invoker))
    await invoker.close()


async def refusal(senders: CustomSenders, arn: str, key: str = KEY, attempt: int = 1) -> NotSent:
    with pytest.raises(NotSent) as refused:
        await senders.send(MESSAGE, Function(arn, key, EVENT, "r-1"), attempt)
    assert "sesame" not in str(refused.value)
    return refused.value


async def test_what_a_function_answers_is_ignored(senders: CustomSenders) -> None:
    await senders.send(MESSAGE, Function("arn:ok", KEY, EVENT, "r-1"), 1)


async def test_a_function_that_raises_is_asked_three_times(senders: CustomSenders) -> None:
    """As asynchronous invocations on Lambda."""
    finals = [(await refusal(senders, "arn:raises", attempt=attempt)).is_final for attempt in range(1, 5)]
    assert finals == [False, False, True, True]
    assert MOST_ATTEMPTS == 3


@pytest.mark.parametrize(("arn", "key"), [("arn:dead", KEY), ("arn:absent", KEY), ("arn:ok", DEAD)])
async def test_what_cannot_be_reached_may_be_there_later(senders: CustomSenders, arn: str, key: str) -> None:
    refused = await refusal(senders, arn, key, attempt=9)
    assert not refused.is_final
    assert arn in str(refused)


async def test_a_key_that_leads_nowhere_is_named(senders: CustomSenders) -> None:
    refused = await refusal(senders, "arn:ok", LOST)
    assert refused.is_final
    assert str(refused) == f"{LOST} stands nowhere in [kms_keys] of poolhouse.toml"


@pytest.mark.parametrize("answer", [b"{}", b"no JSON"], ids=["empty", "no JSON"])
async def test_a_kms_that_answers_something_else(tmp_path: Path, answer: bytes) -> None:
    import asyncio

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Any:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (len(answer), answer))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(respond, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings = Settings(mode="serve", kms_keys={KEY: f"kms+http://127.0.0.1:{port}"})
        invoker = Invoker(settings)
        refused = await refusal(CustomSenders(invoker, KMSKeys(settings, invoker)), "arn:ok")
        await invoker.close()
    assert not refused.is_final
    assert "answers no data key" in str(refused)
