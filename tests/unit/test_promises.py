"""What the tests promise of themselves: docs/testing-map.md is true, and no test looks at a clock to judge."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TESTS, PACKAGE, DOCS = ROOT / "tests", ROOT / "src/poolhouse", ROOT / "docs"
FILES = {str(path.relative_to(TESTS)): path for path in TESTS.rglob("test_*.py") if "node_modules" not in path.parts}
CLOCKS = {"time", "monotonic", "perf_counter", "process_time", "thread_time"}


def promises() -> list[tuple[str, str, list[str]]]:
    """Promise, where it is given, and the files that keep it."""
    table = (DOCS / "testing-map.md").read_text().partition("## Promises")[2]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")][2:]
    return [(promise, source, re.findall(r"`([^`]+)`", kept)) for promise, source, kept in rows]


NAMED = {file for _, _, files in promises() for file in files}


def has_a_rule(file: str) -> bool:
    """Whether the folder says what a file keeps: unit/test_<module>.py, unit/<package>/, conformance/api/test_<noun>.py."""
    folder, _, name = file.rpartition("/")
    if folder == "conformance/api":
        return (PACKAGE / "api/operations" / name.removeprefix("test_")).exists()
    if folder == "unit":
        return (PACKAGE / name.removeprefix("test_")).exists()
    package = folder.partition("unit/")[2]
    return bool(package) and ((PACKAGE / package).is_dir() or (ROOT / package).is_dir())


@pytest.mark.parametrize(("promise", "source", "files"), promises())
def test_a_promise_is_given_somewhere_and_kept_by_tests(promise: str, source: str, files: list[str]) -> None:
    assert files
    assert set(files) <= set(FILES)
    for each in source.split("; "):
        page, _, heading = each.partition(", ")
        text = (ROOT / "README.md" if page == "README" else DOCS / page).read_text()
        assert re.search(rf"^## {re.escape(heading)}", text, re.MULTILINE) or not heading


def test_each_part_of_the_threat_model_is_kept() -> None:
    parts = set(re.findall(r"^## (.+)$", (DOCS / "threat-model.md").read_text(), re.MULTILINE))
    given = {each.partition(", ")[2] for _, source, _ in promises() for each in source.split("; ")}
    assert parts - given == {"Reporting"}


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_file_with_tests_keeps_a_promise(file: str) -> None:
    assert file in NAMED or has_a_rule(file)


def clock_judgements(code: str) -> Iterator[int]:
    """Lines that ask whether something was quick enough. How long to wait for something at most, and at least, may be said."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Compare):
            for small, how, _ in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
                if isinstance(how, ast.Lt | ast.LtE) and _is_elapsed(small):
                    yield node.lineno
        elif _is_clock(node) and ast.unparse(node).endswith(("perf_counter()", "process_time()", "thread_time()")):
            yield node.lineno


def _is_elapsed(node: ast.AST) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and _is_clock(node.left)


def _is_clock(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS


@pytest.mark.parametrize("file", sorted(FILES))
def test_no_test_asserts_how_long_something_takes(file: str) -> None:
    """A busy machine would fail it: `make timing` measures, `make test` shows that the work is the same."""
    assert list(clock_judgements(FILES[file].read_text())) == []


def test_a_judgement_by_the_clock_is_found() -> None:
    assert list(clock_judgements("assert 0.3 < time.monotonic() - began < 10")) == [1]
    assert list(clock_judgements("best = time.thread_time()")) == [1]
    assert (
        list(clock_judgements("while time.monotonic() < end:\n    pass\nassert time.monotonic() - began >= 0.4")) == []
    )
