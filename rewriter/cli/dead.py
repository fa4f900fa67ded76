"""`rewriter dead`: failed and dead articles of the queue, with their reasons."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import json_lines_option, queue_settings
from rewriter.cli.output import echo
from rewriter.escaping import json_text, shortened

if TYPE_CHECKING:
    from rewriter.settings import Settings


@click.command("dead")
@click.argument("batch", required=False, metavar="[ID]")
@json_lines_option
def command(batch: str | None, as_json: bool) -> int:
    """List the failed and dead articles of batch ID, or of all batches, with their reasons.

    The exit code is 1 when it lists any.
    """
    return int(asyncio.run(_list(queue_settings(), batch, as_json=as_json)) > 0)


async def _list(configured: Settings, name: str | None, *, as_json: bool) -> int:
    from rewriter.queue import batches
    from rewriter.queue.connection import connect

    count = 0
    async with connect(configured) as redis:
        if name:
            await batches.status(redis, name)  # raises where there is no such batch
        for batch in [name] if name else await batches.ids(redis):
            async for one in batches.buried(redis, batch):
                count += 1
                row = f"{one.outcome:<6} {one.batch} {shortened(one.path)}: {one.reason}"
                echo(json_text(one.model_dump_json(exclude={"claim"})) if as_json else row)
    return count
