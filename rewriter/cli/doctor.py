"""`rewriter doctor`: check the installation."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import click

from rewriter.cli.options import PATH, engine_options, prompt_option, root_option
from rewriter.cli.output import echo, painted
from rewriter.errors import FileError
from rewriter.escaping import json_text


@click.command("doctor")
@click.argument("path", required=False, type=PATH)
@engine_options
@prompt_option
@root_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each check."
)
def command(path: Path | None, as_json: bool, **options: object) -> int:
    """Check the model, this machine, the limits, and the queue if one is configured.

    With PATH it says which content root an article or folder belongs to.

    It asks the model one short question and cleans one line of each kind of input. The exit code is
    2 when something must be mended.
    """
    from rewriter import doctor, settings
    from rewriter.state import State, find_root

    if path and not (os.path.isdir(path) or os.path.isfile(path)):
        raise FileError(f"{path}: {_what_is_wrong(path)}")
    configured = settings.load(options)
    state = State(root=find_root([str(path)] if path else [], configured.root))
    checks = asyncio.run(doctor.examine(configured, state))
    for check in checks:
        if as_json:
            echo(json_text(check.model_dump_json()))
            continue
        echo(painted(f"{check.status:<8} {check.name}: {check.message}"))
        if check.status != "ok":
            echo(f"{'':<9}-> {check.advice}")
    return 2 if any(check.status == "error" for check in checks) else 0


def _what_is_wrong(path: Path) -> str:
    try:
        path.stat()
    except OSError as error:
        return f"cannot look at it: {error.strerror}"
    return "neither a file nor a folder"
