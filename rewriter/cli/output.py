"""What every command prints: escaped (`rewriter.escaping`), in colours, and help without cuts.

Colours are as linters have them: `--color`, `NO_COLOR` and `FORCE_COLOR`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Mapping
from difflib import get_close_matches

import click

from rewriter.escaping import Printable, json_text, line, lines, message_of


def echo(text: object, *, err: bool = False) -> None:
    """Print a line, escaped; `Printable` text is printed as it is."""
    click.echo(text if isinstance(text, Printable) else line(text), err=err)


def echo_error(error: BaseException) -> None:
    """Print the message of an error, which may have several lines, on standard error."""
    echo(Printable(f"rewriter: {message_of(error)}"), err=True)


def echo_document(text: str) -> None:
    """Print a finished file: byte for byte into a pipe or a file, escaped on a terminal."""
    on_terminal = sys.stdout.isatty()
    click.echo(lines(text) if on_terminal else text, nl=False)


def json_line(value: Mapping[str, object]) -> Printable:
    """`value` as one line of JSON, in the form that pydantic gives to models."""
    return json_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


class SuggestingGroup(click.Group):
    """A group that names the nearest commands to one that does not exist."""

    def commands_help(self, ctx: click.Context) -> list[tuple[str, str]]:
        """Each command with the first sentence of its help, in the order of the list."""
        commands = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        return [(name, one.get_short_help_str(limit=200)) for name, one in commands if one]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As click's, which cuts what does not fit on one line."""
        with formatter.section("Commands"):
            formatter.write_dl(self.commands_help(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with the nearest commands in the message."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], self.list_commands(ctx))
            if not near:
                raise
            message = f"{error.message} Did you mean {' or '.join(map(repr, near))}?"
            raise click.UsageError(message, ctx) from error


# https://no-color.org and https://force-color.org: set to anything but nothing.
_BY_CHOICE = {"always": True, "never": False}
_STYLES: Mapping[str, Mapping[str, object]] = {
    "published": {"fg": "green"},
    "drafted": {"fg": "yellow"},
    "held": {"fg": "red", "bold": True},
    "failed": {"fg": "red", "bold": True},
    "left": {"fg": "yellow"},
    "skipped": {"dim": True},
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "cyan"},
    "repaired": {"dim": True},
}
_FIRST_WORD = re.compile(r"^( *)([a-z]+)\b")
_FINDING = re.compile(r"(?m)^(?P<place>\S.*?:\d+:\d+): (?P<code>[A-Z]\d{3}) (?P<kind>[a-z]+):")


def _chosen(ctx: click.Context, option: click.Parameter, choice: str) -> None:
    if choice != "auto":
        ctx.color = _BY_CHOICE[choice]
    elif ctx.parent is None or ctx.parent.color is None:
        ctx.color = _by_environment()


def _by_environment() -> bool | None:
    """Whether there are colours; None: on a terminal only."""
    if os.environ.get("NO_COLOR"):
        return False
    return True if os.environ.get("FORCE_COLOR") else None


color_option = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    expose_value=False,
    is_eager=True,
    callback=_chosen,
    help="Colours: on a terminal only, always or never. NO_COLOR and FORCE_COLOR hold for auto.",
)


def painted(text: str) -> Printable:
    """A line, escaped, whose first word is in its colour if it is a status or severity."""
    return Printable(_FIRST_WORD.sub(lambda found: found[1] + _styled(found[2]), line(text)))


def painted_findings(report: Printable) -> Printable:
    """The lines of a text report with bold places and codes in colour."""

    def paint(found: re.Match[str]) -> str:
        place, code = click.style(found["place"], bold=True), found["code"]
        return f"{place}: {click.style(code, fg='red', bold=True)} {_styled(found['kind'])}:"

    return Printable(_FINDING.sub(paint, report))


def _styled(word: str) -> str:
    return click.style(word, **_STYLES.get(word, {}))  # type: ignore[arg-type]
