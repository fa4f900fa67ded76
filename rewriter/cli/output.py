"""What every command prints goes through here, escaped: see `rewriter.escaping`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping

import click

from rewriter.escaping import Printable, json_text, line, lines


def echo(text: object, *, err: bool = False) -> None:
    """Print a line, escaped; `Printable` text is printed as it is."""
    click.echo(text if isinstance(text, Printable) else line(text), err=err)


def echo_document(text: str) -> None:
    """Print a finished file: byte for byte into a pipe or a file, escaped on a terminal."""
    on_terminal = sys.stdout.isatty()
    click.echo(lines(text) if on_terminal else text, nl=False)


def json_line(value: Mapping[str, object]) -> Printable:
    """`value` as one line of JSON, in the form that pydantic gives to models."""
    return json_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
