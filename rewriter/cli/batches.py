"""`rewriter cancel`, `dead` and `requeue`: end a batch early, see what failed, queue it again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import MONEY, json_lines_option, queue_settings
from rewriter.cli.output import echo, json_line
from rewriter.escaping import json_text, shortened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from rewriter.queue.batches import Batch, EndedArticle
    from rewriter.queue.message import Api
    from rewriter.settings import Settings

_batch = click.argument("batch", metavar="ID")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command("cancel")
@_batch
@_json
def cancel(batch: str, as_json: bool) -> None:
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


@click.command("dead")
@click.argument("batch", required=False, metavar="[ID]")
@json_lines_option
def dead(batch: str | None, as_json: bool) -> int:
    """List the failed and dead articles of batch ID, or of all batches, with their reasons.

    The exit code is 1 when it lists any.
    """
    return int(asyncio.run(_list(queue_settings(), batch, as_json=as_json)) > 0)


async def _list(configured: Settings, batch: str | None, *, as_json: bool) -> int:
    count = 0
    async for one in ended(configured, batch):
        if one.outcome in ("failed", "dead"):
            count += 1
            row = f"{one.outcome:<6} {one.batch} {shortened(one.path)}: {one.reason}"
            echo(json_text(one.model_dump_json(exclude={"claim"})) if as_json else row)
    return count


async def ended(configured: Settings, name: str | None) -> AsyncIterator[EndedArticle]:
    """The articles of the batch `name`, or of all, that have ended.

    Raises `ConfigurationError` for an unknown batch.
    """
    from rewriter.queue import batches
    from rewriter.queue.connection import connect

    async with connect(configured) as redis:
        if name:
            await batches.status(redis, name)  # raises where there is no such batch
        for batch in [name] if name else await batches.ids(redis):
            async for one in batches.ended(redis, batch):
                yield one


@click.command("requeue")
@_batch
@click.option("--max-cost", type=MONEY, help="New budget of the batch in US dollars.")
@click.option(
    "--api",
    type=click.Choice(["direct", "batch"]),
    help="direct: ask article by article, for the full price. batch: use the batch API again.",
)
@_json
def requeue(batch: str, max_cost: float | None, api: Api | None, as_json: bool) -> None:
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
