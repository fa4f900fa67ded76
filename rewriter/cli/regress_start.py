"""`rewriter regress init` and `check-lock`: a suite of your own, and its lock at each commit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import FILE, GivenPath, max_cost_option
from rewriter.cli.output import echo
from rewriter.cli.regress_options import SUITE
from rewriter.errors import ConfigurationError
from rewriter.escaping import counted

if TYPE_CHECKING:
    from rewriter.settings import Settings

_FIRST_EPOCHS = 3


@click.command("init")
@click.argument(
    "articles",
    nargs=-1,
    metavar="[ARTICLE]...",
    type=GivenPath(exists=True),
)
@SUITE
@click.option("--prompt", help="Path of your prompt file. A copy of the shipped one if missing.")
@click.option("--model", help="Name of the model that answers.")
@click.option("--base-url", help="URL of an OpenAI-compatible endpoint.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "openai", "local", "extractive"]),
    help="What answers. auto: the configured model. Extracts read no prompt, and judge none.",
)
@click.option(
    "--epochs", type=click.IntRange(1, 100), help="Answers to each case. Default: 3 of a model."
)
@max_cost_option
@click.pass_context
def init(
    ctx: click.Context,
    /,
    articles: tuple[str, ...],
    suite: Path,
    prompt: str | None,
    **options: Any,
) -> int:
    """Make a suite: its folder, a case of each ARTICLE, and a first baseline.

    ARTICLE is a file, or a folder of them. Without one the case is an example. Run again, it
    keeps the cases that there are, and continues where it stopped.
    """
    from rewriter.completion import choosing
    from rewriter.files import inputs
    from rewriter.regression import starting
    from rewriter.regression.suite_folder import SuiteFolder

    files = tuple(inputs.expand(articles))
    if articles and not files:
        raise inputs.nothing_found(articles)
    configured = _configured(prompt, options)
    model = choosing.exact_model(configured, options["model"])
    starting.refuse_articles(SuiteFolder(suite), files)
    if starting.copy_prompt(configured.prompt):
        echo(f"made {configured.prompt}, a copy of the shipped prompt")
    first = starting.is_first(SuiteFolder(suite), configured.prompt, configured.prompts_dir)
    cases = starting.make_cases(SuiteFolder(suite), files)
    echo(f"{suite} has {counted(len(cases), 'case')}: {', '.join(cases)}")
    drafts = model == "extractive"
    regress: Any = ctx.parent and ctx.parent.command
    common: dict[str, Any] = {"suite": suite, "prompt": prompt, "repairs": False}
    common |= {"model": model, "epochs": options["epochs"] or (1 if drafts else _FIRST_EPOCHS)}
    asking = {key: options[key] for key in ("base_url", "max_cost", "engine")}
    asking |= {"only": (), "concurrency": None, "fresh": False}
    code: int = ctx.invoke(regress.commands["record"], **common, **asking)
    if code == 0:
        ctx.invoke(regress.commands["accept"], **common, first=first, even_worse="")
        echo(
            "extracts judge no prompt; once a key or a base URL is set, run this again without "
            "--engine"
            if drafts
            else "next: commit these files, change the prompt and its version, and run "
            "'rewriter regress run'"
        )
    return code


def _configured(prompt: str | None, options: Mapping[str, Any]) -> Settings:
    """The settings; raises `ConfigurationError` where they name nobody who answers."""
    from rewriter import settings
    from rewriter.completion import choosing

    named = {name: options[name] for name in ("model", "base_url", "engine")}
    configured = settings.load({"prompt": prompt, **named})
    if choosing.engine(configured) == "extractive" != configured.engine:
        raise ConfigurationError(
            "nobody can be asked: OPENAI_API_KEY is not set, and there is no base_url and no "
            "local_model; set one of them (docs/how-to/gate-your-prompts.md has a stand-in for a "
            "trial). --engine extractive needs none, but its extracts judge no prompt"
        )
    return configured


@click.command("check-lock")
@click.argument(
    "prompts",
    nargs=-1,
    required=True,
    metavar="PROMPT...",
    type=FILE,
)
@SUITE
def check_lock(prompts: tuple[Path, ...], suite: Path) -> int:
    """Refuse a prompt file that changed under a version that was accepted. For pre-commit."""
    from rewriter.prompting import prompt_file
    from rewriter.regression import prompts_lock
    from rewriter.regression.experiment import parse_prompt
    from rewriter.regression.suite_folder import SuiteFolder

    lock = prompts_lock.load(SuiteFolder(suite).prompts_lock)
    code = 0
    for path in prompts:
        if reason := prompts_lock.violation(parse_prompt(prompt_file.read(path), str(path)), lock):
            echo(f"{path}: {reason}")
            code = 5
    return code
