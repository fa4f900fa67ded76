"""`rewriter review`: rewrites side by side with their sources, as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import FILE, PLACE, root_option
from rewriter.cli.output import echo, echo_error
from rewriter.errors import ConfigurationError, FileError

if TYPE_CHECKING:
    from rewriter.review.articles import ReviewEntry
    from rewriter.settings import Settings


@click.command("review")
@click.argument("paths", nargs=-1, type=PLACE, required=True, metavar="PATH...")
@click.option(
    "--out",
    type=FILE,
    help="Write the page to this HTML file. Several articles get an index and a folder of pages.",
)
@click.option("--serve", is_flag=True, help="Show the pages on this machine and take decisions.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port for --serve. Without it a free one is taken.",
)
@root_option
def command(
    paths: tuple[str, ...], out: Path | None, serve: bool, port: int, root: Path | None
) -> int:
    """Show the rewrites of PATH next to their sources, with evidence and findings.

    PATH is a raw article, a finished one, a held document, or a folder. With --serve the page also
    publishes, rejects, edits, restores, and asks the model again for a section.
    """
    from rewriter import settings
    from rewriter.review import articles

    if serve == (out is not None):
        raise ConfigurationError("name the HTML file to write with --out, or give --serve")
    configured = settings.load({"root": root})
    if out is None:
        return _serve(paths, configured, port)
    damaged: list[FileError] = []
    entries = articles.entries(paths, configured, damaged.append)
    for error in damaged:
        echo_error(error)
    failed = _write(entries, out, configured)
    echo(f"rewriter: {len(entries) - failed} reviewed, {failed} failed: {out}", err=True)
    return FileError.exit_code if failed or damaged else 0


def _serve(paths: tuple[str, ...], settings: Settings, port: int) -> int:
    from rewriter.review import server

    def ready(address: str) -> None:
        echo(address)
        echo("rewriter: open this address in a browser; Ctrl-C stops the server", err=True)

    try:
        return server.serve(paths, settings, port, ready)
    except OSError as error:
        raise ConfigurationError(f"--port {port}: {error.strerror}") from error


def _write(entries: list[ReviewEntry], out: Path, settings: Settings) -> int:
    """Write the page or pages; returns how many articles failed."""
    from rewriter.files import atomic
    from rewriter.review import articles, pages

    if len(entries) == 1:
        atomic.write(out, pages.article(articles.load(entries[0], settings)).encode())
        return 0
    folder = out.with_name(f"{out.stem}-articles")
    done, addresses = [], []
    for number, entry in enumerate(entries, 1):
        name = f"{number:04d}.html"
        try:
            reviewed = articles.load(entry, settings)
        except FileError as error:
            echo_error(error)
            continue
        page = pages.article(reviewed, index=f"../{out.name}")
        atomic.write(folder / name, page.encode())
        done.append(entry)
        addresses.append(f"{folder.name}/{name}")
    atomic.write(out, pages.index(done, addresses).encode())
    return len(entries) - len(done)
