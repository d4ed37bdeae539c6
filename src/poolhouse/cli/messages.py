"""`poolhouse messages`: what waits in the outbox to be sent, why it still does, and another attempt. No code is ever shown."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from poolhouse import clock
from poolhouse.cli import options
from poolhouse.cli.keys import with_database
from poolhouse.crypto.seal import Keyring
from poolhouse.delivery.messages import Message
from poolhouse.delivery.outbox import opened
from poolhouse.errors import ConfigError
from poolhouse.storage import outbox as stored
from poolhouse.storage.engine import Database
from poolhouse.storage.outbox import OutboxRow

T = TypeVar("T")

MOST_SHOWN = 100
_MOST_COUNTED = 100_000
_SHORTEST_ID = 6


@click.group()
def messages() -> None:
    """Messages that wait for a mail server, a gateway or a function of the pool.

    What was accepted, and what has expired, stands here no more. Codes and temporary passwords are never shown.
    """


@messages.command("list")
@options.settings_options(*options.STORAGE)
@click.option("--to", "recipient", default="", help="Only those to this address or number.")
def list_(config_file: Path | None, recipient: str, **flags: Any) -> None:
    """What waits, and why."""

    async def work(db: Database, keyring: Keyring) -> list[tuple[OutboxRow, Message]]:
        rows = await stored.list_waiting(db, _now_ms(), _MOST_COUNTED)
        found = [(row, opened(keyring, row)) for row in rows]
        return [each for each in found if not recipient or each[1].to.lower() == recipient.lower()]

    found = _run(config_file, flags, work)
    for row, message in found[:MOST_SHOWN]:
        way = message.by.arn if message.by else message.channel
        line = f"{row.message_id}  {_state(row):<9}  {row.attempts:>3}  {way}  {message.to}  {message.hidden(message.subject)}"
        click.echo(line.rstrip())
        if row.failure:
            click.echo(f"{'':26}{row.failure}")
    if len(found) > MOST_SHOWN:
        click.echo(f"... and {len(found) - MOST_SHOWN} more; --to ADDRESS finds one.")
    counts = Counter(_state(row) for row, _ in found)
    click.echo(", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "No message waits.")


@messages.command()
@click.argument("message_id", metavar="ID")
@options.settings_options(*options.STORAGE)
def show(config_file: Path | None, message_id: str, **flags: Any) -> None:
    """One message, but for its code. ID: as `list` prints it, or the first six characters and more."""

    async def work(db: Database, keyring: Keyring) -> tuple[OutboxRow, Message]:
        row = await _find(db, message_id)
        return row, opened(keyring, row)

    row, message = _run(config_file, flags, work)
    due = "" if row.due_at is None else _time(row.due_at)
    lines = {
        "id": row.message_id,
        "state": _state(row),
        "next attempt": due if _state(row) == "waiting" else "",
        "attempts": str(row.attempts),
        "failure": row.failure,
        "worth nothing after": _time(row.expires_at),
        "user pool": row.user_pool_id,
        "username": message.username,
        "about": row.topic,
        "function": message.by.arn if message.by else "",
        "channel": message.channel,
        "from": message.sender,
        "to": message.to,
        "subject": message.hidden(message.subject),
    }
    for name, value in lines.items():
        if value:
            click.echo(f"{name + ':':<21}{value}")
    if message.text.strip():
        click.echo(f"\n{message.hidden(message.text).strip()}")


@messages.command()
@click.argument("message_ids", metavar="[ID]...", nargs=-1)
@options.settings_options(*options.STORAGE)
@click.option("--all", "is_all", is_flag=True, help="All that wait or were given up.")
def retry(config_file: Path | None, message_ids: tuple[str, ...], is_all: bool, **flags: Any) -> None:
    """Send messages at once, also those that were given up: a running server takes them within a second."""
    if bool(message_ids) == is_all:
        raise click.UsageError("Name messages, as `poolhouse messages list` prints them, or give --all.")

    async def work(db: Database, _: Keyring) -> int:
        ids = [None] if is_all else [(await _find(db, each)).message_id for each in message_ids]
        now = _now_ms()
        tries = [partial(stored.retry, message_id=each, now_ms=now, machine_ms=now) for each in ids]
        return sum([await db.write(each) for each in tries])

    count = _run(config_file, flags, work)
    click.echo(f"{count} {'message is' if count == 1 else 'messages are'} due now.")
    if count < len(message_ids):
        click.echo("The rest is being sent just now.")


def _run(config_file: Path | None, flags: dict[str, Any], work: Callable[[Database, Keyring], Awaitable[T]]) -> T:
    settings = options.load("dev", config_file, flags)
    keyring = Keyring.load(settings.master_key_path)
    return with_database(settings, lambda db: work(db, keyring))


async def _find(db: Database, begins: str) -> OutboxRow:
    """Raises ConfigError for none or several."""
    found = await stored.list_waiting(db, _now_ms(), 2, begins) if len(begins) >= _SHORTEST_ID else []
    if len(found) != 1:
        problem = "is the beginning of several messages" if found else "is no message that waits"
        raise ConfigError(begins, problem, "`poolhouse messages list` has them all.")
    return found[0]


def _state(row: OutboxRow) -> str:
    if row.due_at is None:
        return "given up"
    return "sending" if row.holder and row.due_at > _now_ms() else "waiting"


def _time(epoch_ms: int) -> str:
    return datetime.fromtimestamp(epoch_ms / 1000).astimezone().isoformat(" ", "seconds")


def _now_ms() -> int:
    return int(clock.now() * 1000)
