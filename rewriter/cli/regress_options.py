"""Options that the commands of `rewriter regress` share, and the reports that they write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import FILE, FOLDER, TEXT, max_cost_option, together
from rewriter.cli.output import echo
from rewriter.errors import RewriterError

if TYPE_CHECKING:
    from rewriter.regression.reports.outputs import Outputs

SUITE = click.option(
    "--suite",
    type=FOLDER,
    default=Path("tests/regression"),
    show_default=True,
    help="Folder with cases, labelled pairs (reader/), recordings and baselines.",
)
MODEL = click.option("--model", type=TEXT, help="Name of the model. Default: the accepted one.")
EPOCHS = click.option(
    "--epochs", type=click.IntRange(1, 100), help="Answers to each case. Default: as accepted."
)
RECORD_ENGINE = click.option(
    "--engine",
    type=click.Choice(["auto", "openai", "local", "extractive"]),
    help="What answers. auto: a model if one is configured, otherwise extractive.",
)
record_options = together(
    click.option("--base-url", help="URL of an OpenAI-compatible endpoint."),
    click.option("--concurrency", type=int, help="Most calls in progress at a time."),
    max_cost_option,
)
accept_options = together(
    click.option(
        "--first",
        is_flag=True,
        help="Make the first baseline that a model answered. There is nothing to compare it with.",
    ),
    click.option(
        "--even-worse",
        metavar="REASON",
        default="",
        help="Accept what is not shown to be as good as the accepted one, for this reason.",
    ),
)
BASE = click.option(
    "--base",
    type=TEXT,
    metavar="COMMIT",
    help="Compare with the baseline of this commit, such as origin/main, not with the one here.",
)
summary_options = together(
    click.option("--markdown", type=FILE, help="Write a summary for a pull request."),
    click.option(
        "--github", is_flag=True, help="Write annotations and the step summary of a GitHub job."
    ),
)
report_options = together(
    click.option("--junit", type=FILE, help="Write a JUnit XML report."),
    click.option("--html", type=FILE, help="Write a report as one HTML page."),
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
