"""`rewriter rewrite`: rewrite articles from the command line."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli import plan
from rewriter.cli.options import (
    PLACE,
    configured_by,
    json_lines_option,
    max_cost_option,
    refuse_two_places,
    run_options,
)
from rewriter.cli.output import color_option

if TYPE_CHECKING:
    from rewriter.cli.reporting import Reporter
    from rewriter.files.inputs import Item
    from rewriter.runs.setup import Job
    from rewriter.settings import Settings


@click.command("rewrite")
@click.argument("paths", nargs=-1, type=PLACE, required=True, metavar="PATH...")
@run_options
@max_cost_option
@click.option("--dry-run", is_flag=True, help="The same as `rewriter plan`.")
@json_lines_option
@color_option
def command(paths: tuple[str, ...], **options: Any) -> int:
    """Rewrite each article in PATH: a file, a folder, a glob, s3://BUCKET/PREFIX, or - for stdin.

    Without --out or --in-place it prints the rewrites and writes no article.
    """
    if options["dry_run"]:
        return plan.show(paths, options)
    refuse_two_places(options)
    # late: these load pydantic, the completers and the cleaner
    from rewriter import settings
    from rewriter.cli.reporting import Reporter
    from rewriter.observability.runs import observed

    configured = settings.load(configured_by(options))
    reporter = Reporter(
        as_json=options["as_json"], preview=not (options["out"] or options["in_place"])
    )
    with observed(configured), asyncio.Runner() as runner:
        return runner.run(_rewrite(paths, options, configured, reporter))


async def _rewrite(
    paths: Sequence[str], options: dict[str, Any], configured: Settings, reporter: Reporter
) -> int:
    from rewriter.files.inputs import PassedOver, nothing_found
    from rewriter.offload import ending
    from rewriter.runs import setup

    passed_over = PassedOver()
    found, job = setup.prepare(
        paths,
        configured,
        out=options["out"],
        in_place=options["in_place"],
        force=options["force"],
        fresh=options["fresh"],
        max_cost=options["max_cost"],
        passed_over=passed_over,
    )
    items = list(found)  # paths that do not go together are refused before the first call
    stop, interrupted = asyncio.Event(), asyncio.Event()
    ending.set(stop)
    _on_signals(stop, interrupted, reporter)
    if passed_over.count:
        reporter.say(str(passed_over))
    if not items:
        await job.backend.aclose()
        raise nothing_found(paths)
    reporter.begin(job, len(items))
    try:
        await _work(items, job, configured.concurrency, stop, reporter)
    except asyncio.CancelledError:
        reporter.say("abandoned the articles in progress")
    return reporter.finish(interrupted=interrupted.is_set())


async def _work(
    items: Sequence[Item], job: Job, concurrency: int, stop: asyncio.Event, reporter: Reporter
) -> None:
    from rewriter.runs.concurrency import run_bounded, tune_process
    from rewriter.runs.publishing import process

    tune_process()
    running = run_bounded(
        items, lambda item, permit: process(item, job, permit), concurrency=concurrency, stop=stop
    )
    try:
        # Closed here: where printing fails, no article in progress may outlive the completer.
        async with aclosing(running) as results:
            async for result in results:
                reporter.add(result)
                if result.ends_run:
                    stop.set()
    finally:
        await job.backend.aclose()


def _on_signals(stop: asyncio.Event, interrupted: asyncio.Event, reporter: Reporter) -> None:
    """On the first Ctrl-C set both events; on the second cancel the articles in progress."""
    this = asyncio.current_task()

    def interrupt() -> None:
        if interrupted.is_set():
            if this and not this.cancelling():  # a third one must not interrupt the clean-up
                this.cancel()
            return
        stop.set()
        interrupted.set()
        reporter.say("finishing the articles in progress; interrupt again to abandon them")

    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, interrupt)
