"""`rewriter regress`: test a changed prompt or model against the accepted one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli import regress_start
from rewriter.cli.options import TEXT, prompt_option, together
from rewriter.cli.output import SuggestingGroup, echo
from rewriter.cli.regress_options import (
    BASE,
    EPOCHS,
    MODEL,
    RECORD_ENGINE,
    SUITE,
    accept_options,
    outputs_of,
    record_options,
    report_options,
    say,
    telling_errors,
)
from rewriter.errors import highest_exit_code
from rewriter.escaping import lines
from rewriter.prices import dollars

if TYPE_CHECKING:
    from rewriter.completion import Completer
    from rewriter.prompting.prompt import Prompt
    from rewriter.prompting.reader_prompt import ReaderPrompt
    from rewriter.regression.comparison import Comparison
    from rewriter.regression.experiment import Experiment
    from rewriter.regression.recorder import Recorder
    from rewriter.regression.variants import Variant
    from rewriter.settings import Settings

_REPAIRS = click.option(
    "--repairs",
    is_flag=True,
    help="Compare the answers after their repairs, not the first answers.",
)
_ONLY = click.option(
    "--only", multiple=True, metavar="CASE", help="Take only this case. May be repeated."
)
_variant_options = together(SUITE, prompt_option, MODEL, EPOCHS)


@click.group("regress", cls=SuggestingGroup)
def command() -> None:
    """Test a changed prompt or model against the accepted one, from recordings.

    Only `record` needs a key and a network.

    Exit codes: 0 no worse, 1 worse, 2 wrong usage or configuration, 3 the provider failed, 4 a
    file could not be read or written, 5 stale or incomplete, 6 inconclusive.
    """


@command.command("run")
@_variant_options
@_REPAIRS
@_ONLY
@BASE
@report_options
def run(
    suite: Path,
    prompt: str | None,
    only: tuple[str, ...],
    model: str | None,
    epochs: int | None,
    repairs: bool,
    base: str | None,
    **files: Any,
) -> int:
    """Compare the current prompt with the accepted one."""
    from rewriter.regression.base import compare_with_base
    from rewriter.regression.comparison import compare_with_baseline

    with telling_errors(files):
        configured, experiment = _experiment(suite, prompt, only)
        candidate = _candidate(experiment, configured, model, repairs=repairs)
        if base:
            comparison = compare_with_base(experiment, candidate, epochs, base)
        else:
            comparison = compare_with_baseline(experiment, candidate, epochs)
        return _finish(comparison, experiment, configured, files)


@command.command("record")
@_variant_options
@_REPAIRS
@_ONLY
@RECORD_ENGINE
@record_options
@click.option("--fresh", is_flag=True, help="Ask again for answers that are recorded already.")
def record(
    suite: Path, prompt: str | None, epochs: int | None, only: tuple[str, ...], **options: Any
) -> int:
    """Ask the model for every answer that is not recorded yet."""
    from rewriter.completion import choosing
    from rewriter.regression.recorder import Recorder

    names = ("engine", "model", "base_url", "concurrency")
    configured, experiment = _experiment(suite, prompt, only, **{n: options[n] for n in names})
    asked, accepted = options["model"], experiment.accepted
    if not (asked or options["engine"]) and accepted and accepted.reads_prompt:
        asked = accepted.model
        configured = configured.model_copy(update={"model": asked})
    if not experiment.folder.of_reader:
        asked = choosing.exact_model(configured, asked)
    variant = _candidate(experiment, configured, asked, repairs=options["repairs"])
    recorder = Recorder(
        completer=_completer(configured, variant.prompt),
        budget=choosing.budget(configured, options["max_cost"]),
        concurrency=configured.concurrency,
        fresh=options["fresh"],
    )
    return asyncio.run(_record(recorder, experiment, variant, epochs or experiment.epochs))


@command.command("reference")
@prompt_option
@SUITE
@_ONLY
def reference(only: tuple[str, ...], **named: Any) -> int:
    """Record the answers that people wrote, references/CASE.json, if they pass every check.

    For the second reader these are the labels.
    """
    from rewriter.regression import reader_suite, recorder
    from rewriter.regression.recordings import REFERENCE
    from rewriter.regression.suite import ArticleSuite
    from rewriter.state.ledger import FileLedger

    configured, experiment = _experiment(only=only, **named)
    variant, suite = _candidate(experiment, configured, REFERENCE), experiment.suite
    if not isinstance(suite, ArticleSuite):
        ledger = FileLedger(experiment.folder.recordings)
        asyncio.run(reader_suite.write_references(suite, variant, ledger))
        echo(f"{variant}: {len(suite.cases)} recorded")
        return 0
    found = asyncio.run(recorder.record_references(suite, variant, experiment.folder, only))
    for each in found:
        echo(each, err=True)
    refused = sum(bool(each.broken) for each in found)
    echo(f"{variant}: {len(found) - refused} recorded, {refused} refused")
    return 1 if refused else 0


@command.command("accept")
@_variant_options
@_REPAIRS
@accept_options
def accept(
    model: str | None,
    epochs: int | None,
    repairs: bool,
    first: bool,
    even_worse: str,
    **named: Any,
) -> int:
    """Make the current prompt the accepted one. Its version becomes final."""
    from rewriter.regression import accepting
    from rewriter.regression.reports import terminal

    configured, experiment = _experiment(**named)
    candidate = _candidate(experiment, configured, model, repairs=repairs)
    comparison = accepting.judge(experiment, candidate, epochs)
    accepting.accept(
        experiment,
        comparison,
        first=first,
        even_worse=even_worse,
        repairs=candidate.repairs,
        prompts=configured.prompts_dir,
    )
    echo(f"accepted {candidate}: {terminal.summary(comparison)}")
    return 0


@command.command("compare")
@click.argument("first", type=TEXT)
@click.argument("second", type=TEXT)
@_variant_options
@_REPAIRS
@_ONLY
@report_options
def compare(
    first: str,
    second: str,
    suite: Path,
    prompt: str | None,
    epochs: int | None,
    repairs: bool,
    model: str | None,
    only: tuple[str, ...],
    **files: Any,
) -> int:
    """Compare two prompts, models or ledgers: SECOND with FIRST.

    Each is PROMPT, PROMPT@MODEL, @MODEL, or a folder of recordings. --prompt and --model are for
    one that names none.
    """
    from rewriter.regression.comparison import compare_variants
    from rewriter.regression.experiment import named_variant

    configured, experiment = _experiment(suite, prompt, only)
    usual = _candidate(experiment, configured, model, repairs=repairs)
    before, after = (named_variant(word, usual, configured.prompts_dir) for word in (first, second))
    comparison = compare_variants(experiment, before, after, epochs or experiment.epochs)
    return _finish(comparison, experiment, configured, files)


@command.command("bisect")
@_variant_options
@click.option(
    "--good",
    type=TEXT,
    metavar="COMMIT",
    help="A commit whose prompt was good. Default: the last with the accepted prompt.",
)
def bisect(model: str | None, epochs: int | None, good: str | None, **named: Any) -> int:
    """Find the commit that made the prompt worse, from recordings alone."""
    from rewriter.prompting import prompt_file
    from rewriter.regression import history
    from rewriter.regression.reports import terminal

    configured, experiment = _experiment(**named)
    variant = _candidate(experiment, configured, model)
    path = prompt_file.path_of(configured.prompt, configured.prompts_dir)
    commits = history.commits(path)
    first = history.last_good(experiment, commits, path, good)
    epochs = epochs or experiment.epochs
    found = history.bisect(experiment, commits, variant.model, epochs, first)
    echo(lines(terminal.bisection(found)))
    if missing := history.missing(path, commits):
        echo(f"missing: {missing}")
    return found.exit_code if found.worse or not missing else highest_exit_code(found.exit_code, 5)


@command.command("plan")
@_variant_options
@_ONLY
def plan(model: str | None, epochs: int | None, **named: Any) -> int:
    """Show what recording would cost and how small a change it could find. It asks no model."""
    from rewriter.regression import planning
    from rewriter.regression.reports import terminal

    configured, experiment = _experiment(**named)
    variant = _candidate(experiment, configured, model)
    found = planning.plan(experiment, variant, epochs or experiment.epochs, configured.price_list)
    echo(lines(terminal.plan(found)))
    return 0


command.add_command(regress_start.init)
command.add_command(regress_start.check_lock)
_OF_READER: Sequence[click.Command] = (run, record, reference, accept)
command.add_command(
    SuggestingGroup(
        "reader",
        _OF_READER,
        context_settings={
            "default_map": {one.name: {"prompt": "second-reader"} for one in _OF_READER}
        },
        help="Test a changed prompt or model of the second reader, from recordings.\n\n"
        "The suite has labelled pairs: sources with faithful texts, and with texts that have known "
        "faults. Only `record` needs a key and a network.",
    )
)


def _experiment(
    suite: Path, prompt: str | None = None, only: tuple[str, ...] = (), **overrides: object
) -> tuple[Settings, Experiment]:
    from rewriter import settings
    from rewriter.prompting import prompt_file
    from rewriter.prompting.reader_prompt import ReaderPrompt
    from rewriter.regression.experiment import parse_prompt, prompt_path, read_experiment
    from rewriter.regression.suite_folder import SuiteFolder

    configured = settings.load({"prompt": prompt, **overrides})
    path = prompt_path(configured.prompt, configured.prompts_dir)
    loaded = parse_prompt(prompt_file.read(path), str(path))
    folder = SuiteFolder(suite, of_reader=isinstance(loaded, ReaderPrompt))
    return configured, read_experiment(folder, loaded.name, only)


def _candidate(
    experiment: Experiment, configured: Settings, model: str | None, *, repairs: bool = False
) -> Variant:
    """The variant of the current prompt. Model and repairs are the accepted ones by default."""
    from rewriter.regression.experiment import make_variant

    accepted, usual = experiment.baseline, configured.model
    if experiment.folder.of_reader:
        usual = configured.reader_model or usual
    return make_variant(
        experiment.folder,
        configured.prompt,
        configured.prompts_dir,
        model or (accepted.model if accepted else usual),
        repairs=repairs or bool(accepted and accepted.repairs),
    )


def _completer(configured: Settings, prompt: Prompt | ReaderPrompt) -> Completer:
    """Who answers requests by `prompt`; raises `ConfigurationError` where nobody can."""
    from rewriter.completion import choosing
    from rewriter.prompting import prompt_file
    from rewriter.prompting.prompt import Prompt

    if isinstance(prompt, Prompt):
        return choosing.build(configured, prompt.rules)
    choosing.reader(configured.model_copy(update={"reader": "on"}))
    own = choosing.reader_completer(configured)
    return own or choosing.build(configured, prompt_file.load().rules)


def _finish(
    comparison: Comparison, experiment: Experiment, configured: Settings, files: dict[str, Any]
) -> int:
    """Print the report, write the files that were asked for, and return the exit code."""
    from rewriter.regression import reader_suite
    from rewriter.regression.experiment import prompt_path
    from rewriter.regression.reports import outputs, terminal
    from rewriter.regression.verdict import exit_code

    echo(lines(terminal.text(comparison)))
    after, more = comparison.after, list[str]()
    if experiment.folder.of_reader:
        scores = experiment.suite.score(after, after.variant)
        say(more := ["", *reader_suite.table(scores.values())])
    prompt = prompt_path(after.variant.prompt_name, configured.prompts_dir)
    say(outputs.write(comparison, outputs_of(files), prompt, more))
    return exit_code(comparison.verdict)


async def _record(recorder: Recorder, experiment: Experiment, variant: Variant, epochs: int) -> int:
    """Record, print each result, and return the highest exit code of the failures."""
    from rewriter.article import Usage

    results = []
    try:
        async for result in recorder.record(experiment.suite, variant, epochs):
            said = result.error or "recorded"
            echo(f"{result.case}, epoch {result.epoch}: {said}", err=True)
            results.append(result)
    finally:
        await recorder.completer.aclose()
    failed = [result.error for result in results if result.error]
    cost = dollars(sum((result.usage for result in results), Usage()).cost)
    echo(f"{variant}: {len(results) - len(failed)} recorded, {len(failed)} failed, cost {cost}")
    if failed:
        told = "answers are missing; mend what is named and run the same command again"
        echo(f"{told}: it asks only for those", err=True)
    return highest_exit_code(*(error.exit_code for error in failed))
