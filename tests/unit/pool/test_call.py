"""pool.call: what a call keeps, and how long."""

import asyncio
import gc

import pytest

from poolhouse import request_log
from poolhouse.asgi import Request, Response
from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.errors import PageError
from poolhouse.pool.call import Call, House


async def refused(call: Call) -> Response:
    try:
        raise PageError("no")
    except PageError as error:
        call.refusal = error
    return Response(400, b"no")


@pytest.mark.parametrize("is_logged", [True, False])
def test_a_refused_call_is_gone_when_it_is_answered(is_logged: bool) -> None:
    """attack-0.1 no. 07: its error holds traces that hold the call; left to the collector, thousands of them wait for it."""
    nothing: object = None
    house = House(Settings(request_log=is_logged), nothing, nothing, nothing, nothing, Clock())  # type: ignore[arg-type]

    def answer() -> None:
        call = Call(house, request_id="r")
        made = refused(call)
        asyncio.run(request_log.told(call, Request(method="GET", path="/x", headers={}), made) if is_logged else made)

    answer()  # what is made at first use
    gc.collect()
    gc.disable()
    try:
        answer()
        assert not [found for found in gc.get_objects() if isinstance(found, Call) and found.house is house]
    finally:
        gc.enable()
