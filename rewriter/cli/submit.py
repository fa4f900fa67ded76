"""`rewriter submit`: put articles into the queue."""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path
from typing import Any

import click

from rewriter.cli.options import (
    MONEY,
    PLACE,
    api_option,
    force_option,
    fresh_option,
    place_options,
    queue_settings,
    root_option,
)
from rewriter.cli.output import echo, json_line
from rewriter.errors import FileError

# Failures that are printed: enough to see what they have in common.
_SHOWN_FAILURES = 5


@click.command("submit")
@click.argument("paths", nargs=-1, type=PLACE, required=True, metavar="PATH...")
@place_options
@click.option("--batch", help="Name of the batch. Used again, it adds the articles that are new.")
@click.option(
    "--priority",
    type=click.Choice(["high", "normal"]),
    default="normal",
    help="high: go before all articles that wait.",
)
@api_option
@click.option(
    "--max-cost", type=MONEY, help="Budget in US dollars. The batch pauses before it exceeds it."
)
@click.option("--prompt", help="Name of a prompt.")
@root_option
@force_option
@fresh_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object at the end.")
def command(
    paths: tuple[str, ...], batch: str | None, prompt: str | None, root: Path | None, **options: Any
) -> int:
    """Queue the articles in PATH and print the id of their batch.

    PATH is a file, a folder, a glob or s3://BUCKET/PREFIX. Up-to-date articles are skipped.
    """
    from rewriter.files.inputs import PassedOver
    from rewriter.queue import submitting
    from rewriter.queue.message import batch_name

    as_json = options.pop("as_json")
    name = batch_name(batch)
    configured = queue_settings({"prompt": prompt, "root": root})
    left, passed_over = count(_SHOWN_FAILURES, -1), PassedOver()

    def show(path: str, reason: str) -> None:
        if next(left) > 0:
            _say(f"failed {path}: {reason}")

    submission = submitting.Submission(name, **options)
    work = submitting.connect_and_submit(paths, submission, configured, _say, show, passed_over)
    tally = asyncio.run(work)
    if passed_over.count:
        _say(str(passed_over))
    echo(json_line({"batch": name, **vars(tally)}) if as_json else name)
    if tally.failed > _SHOWN_FAILURES:
        _say(f"{tally.failed - _SHOWN_FAILURES} more failed; `rewriter dead {name}` lists them")
    counts = f"{tally.queued} queued, {tally.skipped} current, {tally.failed} failed"
    _say(f"{counts}; `rewriter status {name}` shows how far it is")
    return FileError.exit_code if tally.failed else 0


def _say(message: str) -> None:
    echo(f"rewriter: {message}", err=True)
