"""What every command prints goes through here, escaped: see `rewriter.escaping`."""

from __future__ import annotations

import sys

import click

from rewriter.escaping import Printable, line, lines


def echo(text: object, *, err: bool = False) -> None:
    """Print a line, escaped; `Printable` text is printed as it is."""
    click.echo(text if isinstance(text, Printable) else line(text), err=err)


def echo_document(text: str) -> None:
    """Print a finished file: byte for byte into a pipe or a file, escaped on a terminal."""
    on_terminal = sys.stdout.isatty()
    click.echo(lines(text) if on_terminal else text, nl=False)
