"""What `poolhouse dev` prints when it is ready: one line per fact, aligned; colour only on a terminal; the URL to click last."""

import shlex
import sys
from collections.abc import Iterable

import click

from poolhouse import __version__, config
from poolhouse.cli import seed
from poolhouse.config import LOOPBACK_NAMES, Settings

Fact = tuple[str, str]


def print_banner(settings: Settings) -> None:
    click.echo("\n".join(_styled(banner(settings)) if sys.stdout.isatty() else _plain(banner(settings))))
    sys.stdout.flush()


def banner(settings: Settings) -> list[list[Fact]]:
    """Blocks of (label, text)."""
    blocks: list[list[Fact]] = [[("", f"poolhouse {__version__} dev, ready at {settings.public_url}")]]
    if settings.demo:
        blocks.append(
            [
                ("User pool", seed.user_pool_id(settings)),
                ("App client", seed.CLIENT_ID),
                ("User", seed.USERNAME),
                ("Password", seed.PASSWORD),
            ]
        )
    storage = _without_password(settings.database_url) if settings.database_url else str(settings.data)
    blocks.append([("Inbox", f"{settings.public_url}/_poolhouse/inbox"), ("Data", storage)])
    if settings.tls:
        blocks.append(
            [("Trust", f"poolhouse trust{_data_flag(settings)} says how programs come to trust the certificate")]
        )
    if settings.host not in LOOPBACK_NAMES and settings.signatures == "accept-any":
        blocks.append([("Warning", f"whoever reaches port {settings.port} of this machine administers every pool")])
    blocks.append([("AWS CLI and SDKs", f"export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={settings.public_url}")])
    blocks.append([("Sign in", f"{settings.public_url}/")])
    return blocks


def _data_flag(settings: Settings) -> str:
    """What a command typed in this folder needs to find the data."""
    default = config.default_of("data").absolute()
    return "" if settings.data == default else f" --data {shlex.quote(str(settings.data))}"


def _without_password(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"


def _width(blocks: Iterable[list[Fact]]) -> int:
    return max(len(label) for block in blocks for label, _ in block)


def _plain(blocks: list[list[Fact]]) -> list[str]:
    width = _width(blocks)
    lines: list[str] = []
    for block in blocks:
        lines += [f"{label:<{width}}  {text}" if label else text for label, text in block]
    return lines


def _styled(blocks: list[list[Fact]]) -> list[str]:
    width = _width(blocks)
    lines = [""]
    for block in blocks:
        for label, text in block:
            if not label:
                lines.append("  " + click.style(text, bold=True))
            else:
                colour = "yellow" if label == "Warning" else "cyan" if text.startswith("http") else None
                lines.append(f"  {click.style(f'{label:<{width}}', dim=True)}  {click.style(text, fg=colour)}")
        lines.append("")
    return lines
