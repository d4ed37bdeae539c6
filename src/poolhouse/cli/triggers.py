"""`poolhouse triggers`: what the functions of a running `poolhouse dev` were told and said; and a new one to begin with."""

import json
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from poolhouse.cli import trigger_templates
from poolhouse.errors import ConfigError

_TIMEOUT_SECONDS = 30
_URL_VARIABLE = "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"
_url = click.option(
    "--url",
    default="http://localhost:9229",
    show_default=True,
    envvar=_URL_VARIABLE,
    help=f"Of the running `poolhouse dev`; else what {_URL_VARIABLE} names.",
)


@click.group()
def triggers() -> None:
    """See and replay what Lambda triggers were told and said, and write new ones."""


@triggers.command("list")
@_url
def list_(url: str) -> None:
    """The last invocations, the newest first."""
    found = _ask(url)["invocations"]
    if not found:
        click.echo("No trigger has fired yet.")
    for each in found:
        at = datetime.fromtimestamp(each["at"]).astimezone().strftime("%H:%M:%S")
        user, said = each["event"]["userName"], each["error"] or f"{each['milliseconds']:.1f} ms"
        click.echo(f"{each['id']:>5}  {at}  {each['trigger_source']:<40}  {user}  {said}")


@triggers.command()
@click.argument("invocation_id", metavar="ID")
@_url
def show(invocation_id: str, url: str) -> None:
    """One invocation, with event and answer as JSON."""
    found = [each for each in _ask(url)["invocations"] if each["id"] == invocation_id]
    if not found:
        raise click.UsageError(f"There is no invocation {invocation_id}; `poolhouse triggers list` has them all.")
    click.echo(json.dumps(found[0], indent=2, ensure_ascii=False))


@triggers.command()
@click.argument("invocation_id", metavar="ID")
@_url
def replay(invocation_id: str, url: str) -> None:
    """Ask the function again with the same event. What it answers changes no user."""
    click.echo(json.dumps(_ask(url, {"replay": invocation_id}), indent=2, ensure_ascii=False))


@triggers.command()
@click.argument("trigger")
@click.option("--node", "is_node", is_flag=True, help="In JavaScript for Node; otherwise in Python.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="Where to write it.  [default: trigger's name]")
def new(trigger: str, is_node: bool, file: Path | None) -> None:
    """Write a commented handler for TRIGGER (PreSignUp, PreTokenGeneration ...), with a sample event."""
    trigger = _named(trigger)
    target = file or Path(trigger_templates.file_name(trigger, is_node=is_node))
    if target.exists():
        raise ConfigError(str(target), "is there already", "Give another name with --file.")
    target.write_text(trigger_templates.source(trigger, is_node=is_node), encoding="utf-8")
    name = target.stem.replace("_", "-")
    click.echo(f"Wrote {target}. In poolhouse.toml:\n\n[triggers]")
    click.echo(f'"arn:aws:lambda:us-east-1:000000000000:function:{name}" = "{target}"')


def _named(trigger: str) -> str:
    """The trigger as LambdaConfig spells it. Raises click.UsageError."""
    for name in trigger_templates.SAMPLES:
        if name.lower() == trigger.lower():
            return name
    raise click.UsageError(f"{trigger} is no trigger. There are {', '.join(trigger_templates.SAMPLES)}.")


def _ask(url: str, body: dict[str, str] | None = None) -> Any:
    """The server's answer. Raises ConfigError where there is none."""
    request = urllib.request.Request(  # noqa: S310  the operator's own address
        f"{url.rstrip('/')}/_poolhouse/api/triggers",
        None if body is None else json.dumps(body).encode(),
        {"content-type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
            return json.load(response)
    except urllib.error.HTTPError as refusal:
        text = refusal.read().decode("utf-8", "replace")
        is_json = refusal.headers.get_content_type() == "application/json"
        why = json.loads(text)["message"] if is_json else f"answers {refusal.code}"
        raise ConfigError("url", why, "Only `poolhouse dev` keeps what triggers are told.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise ConfigError(
            "url", f"{url} does not answer: {reason}", f"Start `poolhouse dev`, or name it by --url or {_URL_VARIABLE}."
        ) from None
