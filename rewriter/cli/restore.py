"""`rewriter restore`: restore an article to what it was before its rewrite."""

from __future__ import annotations

from pathlib import Path

import click

from rewriter.cli.options import root_option


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--list", "as_list", is_flag=True, help="List the kept versions, oldest first.")
@click.option(
    "--digest", default="", help="The version to restore: the first characters of its digest."
)
@root_option
def command(path: Path, as_list: bool, digest: str, root: Path | None) -> None:
    """Restore the article PATH, byte for byte, to what it was before its rewrite."""
    from rewriter import settings
    from rewriter.files import inputs
    from rewriter.state import State, find_root, originals

    state = State(root=find_root([str(path)], settings.load({"root": root}).root))
    name = inputs.name_of(path, state.root)
    if not as_list:
        originals.restore(state, name, path, digest)
        click.echo(f"restored {path}")
        return
    for kept in originals.history(state, name):
        click.echo(f"{kept.at:%Y-%m-%dT%H:%M:%SZ}  {kept.kind:<8}  {kept.digest[:12]}  {kept.size}")
