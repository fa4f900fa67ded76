"""`rewriter submit`: articles into the queue."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import MONEY, lane_option, place_options
from rewriter.errors import ConfigurationError

if TYPE_CHECKING:
    from rewriter.queue.submitting import Submission, Tally
    from rewriter.settings import Settings

# Redis may restart while a long submission runs.
_PATIENCE_SECONDS = 30.0


@click.command("submit")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@place_options
@click.option("--batch", help="The batch's name; the same name again adds what is new.")
@click.option(
    "--priority",
    type=click.Choice(["high", "normal"]),
    default="normal",
    help="high overtakes all that waits.",
)
@lane_option
@click.option("--max-cost", type=MONEY, help="Pause the batch before it costs more US dollars.")
@click.option("--prompt", help="Name of a prompt.")
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Content root, which holds inputs, outputs and .rewriter/.",
)
@click.option("--force", is_flag=True, help="Rewrite current articles too.")
@click.option(
    "--fresh", is_flag=True, help="Ask again instead of reusing stored answers; implies --force."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object at the end.")
def command(
    paths: tuple[str, ...], batch: str | None, prompt: str | None, root: Path | None, **options: Any
) -> int:
    """Queue the articles in PATH (files, folders, globs) and print the batch's id."""
    from rewriter import settings
    from rewriter.queue.message import BATCH_NAME
    from rewriter.queue.submitting import Submission

    as_json = options.pop("as_json")
    name = batch or f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    if not re.match(BATCH_NAME, name):
        raise ConfigurationError(f"--batch {name}: letters, digits, '.', '_' and '-', at most 64")
    configured = settings.load({"prompt": prompt, "root": root})
    tally = asyncio.run(_submit(paths, Submission(name, **options), configured))
    counts = f"{tally.queued} queued, {tally.skipped} current, {tally.failed} failed"
    click.echo(json.dumps({"batch": name, **vars(tally)}) if as_json else name)
    click.echo(f"rewriter: {counts}; `rewriter status {name}` shows how far it is", err=True)
    return 4 if tally.failed else 0


async def _submit(paths: tuple[str, ...], submission: Submission, configured: Settings) -> Tally:
    from rewriter.queue import submitting
    from rewriter.queue.connection import Connection

    url = configured.redis_url.get_secret_value()
    async with Connection(url, patience=_PATIENCE_SECONDS) as redis:
        return await submitting.submit(redis, paths, submission, configured)
