"""`rewriter state`: what is kept in the state directory."""

from __future__ import annotations

from pathlib import Path

import click

from rewriter.cli.json_lines import json_line
from rewriter.cli.options import root_option
from rewriter.cli.output import echo
from rewriter.cli.suggesting import SuggestingGroup
from rewriter.errors import FileError


@click.group("state", cls=SuggestingGroup)
def command() -> None:
    """Look after the state directory `.rewriter/`."""


@command.command("verify")
@click.argument("path", default=".", type=click.Path(path_type=Path), metavar="[PATH]")
@root_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def verify(path: Path, root: Path | None, as_json: bool) -> int:
    """List damaged files of the state directory, missing contents, and what is not to be trusted.

    The state directory is that of PATH (the working folder without one) or of --root. Nothing is
    changed. The exit code is 1 where there is any.
    """
    from rewriter import settings
    from rewriter.state import State, find_root, verifying

    state = State(root=find_root([str(path)], settings.load({"root": root}).root))
    if not state.directory.is_dir():
        raise FileError(f"{state.directory}: no state directory; name its content root by --root")
    verified = verifying.verify(state)
    for file, problem in verified.damage:
        told = {"path": str(file), "problem": problem}
        echo(json_line(told) if as_json else f"{file}: {problem}")
    echo(f"rewriter: {verified.files} files, {len(verified.damage)} problems", err=True)
    return int(bool(verified.damage))
