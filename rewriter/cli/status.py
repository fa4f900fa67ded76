"""`rewriter status`: how far the queue is."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from rewriter.queue.batches import Batch, Fleet
    from rewriter.queue.connection import Connection

    Show = Callable[[Sequence[Batch], Fleet], None]

_WATCH_SECONDS = 1.0
_TOLD_SECONDS = 10.0  # between lines of what is no terminal, for a log that can be read
_COUNTS = (
    "queued", "running", "published", "awaiting", "drafted", "held", "skipped", "failed", "dead",
    "cancelled",
)  # fmt: skip
_ALWAYS = 3  # of them; the others are shown where there are any, so that a terminal holds the table
_WIDTH = 160  # of what is no terminal


@click.command("status")
@click.argument("batch", required=False, metavar="[ID]")
@click.option("--watch", is_flag=True, help="Show it live until everything has ended.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each batch.")
def command(batch: str | None, watch: bool, as_json: bool) -> int:
    """Show batches: how many articles are where, articles a minute, tokens, cost, time left."""
    from rewriter import settings

    url = settings.load().redis_url.get_secret_value()
    try:
        return asyncio.run(_show(url, batch, watch=watch, as_json=as_json))
    except asyncio.CancelledError:
        return 0


async def _show(url: str, name: str | None, *, watch: bool, as_json: bool) -> int:
    from rich.console import Console

    from rewriter.queue.connection import Connection

    async with Connection(url) as redis:
        found, fleet = await _look(redis, name)
        if as_json:
            for batch in found:
                click.echo(batch.model_dump_json())
        elif watch:
            tell = _live if sys.stdout.isatty() else _piped
            with tell() as show:
                show(found, fleet)
                while any(map(_goes_on, found)):
                    await asyncio.sleep(_WATCH_SECONDS)
                    found, fleet = await _look(redis, name)
                    show(found, fleet)
        else:
            width = None if sys.stdout.isatty() else _WIDTH
            Console(width=width).print(_table(found, fleet))
    return int(any(batch.failed or batch.dead or batch.held for batch in found))


def _goes_on(batch: Batch) -> bool:
    """Whether its counts may still change: of a cancelled batch some articles end by themselves."""
    return batch.state in ("running", "paused") or bool(batch.running or batch.awaiting)


@contextmanager
def _live() -> Iterator[Show]:
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console()) as live:
        yield lambda found, fleet: live.update(_table(found, fleet))


@contextmanager
def _piped() -> Iterator[Show]:
    """Print the lines that have changed, every `_TOLD_SECONDS` at most, and at the end."""
    told: list[str] = []
    lines: list[str] = []
    due = 0.0

    def tell() -> None:
        for line in lines:
            if line not in told:
                click.echo(line)
        told[:] = lines
        sys.stdout.flush()

    def show(found: Sequence[Batch], fleet: Fleet) -> None:
        nonlocal due
        lines[:] = [_headline(fleet), *map(_line, found)]
        if lines != told and time.monotonic() >= due:
            tell()
            due = time.monotonic() + _TOLD_SECONDS

    try:
        yield show
    finally:
        tell()


def _line(batch: Batch) -> str:
    counts = (f"{getattr(batch, name):,} {name}" for name in _COUNTS if getattr(batch, name))
    return f"{batch.id}: {', '.join((*counts, _state(batch)))}"


async def _look(redis: Connection, name: str | None) -> tuple[list[Batch], Fleet]:
    from rewriter.queue import batches

    names = [name] if name else await batches.ids(redis)
    return [await batches.status(redis, one) for one in names], await batches.fleet(redis)


def _table(found: Sequence[Batch], fleet: Fleet) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, title=_headline(fleet), title_justify="left")
    others = (name for name in _COUNTS[_ALWAYS:] if any(getattr(one, name) for one in found))
    counts = (*_COUNTS[:_ALWAYS], *others)
    table.add_column("batch")
    for name in (*counts, "a minute", "tokens", "cost", "left"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for batch in found:
        cost = "unknown" if batch.cost is None else f"${batch.cost:.2f}"
        table.add_row(
            batch.id,
            *(f"{getattr(batch, name):,}" for name in counts),
            f"{batch.articles_a_minute:,.0f}",
            f"{batch.input_tokens + batch.output_tokens:,}",
            cost,
            _duration(batch.seconds_left),
            _state(batch),
        )
    return table


def _state(batch: Batch) -> str:
    told = f"{batch.state}: {batch.reason}" if batch.reason else batch.state
    if batch.state == "paused":
        told += f"; nothing goes on before `rewriter requeue {batch.id}`"
    if batch.provider_batches:
        completed, total = (
            sum(getattr(one, count) for one in batch.provider_batches)
            for count in ("completed", "total")
        )
        noun = "batch" if len(batch.provider_batches) == 1 else "batches"
        told += f"; {len(batch.provider_batches)} provider {noun}: {completed:,} of {total:,} done"
    troubles = {one.trouble for one in batch.provider_batches if one.trouble}
    return "; ".join((told, *sorted(troubles)))


def _headline(fleet: Fleet) -> str:
    noun = "process" if fleet.processes == 1 else "processes"
    headline = f"{fleet.processes} {noun} at work"
    if fleet.paused:
        headline += f"; paused: {fleet.paused}"
    if fleet.cooling_seconds:
        headline += f"; the provider asked for a pause, {fleet.cooling_seconds:g} s left"
    return headline


def _duration(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
