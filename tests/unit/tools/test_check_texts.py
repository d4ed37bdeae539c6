"""The check that a text is not formatted before it is told."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TEXTS = """EXISTS = "{} exists"
SAID = "It exists."
BRACES = "It must have {username} and {####}."
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    source = tmp_path / "src" / "poolhouse"
    (source / "pool").mkdir(parents=True)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "check_texts.py").write_text((ROOT / "tools" / "check_texts.py").read_text())
    (source / "errors.py").write_text((ROOT / "src" / "poolhouse" / "errors.py").read_text())
    (source / "pool" / "exceptions.py").write_text("class GoneException(CognitoError):\n    pass\n")
    (source / "pool" / "texts.py").write_text(TEXTS)
    return tmp_path


def complaints(tree: Path, body: str, place: str = "pool/groups.py") -> str:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    (tree / "src" / "poolhouse" / place).write_text(f"def f(a, b, template):\n{lines}\n")
    tool = [sys.executable, tree / "tools" / "check_texts.py"]
    found = subprocess.run(tool, capture_output=True, text=True, check=False)
    assert found.returncode == bool(found.stderr)
    return found.stderr


@pytest.mark.parametrize(
    "body",
    [
        "raise errors.GoneException(texts.EXISTS.format(a))",
        "raise errors.GoneException(EXISTS.format(a))",
        "raise GoneException(f'{a} exists')",
        "raise GoneException('{} exists' % a)",
        "raise GoneException('It is ' + a)",
        "raise GoneException(a)",
        "text = f'{a} exists'\nraise GoneException(text)",
        "text = texts.SAID\ntext += a\nraise GoneException(text)",
        "raise PageError(b.message, status=400)",
        "raise PageError(b.message or '')",
        "raise OAuthError('invalid_request', f'no {a}')",
        "return Text(f'no {a}')",
        "return texts.EXISTS.format(a)",
        "raise GoneException(texts.SAID if a else f'{b}')",
        "raise GoneException(texts.EXISTS)",
        "raise GoneException(texts.SAID, a)",
        "raise GoneException(texts.EXISTS, a, b)",
        "return Text(texts.EXISTS, ())",
    ],
)
def test_what_is_refused(tree: Path, body: str) -> None:
    assert "pool/groups.py:" in complaints(tree, body)


@pytest.mark.parametrize(
    "body",
    [
        "raise errors.GoneException(texts.EXISTS, a, detail=f'{b}')",
        "raise GoneException",
        "raise GoneException(texts.BRACES)",
        "raise GoneException(texts.SAID if a else texts.BRACES)",
        "raise GoneException(NEEDED[a])",
        "text = texts.SAID\nraise GoneException(text)",
        "raise GoneException(template, a)",
        "raise GoneException(b.template, *b.args)",
        "raise OAuthError(a, detail=f'{b}')",
        "raise OAuthError('invalid_request', *b.args)",
        "return Text(texts.EXISTS, (a,))",
        "raise ConfigError('port', f'is {a}')",
    ],
)
def test_what_is_right(tree: Path, body: str) -> None:
    assert complaints(tree, body) == ""


def test_a_page_does_not_speak_for_the_wire(tree: Path) -> None:
    (tree / "src" / "poolhouse" / "pages").mkdir()
    assert "words(error.text)" in complaints(tree, "return a.message", "pages/login.py")
    assert complaints(tree, "return words(a.text)", "pages/login.py") == ""


def test_a_function_with_a_template_is_watched_too(tree: Path) -> None:
    (tree / "src" / "poolhouse" / "pool" / "passwords.py").write_text(
        "def check_policy(pool, password, template):\n    raise GoneException(template, password)\n"
    )
    assert "check_policy wants a template" in complaints(tree, "passwords.check_policy(a, b, f'{a}')")
    assert complaints(tree, "passwords.check_policy(a, b, texts.EXISTS)") == ""


def test_a_super_call_of_an_error_is_watched_too(tree: Path) -> None:
    body = "class Gone(GoneException):\n    def __init__(self, user):\n        super().__init__({})"
    assert "wants a template" in complaints(tree, body.format("f'{user.name}'"))
    assert complaints(tree, body.format("texts.EXISTS, user.name, detail='x'")) == ""
