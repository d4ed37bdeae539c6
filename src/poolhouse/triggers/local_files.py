"""Functions in a file of this machine: Python or Node with the handler signature of Lambda, run in warm processes.

A process takes one event at a time, a line of JSON, and answers with another. It is replaced when its file has changed, and killed
when it answers too late, so that whatever hangs in it is gone.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import msgspec

from poolhouse.triggers.failures import BadAnswer, FunctionFailed, NotInvoked
from poolhouse.triggers.limits import MOST_ANSWER_BYTES
from poolhouse.triggers.targets import Target

log = logging.getLogger("poolhouse.triggers")

MOST_PROCESSES = 4  # of one file, in one worker of the server
_HOSTS = {"python": Path(__file__).with_name("python_host.py"), "node": Path(__file__).with_name("node_host.mjs")}
_COMMANDS = {"python": sys.executable, "node": "node"}


class Printed(msgspec.Struct, frozen=True):
    """A line that a function has printed, as the message of a log record; the developer's terminal shows it its own way."""

    arn: str
    line: str

    @property
    def function_name(self) -> str:
        return self.arn.rpartition(":")[2]

    def __str__(self) -> str:
        return f"{self.arn}: {self.line}"


class _Line(msgspec.Struct, omit_defaults=True):
    """What a process answers: the function's own JSON, or what it raised."""

    answer: msgspec.Raw = msgspec.Raw(b"null")
    error: str | None = None


class LocalFiles:
    """The warm processes of one server. Who calls sees to it that at most MOST_PROCESSES of a file are asked at once."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._idle: dict[Target, list[_Process]] = {}

    async def close(self) -> None:
        for process in [process for idle in self._idle.values() for process in idle]:
            await process.end()

    async def call(self, target: Target, arn: str, event: bytes, log_extra: Mapping[str, str]) -> bytes:
        """Raises Failure."""
        process = await self._take(target, arn)
        try:
            answer = await process.ask(event, log_extra)
        except FunctionFailed:
            self._idle[target].append(process)
            raise
        except BaseException:  # too late, too long, or it has exited: nothing more is expected of it
            await process.end()
            raise
        self._idle[target].append(process)
        return answer

    async def _take(self, target: Target, arn: str) -> "_Process":
        idle = self._idle.setdefault(target, [])
        try:
            changed_at = Path(target.at).stat().st_mtime_ns
        except OSError:
            raise NotInvoked("ResourceNotFoundException", f"there is no file {target.at}") from None
        while idle:
            process = idle.pop()
            if process.changed_at == changed_at and process.is_alive:
                return process
            await process.end()
        return await _Process.start(target, arn, changed_at, self._region)


class _Process:
    def __init__(self, process: asyncio.subprocess.Process, arn: str, changed_at: int) -> None:
        self.changed_at = changed_at
        self._process = process
        self._stdin = cast("asyncio.StreamWriter", process.stdin)  # all three are pipes
        self._stdout = cast("asyncio.StreamReader", process.stdout)
        self._stderr = cast("asyncio.StreamReader", process.stderr)
        self._arn = arn
        self._log_extra: Mapping[str, str] = {}
        self._prints = asyncio.create_task(self._log_prints())

    @classmethod
    async def start(cls, target: Target, arn: str, changed_at: int, region: str) -> "_Process":
        # Its own settings are the operator's; ours hold secrets that are none of its business.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("POOLHOUSE_")}
        environment |= {"AWS_REGION": region, "AWS_LAMBDA_FUNCTION_NAME": arn.rpartition(":")[2]}
        try:
            process = await asyncio.create_subprocess_exec(
                _COMMANDS[target.kind],
                str(_HOSTS[target.kind]),
                target.at,
                target.handler,
                arn,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                limit=MOST_ANSWER_BYTES,
                env=environment,
                start_new_session=True,  # what stops the server at a terminal does not reach it; we end it
            )
        except OSError as error:
            raise NotInvoked("InvalidRuntimeException", f"{_COMMANDS[target.kind]}: {error.strerror}") from None
        return cls(process, arn, changed_at)

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def ask(self, event: bytes, log_extra: Mapping[str, str]) -> bytes:
        """Raises FunctionFailed, BadAnswer."""
        self._log_extra = log_extra
        request_id = msgspec.json.encode(log_extra.get("request_id", ""))
        try:
            self._stdin.write(b'{"requestId":%b,"event":%b}\n' % (request_id, event))
            await self._stdin.drain()
            line = await self._stdout.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise BadAnswer(f"longer than {MOST_ANSWER_BYTES} bytes") from None
        except (asyncio.IncompleteReadError, ConnectionError):
            await self._process.wait()
            # As Lambda words it; RequestId is what AWS prints before it.
            request = log_extra.get("request_id", "")
            raise FunctionFailed(f"RequestId: {request} Error: Runtime exited without providing a reason") from None
        try:
            told = msgspec.json.decode(line, type=_Line)
        except msgspec.DecodeError:
            raise BadAnswer("no JSON") from None
        if told.error is not None:
            raise FunctionFailed(told.error)
        return bytes(told.answer)

    async def end(self) -> None:
        if self.is_alive:
            os.killpg(self._process.pid, signal.SIGKILL)  # with whatever it has started
        await self._process.wait()
        self._prints.cancel()

    async def _log_prints(self) -> None:
        """What the function prints, and the traceback of what it raises, a line each."""
        while True:
            try:
                line = await self._stderr.readline()
            except ValueError:  # longer than any log should be
                continue
            if not line:
                return
            log.info(Printed(self._arn, line.decode("utf-8", "replace").rstrip()), extra=dict(self._log_extra))
