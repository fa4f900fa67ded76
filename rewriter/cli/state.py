"""`rewriter state`: what is kept in the state directory."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import PATH, root_option
from rewriter.cli.output import SuggestingGroup, echo, echo_error, json_line
from rewriter.errors import FileError
from rewriter.escaping import counted, json_text

if TYPE_CHECKING:
    from rewriter.state import State

# A batch of the provider takes a day, and its articles need their answers afterwards.
_LEAST_DAYS = 2


def _days(ctx: click.Context, option: click.Parameter, value: str) -> int:
    """The number of days in a text such as 90d."""
    found = re.fullmatch(r"(\d{1,5})d", value, re.ASCII)
    if found is None or int(found[1]) < _LEAST_DAYS:
        raise click.BadParameter(f"give the age in days, from {_LEAST_DAYS}d on: 90d, not {value}")
    return int(found[1])


@click.group("state", cls=SuggestingGroup)
def command() -> None:
    """Look after the state directory `.rewriter/`."""


_path = click.argument("path", default=".", type=PATH, metavar="[PATH]")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")


@command.command("verify")
@_path
@root_option
@_json
def verify(path: Path, root: Path | None, as_json: bool) -> int:
    """List what is damaged, left over or not to be trusted, and say what to do.

    The state directory is that of PATH (the working folder without one) or of --root. Nothing is
    changed. The exit code is 1 when it lists anything.
    """
    from rewriter.state import verifying

    verified = verifying.verify(_state(path, root))
    for file, problem, advice in verified.damage:
        result = {"path": str(file), "problem": problem, "advice": advice}
        echo(json_line(result) if as_json else f"{file}: {problem}; {advice}")
    counts = f"{counted(verified.files, 'file')}, {counted(len(verified.damage), 'problem')}"
    echo(f"rewriter: {counts}", err=True)
    return int(bool(verified.damage))


@command.command("prune")
@_path
@root_option
@click.option(
    "--older-than",
    "days",
    callback=_days,
    metavar="DAYS",
    required=True,
    help="The age from which files are removed, in days: 90d. At least 2d.",
)
@click.option(
    "--kept-twice",
    is_flag=True,
    help="Also remove originals whose article is still where it was read, unchanged.",
)
@click.option("--dry-run", is_flag=True, help="Remove nothing; list what would be removed.")
@_json
def prune(
    path: Path, root: Path | None, days: int, kept_twice: bool, dry_run: bool, as_json: bool
) -> None:
    """Remove old answers, replaced rewrites and rescued texts from the state directory.

    Records, held rewrites, the last original of each article, and what a person edited or decided
    about are never removed. Workers may run meanwhile.
    """
    from rewriter.state import pruning

    files = size = 0
    before = time.time() - days * 86_400
    state = _state(path, root)
    for removed in pruning.prune(state, before, dry_run=dry_run, kept_twice=kept_twice):
        files, size = files + 1, size + removed.size
        result = {"path": str(removed.path), "bytes": removed.size}
        echo(json_line(result) if as_json else str(removed.path))
    verb = "would be removed" if dry_run else "removed"
    echo(f"rewriter: {counted(files, 'file')} {verb}, {size / 1e6:.1f} MB", err=True)


@command.command("export")
@_path
@root_option
def export(path: Path, root: Path | None) -> int:
    """Print the record of each article as a line of JSON, for analysis.

    A damaged record is named on standard error, and the exit code is then 4.
    """
    from rewriter.state import records

    state, code = _state(path, root), 0
    for file in records.paths(state.records):
        try:
            record = records.read(file, state.directory)
        except FileError as error:
            echo_error(error)
            code = FileError.exit_code
        else:
            if record is not None:
                echo(json_text(record.model_dump_json()))
    return code


def _state(path: Path, root: Path | None) -> State:
    """The state directory of a path. Raises `FileError` where there is none, or no such path."""
    from rewriter import settings
    from rewriter.state import State, find_root

    if not os.path.lexists(path):  # the state directory of a folder above it is another one's
        raise FileError(f"{path}: no such file or folder")
    state = State(root=find_root([str(path)], settings.load({"root": root}).root))
    if not os.path.isdir(state.directory):
        raise FileError(f"{state.directory}: no state directory; name its content root by --root")
    return state
