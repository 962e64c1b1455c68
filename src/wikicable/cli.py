"""The command line: it finds the subcommand, and never ends in a traceback.

Results go to stdout or to files, messages to stderr; text is UTF-8 whatever the locale.  ``main`` ends
with the exit codes of ``errors.py``; 3 is ``--strict``'s, and 63 an error that is the program's own.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from wikicable import __version__
from wikicable.commands import options
from wikicable.commands.output import say
from wikicable.errors import OptionError, WikicableError, nearest
from wikicable.plugins import FOLDER, installed

USAGE = OptionError.exit_code
INTERNAL = 63
INTERRUPTED = 130

COMMANDS = {
    "batch": "wiki.commands",
    "check": "wiki.commands",
    "completion": "commands.completion",
    "convert": "commands.convert",
    "embed": "commands.embed",
    "extract": "commands.extract",
    "formats": "commands.formats",
    "new-plugin": "commands.new_plugin",
    "plugins": "commands.plugins",
}
"""The subcommands and the modules they are in; a module is imported when its command is asked for."""


def main() -> None:
    """Run the program, and never end in a traceback."""
    gc.disable()  # a run is short and makes no cycles to speak of; to look for them takes a tenth of its time
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run a command line, and give the exit code."""
    try:
        return cli.main(list(arguments), prog_name="wikicable", standalone_mode=False) or 0
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except WikicableError as error:
        say(f"wikicable: {error}")
        return error.exit_code
    except Exception as error:  # noqa: BLE001  a person gets a sentence, whatever happened
        if "--debug" in arguments:
            import traceback  # noqa: PLC0415  start-up pays only for what is used

            traceback.print_exc()
        say(
            f"wikicable: a fault of the program, {type(error).__name__}: {error}"
            " -- please report it with the input and the command; --debug shows where it happened"
        )
        return INTERNAL


class _Commands(click.Group):
    """The subcommands, imported one by one; plugins are asked for theirs when ours are not enough."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*COMMANDS, *_added(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            module = import_module(f"wikicable.{COMMANDS[cmd_name]}")
            command: click.Command = getattr(module, cmd_name.replace("-", "_"))
            return command
        return _added(ctx).get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, or name the one that was most likely meant."""
        known = self.list_commands(ctx) if args and args[0] not in COMMANDS else ()
        if known and args[0] not in known and not args[0].startswith("-"):
            raise OptionError(f"no command {args[0]!r}{nearest(args[0], known)} (there are: {', '.join(known)})")
        return super().resolve_command(ctx, args)


def _added(ctx: click.Context) -> dict[str, click.Command]:
    """Give the subcommands of plugins, asked for once in a run."""
    added: dict[str, click.Command] = ctx.meta.get(_ADDED) or installed().commands(COMMANDS)
    ctx.meta[_ADDED] = added
    return added


_ADDED = "wikicable.commands"


def _load_folder(_ctx: click.Context, _parameter: click.Parameter, folder: str | None) -> None:
    """Let this process, and those that it starts, know of a folder of plugins."""
    if folder:
        os.environ[FOLDER] = os.path.abspath(folder)  # noqa: PTH100  pathlib takes longer to start
        installed.cache_clear()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="wikicable", message="%(prog)s %(version)s")
@click.option(
    "--plugins-dir",
    type=click.Path(exists=True, file_okay=False),
    metavar="DIR",
    is_eager=True,
    expose_value=False,
    callback=_load_folder,
    help="Load every .py file there as a plugin, beside those that are installed.",
)
@options.debug
def cli() -> None:
    """Convert between DokuWiki markup, Markdown, HTML and other formats, losing nothing silently.

    \b
    wikicable convert page.txt -t markdown
    wikicable batch /var/www/wiki -t mkdocs -o site
    wikicable formats
    """  # noqa: D301  \b is click's: it keeps the lines as they are
