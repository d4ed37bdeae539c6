"""The README's promises: its example runs as it stands, its links lead somewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_boto3_example_runs(server, tmp_path):
    code = re.search(r"<!-- example: boto3.*?```python\n(.*?)```", README, re.DOTALL)[1]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": server.url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout) == (0, "ada\n"), done.stderr


def test_the_banner_is_the_one_that_dev_prints():
    from poolhouse import config
    from poolhouse.cli import terminal
    from poolhouse.config import Settings

    shown = re.search(r"```text\n(poolhouse .*?)```", README, re.DOTALL)[1].splitlines()
    printed = terminal._plain(terminal.banner(config.resolve(Settings())))
    assert [line for line in shown if not line.startswith("Data ")] == [
        line for line in printed if not line.startswith("Data ")
    ]


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_links_lead_to_files(target):
    assert (ROOT / target).exists()
