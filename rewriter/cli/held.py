"""`rewriter held`: held rewrites with their findings, and what to do about them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.colours import color_option, painted
from rewriter.cli.options import json_lines_option, root_option
from rewriter.cli.output import echo, json_line

if TYPE_CHECKING:
    from rewriter.state import State
    from rewriter.state.records import Record


@click.command("held")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@json_lines_option
@root_option
@color_option
def command(paths: tuple[str, ...], as_json: bool, root: Path | None) -> int:
    """List the held rewrites of the articles at or below PATH, with their errors.

    PATH is a raw article, a result, or a folder. Without PATH it lists all of the content root. The
    exit code is 1 when it lists any.
    """
    from rewriter import settings
    from rewriter.files.objects import near
    from rewriter.state import State, find_root

    state = State(root=find_root(near(paths), settings.load({"root": root}).root))
    count = 0
    for record in _held(state, paths):
        count += 1
        if as_json:
            echo(json_line(_as_object(state, record)))
        else:
            for text in _lines(record, state):
                echo(painted(text))
    if not count:
        echo(f"rewriter: nothing is held in {state.held}", err=True)
    return int(count > 0)


def _held(state: State, paths: Sequence[str]) -> Iterator[Record]:
    from rewriter.state import records

    wanted = [Path(os.path.realpath(path)) for path in paths]
    for record in records.every(state.held):
        places = [record.input or str(state.root / record.name), record.target or ""]
        real = [Path(os.path.realpath(place)) for place in places if place]
        if not wanted or any(place.is_relative_to(one) for place in real for one in wanted):
            yield record


def _lines(record: Record, state: State) -> Iterator[str]:
    from rewriter.cli.reporting import advice, shown

    path = str(shown(record.input or record.name))
    yield f"held {path}  ({record.finished_at:%Y-%m-%d %H:%M} UTC)"
    errors = (finding for finding in record.findings if finding.severity == "error")
    yield from (f"    error: {finding}" for finding in errors)
    yield from (f"    {row}" for row in advice(path, record.findings, state.root))


def _as_object(state: State, record: Record) -> dict[str, Any]:
    from rewriter.state import held

    document = held.document_at(state, record.name)
    return {
        "path": record.input or record.name,
        "target": record.target,
        "document": str(document) if document.exists() else None,
        "title": record.title,
        "at": record.finished_at.isoformat(),
        "findings": [finding.model_dump(mode="json") for finding in record.findings],
    }
