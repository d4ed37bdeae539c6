"""How many rooms a request passes, and that it enters none again from a room below it (docs/design/0002-redrawing-the-house.md).

A room is a package, each room of `pool/`, and `server.py`, where every walk begins. Recorded is who calls whom in a real request: a room stands twice in one stack of
calls only where a walk has gone back up. What every room stands on does not count (`FLOOR`, and what stands directly in
`pool/`, `call.py` above all), nor does the database engine: both call back, to run the `work` they were given.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest

import poolhouse
from tests.support.in_process import CLIENT_ID, TARGET, House
from tests.support.srp import SRPClient

SOURCE = Path(poolhouse.__file__).parent
FLOOR = {
    "asgi.py",
    "clock.py",
    "code_points.py",
    "config.py",
    "discretion.py",
    "email_address.py",
    "errors.py",
    "front_door.py",
    "request_log.py",
    "routes.py",
    "wire",
    "storage/engine.py",
    "storage/postgresql.py",
    "storage/sqlite.py",
}
POOL = "us-east-1_PoolHouse"
PASSWORD = "Poolhouse-1"


def room_of(file: str) -> str:
    """api, pool/users, storage ...; empty for what is no room."""
    try:
        parts = Path(file).relative_to(SOURCE).parts
    except ValueError:
        return ""
    if {parts[0], "/".join(parts)} & FLOOR:
        return ""
    if parts[0] == "pool":
        return "/".join(parts[:2]) if len(parts) > 2 else ""
    return parts[0].removesuffix(".py")


class Walk:
    """rooms: in the order in which they were first entered.  back: where a room was entered again from one below it."""

    def __init__(self) -> None:
        self.rooms: list[str] = []
        self.back: set[str] = set()

    def look(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event != "call":
            return
        room = room_of(frame.f_code.co_filename)
        if not room:
            return
        if room not in self.rooms:
            self.rooms.append(room)
        above: list[str] = []
        while (caller := frame.f_back) is not None:
            frame = caller
            found = room_of(frame.f_code.co_filename)
            if found and (not above or above[-1] != found):
                above.append(found)
        if room in above[1 if above[:1] == [room] else 0 :]:
            self.back.add(" < ".join([room, *above]))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("walks") / "data")
    yield house
    house.stop()


@contextmanager
def walk(house: House) -> Iterator[Walk]:
    found = Walk()

    async def watch(profile: Callable[..., None] | None) -> None:
        sys.setprofile(profile)

    house.do(watch(found.look))
    try:
        yield found
    finally:
        house.do(watch(None))


def ask_api(house: House, operation: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = house.ask("POST", "/", body, content_type="application/x-amz-json-1.1", x_amz_target=TARGET + operation)
    assert answer.status == 200, answer.body
    return dict(msgspec.json.decode(answer.body))


def walk_of_password_verifier(house: House) -> Walk:
    srp = SRPClient(POOL, "demo", PASSWORD)
    begun = ask_api(
        house, "InitiateAuth", {"ClientId": CLIENT_ID, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": srp.parameters}
    )
    body = {
        "ClientId": CLIENT_ID,
        "ChallengeName": "PASSWORD_VERIFIER",
        "ChallengeResponses": srp.responses(begun),
    }
    with walk(house) as found:
        assert "AccessToken" in ask_api(house, "RespondToAuthChallenge", body)["AuthenticationResult"]
    return found


def walk_of_refresh(house: House) -> Walk:
    parameters = {"USERNAME": "demo", "PASSWORD": PASSWORD}
    begun = ask_api(
        house,
        "InitiateAuth",
        {"ClientId": CLIENT_ID, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters},
    )
    token = begun["AuthenticationResult"]["RefreshToken"]
    form = urlencode({"grant_type": "refresh_token", "client_id": CLIENT_ID, "refresh_token": token})
    with walk(house) as found:
        assert house.post_form("/oauth2/token", form).status == 200
    return found


def walk_of_hosted_login(house: House) -> Walk:
    query = urlencode(
        {
            "client_id": CLIENT_ID,
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": "http://localhost:3000",
        }
    )
    page = house.ask("GET", f"/login?{query}")
    cookie = dict(page.headers)["set-cookie"].partition(";")[0]
    csrf = cookie.partition("=")[2]
    form = urlencode({"_csrf": csrf, "username": "demo", "password": PASSWORD})
    with walk(house) as found:
        answer = house.post_form(f"/login?{query}", form, cookie=cookie)
    assert answer.status == 302, answer.body
    assert "code=" in dict(answer.headers)["location"]
    return found


def test_a_walk_that_goes_back_up_is_seen() -> None:
    def function(file: str, body: str, **known: Any) -> Callable[[], None]:
        exec(compile(f"def f():\n    {body}", str(SOURCE / file), "exec"), known)
        return known["f"]  # type: ignore[no-any-return]

    below = function("pool/users/a.py", "g()", g=function("pool/texts.py", "pass"))
    again = function("pool/users/a.py", "g()", g=function("pages/a.py", "pass"))
    for called, back in ((below, 0), (again, 1)):
        found = Walk()
        sys.setprofile(found.look)
        function("pages/b.py", "g()", g=called)()
        sys.setprofile(None)
        assert len(found.back) == back
        assert found.rooms[:2] == ["pages", "pool/users"]


@pytest.mark.parametrize(
    ("take", "most"), [(walk_of_password_verifier, 8), (walk_of_hosted_login, 10), (walk_of_refresh, 6)]
)
def test_a_walk_passes_few_rooms_and_none_twice(house: House, take: Callable[[House], Walk], most: int) -> None:
    found = take(house)
    print(f"{take.__name__}: {len(found.rooms)} rooms: {' > '.join(found.rooms)}")  # noqa: T201  with -s
    assert len(found.rooms) <= most, found.rooms
    assert not found.back, found.back
