"""The small parts of the edge; all of it together is in tests/conformance/api/test_protocol.py."""

import json
from types import SimpleNamespace
from typing import get_type_hints

import msgspec
import pytest

from poolhouse.api import authorize, http
from poolhouse.api.errors import NotImplementedException, SerializationException, UnknownOperationException
from poolhouse.api.registry import OPERATIONS
from poolhouse.asgi import Request
from poolhouse.clock import Clock
from poolhouse.config import Settings
from poolhouse.pool.call import Call, ClientCall, House, PoolCall, UserCall
from poolhouse.wire import operations as wire
from poolhouse.wire.operations import TARGET_PREFIX


def test_branding_operations_may_be_larger():
    assert http.body_limit("", 1_000_000) == 1_000_000
    assert http.body_limit(f"{TARGET_PREFIX}.SignUp", 1_000_000) == 1_000_000
    assert http.body_limit(f"{TARGET_PREFIX}.SetUICustomization", 1_000_000) == 2_097_152
    assert http.body_limit(f"{TARGET_PREFIX}.SetUICustomization", 5_000_000) == 5_000_000


def test_too_large_is_a_413_that_a_browser_may_read():
    answer = http.body_too_large("id-1", {"origin": "https://a.example"}, 100)
    assert answer.status == 413
    assert json.loads(answer.body)["message"] == "The request body is larger than 100 bytes."
    assert ("access-control-allow-origin", "*") in answer.headers


def test_a_literal_backslash_u0000_is_text():
    assert http._read(rb'{"a": "\\u0000"}') == {"a": "\\u0000"}
    with pytest.raises(SerializationException):
        http._read(rb'{"a": [{"b\u0000": 1}]}')
    with pytest.raises(SerializationException):
        http._read(rb'{"a": ["\u0000"]}')


def test_a_route_is_made_once():
    name = next(name for name, handler in OPERATIONS.items() if handler is not None)
    assert http._find_route(f"{TARGET_PREFIX}.{name}") is http._find_route(f"{TARGET_PREFIX}.{name}")


def test_unknown_targets_are_not_remembered():
    before = len(http._routes)
    for target in ("x", f"{TARGET_PREFIX}.x", ""):
        with pytest.raises(UnknownOperationException):
            http._find_route(target)
    assert len(http._routes) == before


def test_an_operation_that_has_no_handler_yet_says_so(monkeypatch):
    """All have one; the next release of the service model may bring another."""
    monkeypatch.setitem(OPERATIONS, "SignUp", None)
    monkeypatch.setattr(http, "_routes", {})
    with pytest.raises(NotImplementedException) as refusal:
        http._find_route(f"{TARGET_PREFIX}.SignUp")
    assert str(refusal.value) == "SignUp is not available in poolhouse yet; `poolhouse operations` lists what is."


BUILT = sorted(name for name, handler in OPERATIONS.items() if handler is not None)
PROVES = {
    authorize.by_access_token: ("", UserCall),
    authorize.by_access_token_alone: ("", UserCall),
    authorize.by_access_token_or_session: ("AccessToken", UserCall),
    authorize.by_client: ("ClientId", ClientCall),
    authorize.by_client_alone: ("ClientId", ClientCall),
    authorize.by_user_pool: ("", PoolCall),
}


@pytest.mark.parametrize("name", BUILT)
def test_no_operation_reads_more_of_the_call_than_its_request_has_proven(name):
    """mypy holds the core to the class of a call; that the edge hands over that class is seen here."""
    handler, operation = OPERATIONS[name], wire.OPERATIONS[name]
    wanted = next(iter(get_type_hints(handler).values()))
    member, proven = PROVES.get(http.Route(operation, handler).find_named, ("", Call))
    if member and member not in required(operation.request):
        proven = Call
    assert issubclass(proven, wanted)


def required(request):
    return {field.name for field in msgspec.structs.fields(request) if field.required}


@pytest.mark.parametrize("name", sorted(wire.OPERATIONS))
def test_what_a_client_sends_beside_its_request_reaches_the_core(name):
    operation = wire.OPERATIONS[name]
    sent = {member: object() for member in operation.request.__struct_fields__}
    context = http.Route(operation, OPERATIONS[name]).context_of(SimpleNamespace(**sent))
    for member, value in (
        ("ClientMetadata", context.metadata),
        ("UserContextData", context.user_context),
        ("ContextData", context.context),
        ("AnalyticsMetadata", context.analytics),
        ("Session", context.session),
    ):
        assert value is sent.get(member)


async def test_the_context_is_on_the_call_of_the_operation(monkeypatch):
    seen = []

    async def sign_up(call, request):
        seen.append(call.client_context)

    route = http.Route(wire.OPERATIONS["SignUp"], sign_up)
    route.find_named = authorize.by_nothing
    monkeypatch.setitem(http._routes, f"{TARGET_PREFIX}.SignUp", route)
    house = House(Settings(), None, None, None, None, Clock())
    body = {"ClientId": "abc", "Username": "ada", "Password": "Correct-Horse-1", "ClientMetadata": {"shop": "7"}}
    request = Request(method="POST", path="/", headers={"x-amz-target": f"{TARGET_PREFIX}.SignUp"})
    request.body = json.dumps(body | {"UserContextData": {"IpAddress": "192.0.2.1"}}).encode()
    answer = await http.handle(Call(house, request_id="r"), request)
    assert answer.status == 200, answer.body
    assert seen[0].metadata == {"shop": "7"}
    assert seen[0].user_context.IpAddress == "192.0.2.1"
    assert seen[0].context is None
