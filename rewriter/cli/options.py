"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from rewriter.errors import ConfigurationError

Command = TypeVar("Command", bound=Callable[..., Any])

ENGINES = ("auto", "openai", "local", "extractive", "replay")

root_option = click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Content root, which holds .rewriter/.",
)
MONEY = click.FloatRange(min=0, min_open=True)
concurrency_option = click.option("--concurrency", type=int, help="Articles in flight at a time.")
prompt_option = click.option("--prompt", help="Name of a prompt, or path of a prompt file.")


def engine_options(command: Command) -> Command:
    """`--engine`, `--model` and `--base-url`: who answers."""
    engine = click.option(
        "--engine",
        type=click.Choice(ENGINES),
        help="Who answers (auto: what --model and the settings allow, else extractive).",
    )
    model = click.option("--model", help="The model to ask.")
    base_url = click.option("--base-url", help="An OpenAI-compatible endpoint.")
    return engine(model(base_url(command)))


def place_options(command: Command) -> Command:
    """`--out` and `--in-place`: where results go."""
    out = click.option(
        "--out",
        type=click.Path(file_okay=False, path_type=Path),
        help="Write results under this folder, as .md.",
    )
    in_place = click.option(
        "--in-place",
        is_flag=True,
        help="Replace each article by its rewrite; the original is kept.",
    )
    return out(in_place(command))


def refuse_two_places(options: Mapping[str, Any]) -> None:
    """Raise `ConfigurationError` for `--out` beside `--in-place`."""
    if options["out"] and options["in_place"]:
        raise ConfigurationError("--out and --in-place exclude each other")


def which_options(command: Command) -> Command:
    """`--force`, `--stale` and `--fresh`: which articles, and by which answers."""
    force = click.option(
        "--force", is_flag=True, help="Rewrite current articles too; stored answers are reused."
    )
    stale = click.option(
        "--stale", is_flag=True, help="Only articles that were rewritten before and are due again."
    )
    fresh = click.option(
        "--fresh",
        is_flag=True,
        help="Ask again instead of reusing stored answers; implies --force.",
    )
    return force(stale(fresh(command)))


def configured_by(options: Mapping[str, Any]) -> dict[str, Any]:
    """Those options of `rewrite` and `plan` that are settings, for `settings.load`."""
    named = ("engine", "model", "base_url", "prompt", "concurrency", "root")
    return {name: options[name] for name in named}
