"""What `poolhouse dev` prints when it is ready: one line per fact, aligned; colour only on a terminal; the URL to click last."""

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from poolhouse import __version__, config
from poolhouse.browser.clock_note import clock_note
from poolhouse.cli import seed
from poolhouse.config import LOOPBACK_NAMES, Settings
from poolhouse.storage.generation import SharedCounters

Fact = tuple[str, str]


def print_banner(settings: Settings, *, user_pools: int, users: int, neighbour: str = "") -> None:
    blocks = banner(settings, user_pools=user_pools, users=users, neighbour=neighbour)
    click.echo("\n".join(_styled(blocks) if sys.stdout.isatty() else _plain(blocks)))
    sys.stdout.flush()


def banner(settings: Settings, *, user_pools: int = 1, users: int = 1, neighbour: str = "") -> list[list[Fact]]:
    """Blocks of (label, text).

    user_pools, users: how many there are; said where it is more than the demo's.
    neighbour: a warning about another server on the data folder.
    """
    blocks: list[list[Fact]] = [[("", f"poolhouse {__version__} dev, ready at {settings.public_url}")]]
    if settings.demo:
        blocks.append(
            [
                ("User pool", seed.user_pool_id(settings)),
                ("App client", seed.client_id(settings)),
                ("Callbacks", seed.callbacks()),
                ("User", seed.USERNAME),
                ("Password", seed.PASSWORD),
            ]
        )
    storage = _without_password(settings.database_url) if settings.database_url else _near(settings.data)
    if (user_pools, users) != (int(settings.demo), int(settings.demo)):
        storage += f", {_counted(user_pools, 'user pool')} and {_counted(users, 'user')}"
    blocks.append([*_messages(settings), ("Data", storage)])
    if settings.tls:
        blocks.append(
            [("Trust", f"poolhouse trust{_data_flag(settings)} says how programs come to trust the certificate")]
        )
    if settings.host not in LOOPBACK_NAMES and settings.signatures == "accept-any":
        blocks.append([("Warning", f"whoever reaches port {settings.port} of this machine administers every pool")])
    if neighbour:
        blocks.append([("Warning", neighbour)])
    if settings.keep_clock and (note := _clock_note(settings)):
        blocks.append([("Clock", note)])
    blocks.append(
        [
            ("AWS CLI and SDKs", f"export AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={settings.public_url}"),
            ("Any credentials", f"export {environment(settings)}"),
        ]
    )
    blocks.append([("Stop", "Ctrl-C"), ("Sign in" if settings.demo else "Open", f"{settings.public_url}/")])
    return blocks


def environment(settings: Settings) -> str:
    """What SDKs want to know besides the address. The SDK for JavaScript reads AWS_REGION, boto3 AWS_DEFAULT_REGION."""
    region = settings.region
    return f"AWS_REGION={region} AWS_DEFAULT_REGION={region} AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"


def _messages(settings: Settings) -> list[Fact]:
    """Where codes are read: the inbox, a gateway, or one of each."""
    facts = [("Inbox", f"{settings.public_url}/_poolhouse/inbox")] if settings.has_inbox else []
    ways = {"e-mail": settings.delivery, "SMS": settings.sms_delivery}
    if set(ways.values()) != {"inbox"}:
        leave = ", ".join(
            f"{what} {'nowhere' if way == 'none' else f'by {way}'}" for what, way in ways.items() if way != "inbox"
        )
        facts.append(("Messages", f"{leave}; poolhouse messages list{_data_flag(settings)} shows what waits"))
    return facts


def _clock_note(settings: Settings) -> str:
    counters = SharedCounters(settings.data / "counters")
    try:
        return clock_note(counters.clock_offset_ms / 1000)
    finally:
        counters.close()


def _near(folder: Path) -> str:
    """The folder as somebody who stands here would write it."""
    here = Path.cwd()
    return f"./{folder.relative_to(here)}" if folder.is_relative_to(here) and folder != here else str(folder)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


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
                colour = (
                    "yellow" if label == "Warning" else "cyan" if text.startswith("http") and " " not in text else None
                )
                lines.append(f"  {click.style(f'{label:<{width}}', dim=True)}  {click.style(text, fg=colour)}")
        lines.append("")
    return lines
