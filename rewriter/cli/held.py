"""`rewriter held`: held rewrites with their findings, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rewriter.cli.json_lines import json_line
from rewriter.cli.options import root_option
from rewriter.cli.reporting import next_steps, shown

if TYPE_CHECKING:
    from rewriter.state.records import Record


@click.command("held")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each article."
)
@root_option
def command(paths: tuple[str, ...], as_json: bool, root: Path | None) -> int:
    """List the held rewrites of the articles at or below PATH, with their errors.

    Without PATH it lists those of the content root. The exit code is 1 when there are any.
    """
    from rewriter import settings
    from rewriter.state import State, find_root

    state = State(root=find_root(paths, settings.load({"root": root}).root))
    count = 0
    for record in _held(state, paths):
        count += 1
        click.echo(json_line(_as_object(state, record)) if as_json else _line(record))
    if not as_json:
        told = next_steps(state.root) if count else f"rewriter: nothing is held in {state.held}"
        click.echo(told, err=True)
    return int(count > 0)


def _held(state: object, paths: Sequence[str]) -> Iterator[Record]:
    raise NotImplementedError
