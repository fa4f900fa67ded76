"""`rewriter frontmatter`: edit front matter; no other byte changes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from rewriter.cli.options import PATH, GivenPath
from rewriter.cli.output import SuggestingGroup
from rewriter.errors import ConfigurationError, FrontMatterError


@click.group("frontmatter", cls=SuggestingGroup)
def command() -> None:
    """Edit front matter (YAML, TOML or JSON). No other byte changes."""


@command.command("set")
@click.argument("path", type=PATH)
@click.argument("assignments", nargs=-1, required=True, metavar="KEY=VALUE...")
@click.option(
    "--out",
    type=GivenPath(),
    help="Write the result to this file (-: standard output), not to PATH.",
)
def set_(path: Path, assignments: tuple[str, ...], out: str | None) -> None:
    """Set keys in the front matter of PATH.

    `ai.version=2` sets the key `version` inside `ai`.
    """
    from rewriter import frontmatter
    from rewriter.files import atomic, inputs

    changes = [_parsed(assignment) for assignment in assignments]
    before = inputs.read(path)
    data = before
    try:
        for change in changes:
            data = frontmatter.edit(data, change)
    except FrontMatterError as error:
        raise error.at(path) from error
    if out == "-":
        sys.stdout.buffer.write(data)
    elif out:
        atomic.write(Path(out), data)
    elif data != before:
        atomic.replace(path, data, before)


def _parsed(assignment: str) -> dict[str, object]:
    from rewriter import frontmatter

    try:
        return frontmatter.parse_assignment(assignment)
    except FrontMatterError as error:
        raise ConfigurationError(error.reason) from error
