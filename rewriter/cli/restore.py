"""`rewriter restore`: bring an original back."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--list", "as_list", is_flag=True, help="Show what is kept, oldest first.")
@click.option("--digest", default="", help="Which version, by the first characters of its digest.")
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Content root, which holds .rewriter/.",
)
def command(path: Path, as_list: bool, digest: str, root: Path | None) -> None:
    """Bring the article PATH back, byte for byte, as it was before it was rewritten."""
    from rewriter import settings
    from rewriter.originals import Originals
    from rewriter.state import State, find_root

    configured = settings.load({"root": root})
    store = Originals(State(root=find_root([path], configured.root)))
    if not as_list:
        store.restore(path, digest)
        click.echo(f"restored {path}")
        return
    for kept in store.history(path):
        click.echo(f"{kept.at:%Y-%m-%d %H:%M:%S}  {kept.kind:<8}  {kept.digest[:12]}  {kept.size}")
