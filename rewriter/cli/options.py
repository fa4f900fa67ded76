"""Options that several commands share."""

from __future__ import annotations

import asyncio
import math
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from rewriter.cli.output import echo
from rewriter.errors import ConfigurationError

if TYPE_CHECKING:
    from rewriter.frontmatter.keys import KeyNames
    from rewriter.queue.connection import Connection
    from rewriter.settings import Settings

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])

ENGINES = ("auto", "openai", "local", "extractive", "replay")


class FiniteRange(click.FloatRange):
    """A number of a range that is neither infinite nor no number."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number."""
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number.", param, ctx)
        return number


class _Money(FiniteRange):
    """An amount of money."""

    name = "amount"


MONEY = _Money(min=0, min_open=True)
max_cost_option = click.option(
    "--max-cost", type=MONEY, help="Budget in US dollars. No call is made that could exceed it."
)


class _GivenText(click.types.StringParamType):
    """Text that is not empty: an unset variable in a script would stand for the default."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text."""
        if not str(value).strip():
            self.fail("it is empty, perhaps by an unset variable", param, ctx)
        return str(value)


TEXT = _GivenText()


class GivenPath(click.Path):
    """A path that is not empty: an unset variable in a script would name the working folder."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        """As click's, where there is a path."""
        if not os.fspath(value):
            self.fail("an empty path; name the working folder by .", param, ctx)
        return super().convert(value, param, ctx)


# A file, a folder, a glob, an address or `-` as it is written; a shell completes files.
PLACE = click.Path(readable=False)
PATH = GivenPath(path_type=Path)
FILE = GivenPath(dir_okay=False, path_type=Path)
FOLDER = GivenPath(file_okay=False, path_type=Path)


class _FolderOrAddress(GivenPath):
    """The path of a folder, or an `s3://` address as it is written."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:
        if str(value).startswith("s3://"):
            return str(value)
        return super().convert(value, param, ctx)


ARTICLE = _FolderOrAddress(path_type=Path)


def together(*options: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Several options as one decorator, listed by `--help` in this order."""

    def add(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return add


# Where results go.
place_options = together(
    click.option(
        "--out",
        type=_FolderOrAddress(file_okay=False, path_type=Path),
        help="Write the rewrites into this folder or below s3://BUCKET/PREFIX, as .md files.",
    ),
    click.option(
        "--in-place",
        is_flag=True,
        help="Replace each article by its rewrite, and keep the original.",
    ),
)
# What answers.
engine_options = together(
    click.option(
        "--engine",
        type=click.Choice(ENGINES),
        help="What answers. auto: a model if one is configured, otherwise extractive.",
    ),
    click.option("--model", help="Name of the model."),
    click.option("--base-url", help="URL of an OpenAI-compatible endpoint."),
)
reader_option = click.option(
    "--reader",
    type=click.Choice(["auto", "on", "off"]),
    help="Have each rewrite read a second time by a model (auto: where one answers over HTTP).",
)
# Which articles are due, and whether stored answers are reused.
force_option = click.option(
    "--force", is_flag=True, help="Rewrite up-to-date articles too. Stored answers are reused."
)
fresh_option = click.option(
    "--fresh",
    is_flag=True,
    help="Ask the model again instead of reusing stored answers. Implies --force.",
)
json_lines_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line for each article."
)
api_option = click.option(
    "--api",
    type=click.Choice(["direct", "batch"]),
    default="direct",
    help="batch: use the provider's batch API, for half the price and within a day.",
)
root_option = click.option(
    "--root",
    type=FOLDER,
    help="The content root: the folder that holds inputs, outputs and .rewriter/.",
)
prompt_option = click.option("--prompt", help="Name of a prompt, or path of a prompt file.")


def names_of_keys(prompt: str | None) -> KeyNames:
    """The names of front matter's keys in the rules of a prompt; None is the configured one.

    Commands that only clean need no prompt: where the configured one cannot be read, a message on
    standard error says so, and no names are added.
    """
    from rewriter import settings
    from rewriter.prompting import prompt_file

    try:
        configured = settings.load({"prompt": prompt}, only=("prompt", "prompts_dir"))
        return prompt_file.load(configured.prompt, configured.prompts_dir).rules.keys
    except ConfigurationError as error:
        if prompt is not None:
            raise
        echo(f"rewriter: {error}; no names of keys are read from a prompt", err=True)
        return {}


# The options that `rewrite` and `plan` share.
run_options = together(
    place_options,
    engine_options,
    reader_option,
    prompt_option,
    click.option("--concurrency", type=int, help="Most calls in progress at a time."),
    root_option,
    force_option,
    fresh_option,
)


def refuse_two_places(options: Mapping[str, Any]) -> None:
    """Raise `ConfigurationError` where both `--out` and `--in-place` are given."""
    if options["out"] and options["in_place"]:
        raise ConfigurationError("--out and --in-place exclude each other")


def configured_by(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of `rewrite` and `plan` that are settings, for `settings.load`."""
    named = ("engine", "model", "base_url", "reader", "prompt", "concurrency", "root")
    return {name: options[name] for name in named}


def queue_settings(overrides: Mapping[str, object] | None = None) -> Settings:
    """The settings of a command that uses the queue.

    They name a Redis: an embedded one where none is configured, as a line on standard error says.
    """
    from rewriter import settings
    from rewriter.queue.embedded import with_redis

    configured, notice = with_redis(settings.load(overrides))
    if notice:
        echo(f"rewriter: {notice}", err=True)
    return configured


def on_queue(work: Callable[[Connection], Awaitable[T]]) -> T:
    """The result of `work`, which asks the configured queue."""

    async def connected() -> T:
        from rewriter.queue.connection import connect

        async with connect(configured) as redis:
            return await work(redis)

    configured = queue_settings()
    return asyncio.run(connected())
