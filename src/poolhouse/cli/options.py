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

# How `--help` of the server commands sorts its flags; a setting that stands nowhere here goes under the last heading.
GROUPS = {
    "Usual": ("port", "data", "public_url", "database_url", "config"),
    "Address": (
        "host",
        "workers",
        "domain_suffix",
        "domain_form",
        "default_user_pool_id",
        "trusted_proxies",
        "allowed_hosts",
    ),
    "TLS": ("tls", "tls_certificate", "tls_key"),
    "Storage and secrets": (
        "database_connections",
        "master_key_file",
        "signatures",
        "password_storage",
        "multi_buffer",
        "compromised_passwords",
    ),
    "Triggers": ("webhook_secret",),
    "Messages": (
        "delivery",
        "sms_delivery",
        "smtp_url",
        "smtp_from",
        "ses_url",
        "sns_url",
        "sms_url",
        "await_delivery",
        "inbox_ttl_seconds",
    ),
    "Looks like AWS": ("region", "account_id", "issuer_mode", "strict_discovery", "limits", "tiers"),
    "Scripts and logs": (
        "demo",
        "keep_clock",
        "ready_file",
        "request_log",
        "audit_log",
        "log_level",
        "max_body_bytes",
    ),
}


class ServerCommand(click.Command):
    """A command with a flag for every setting: its help is sorted, the usual ones first."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = {
            parameter.human_readable_name: record
            for parameter in self.get_params(ctx)
            if (record := parameter.get_help_record(ctx)) is not None
        }
        config_file = records.pop("config_file")
        grouped = {heading: list(names) for heading, names in GROUPS.items()}
        sorted_ = {name for names in GROUPS.values() for name in names}
        grouped["Other"] = [name for name in records if name not in sorted_]
        records["config"] = config_file
        for heading, names in grouped.items():
            with formatter.section(heading):
                formatter.write_dl([records[name] for name in names if name in records])


# What every command that opens the database needs to find it.
STORAGE = ("data", "database_url", "master_key_file")


def settings_options(*only: str, is_serve: bool = False) -> Callable[[F], F]:
    """Add a flag for every setting (or for these) and --config; the command gets those given as keyword arguments.

    is_serve: what is for `dev` only is taken, so that it can be refused with what would be right, but not offered.
    """

    def decorate(command: F) -> F:
        hints = get_type_hints(Settings, include_extras=True)
        # click shows the options in the order in which they stand above the function: the last decorator first.
        command = click.option(
            "--config", "config_file", type=click.Path(path_type=Path), help="Read this instead of poolhouse.toml."
        )(command)
        for name in reversed(config.setting_names()):
            if (not only or name in only) and not config.is_table(name):
                command = _option(name, hints[name], is_serve=is_serve)(command)
        return command

    return decorate


def load(mode: Literal["dev", "serve"], config_file: Path | None, flags: dict[str, Any]) -> Settings:
    """The settings of this start from the flags that were given, the variables and the file."""
    return config.load(
        mode, {name: value for name, value in flags.items() if value is not None}, os.environ, config_file
    )


def _option(name: str, hint: Any, *, is_serve: bool) -> Callable[[F], F]:
    kind, meta = get_args(hint)[:2] if get_origin(hint) is Annotated else (hint, None)
    flag = "--" + name.replace("_", "-")
    text = (meta.description or "").replace("`", "") if meta else ""
    is_hidden = is_serve and text.startswith("dev only")
    if kind is bool:
        return click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=text + _default(name), hidden=is_hidden)
    return click.option(
        flag, name, default=None, metavar=_metavar(kind, meta), help=text + _default(name), hidden=is_hidden
    )


def _metavar(kind: Any, meta: msgspec.Meta | None) -> str:
    if get_origin(kind) is Literal:
        return "[" + "|".join(get_args(kind)) + "]"
    if kind is int:
        return (((meta.extra or {}).get("unit") if meta else "") or "number").upper()
    return {Path: "PATH", str: "TEXT"}.get(kind, "TEXT,...")


def _default(name: str) -> str:
    default = config.default_of(name)
    if name in config.BY_COMMAND or default in ("", [], False):
        return ""
    return f"  [default: {'yes' if default is True else default}]"
