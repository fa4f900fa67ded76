"""`rewriter init`: a commented `rewriter.toml` and the JSON schema that editors check it by."""

from __future__ import annotations

from pathlib import Path

import click

from rewriter.cli.output import echo, echo_document
from rewriter.errors import FileChangedError, FileError


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--schema", is_flag=True, help="Print the JSON schema of rewriter.toml only.")
def command(folder: Path, schema: bool) -> None:
    """Write a commented rewriter.toml and its JSON schema into FOLDER, by default this one.

    Every setting stands there with its default, as a comment. An existing rewriter.toml is not
    overwritten. The folder is then the content root of the articles below it.
    """
    from rewriter import settings_file
    from rewriter.files import atomic
    from rewriter.settings import FILE_NAME

    if schema:
        echo_document(settings_file.schema())
        return
    path = folder / FILE_NAME
    try:
        atomic.create(path, settings_file.template().encode())
    except FileChangedError:
        raise FileError(f"{path}: exists; it was left as it is") from None
    atomic.write(folder / settings_file.SCHEMA_NAME, settings_file.schema().encode())
    echo(f"wrote {path} and {folder / settings_file.SCHEMA_NAME}")
    echo("rewriter: `rewriter doctor` says what is still missing", err=True)
