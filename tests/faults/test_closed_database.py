"""A program that asks while the database is away is told so in JSON, a person on a page; neither sees a traceback."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.in_process import House

FOR_PROGRAMS = [
    ("GET", "/_poolhouse/health"),
    ("GET", "/_poolhouse/api/inbox"),
    ("POST", "/oauth2/token"),
    ("GET", "/us-east-1_Unknown/.well-known/jwks.json"),
    ("GET", "/us-east-1_Unknown/.well-known/openid-configuration"),
]
FOR_PEOPLE = [("GET", "/login"), ("GET", "/_poolhouse/inbox")]


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path / "data")
    house.do(house.app.house.db.close())
    house.app.house.configuration._clients.clear()
    house.app.house.configuration._pools.clear()
    yield house
    house.stop()


def content_type(answer) -> str:
    return dict(answer.headers)["content-type"].partition(";")[0]


@pytest.mark.parametrize(("method", "path"), FOR_PROGRAMS)
def test_programs_are_told_in_json(closed: House, method: str, path: str) -> None:
    answer = closed.ask(method, path, content_type="application/x-www-form-urlencoded")
    if path != "/oauth2/token":  # refused for its form before anything is looked up, when there is no pool to look for
        assert answer.status == 503
    assert content_type(answer) == "application/json"


@pytest.mark.parametrize(("method", "path"), FOR_PEOPLE)
def test_people_are_told_on_a_page(closed: House, method: str, path: str) -> None:
    answer = closed.ask(method, path)
    assert (answer.status, content_type(answer)) == (503, "text/html")


def test_a_wrong_method_is_told_in_the_same_form(tmp_path: Path) -> None:
    house = House(tmp_path / "data")
    try:
        for path in ("/_poolhouse/api/inbox", "/oauth2/token"):
            answer = house.ask("PUT", path)
            assert answer.status == 405
            assert "content-type" not in dict(answer.headers) or content_type(answer) == "application/json"
    finally:
        house.stop()
