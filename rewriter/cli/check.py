"""`rewriter check`: a finished article against its source."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--source", help="The raw article to check against.")
@click.option("--prompt", help="Whose rules to check by.")
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Content root, which holds .rewriter/.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each finding.")
def command(
    paths: tuple[str, ...],
    source: str | None,
    prompt: str | None,
    root: Path | None,
    as_json: bool,
) -> int:
    """Check finished articles in PATH against their sources; exit 1 when an error is found."""
    from rewriter import checking, settings

    configured = settings.load({"prompt": prompt, "root": root})
    found = [
        (path, finding)
        for path in paths
        for finding in checking.check_file(path, source, configured)
    ]
    for path, finding in found:
        click.echo(
            json.dumps({"path": path} | finding.model_dump(mode="json"), ensure_ascii=False)
            if as_json
            else f"{path}: {finding.severity}: {finding}"
        )
    errors = sum(finding.severity == "error" for _, finding in found)
    click.echo(f"rewriter: {len(paths)} checked, {errors} error(s)", err=True)
    return int(errors > 0)
