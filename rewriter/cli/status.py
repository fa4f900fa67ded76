"""`rewriter status`: how far the queue is."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.table import Table

    from rewriter.queue.batches import Batch, Fleet
    from rewriter.queue.connection import Connection

_WATCH_SECONDS = 1.0
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
    from rich.live import Live

    from rewriter.queue.connection import Connection

    async with Connection(url) as redis:
        found, fleet = await _look(redis, name)
        if as_json:
            for batch in found:
                click.echo(batch.model_dump_json())
        elif watch:
            with Live(_table(found, fleet), console=Console()) as live:
                while any(batch.state in ("running", "paused") for batch in found):
                    await asyncio.sleep(_WATCH_SECONDS)
                    found, fleet = await _look(redis, name)
                    live.update(_table(found, fleet))
        else:
            width = None if sys.stdout.isatty() else _WIDTH
            Console(width=width).print(_table(found, fleet))
    return int(any(batch.failed or batch.dead or batch.held for batch in found))


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
