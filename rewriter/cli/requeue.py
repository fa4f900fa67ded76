"""`rewriter requeue`: queue failed, dead and waiting articles again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import MONEY, queue_settings
from rewriter.cli.output import echo, json_line

if TYPE_CHECKING:
    from rewriter.queue.message import Api
    from rewriter.settings import Settings


@click.command("requeue")
@click.argument("batch", metavar="ID")
@click.option("--max-cost", type=MONEY, help="New budget of the batch in US dollars.")
@click.option(
    "--api",
    type=click.Choice(["direct", "batch"]),
    help="direct: ask article by article, for the full price. batch: use the batch API again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(batch: str, max_cost: float | None, api: Api | None, as_json: bool) -> None:
    """Queue the failed, dead and waiting articles of batch ID again."""
    requeued, spent = asyncio.run(_requeue(queue_settings(), batch, max_cost, api))
    result = {"batch": batch, "requeued": requeued}
    echo(json_line(result) if as_json else f"{requeued} put back")
    if spent is not None and max_cost is None:
        echo(
            f"rewriter: the batch's budget of ${spent:.2f} is spent, so that it will pause again; "
            f"`rewriter requeue {batch} --max-cost AMOUNT` raises it",
            err=True,
        )


async def _requeue(
    configured: Settings, batch: str, max_cost: float | None, api: Api | None
) -> tuple[int, float | None]:
    from rewriter.queue import batches
    from rewriter.queue.connection import connect

    async with connect(configured) as redis:
        spent = await batches.spent_budget(redis, batch)
        return await batches.requeue(redis, batch, max_cost, api), spent
