"""Every case of docs/behaviour/acceptance.md whose chapter is built has a test that names its number, as "Acceptance 25"."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.unit.test_citations import has_row, numbers, sections

TESTS = Path(__file__).parents[1]

# The cases of each chapter that is built. OPEN: those of them that have no test yet, each with what it waits for.
CHAPTERS = {"A": range(1, 13), "B": range(13, 25), "C": range(25, 32)}
OPEN: dict[int, str] = {}

_NAMED = re.compile(r"\b[Aa]cceptance (\d+(?:(?:, | and | to )\d+)*)")
_OTHER_FORM = re.compile(r"\b[Aa]cceptance(?:\.md)?,? (?:[A-Z] ?)?\d+")


def docstrings() -> Iterator[tuple[str, str]]:
    """Where a test function stands, and its docstring."""
    for path in sorted(TESTS.rglob("test_*.py")):
        if "node_modules" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield f"{path.relative_to(TESTS)}::{node.name}", ast.get_docstring(node) or ""


@cache
def named() -> dict[int, list[str]]:
    """The tests of each case."""
    found: dict[int, list[str]] = {}
    for where, text in docstrings():
        for words in _NAMED.findall(text):
            for number in numbers(words):
                found.setdefault(int(number), []).append(where)
    return found


CASES = [number for chapter in CHAPTERS.values() for number in chapter]


@pytest.mark.parametrize("case", CASES)
def test_a_case_has_a_test_that_names_it(case: int) -> None:
    assert (case in named()) != (case in OPEN), named().get(case, "no test names it")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_chapter_has_these_cases_and_no_others(chapter: str) -> None:
    text = sections("acceptance.md")[chapter]
    assert [number for number in range(1, 100) if has_row(text, str(number))] == list(CHAPTERS[chapter])


def test_what_is_open_is_a_case_and_says_why() -> None:
    assert OPEN.keys() <= set(CASES)
    assert all(OPEN.values())


def test_every_docstring_names_cases_in_one_form() -> None:
    wrong = [
        where
        for where, text in docstrings()
        for match in _OTHER_FORM.finditer(text)
        if not _NAMED.match(text, match.start())
    ]
    assert wrong == []


@pytest.mark.parametrize("text", ["Acceptance C 25.", "acceptance.md 41.", "Acceptance B23"])
def test_another_form_is_found(text: str) -> None:
    match = _OTHER_FORM.search(text)
    assert match is not None
    assert not _NAMED.match(text, match.start())
