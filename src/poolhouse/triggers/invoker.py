"""Calls a function by its ARN: where it leads, in which time, how often, and beside how many others."""

import asyncio
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from poolhouse import clock
from poolhouse.config import Settings
from poolhouse.triggers import targets
from poolhouse.triggers.failures import BadAnswer, Failure, NotInvoked, Unanswered
from poolhouse.triggers.limits import POOL_AT_ONCE, SECONDS, TARGET_AT_ONCE, TRIES, Circuit, Gate
from poolhouse.triggers.local_files import MOST_PROCESSES, LocalFiles
from poolhouse.triggers.records import Invocation, Records
from poolhouse.triggers.targets import Target

if TYPE_CHECKING:
    from poolhouse.triggers.http_targets import HTTPTargets

log = logging.getLogger(__name__)

NOWHERE = "ResourceNotFoundException"  # what Lambda answers for a function that is not there


class Invoker:
    """All targets of one server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._targets = targets.read(settings.triggers)
        self._gates: dict[tuple[str, str], Gate] = {}
        self._circuits: dict[str, Circuit] = {}
        self.records = Records()
        self._is_recorded = settings.mode == "dev"
        self._files = LocalFiles(settings.region)
        self._http: HTTPTargets | None = None

    async def close(self) -> None:
        await self._files.close()
        if self._http is not None:
            await self._http.close()

    @property
    def http(self) -> "HTTPTargets":
        """The connections of this server to what stands behind an address."""
        if self._http is None:
            from poolhouse.triggers.http_targets import HTTPTargets

            self._http = HTTPTargets(self._settings)
        return self._http

    async def invoke(  # noqa: PLR0913  who is asked what, for whom
        self,
        user_pool_id: str,
        arn: str,
        event: bytes,
        log_extra: Mapping[str, str],
        *,
        replay_of: str = "",
        is_event: bool = False,
    ) -> object:
        """What the function answers to the event, decoded. In `dev` it is recorded. Raises Failure.

        is_event: nobody wants its answer, as with Lambda's Event; it is tried once, since who asks will ask again.
        """
        if not self._is_recorded:
            return await self._invoke(user_pool_id, arn, event, log_extra, is_event=is_event)
        at, begun, answer, error = clock.now(), clock.monotonic(), None, ""
        try:
            answer = await self._invoke(user_pool_id, arn, event, log_extra, is_event=is_event)
        except Failure as failure:
            error = f"{type(failure).__name__}: {failure}"
            raise
        finally:
            told = msgspec.json.decode(event)
            self.records.keep(
                Invocation(
                    id=self.records.next_id(),
                    at=at,
                    arn=arn,
                    trigger_source=told["triggerSource"],
                    user_pool_id=user_pool_id,
                    request_id=log_extra.get("request_id", ""),
                    event=told,
                    answer=answer,
                    error=error,
                    milliseconds=(clock.monotonic() - begun) * 1000,
                    replay_of=replay_of,
                    is_event=is_event,
                )
            )
        return answer

    async def _invoke(
        self, user_pool_id: str, arn: str, event: bytes, log_extra: Mapping[str, str], *, is_event: bool
    ) -> object:
        target = self._targets.get(arn) or self._targets.get(targets.ANY)
        if target is None:
            raise NotInvoked(NOWHERE, f"{arn} stands nowhere in [triggers] of poolhouse.toml")
        for left in reversed(range(1 if is_event else TRIES)):
            try:
                answer = await self._once(target, user_pool_id, arn, event, log_extra, is_event=is_event)
                break
            except Unanswered as failure:
                log.warning("trigger %s: %s", arn, failure.detail, extra=dict(log_extra))
                if not left:
                    raise
        if is_event:
            return None
        try:
            return msgspec.json.decode(answer)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise BadAnswer("no JSON") from error

    async def _once(  # noqa: PLR0913  who is asked what, for whom
        self, target: Target, user_pool_id: str, arn: str, event: bytes, log_extra: Mapping[str, str], *, is_event: bool
    ) -> bytes:
        # Behind one Lambda address stand many functions, which have nothing to do with each other.
        function = f"{target.at} {arn}" if target.kind == "lambda" else target.at
        circuit = self._circuits.setdefault(function, Circuit(arn))
        is_file = target.kind in ("python", "node")
        of_target = self._gates.setdefault(("", function), Gate(MOST_PROCESSES if is_file else TARGET_AT_ONCE))
        of_pool = self._gates.setdefault((user_pool_id, function), Gate(POOL_AT_ONCE))
        async with circuit.watched():
            try:
                async with asyncio.timeout(SECONDS), of_pool.place(), of_target.place():
                    return await self._ask(target, arn, event, log_extra, is_event=is_event)
            except TimeoutError:
                raise Unanswered("ServiceException", f"no answer in {SECONDS:.0f} s") from None

    async def _ask(
        self, target: Target, arn: str, event: bytes, log_extra: Mapping[str, str], *, is_event: bool
    ) -> bytes:
        if target.kind == "lambda":
            return await self.http.invoke_lambda(target, arn, event, is_event=is_event)
        if target.kind == "webhook":
            return await self.http.call_webhook(target, event, is_event=is_event)
        try:
            return await self._files.call(target, arn, event, log_extra)
        except BadAnswer:
            if is_event:  # it has run, which is all that is wanted
                return b""
            raise
