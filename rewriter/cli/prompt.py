"""`rewriter prompt`: the prompts that there are, and copies of them to change."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import PATH
from rewriter.cli.output import SuggestingGroup, echo, echo_document, echo_error
from rewriter.errors import ConfigurationError, FileChangedError, FileError, PromptError

if TYPE_CHECKING:
    from rewriter.settings import Settings


@click.group("prompt", cls=SuggestingGroup)
def command() -> None:
    """List, show and copy the prompts of this installation."""


@command.command("list")
def _list() -> int:
    """List the prompts with name, version, description and file."""
    from rewriter.escaping import several
    from rewriter.prompting import prompt_file
    from rewriter.text.columns import columns

    configured, code = _settings(), 0
    rows = [["name", "version", "description", "file"]]
    for path in prompt_file.paths(configured.prompts_dir):
        try:
            header = prompt_file.about(path)
        except PromptError as error:
            echo_error(error)
            code = error.exit_code
            continue
        marked = " *" if header.name == configured.prompt else ""
        rows.append([header.name + marked, str(header.version), header.description, str(path)])
    if len(rows) == 1 and not code:
        raise ConfigurationError(
            f"{configured.prompts_dir}: no prompt file (*.prompt.md) in it, or no such folder; "
            "correct prompts_dir, or remove it for the shipped prompts"
        )
    if len(rows) > 1:
        echo(several(columns(rows, left={0, 2, 3})))
        echo("rewriter: * is the prompt of this folder's settings", err=True)
    return code


@command.command("show")
@click.argument("name")
def _show(name: str) -> None:
    """Show the prompt file NAME."""
    from rewriter.prompting import prompt_file

    echo_document(prompt_file.read(prompt_file.path_of(name, _settings().prompts_dir)))


@command.command("copy")
@click.argument("name")
@click.argument("target", type=PATH, required=False)
def _copy(name: str, target: Path | None) -> None:
    """Copy the prompt NAME to the file or folder TARGET, by default into the working folder.

    An existing file is not overwritten. Raise the version in the copy when you change it.
    """
    from rewriter.files import atomic
    from rewriter.prompting import prompt_file

    path = prompt_file.path_of(name, _settings().prompts_dir)
    text = prompt_file.read(path)
    place = target or Path()
    file = place / path.name if os.path.isdir(place) or place.suffix != ".md" else place
    try:
        atomic.create(file, text.encode())
    except FileChangedError:
        raise FileError(f"{file}: exists; name another file or folder") from None
    echo(f"copied {path.name} -> {file}")
    echo(f"rewriter: use it with `--prompt {file}`, or prompt in rewriter.toml", err=True)


def _settings() -> Settings:
    from rewriter import settings

    return settings.load()
