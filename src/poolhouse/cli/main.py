"""The poolhouse command. Each sub-command is imported only when it is called: start-up time is a promise."""

import difflib
import gc
import importlib
import sys

import click

from poolhouse.errors import PoolhouseError

# name: (module, line of `poolhouse --help`). The module's attribute is named like the command.
COMMANDS = {
    "dev": ("poolhouse.cli.dev", "Serve on this machine, open and seeded with a demo pool."),
    "serve": ("poolhouse.cli.serve", "Serve for real: closed, quiet, refuses unsafe settings."),
    "keys": ("poolhouse.cli.keys", "Make and list access keys; change master keys and the keys of pools."),
    "messages": ("poolhouse.cli.messages", "See messages that wait to be sent, and try them again."),
    "imports": ("poolhouse.cli.imports", "See the import jobs of CSV files, and the report of each."),
    "triggers": ("poolhouse.cli.triggers", "See, replay and write Lambda triggers of `dev`."),
    "trust": ("poolhouse.cli.trust", "Say how programs come to trust the authority of `dev --tls`."),
    "reset": ("poolhouse.cli.reset", "Delete the SQLite database of a data folder, to begin anew."),
    "migrate": ("poolhouse.cli.migrate", "Bring the database to this release's schema."),
    "operations": ("poolhouse.cli.operations", "List the 141 operations and which of them work."),
}


class LazyGroup(click.Group):
    """A group whose commands are known by name and imported at first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  the signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest command named: it looks in a list that is empty here, and older releases do not look."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, COMMANDS, n=1)
            ctx.fail(f"No such command {name!r}." + (f" Did you mean {near[0]!r}?" if near else ""))
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """From the table, so that --help imports nothing."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _print_version(ctx: click.Context, parameter: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        from poolhouse import __version__

        click.echo(f"poolhouse {__version__}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_print_version, help="Print the version."
)
def poolhouse() -> None:
    """Amazon Cognito user pools as software that you run yourself.

    `poolhouse dev` is all you need to try it. Settings are flags, POOLHOUSE_* variables or lines of poolhouse.toml.
    """


def main() -> None:
    """Run the command; what poolhouse refuses on purpose is one clear line, not a traceback."""
    gc.disable()  # Imports make no garbage worth looking for; the server turns it on again when it is up.
    try:
        poolhouse()
    except PoolhouseError as error:
        click.echo(f"{click.style('Error:', fg='red', bold=True)} {error}", err=True)
        sys.exit(2)
