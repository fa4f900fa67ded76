"""`rewriter restore`: restore an article to what it was before its rewrite."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import ARTICLE, root_option
from rewriter.cli.output import echo
from rewriter.errors import FileError

if TYPE_CHECKING:
    from rewriter.files.places import Place
    from rewriter.state.records import Record


@click.command("restore")
@click.argument("path", type=ARTICLE)
@click.option("--list", "as_list", is_flag=True, help="List the kept versions, oldest first.")
@click.option(
    "--digest", default="", help="The version to restore: the first characters of its digest."
)
@root_option
def command(path: Path | str, as_list: bool, digest: str, root: Path | None) -> None:
    """Restore the article PATH, byte for byte, to what it was before its rewrite."""
    from rewriter import settings
    from rewriter.files import inputs, objects
    from rewriter.state import State, find_root, originals, records

    state = State(root=find_root(objects.near([path]), settings.load({"root": root}).root))
    place = objects.place_at(str(path))
    file = path if isinstance(path, Path) else None
    name = inputs.name_of(file, state.root) if file else objects.name_of(place)
    if not as_list:
        if not digest:
            _refuse_other_targets(place, records.load(state.records, name))
            if file:
                _refuse_result(file, records.of_target(state.records, file, state.root))
        originals.restore(state, name, place, digest)
        echo(f"restored {path}")
        return
    for kept in originals.history(state, name):
        echo(f"{kept.at:%Y-%m-%dT%H:%M:%SZ}  {kept.kind:<8}  {kept.digest[:12]}  {kept.size}")


def _refuse_other_targets(place: Place, record: Record | None) -> None:
    """Raise `FileError` for an article whose rewrite went to another place."""
    if record and record.target and not _is_same(record.target, place.address):
        raise FileError(
            f"{place}: was not rewritten in place, so there is nothing to restore; its rewrite is "
            f"{record.target}. --list shows the kept versions, --digest brings one back"
        )


def _is_same(one: str, other: str) -> bool:
    return one == other or os.path.realpath(one) == os.path.realpath(other)


def _refuse_result(path: Path, record: Record | None) -> None:
    """Raise `FileError` for the rewrite of an article that still stands where it was."""
    if record and record.input and os.path.realpath(record.input) != os.path.realpath(path):
        raise FileError(
            f"{path}: is the rewrite of {record.input}, which was never changed, so there is "
            "nothing to restore"
        )
