"""Everything that the code, its tests and the documents cite stands in the repository (docs/behaviour/README.md says how)."""

import io
import os
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BEHAVIOUR = ROOT / "docs/behaviour"
README = BEHAVIOUR / "README.md"
TEXTS = ROOT / "src/poolhouse/pool/texts.py"
_PAGES = "endpoints|user-pools-api|federation|security|acceptance"
_NUMBERS = r"\d+(?:(?:,\s+|\s+and\s+|\s+to\s+|-)\d+)*"

# What a text is cut into. A page is named for the rest of its phrase, which ends with one of the signs of `end`.
_TOKEN = re.compile(
    rf"""
    (?P<end>[|;()"] | \.\s | \n\s*\n)
  | (?P<standard>RFC\ \d+\w* | OIDC\ Core | NIST\ SP\ [\w-]+ | WHATWG\ URL | WebAuthn(?=\ §))
  | (?P<decision>docs/design/\d{{4}}[\w.-]*,\ decision\ \d+)
  | (?P<note>docs/design/\d{{4}})
  | (?P<path>\bdocs/[a-z][\w/-]*(?:\\?\.(?:[a-z]+|\*))?(?!\w))
  | (?P<cases>\bacceptance(?:\.md)?\s+(?:{_NUMBERS}|[A-Z]\b))
  | (?P<vectors>\bvectors?\s+{_NUMBERS})
  | (?P<part>\bfederation\.md\s+[A-Z]\d*\b)
  | \[?(?P<page>\b(?:{_PAGES})\.md)(?:\]\([a-z.-]+\))?
  | §(?P<section>[A-Z]?\d*(?:\.\d+)*)(?:,?\s+(?P<entry>(?:rule|point|row)\s+\d+|F\d+\b|[A-Z]\w*\s+rows|[A-Z]{{2,}}\b\??))?
    """,
    re.VERBOSE,
)
_HEADING = re.compile(r"^#{2,} ([A-Z]?\d+(?:\.\d+)*|[A-Z])\.? ", re.MULTILINE)
_SUFFIXES = {".py", ".md", ".html", ".sql", ".js"}
_REPORT = re.compile(r" [\w.-]+(?:/[\w.-]+)?#\d+")


@cache
def sections(page: str) -> dict[str, str]:
    """The numbered sections of a page, each with its text up to the next heading."""
    path = BEHAVIOUR / page
    parts = _HEADING.split(path.read_text()) if path.exists() else [""]
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@cache
def explained(heading: str) -> frozenset[str]:
    """What the first column of the tables under a heading of the README says."""
    part = README.read_text().split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1].strip().strip("`") for line in part.splitlines() if line.startswith("| ")]
    return frozenset(rows) - {"---", "Mark", "Name", "Source"}


def has_row(text: str, number: str) -> bool:
    """Whether a list or a table of a section has an entry of that number or name."""
    return re.search(rf"^(?:{re.escape(number)}\. |\| {re.escape(number)} )", text, re.MULTILINE) is not None


def numbers(text: str) -> list[str]:
    """Every number of "1-3", "13 to 15" or "51, 52 and 64"."""
    found: list[str] = []
    for first, last in re.findall(r"(\d+)(?:(?:-|\s+to\s+)(\d+))?", text):
        found += [str(number) for number in range(int(first), int(last or first) + 1)]
    return found


def broken(text: str, own_page: str | None = None) -> Iterator[tuple[int, str]]:
    """Line and words of every citation that leads nowhere. own_page: the page that a bare section is of."""
    page: str | None = own_page
    for match in _TOKEN.finditer(text):
        kind, words = str(match.lastgroup), " ".join(match[0].split())
        if kind == "end":
            page = own_page
        elif kind == "standard":
            page = "a standard"
        elif kind == "page":
            page = match["page"]
        elif not _leads_somewhere(kind, words, match, page):
            named = f"{page} {words}" if page and kind in {"section", "entry"} else words
            yield text.count("\n", 0, match.start()) + 1, named


def _leads_somewhere(kind: str, words: str, match: re.Match[str], page: str | None) -> bool:
    if kind in {"section", "entry"}:
        return page == "a standard" or (page is not None and _has_section(page, match["section"], match["entry"]))
    if kind == "cases":
        chapters = sections("acceptance.md")
        cases = numbers(words)
        return all(any(has_row(text, case) for text in chapters.values()) for case in cases) and (
            bool(cases) or words[-1] in chapters
        )
    if kind == "part":
        parts, name = sections("federation.md"), words.rpartition(" ")[2]
        return name in parts or any(has_row(text, name) for text in parts.values())
    if kind == "vectors":
        return all(has_row(sections("endpoints.md").get("21", ""), number) for number in numbers(words))
    if kind == "path":
        return any(ROOT.glob(words.replace("\\", "")))
    notes = sorted((ROOT / "docs/design").glob(f"{words.removeprefix('docs/design/')[:4]}-*.md"))
    if kind == "note" or not notes:
        return bool(notes)
    return re.search(rf"^## {words.rpartition(' ')[2]}\. ", notes[0].read_text(), re.MULTILINE) is not None


def _has_section(page: str, section: str, entry: str | None) -> bool:
    if section not in sections(page):
        return False
    if entry is None:
        return True
    text = sections(page)[section]
    if entry.rstrip("?").isalpha():
        return entry in explained("Groups of errors") | explained("Marks")
    name = entry.split()[0] if entry.endswith("rows") else entry.split()[-1]
    return has_row(text, name)


def sources() -> Iterator[Path]:
    yield from (ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))
    for top in ("src", "tests", "docs", "tools"):
        for folder, folders, names in os.walk(ROOT / top):
            folders[:] = [name for name in folders if name not in {"node_modules", "__pycache__"}]
            paths = (Path(folder, name) for name in names)
            yield from (path for path in paths if path.suffix in _SUFFIXES and path != Path(__file__))


def test_every_citation_leads_to_what_it_names() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for path in sources()
        for line, words in broken(path.read_text(), path.name if path.parent == BEHAVIOUR else None)
    ]
    assert not found, "\n".join(found)


def test_every_link_of_a_document_leads_to_a_file() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in sources()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([\w./-]+)[)#]", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "citation",
    [
        "endpoints.md §3.99",
        "endpoints.md §3.3 rule 9",
        "endpoints.md §3.7 and §99",
        "(spec §1.4)",
        "user-pools-api.md §2, NOBODY",
        "security.md §3.3, XML rows",
        "security.md §4.2, F21",
        "federation.md §Z9",
        "federation.md B99",
        "federation.md S99",
        "acceptance 79",
        "acceptance 13 to 99",
        "acceptance.md Z",
        "vectors 79-81",
        "docs/design/9999",
        "docs/design/0000, decision 10",
        "docs/security",
        "docs/nothing.md",
        "RFC 6749 §4.1 (§4.2)",
    ],
)
def test_a_citation_of_nothing_is_found(citation: str) -> None:
    assert next(broken(f"# first line\n# {citation}"))[0] == 2


@pytest.mark.parametrize(
    "citation",
    [
        "endpoints.md §3.3 rule 8",
        "endpoints.md §1.3, §4.7, §5, §6",
        "user-pools-api.md §2, MSG",
        "security.md §3.3, JWT rows",
        "security.md §4.2, F19",
        "[security.md](security.md) §4.2",
        "federation.md B3",
        "federation.md S9",
        "RFC 9700 §4.5, §4.10",
        "acceptance 51, 52, 64",
        "acceptance.md F",
        "vectors 1-25 of endpoints.md §21 and the rules of §2 and §3",
        "docs/design/0000, decision 4",
        "docs/design/0004",
        "docs/testing.md",
    ],
)
def test_a_citation_that_stands_is_left_alone(citation: str) -> None:
    assert not list(broken(citation))


# ------------------------------------------------------------------------------------------------------------ marks


def marks(source: str) -> Iterator[tuple[int, str]]:
    """Line and words of every comment beside or below a text. `# --` begins a part, a comment of its own line explains."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and token.line[: token.start[1]].strip():
            yield token.start[0], token.string.removeprefix("#").strip()


def is_explained(mark: str) -> bool:
    """Whether the mark that a comment begins with, and the source behind OBS, are in the README."""
    for known in sorted(explained("Marks"), key=len, reverse=True):
        if re.match(rf"{re.escape(known)}(?![\w°+])", mark):
            rest = mark[len(known) :]
            break
    else:
        return False
    if known != "OBS" or not rest or rest[0] in ":;,":
        return True
    return bool(_REPORT.match(rest)) or any(rest.startswith(f" {source}") for source in explained("Behind OBS"))


def test_every_text_has_a_mark_that_the_readme_explains() -> None:
    found = list(marks(TEXTS.read_text()))
    assert len(found) > 100
    assert not [f"{TEXTS.name}:{line}: {words}" for line, words in found if not is_explained(words)]


def test_every_group_of_errors_is_explained() -> None:
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for groups in re.findall(r"Exception \(([A-Z?]+(?:, [A-Z?]+)*)\)", path.read_text()):
            found |= set(groups.split(", "))
    assert {"ATTR", "TOK"} <= found - explained("Marks") <= explained("Groups of errors")


@pytest.mark.parametrize("mark", ["SEEN", "OBS somewhere", "OBS?", "GUESS++", "Rumour", "docs"])
def test_a_mark_that_nobody_explains_is_found(mark: str) -> None:
    line, words = next(marks(f'A = 1\nB = "text"  # {mark}'))
    assert line == 2
    assert not is_explained(words)
