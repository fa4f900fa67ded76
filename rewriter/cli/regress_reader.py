"""`rewriter regress reader`: is a changed second reader no worse?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import together
from rewriter.cli.output import echo
from rewriter.cli.regress_options import (
    BASE,
    MODEL,
    SUITE,
    accept_options,
    outputs_of,
    record_options,
    say,
    summary_options,
    telling_errors,
)
from rewriter.cli.suggesting import SuggestingGroup
from rewriter.escaping import counted
from rewriter.prices import dollars

if TYPE_CHECKING:
    from rewriter.prompting.reader_prompt import Reader
    from rewriter.regression.labelled_pairs import LabelledPair
    from rewriter.regression.reader_gate import ReaderComparison, RecordedReadings
    from rewriter.regression.reader_scores import KindScore
    from rewriter.regression.suite_folder import SuiteFolder
    from rewriter.settings import Settings

_prompt_option = click.option(
    "--prompt", default="second-reader", show_default=True, help="Name or path of the prompt file."
)
_reader_options = together(SUITE, _prompt_option, MODEL)


@click.group("reader", cls=SuggestingGroup)
def command() -> None:
    """Test a changed prompt or model of the second reader, from recordings.

    The suite has labelled pairs: sources with faithful texts, and with texts that have known
    faults. Only `record` needs a key and a network.
    """


@command.command("run")
@_reader_options
@BASE
@summary_options
def run(suite: Path, prompt: str, model: str | None, base: str | None, **files: Any) -> int:
    """Show recall and precision by kind, and compare with the accepted reader."""
    from rewriter.prompting import prompt_file
    from rewriter.regression import reader_gate
    from rewriter.regression.base import compare_reader_with_base
    from rewriter.regression.reports import outputs
    from rewriter.regression.verdict import exit_code

    with telling_errors(files):
        configured, pairs, folder, reader = _set_up(suite, prompt, model)
        if base:
            comparison, folder = compare_reader_with_base(pairs, reader, folder, prompt, base)
        else:
            comparison = reader_gate.compare(pairs, reader, folder, prompt)
        report = list(_report(comparison))
        say(report)
        path = prompt_file.path_of(prompt, configured.prompts_dir)
        accepted = folder.accepted_reader(reader.prompt.name)
        say(outputs.write_reader(comparison, report, outputs_of(files), (accepted, path)))
        return exit_code(comparison.verdict)


@command.command("record")
@_reader_options
@record_options
def record(
    suite: Path, prompt: str, model: str | None, max_cost: float | None, **options: Any
) -> int:
    """Ask the model about every pair whose answer is not recorded yet."""
    configured, pairs, folder, reader = _set_up(suite, prompt, model, **options)
    recorded = asyncio.run(_record(pairs, folder, reader, configured, max_cost))
    for name, error in recorded.failures.items():
        echo(f"{name}: {error}", err=True)
    cost = dollars(recorded.paid.cost, "unknown cost")
    echo(f"{reader.model}: {recorded.answered} of {len(pairs)} recorded, {cost}")
    return recorded.exit_code


@command.command("reference")
@SUITE
@_prompt_option
def reference(suite: Path, prompt: str) -> int:
    """Record the labels as answers that people wrote, to show that they are anchored."""
    from rewriter.regression import reader_gate
    from rewriter.regression.recordings import REFERENCE

    _, pairs, folder, reader = _set_up(suite, prompt, REFERENCE)
    asyncio.run(reader_gate.write_references(pairs, reader, folder))
    echo(f"{counted(len(pairs), 'answer')} recorded, author: reference")
    return 0


@command.command("accept")
@_reader_options
@accept_options
def accept(suite: Path, prompt: str, model: str | None, first: bool, even_worse: str) -> int:
    """Make the current reader the accepted one. Its version becomes final."""
    from rewriter.prompting import prompt_file
    from rewriter.regression import reader_gate
    from rewriter.regression.accepting import Reasons

    configured, pairs, folder, reader = _set_up(suite, prompt, model)
    comparison = reader_gate.compare(pairs, reader, folder, prompt)
    path = prompt_file.path_of(prompt, configured.prompts_dir)
    reader_gate.accept(comparison, pairs, path, folder, Reasons(first, even_worse))
    echo(f"accepted {comparison.after}")
    return 0


def _set_up(
    suite: Path, prompt: str, model: str | None, **options: object
) -> tuple[Settings, list[LabelledPair], SuiteFolder, Reader]:
    """Settings, pairs, folder, and the reader: with the model named, or the accepted one."""
    from rewriter import settings
    from rewriter.prompting import reader_prompt
    from rewriter.prompting.reader_prompt import Reader
    from rewriter.regression import baseline, labelled_pairs
    from rewriter.regression.suite_folder import SuiteFolder

    configured, folder = settings.load(options), SuiteFolder(suite)
    loaded = reader_prompt.load(configured.prompts_dir, prompt)
    accepted = baseline.load(folder.reader_baseline(loaded.name))
    usual = accepted.model if accepted else configured.reader_model or configured.model
    return configured, labelled_pairs.load(folder.reader), folder, Reader(loaded, model or usual)


async def _record(
    pairs: list[LabelledPair],
    folder: SuiteFolder,
    reader: Reader,
    configured: Settings,
    max_cost: float | None,
) -> RecordedReadings:
    from rewriter.completion import choosing
    from rewriter.prompting import prompt_file
    from rewriter.regression import reader_gate
    from rewriter.state.ledger import FileLedger

    rules = prompt_file.load(configured.prompt, configured.prompts_dir).rules
    budget = None if max_cost is None else choosing.budget(configured, max_cost)
    wanted = configured.model_copy(update={"reader": "on"})
    backend = choosing.backend(wanted, FileLedger(folder.recordings), rules, budget)
    try:
        asked = replace(backend, reader=reader, epoch=1)
        return await reader_gate.record(pairs, asked, configured.concurrency)
    finally:
        await backend.aclose()


# --- the report ----------------------------------------------------------------------------------


def _report(comparison: ReaderComparison) -> Iterator[str]:
    from rewriter.regression import reader_scores
    from rewriter.text.columns import columns

    after = comparison.after
    faithful = [one for one in after.scores if not one.found]
    faulty = len(after.scores) - len(faithful)
    yield f"{after}: {len(faithful)} faithful texts, {faulty} with faults"
    if after.scores:
        groups = [*reader_scores.by_kind(after.scores), *reader_scores.by_language(after.scores)]
        rows = [_row(one) for one in (*groups, reader_scores.overall(after.scores))]
        yield from columns([_HEAD, *rows], left=(0,))
        false = sum(one.false_reports for one in faithful)
        yield f"reports on faithful texts: {false}"
    for change in comparison.changes:
        loss = change.loss
        yield (
            f"{change.measure}: {change.verdict}; mean loss {loss.mean:+.3f} an article "
            f"({loss.low:+.3f} to {loss.high:+.3f}), p {loss.p:.3f}"
        )
    if comparison.before:
        yield f"compared with the accepted {comparison.before}"
    for blocker in comparison.blockers:
        yield f"blocker: {blocker}"
    yield f"verdict: {comparison.verdict}"


_HEAD = ["", "faults", "found", "recall", "95 %", "reports", "right", "precision", "95 %"]


def _row(one: KindScore) -> list[str]:
    recall, precision = _share(one.found, one.faults), _share(one.right, one.reports)
    counts = [str(one.reports), str(one.right)]
    return [one.name, str(one.faults), str(one.found), *recall, *counts, *precision]


def _share(hits: int, number: int) -> tuple[str, str]:
    from rewriter.regression.inference import wilson

    if not number:
        return "-", "-"
    low, high = wilson(hits, number)
    return f"{hits / number:.2f}", f"{low:.2f}-{high:.2f}"
