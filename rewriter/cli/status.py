"""`rewriter status`: the progress of the queue."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from rewriter.cli.batches import list_ended
from rewriter.cli.options import TEXT, on_queue
from rewriter.cli.output import echo
from rewriter.errors import ConfigurationError
from rewriter.escaping import counted, json_text, line
from rewriter.prices import dollars

if TYPE_CHECKING:
    from rewriter.queue.batches import Batch, Standing
    from rewriter.queue.connection import Connection

    Show = Callable[[list[str]], None]

_WATCH_SECONDS = 1.0
_LOG_SECONDS = 10.0  # between lines where standard output is not a terminal
_COUNTS = (
    "queued", "running", "published", "awaiting", "drafted", "held", "skipped", "failed", "dead",
    "cancelled",
)  # fmt: skip


@click.command("status")
@click.argument("batch", type=TEXT, required=False, metavar="[ID]")
@click.option(
    "--articles", is_flag=True, help="List each article that has ended, with outcome and target."
)
@click.option("--watch", is_flag=True, help="Update the display until every article has ended.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each batch."
)
@click.option(
    "--check",
    is_flag=True,
    help="Say whether queued articles go on: exit code 0, 1 without a worker or while all is "
    "paused, 3 without Redis.",
)
def command(batch: str | None, articles: bool, watch: bool, as_json: bool, check: bool) -> int:
    """Show batch ID, or all batches: counts of articles, pace, tokens, cost and time left."""
    if check and (batch or articles or watch):
        raise ConfigurationError("--check is about the whole queue: leave ID and other options out")
    if watch and (articles or as_json):
        raise ConfigurationError(
            "--watch shows the counts of batches: leave out --articles, --json"
        )
    if check:
        return _check(as_json=as_json)
    if articles:
        return list_ended(batch, as_json=as_json)
    try:
        return on_queue(lambda redis: _show(redis, batch, watch=watch, as_json=as_json))
    except asyncio.CancelledError:
        return 0


async def _show(redis: Connection, name: str | None, *, watch: bool, as_json: bool) -> int:
    found, queue = await _look(redis, name)
    if as_json:
        for batch in found:
            echo(json_text(batch.model_dump_json()))
    elif watch:
        with _live() if sys.stdout.isatty() else _piped() as show:
            show(rows(found, queue))
            while any(map(_goes_on, found)):
                await asyncio.sleep(_WATCH_SECONDS)
                found, queue = await _look(redis, name)
                show(rows(found, queue))
    else:
        for row in rows(found, queue):
            echo(row)
    return int(any(batch.failed or batch.dead or batch.held for batch in found))


def _check(*, as_json: bool) -> int:
    """Print whether the queue is healthy, for a probe; 1 where it is not."""
    from rewriter.queue.batches import health

    found = on_queue(health)
    state = "; ".join(found.problems) or f"{found.processes} at work, {found.waiting} waiting"
    echo(json_text(found.model_dump_json()) if as_json else line(state))
    return 0 if found.healthy else 1


def _goes_on(batch: Batch) -> bool:
    """Whether its counts may still change: articles in progress of a cancelled batch end."""
    return batch.state in ("running", "paused") or bool(batch.running or batch.awaiting)


@contextmanager
def _live() -> Iterator[Show]:
    from rich.live import Live
    from rich.text import Text

    with Live() as live:
        yield lambda shown: live.update(Text("\n".join(shown)))


@contextmanager
def _piped() -> Iterator[Show]:
    """Print changed lines, at most every `_LOG_SECONDS`, and once more at the end."""
    printed: list[str] = []
    lines: list[str] = []
    due = 0.0

    def print_changes() -> None:
        for row in lines:
            if row not in printed:
                echo(row)
        printed[:] = lines
        sys.stdout.flush()

    def show(shown: list[str]) -> None:
        nonlocal due
        lines[:] = shown
        if lines != printed and time.monotonic() >= due:
            print_changes()
            due = time.monotonic() + _LOG_SECONDS

    try:
        yield show
    finally:
        print_changes()


async def _look(redis: Connection, name: str | None) -> tuple[list[Batch], Standing]:
    from rewriter.queue import batches

    found = [await batches.status(redis, name)] if name else await batches.known(redis)
    return found, await batches.standing(redis)


def rows(found: Sequence[Batch], queue: Standing) -> list[str]:
    """The state of the queue, and of each batch, in a line each."""
    batches = (f"{one.id}: {_state(one)}; {_amounts(one)}" for one in found)
    return [*map(line, (_headline(queue), *batches))]


def _amounts(batch: Batch) -> str:
    """The counts that are not 0, pace, tokens, cost and time left."""
    counts = [f"{getattr(batch, name):,} {name}" for name in _COUNTS if getattr(batch, name)]
    tokens = batch.input_tokens + batch.output_tokens
    pace = f"{batch.articles_a_minute:,.0f} a minute, {tokens:,} tokens, cost {dollars(batch.cost)}"
    left = _duration(batch.seconds_left)
    return ", ".join((*counts, pace, *([f"{left} left"] if left else [])))


def _state(batch: Batch) -> str:
    state = f"{batch.state}: {batch.reason}" if batch.reason else batch.state
    if batch.state == "paused" and "rewriter requeue" not in batch.reason:
        state += f"; nothing goes on before `rewriter requeue {batch.id}`"
    if batch.provider_batches:
        completed, total = (
            sum(getattr(one, count) for one in batch.provider_batches)
            for count in ("completed", "total")
        )
        number = counted(len(batch.provider_batches), "provider batch")
        state += f"; {number}: {completed:,} of {total:,} done"
    troubles = {one.trouble for one in batch.provider_batches if one.trouble}
    return "; ".join((state, *sorted(troubles)))


def _headline(queue: Standing) -> str:
    headline = f"{counted(queue.processes, 'process')} at work"
    if queue.paused:
        headline += (
            f"; paused: {queue.paused}; one article tries again in {queue.pause_seconds:.0f} s, "
            "or at once after `rewriter requeue ID`"
        )
    if queue.cooling_seconds:
        headline += f"; the provider asked for a pause, {queue.cooling_seconds:.1f} s left"
    return headline


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
