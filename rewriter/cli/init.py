"""`rewriter init`: a commented `rewriter.toml` and the JSON schema that editors check it by."""

from __future__ import annotations

from pathlib import Path

import click

from rewriter.cli.output import echo
from rewriter.errors import FileChangedError, FileError


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
def command(folder: Path) -> None:
    """Write a commented rewriter.toml and its JSON schema into FOLDER, by default this one.

    The file has every setting with its default, as a comment. An existing rewriter.toml is not
    overwritten. The folder is then the content root of the articles below it.
    """
    from rewriter.files import atomic
    from rewriter.settings import file as settings_file
    from rewriter.settings.sources import FILE_NAME
    from rewriter.state import State, find_root

    path = folder / FILE_NAME
    before = State(find_root([str(folder)])).directory
    try:
        atomic.create(path, settings_file.template().encode())
    except FileChangedError:
        raise FileError(f"{path}: exists; it was left as it is") from None
    atomic.write(folder / settings_file.SCHEMA_NAME, settings_file.schema().encode())
    echo(f"wrote {path} and {folder / settings_file.SCHEMA_NAME}")
    after = State(find_root([str(folder)])).directory
    if before != after and before.is_dir():
        echo(
            f"rewriter: warning: articles below {folder} were recorded in {before}, and are now "
            f"in {after}; remove {path} to keep them there",
            err=True,
        )
    echo("rewriter: `rewriter doctor` says what is still missing", err=True)
