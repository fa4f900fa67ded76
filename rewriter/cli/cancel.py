"""`rewriter cancel`: end a batch early."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import queue_settings
from rewriter.cli.output import echo, json_line

if TYPE_CHECKING:
    from rewriter.queue.batches import Batch
    from rewriter.settings import Settings


@click.command("cancel")
@click.argument("batch", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(batch: str, as_json: bool) -> None:
    """Cancel the articles of batch ID that have not begun. Articles in progress end."""
    cancelled, left = asyncio.run(_cancel(queue_settings(), batch))
    result = {"batch": batch, "cancelled": cancelled, "running": left.running}
    result["awaiting"] = left.awaiting
    echo(json_line(result) if as_json else f"{cancelled} cancelled")
    if left.running:
        echo(
            f"rewriter: {left.running} are in progress: those whose call is made end and are paid "
            f"for, the others are cancelled; `rewriter status {batch} --watch` waits for them",
            err=True,
        )
    if left.awaiting:
        echo(
            f"rewriter: {left.awaiting} await a batch of the provider; a worker cancels it and "
            "keeps what is answered by then",
            err=True,
        )


async def _cancel(configured: Settings, batch: str) -> tuple[int, Batch]:
    from rewriter.queue import batches
    from rewriter.queue.connection import connect

    async with connect(configured) as redis:
        cancelled = await batches.cancel(redis, batch)
        return cancelled, await batches.status(redis, batch)
