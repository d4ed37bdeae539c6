"""docs/messages.md: the server starts with its snippets, and sends what it shows."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from poolhouse import config
from poolhouse.config import Settings
from poolhouse.delivery import sms_webhook

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "messages.md"
SNIPPETS = dict(re.findall(r"<!-- test: ([a-z]+) -->\n```[a-z]+\n(.*?)```", DOCUMENT.read_text(), re.DOTALL))


@pytest.fixture
def aws_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


def settings(name: str, folder: Path) -> Settings:
    file = folder / "poolhouse.toml"
    file.write_text(SNIPPETS[name])
    return config.resolve(config.load("dev", {}, {}, file))


@pytest.mark.parametrize("name", ["smtp", "aws", "webhook"])
@pytest.mark.usefixtures("aws_key")
def test_each_table_is_taken_and_says_what_it_says(name: str, tmp_path: Path) -> None:
    made = settings(name, tmp_path)
    assert {key: getattr(made, key) for key in tomllib.loads(SNIPPETS[name])} == tomllib.loads(SNIPPETS[name])


def test_sms_go_where_the_tables_say_when_nothing_is_said(tmp_path: Path) -> None:
    assert settings("smtp", tmp_path).sms_delivery == "none"
    assert config.load("dev", {}, {}).sms_delivery == "inbox"


def test_the_sms_has_the_members_that_are_shown() -> None:
    shown: dict[str, Any] = json.loads(SNIPPETS["sms"])
    assert msgspec.to_builtins(msgspec.convert(shown, sms_webhook._SMS)) == shown


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"delivery": "ses"}, "delivery"),
        ({"sms_delivery": "sns"}, "sms_delivery"),
        ({"sms_delivery": "webhook", "webhook_secret": "x" * 32}, "sms_url"),
        ({"sms_delivery": "webhook", "sms_url": "https://x.example"}, "webhook_secret"),
        ({"sms_url": "http://x.example/sms"}, "sms_url"),
        ({"ses_url": "ftp://x.example"}, "ses_url"),
        ({"sns_url": "https://"}, "sns_url"),
    ],
)
def test_what_cannot_work_is_refused_at_the_start(
    wrong: dict[str, str], key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    with pytest.raises(config.ConfigError) as refused:
        config.resolve(Settings(**wrong))  # type: ignore[arg-type]
    assert refused.value.key == key
