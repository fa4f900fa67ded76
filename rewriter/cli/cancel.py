"""`rewriter cancel`: end a batch early."""

from __future__ import annotations

import asyncio

import click

from rewriter.cli.json_lines import json_line


@click.command("cancel")
@click.argument("batch", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(batch: str, as_json: bool) -> None:
    """Cancel the articles of batch ID that nobody works on yet; those in flight end."""
    from rewriter import settings

    cancelled, awaiting = asyncio.run(_cancel(settings.load().redis_url.get_secret_value(), batch))
    told = {"batch": batch, "cancelled": cancelled, "awaiting": awaiting}
    click.echo(json_line(told) if as_json else f"{cancelled} cancelled")
    if awaiting:
        click.echo(
            f"rewriter: {awaiting} await a batch of the provider; a worker cancels it and keeps "
            "what is answered by then",
            err=True,
        )


async def _cancel(url: str, batch: str) -> tuple[int, int]:
    from rewriter.queue import batches
    from rewriter.queue.connection import Connection

    async with Connection(url) as redis:
        cancelled = await batches.cancel(redis, batch)
        return cancelled, (await batches.status(redis, batch)).awaiting
