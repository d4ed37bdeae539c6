"""docs/compatibility.md says what each client was made to do, and the tests that it names are there, all of them."""

import ast
import re

import pytest

from tests.unit.test_promises import DOCS, FILES

PAGE = (DOCS / "compatibility.md").read_text("utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", PAGE, re.MULTILINE))


def rows(section: str) -> list[tuple[str, str]]:
    """(what a client did, the test that made it)."""
    found = [line.strip("| ").split(" | ") for line in SECTIONS[section].splitlines() if line.startswith("| ")]
    assert found[:2] == [["it", "test"], ["---", "---"]]
    return [(what, test.strip("`")) for what, test in found[2:]]


def files(section: str) -> tuple[list[str], list[str]]:
    """The files of a client alone, and those of which some tests are its own."""
    (line,) = re.findall(r"^Files: (.+)$", SECTIONS[section], re.MULTILINE)
    own, _, others = line.partition("and of ")
    return re.findall(r"`(clients/[^`]+\.py)`", own), re.findall(r"`([^`]+\.py)`", others)


def names_in(file: str) -> set[str]:
    """test_x and Class.test_x of a file."""
    found = set()
    for node in ast.parse(FILES[file].read_text("utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        functions = (each for each in inner if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
        found |= {prefix + each.name for each in functions if each.name.startswith("test_")}
    return found


@pytest.mark.parametrize("section", SECTIONS)
def test_every_ability_names_a_test_and_every_test_of_a_client_is_named(section: str) -> None:
    own, others = files(section)
    named = [test for _, test in rows(section)]
    theirs = set().union(*map(names_in, own))
    assert len(named) == len(set(named))
    assert theirs - set(named) == set()
    assert set(named) - theirs <= set().union(*map(names_in, others))


def test_every_file_of_a_client_has_its_section() -> None:
    """The others are about documents."""
    listed = {file for section in SECTIONS for file in files(section)[0]}
    clients = {file for file in FILES if file.startswith("clients/")}
    assert {file.removeprefix("clients/test_") for file in clients - listed} == {
        "messages_document.py",
        "readme.py",
        "testing_page.py",
        "triggers_document.py",
        "user_import_document.py",
    }
