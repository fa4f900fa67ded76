"""`rewriter doctor`: is this installation able to work?"""

from __future__ import annotations

import asyncio
from pathlib import Path

import click


@click.command("doctor")
@click.option(
    "--engine",
    type=click.Choice(["auto", "openai", "local", "extractive", "replay"]),
    help="Who is to answer.",
)
@click.option("--model", help="The model to ask.")
@click.option("--base-url", help="An OpenAI-compatible endpoint.")
@click.option("--prompt", help="Name of a prompt, or path of a prompt file.")
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Content root, which holds .rewriter/.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each check.")
def command(as_json: bool, **options: object) -> int:
    """Check key, endpoint, model, structured output, state directory and prompt files.

    Asks the model one tiny question. Exits 2 when something keeps it from working.
    """
    from rewriter import doctor, settings
    from rewriter.state import State, find_root

    configured = settings.load(options)
    state = State(root=find_root([], configured.root))
    checks = asyncio.run(doctor.examine(configured, state.directory))
    for check in checks:
        advice = f"\n{'':<9}-> {check.advice}" if check.advice and check.status != "ok" else ""
        line = f"{check.status:<8} {check.name}: {check.message}{advice}"
        click.echo(check.model_dump_json() if as_json else line)
    return 2 if any(check.status == "error" for check in checks) else 0
