"""The reports that commands of `rewriter regress` write, also where an error ends the command."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import together
from rewriter.cli.output import echo
from rewriter.errors import RewriterError

if TYPE_CHECKING:
    from rewriter.regression.reports.outputs import Outputs

_FILE = click.Path(dir_okay=False, path_type=Path)
BASE = click.option(
    "--base",
    metavar="COMMIT",
    help="Compare with the baseline of this commit, such as origin/main, not with the one here.",
)
summary_options = together(
    click.option("--markdown", type=_FILE, help="Write a summary for a pull request."),
    click.option(
        "--github", is_flag=True, help="Write annotations and the step summary of a GitHub job."
    ),
)
report_options = together(
    click.option("--junit", type=_FILE, help="Write a JUnit XML report."),
    click.option("--html", type=_FILE, help="Write a report as one HTML page."),
    summary_options,
)


def outputs_of(files: dict[str, Any]) -> Outputs:
    """The files that the options name, and the summary of the GitHub job."""
    from rewriter.regression.reports.outputs import Outputs

    return Outputs(**files, summary=os.environ.get("GITHUB_STEP_SUMMARY"))


@contextmanager
def telling_errors(files: dict[str, Any]) -> Iterator[None]:
    """Where an error ends the command, write what is broken into the reports."""
    from rewriter.regression.reports import outputs

    try:
        yield
    except RewriterError as error:
        say(outputs.write_error(error, outputs_of(files)))
        raise


def say(lines: Iterable[str]) -> None:
    """Print each of `lines`."""
    for line in lines:
        echo(line)
