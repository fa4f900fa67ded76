"""`rewriter ingest`: feeds, sitemaps, news-API answers, pages and files into raw articles."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import FOLDER, PLACE, FiniteRange, names_of_keys, prompt_option
from rewriter.cli.output import echo, json_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rewriter.ingest.ingesting import IngestPlan
    from rewriter.ingest.sources import Ingested

_EXIT_CODES = {"failed": 4, "held": 1}


@click.command("ingest")
@click.argument("sources", nargs=-1, type=PLACE, required=True, metavar="SOURCE...")
@click.option(
    "--out",
    required=True,
    type=FOLDER,
    help="Write the raw articles into this folder, as .md files.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=100,
    help="Most new articles of each source. Default: 100.",
)
@click.option(
    "--follow/--no-follow",
    default=None,
    help="Fetch the page of an item that is an excerpt. Default: for sources that are URLs.",
)
@click.option("--duplicates", is_flag=True, help="Write near duplicates, too.")
@click.option(
    "--pause",
    type=FiniteRange(min=0),
    default=1.0,
    help="Seconds between two requests to a host. Default: 1; robots.txt may ask for more.",
)
@click.option(
    "--timeout",
    type=FiniteRange(min=0, min_open=True),
    default=30.0,
    help="Seconds for one answer. Default: 30.",
)
@click.option("--private", is_flag=True, help="Allow loopback and addresses of private networks.")
@prompt_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
def command(
    sources: tuple[str, ...],
    pause: float,
    timeout: float,
    private: bool,
    prompt: str | None,
    as_json: bool,
    **options: Any,
) -> int:
    """Write the articles of each SOURCE as raw articles, each story once in a content root.

    SOURCE is a URL or a file of a feed, a sitemap, a news API's answer, a page or a list of URLs,
    or a folder of files.
    """
    from rewriter.ingest.fetching import Politeness
    from rewriter.ingest.ingesting import IngestPlan

    politeness = Politeness(pause=pause, timeout=timeout, private=private)
    plan = IngestPlan(**options, politeness=politeness, keys=names_of_keys(prompt))
    return asyncio.run(_ingest(sources, plan, as_json=as_json))


async def _ingest(sources: Sequence[str], plan: IngestPlan, *, as_json: bool) -> int:
    from rewriter.errors import highest_exit_code
    from rewriter.files import inputs
    from rewriter.ingest.ingesting import ingest

    counts: Counter[str] = Counter()
    async for one in ingest(sources, plan):
        counts[one.status] += 1
        if as_json:
            echo(json_line(one.model_dump(exclude_defaults=True)))
        elif one.status != "known":
            echo(_line(one, plan.out))
    summary = ", ".join(
        f"{counts[status]:,} {status}"
        for status in ("written", "duplicate", "known", "held", "failed")
    )
    empty = () if counts else tuple(filter(os.path.isdir, sources))
    if empty:
        echo(f"rewriter: {inputs.nothing_found(empty)}", err=True)
    if plan.passed_over.count:
        echo(f"rewriter: {plan.passed_over}", err=True)
    echo(f"rewriter: {summary}", err=True)
    return highest_exit_code(*(_EXIT_CODES.get(status, 0) for status in counts))


def _line(one: Ingested, out: Path) -> str:
    """The result for an article. A written file is named below the folder that the user gave."""
    if one.status == "written":
        return f"written    {out / Path(one.file).name}  ({one.title})"
    if one.status == "duplicate":
        return f"duplicate  {one.place}  ({one.likeness:.0%} like {one.file}, which is kept)"
    return f"{one.status:<9}  {one.place}  ({one.reason})"
