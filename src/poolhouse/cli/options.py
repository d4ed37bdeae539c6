"""Flags made from the table of settings: every setting is a flag of `dev` and `serve`, described once."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import click
import msgspec

from poolhouse import config
from poolhouse.config import Settings

F = TypeVar("F", bound=Callable[..., Any])

# What every command that opens the database needs to find it.
STORAGE = ("data", "database_url", "master_key_file")


def settings_options(*only: str) -> Callable[[F], F]:
    """Add a flag for every setting (or for these) and --config; the command gets those given as keyword arguments."""

    def decorate(command: F) -> F:
        hints = get_type_hints(Settings, include_extras=True)
        # click shows the options in the order in which they stand above the function: the last decorator first.
        command = click.option(
            "--config", "config_file", type=click.Path(path_type=Path), help="Read this instead of poolhouse.toml."
        )(command)
        for name in reversed(config.setting_names()):
            if not only or name in only:
                command = _option(name, hints[name])(command)
        return command

    return decorate


def load(mode: Literal["dev", "serve"], config_file: Path | None, flags: dict[str, Any]) -> Settings:
    """The settings of this start from the flags that were given, the variables and the file."""
    return config.load(
        mode, {name: value for name, value in flags.items() if value is not None}, os.environ, config_file
    )


def _option(name: str, hint: Any) -> Callable[[F], F]:
    kind, meta = get_args(hint)[:2] if get_origin(hint) is Annotated else (hint, None)
    flag = "--" + name.replace("_", "-")
    text = (meta.description or "").replace("`", "") if meta else ""
    if kind is bool:
        return click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=text + _default(name))
    return click.option(flag, name, default=None, metavar=_metavar(kind, meta), help=text + _default(name))


def _metavar(kind: Any, meta: msgspec.Meta | None) -> str:
    if get_origin(kind) is Literal:
        return "[" + "|".join(get_args(kind)) + "]"
    if kind is int:
        return (((meta.extra or {}).get("unit") if meta else "") or "number").upper()
    return {Path: "PATH", str: "TEXT"}.get(kind, "TEXT,...")


def _default(name: str) -> str:
    default = config.default_of(name)
    if isinstance(default, bool):
        return "  [default: yes]" if default else ""
    return "" if default in ("", []) or name in config.BY_COMMAND else f"  [default: {default}]"
