"""`rewriter publish`: publish a held rewrite after a person has decided."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from rewriter.cli.options import ARTICLE, prompt_option, root_option
from rewriter.cli.output import echo
from rewriter.errors import ConfigurationError


@click.command("publish")
@click.argument("path", type=ARTICLE)
@click.option(
    "--reason", required=True, help="Why it is right to publish it. The record keeps the reason."
)
@click.option("--by", help="Your initials. The article notes them as ai.reviewed.")
@prompt_option
@root_option
def command(
    path: Path | str, reason: str, by: str | None, prompt: str | None, root: Path | None
) -> None:
    """Publish the held rewrite of the article PATH after you have read its findings."""
    if not reason.strip():
        raise ConfigurationError("--reason: say why it is right to publish this rewrite")
    from rewriter import document, settings
    from rewriter.cli.reporting import shown
    from rewriter.files.objects import near
    from rewriter.prompting import prompt_file
    from rewriter.state import State, find_root, held

    configured = settings.load({"root": root, "prompt": prompt})
    state = State(root=find_root(near([path]), configured.root))
    review = None
    if by is not None:
        rules = prompt_file.load(configured.prompt, configured.prompts_dir).rules
        review = partial(document.reviewed, rules=rules, by=by, now=datetime.now(UTC))
    echo(f"published {path} -> {shown(held.publish(state, path, reason, review).address)}")
