"""`rewriter cancel`, `dead` and `requeue`: end a batch early, see what failed, queue it again."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import MONEY, TEXT, json_lines_option, on_queue
from rewriter.cli.output import echo, json_line
from rewriter.escaping import json_text, shortened

if TYPE_CHECKING:
    from rewriter.queue.batches import Batch
    from rewriter.queue.connection import Connection
    from rewriter.queue.message import Api

_batch = click.argument("batch", type=TEXT, metavar="ID")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command("cancel")
@_batch
@_json
def cancel(batch: str, as_json: bool) -> None:
    """Cancel the articles of batch ID that have not begun. Articles in progress end."""
    from rewriter.queue import batches

    async def work(redis: Connection) -> tuple[int, Batch]:
        return await batches.cancel(redis, batch), await batches.status(redis, batch)

    cancelled, left = on_queue(work)
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


@click.command("dead")
@click.argument("batch", type=TEXT, required=False, metavar="[ID]")
@json_lines_option
def dead(batch: str | None, as_json: bool) -> int:
    """List the failed and dead articles of batch ID, or of all batches, with their reasons.

    The exit code is 1 when it lists any.
    """
    code = list_ended(batch, ("failed", "dead"), as_json=as_json)
    if not code:
        echo("rewriter: nothing has failed, and nothing is dead", err=True)
    return code


def list_ended(batch: str | None, only: Collection[str] = (), *, as_json: bool) -> int:
    """Print the articles that have ended, or those with the outcomes `only`.

    The exit code is 1 where one was held, failed or is dead. Raises `ConfigurationError` for an
    unknown batch.
    """
    from rewriter.queue import batches

    async def work(redis: Connection) -> int:
        if batch:
            await batches.status(redis, batch)  # raises where there is no such batch
        code = 0
        async for one in batches.ended(redis, batch or ""):
            if only and one.outcome not in only:
                continue
            code |= one.outcome in ("held", "failed", "dead")
            where = f" -> {one.target}" if one.target else ""
            reason = f": {one.reason}" if one.reason else ""
            row = f"{one.outcome:<9} {one.batch} {shortened(one.path)}{where}{reason}"
            echo(json_text(one.model_dump_json(exclude={"claim"})) if as_json else row)
        return code

    return on_queue(work)


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
    """Queue the failed, dead and waiting articles of batch ID again; cancelled ones stay so."""
    from rewriter.queue import batches

    async def work(redis: Connection) -> tuple[int, float | None, Batch, str]:
        spent = await batches.spent_budget(redis, batch)
        paused = (await batches.standing(redis)).paused
        requeued = await batches.requeue(redis, batch, max_cost, api)
        return requeued, spent, await batches.status(redis, batch), paused

    requeued, spent, left, paused = on_queue(work)
    result = {"batch": batch, "requeued": requeued}
    echo(json_line(result) if as_json else f"{requeued} put back")
    if left.cancelled:
        echo(
            f"rewriter: {left.cancelled} were cancelled and are not put back; submit them again",
            err=True,
        )
    if left.awaiting and not requeued:
        echo(
            f"rewriter: {left.awaiting} await a batch of the provider and stay there; `rewriter "
            f"cancel {batch}` takes them back, then submit them again",
            err=True,
        )
    if left.failed:
        echo(
            f"rewriter: {left.failed} failed when they were submitted and are not put back; "
            f"`rewriter dead {batch}` says why: mend that and submit them again",
            err=True,
        )
    if paused:
        echo(
            f"rewriter: the pause of all work is ended ({shortened(paused)}); one article tries, "
            "and the others follow once it has ended",
            err=True,
        )
    if spent is not None and max_cost is None:
        echo(
            f"rewriter: the batch's budget of ${spent:.2f} is spent, so that it will pause again; "
            f"`rewriter requeue {batch} --max-cost AMOUNT` raises it",
            err=True,
        )
