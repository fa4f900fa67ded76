"""The command line: parse, call, print. Commands are imported when they run, never before."""

from __future__ import annotations

import importlib
import io
import os
import sys
from io import TextIOWrapper
from typing import NoReturn

import click

from rewriter import __version__
from rewriter.cli.output import SuggestingGroup, color_option, echo, echo_error
from rewriter.errors import INTERRUPTED, FileError, RewriterError
from rewriter.escaping import install, lines

# One line of help of each command. It is here so that `--help` imports no command.
COMMANDS = {
    "rewrite": "Rewrite articles. This is the main job.",
    "plan": "Show what a run would do, why, and what it would cost.",
    "check": "Check finished articles against their sources.",
    "review": "Show rewrites next to their sources, as a page.",
    "held": "List held rewrites with their findings.",
    "publish": "Publish a held rewrite after you have read its findings.",
    "restore": "Restore an article to what it was before its rewrite.",
    "explain": "Explain a finding, and how to mend or silence it.",
    "prompt": "List, show and copy prompts.",
    "init": "Write a commented rewriter.toml with its JSON schema.",
    "config": "Show each setting, its value and where it was read from.",
    "frontmatter": "Set keys in front matter. No other byte changes.",
    "doctor": "Check that the installation works.",
    "clean": "Show what the model sees, what was cut, and why.",
    "regress": "Test a changed prompt or model against the accepted one.",
    "state": "Verify, prune and export the state directory.",
    "ingest": "Bring feeds, sitemaps and news-API answers in, once.",
    "submit": "Queue articles for the workers.",
    "worker": "Run a worker of the queue.",
    "status": "Show the progress of the queue.",
    "cancel": "Cancel the articles of a batch that have not begun.",
    "dead": "List failed and dead articles with their reasons.",
    "requeue": "Queue failed, dead and waiting articles again.",
}
# A command is `command` of the module of its name, unless it shares a module with others.
_SHARED = {
    "init": "config",
    "config": "config",
    "held": "decisions",
    "publish": "decisions",
    "restore": "decisions",
    "cancel": "batches",
    "dead": "batches",
    "requeue": "batches",
}


class _LazyGroup(SuggestingGroup):
    """A group whose commands are imported on use: `--help` stays instant."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"{__name__}.{_SHARED.get(cmd_name, cmd_name)}")
        command: click.Command = getattr(module, cmd_name if cmd_name in _SHARED else "command")
        return command

    def commands_help(self, ctx: click.Context) -> list[tuple[str, str]]:
        return list(COMMANDS.items())


def _use_profile(ctx: click.Context, option: click.Parameter, name: str | None) -> None:
    """Choose the profile for this process and those that it starts."""
    if name == "":  # an unset variable in a script would run with another site's settings
        raise click.BadParameter("a profile's name is wanted")
    if name is not None:
        os.environ["REWRITER_PROFILE"] = name


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@color_option
@click.option(
    "--profile",
    expose_value=False,
    callback=_use_profile,
    help="Use the settings of [profiles.NAME] in rewriter.toml. REWRITER_PROFILE does the same.",
)
@click.version_option(__version__, message="rewriter %(version)s")
def group() -> None:
    """Rewrite raw news articles, and check each rewrite against its source.

    Exit codes: 0 done, 1 a rewrite was held or an error was found, 2 wrong usage or configuration,
    3 the provider or the queue failed, 4 a file could not be read or written, 130 interrupted.
    `regress` adds 5 (stale or incomplete) and 6 (inconclusive).
    """


def main() -> NoReturn:
    """Run the command line and exit with its code. An error is one message without a traceback.

    When the reader of standard output has ended (`| head`), click ends the command with 1.
    """
    try:
        _open_closed_streams()
        if isinstance(sys.stdout, TextIOWrapper):
            # Articles and JSON are UTF-8 in every locale.
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        install()
        code = group.main(prog_name="rewriter", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        _show(error)
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        echo("rewriter: interrupted", err=True)
        code = INTERRUPTED
    except RewriterError as error:
        echo_error(error)
        sys.exit(error.exit_code)
    except OSError as error:
        # Errors of files are `FileError`s by now. One without a file is of standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, FileNotFoundError) and error.filename is None:
            where = "the working folder"  # somebody has removed it meanwhile
        else:
            where = "cannot write the output" if error.filename is None else error.filename
        echo(f"rewriter: {where}: {error.strerror}", err=True)
        sys.exit(FileError.exit_code)
    if code == INTERRUPTED:
        _abandon_work()
    sys.exit(code if isinstance(code, int) else 0)


def _open_closed_streams() -> None:
    """Open `/dev/null` for each standard stream that the caller has closed (`>&-`).

    Otherwise the next opened file would get the stream's number, and output would go there.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.dup2(os.open(os.devnull, os.O_RDWR), number)
            setattr(sys, name, os.fdopen(number, "w" if number else "r", encoding="utf-8"))


def _abandon_work() -> None:
    """End an interrupted process now if a thread still works on an article."""
    from rewriter.offload import is_busy

    if is_busy():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)


def _show(error: click.ClickException) -> None:
    """Print a wrong usage; it quotes arguments, which may be names of files."""
    shown = io.StringIO()
    error.show(shown)
    echo(lines(shown.getvalue().rstrip("\n")), err=True)
