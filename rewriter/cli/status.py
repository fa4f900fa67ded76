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
    from rich.console import Console, RenderableType
    from rich.table import Table

    from rewriter.queue.batches import Batch, Standing
    from rewriter.queue.connection import Connection

    Show = Callable[[Sequence[Batch], Standing], None]

_WATCH_SECONDS = 1.0
_LOG_SECONDS = 10.0  # between lines where standard output is not a terminal
_COUNTS = (
    "queued", "running", "published", "awaiting", "drafted", "held", "skipped", "failed", "dead",
    "cancelled",
)  # fmt: skip
_ALWAYS = 3  # the first three, where the width allows it; the others are shown when above 0
_WIDTH = 160  # where standard output is not a terminal
_STATE_WIDTH = 30  # least width of the states in a table, which may take several lines


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
    from rich.console import Console

    found, queue = await _look(redis, name)
    if as_json:
        for batch in found:
            echo(json_text(batch.model_dump_json()))
    elif watch:
        show_in = _live if sys.stdout.isatty() else _piped
        with show_in() as show:
            show(found, queue)
            while any(map(_goes_on, found)):
                await asyncio.sleep(_WATCH_SECONDS)
                found, queue = await _look(redis, name)
                show(found, queue)
    else:
        width = None if sys.stdout.isatty() else _WIDTH
        console = Console(width=width)
        console.print(shown(found, queue, console))
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
    from rich.console import Console
    from rich.live import Live

    console = Console()
    with Live(console=console) as live:
        yield lambda found, queue: live.update(shown(found, queue, console))


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

    def show(found: Sequence[Batch], queue: Standing) -> None:
        nonlocal due
        lines[:] = [
            _headline(queue),
            *(f"{one.id}: {_state(one)}; {_amounts(one)}" for one in found),
        ]
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


def shown(found: Sequence[Batch], queue: Standing, console: Console) -> RenderableType:
    """A table where it fits, if necessary without columns of zeros, otherwise lines a batch."""
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    unbounded = console.options.update(width=sys.maxsize)
    surplus = max((len(_state(one)) - _STATE_WIDTH for one in found), default=0)
    for always in (_ALWAYS, 0):
        table = _table(found, queue, always)
        if console.measure(table, options=unbounded).maximum - max(0, surplus) <= console.width:
            return table
    lines: list[RenderableType] = [Text(_headline(queue))]
    for one in found:
        lines += [Text(f"{line(one.id)}  {_state(one)}"), Padding(_amounts(one), (0, 0, 0, 2))]
    return Group(*lines)


def _amounts(batch: Batch) -> str:
    """The amounts of a table row in one line, without zeros."""
    counts = [f"{getattr(batch, name):,} {name}" for name in _COUNTS if getattr(batch, name)]
    tokens = batch.input_tokens + batch.output_tokens
    pace = f"{batch.articles_a_minute:,.0f} a minute, {tokens:,} tokens, cost {dollars(batch.cost)}"
    left = _duration(batch.seconds_left)
    return ", ".join((*counts, pace, *([f"{left} left"] if left else [])))


def _table(found: Sequence[Batch], queue: Standing, always: int) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, title=Text(_headline(queue)), title_justify="left")
    others = (name for name in _COUNTS[always:] if any(getattr(one, name) for one in found))
    counts = (*_COUNTS[:always], *others)
    table.add_column("batch", no_wrap=True)
    for name in (*counts, "a minute", "tokens", "cost", "left"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for batch in found:
        table.add_row(
            line(batch.id),
            *(f"{getattr(batch, name):,}" for name in counts),
            f"{batch.articles_a_minute:,.0f}",
            f"{batch.input_tokens + batch.output_tokens:,}",
            dollars(batch.cost),
            _duration(batch.seconds_left),
            Text(_state(batch)),  # rich would take brackets for a style
        )
    return table


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
    return line("; ".join((state, *sorted(troubles))))


def _headline(queue: Standing) -> str:
    headline = f"{counted(queue.processes, 'process')} at work"
    if queue.paused:
        headline += (
            f"; paused: {queue.paused}; one article tries again in {queue.pause_seconds:.0f} s, "
            "or at once after `rewriter requeue ID`"
        )
    if queue.cooling_seconds:
        headline += f"; the provider asked for a pause, {queue.cooling_seconds:.1f} s left"
    return line(headline)


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
