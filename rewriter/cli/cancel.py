"""`rewriter cancel`: end a batch early."""

from __future__ import annotations

import asyncio
import json

import click


@click.command("cancel")
@click.argument("batch", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(batch: str, as_json: bool) -> None:
    """Cancel the articles of batch ID that nobody works on yet; those in flight end."""
    from rewriter import settings

    cancelled = asyncio.run(_cancel(settings.load().redis_url.get_secret_value(), batch))
    told = {"batch": batch, "cancelled": cancelled}
    click.echo(json.dumps(told) if as_json else f"{cancelled} cancelled")


async def _cancel(url: str, batch: str) -> int:
    from rewriter.queue import batches
    from rewriter.queue.connection import Connection

    async with Connection(url) as redis:
        return await batches.cancel(redis, batch)
