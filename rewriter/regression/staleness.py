"""Blockers: why recordings cannot be compared, and the command that helps."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from rewriter.prompting.prompt import Prompt
from rewriter.prompting.reader_prompt import NAME, ReaderPrompt
from rewriter.regression import baseline as pins
from rewriter.regression.baseline import Baseline
from rewriter.regression.recordings import PROMPT_UNREAD, REFERENCE
from rewriter.regression.suite import Suite
from rewriter.regression.suite_folder import DEFAULT
from rewriter.regression.variants import MeasuredVariant, Variant

AnyPrompt: TypeAlias = Prompt | ReaderPrompt

_FIRST_EPOCHS = 3  # answers to each case that a first baseline should have
_MOST_NAMED = 5  # most cases that a message names


@dataclass(frozen=True)
class Blocker:
    """Why there is no verdict: what changed or is missing, in which cases, and what to run.

    `unread`: an engine that reads no prompt answered, so there is nothing to compare.
    """

    status: Literal["STALE", "INCOMPLETE"]
    what: str
    command: str
    cases: tuple[str, ...] = ()
    unread: bool = False

    @property
    def where_and_what(self) -> str:
        """What it is, with the cases that it is about."""
        if len(self.cases) == 1:
            return f"case {self.cases[0]}: {self.what}"
        return f"{self.what} ({_some(self.cases)})" if self.cases else self.what

    def __str__(self) -> str:
        return f"{self.status}: {self.where_and_what}; run: {self.command}"


def prompt_changes(old: AnyPrompt, new: AnyPrompt) -> tuple[str, ...]:
    """The changed parts of a prompt that can change an answer: sections, parameters, rules."""
    changes = [
        f"template section '# {name}'"
        for name in new.templates
        if old.templates.get(name) != new.templates[name]
    ]
    before, after = old.header.model, new.header.model
    changes += [
        f"parameter {name}"
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    if getattr(old.header, "language", "") != getattr(new.header, "language", ""):
        changes.append("language")
    if old.rules.answer_schema() != new.rules.answer_schema():
        changes.append(f"schema ({_changed_rules(old, new)})")
    elif old.rules != new.rules:
        changes.append(_changed_rules(old, new))
    return tuple(changes)


def version_changes(accepted: AnyPrompt | None, new: AnyPrompt) -> tuple[str, ...] | None:
    """The changes of a version since it was accepted; None where that version never was."""
    if accepted is None or accepted.version != new.version:
        return None
    return prompt_changes(accepted, new)


def _changed_rules(old: AnyPrompt, new: AnyPrompt) -> str:
    before, after = old.rules.model_dump(), new.rules.model_dump()
    return ", ".join(f"rules.{name}" for name in before if before[name] != after[name])


def unread_prompt(accepted: Variant, candidate: Variant, epochs: int) -> Iterator[Blocker]:
    """A blocker where a changed prompt or a model is held against answers that read no prompt.

    Its command makes the first baseline of a model, with the accepted prompt file.
    """
    changes = prompt_changes(accepted.prompt, candidate.prompt)
    is_other_model = candidate.model != accepted.model
    unread = [one for one in (accepted, candidate) if not one.reads_prompt]
    if not unread or not (changes or (is_other_model and accepted in unread)):
        return
    model = candidate.model if candidate.reads_prompt else "MODEL"
    if accepted.reads_prompt:
        command = record_command(replace(candidate, model=accepted.model), epochs)
    else:
        name = accepted.prompt_name if changes else candidate.prompt_name
        first = replace(candidate, prompt_name=name, model=model)
        record = record_command(first, max(epochs, _FIRST_EPOCHS))
        accept = accept_command(first, max(epochs, _FIRST_EPOCHS))
        command = f"{record} && {accept} --first"
    what = ", ".join((f"model {candidate.model}",) if is_other_model else changes)
    yield Blocker(
        "STALE",
        f"{PROMPT_UNREAD[unread[0].model]} answered and did not read the prompt, so these answers "
        f"cannot judge {what}; compare answers of a model",
        command,
        unread=True,
    )


def gap_blockers(
    measured: MeasuredVariant, suite: Suite, changes: Sequence[str] = ()
) -> Iterator[Blocker]:
    """A blocker where answers are not recorded.

    It is STALE, and names `changes`, where prompt or model changed and no answer is recorded. It is
    INCOMPLETE where some answers are recorded.
    """
    if not measured.gaps:
        return
    missing = sum(map(len, measured.gaps.values()))
    total = len(suite.cases) * len(measured.epochs)
    command = record_command(measured.variant, len(measured.epochs), _only(measured, suite))
    since = f"{', '.join(changes)} changed and " if changes else ""
    if missing == total and changes:
        yield Blocker("STALE", f"{since}nothing is recorded", command)
        return
    what = f"{since}{missing} of {total} answers of {measured.variant} are not recorded"
    yield Blocker("INCOMPLETE", what, command, tuple(measured.gaps))


def case_blockers(
    suite: Suite, baseline: Baseline, before: MeasuredVariant, candidate: MeasuredVariant
) -> Iterator[Blocker]:
    """A blocker for each case that changed since it was accepted, or is new."""
    for case in suite.cases:
        parts = pins.changed(case, before.requests[case.name], baseline.cases)
        if not parts:
            continue
        command = accept_command(candidate.variant)
        if case.name in candidate.gaps:
            epochs = len(candidate.epochs)
            command = record_command(candidate.variant, epochs, [case.name])
        if case.name in baseline.cases:
            what = f"{' and '.join(parts)} changed since it was accepted"
            yield Blocker("STALE", what, command, (case.name,))
        else:
            yield Blocker("INCOMPLETE", "it is new", command, (case.name,))


def lost_cases(names: Sequence[str], baseline: Baseline, candidate: Variant) -> Iterator[Blocker]:
    """A blocker where accepted cases are gone: fewer cases never pass unnoticed."""
    gone = tuple(name for name in baseline.cases if name not in names)
    if gone:
        what = "accepted cases are gone; restore them, or accept the rest"
        yield Blocker("INCOMPLETE", what, accept_command(candidate), gone)


def altered_recordings(before: MeasuredVariant, baseline: Baseline) -> Iterator[Blocker]:
    """A blocker where a recording of the baseline changed since it was accepted."""
    altered = tuple(
        name
        for name, pinned in baseline.cases.items()
        if name in before.requests
        and name not in before.gaps
        and tuple(before.answers[name, n].digest for n in before.epochs) != pinned.answers
    )
    if altered:
        place = before.variant.folder.recordings
        what = f"recordings in {place} are not those that were accepted"
        yield Blocker("STALE", what, f"git checkout -- {place}", altered)


def mixed_models(measured: MeasuredVariant) -> Iterator[Blocker]:
    """A blocker where different models answered for one variant."""
    if len(measured.models) > 1:
        counted = ", ".join(
            f"{model} ({sum(a.model == model for a in measured.answers.values())})"
            for model in measured.models
        )
        yield Blocker(
            "STALE",
            f"the recordings of {measured.variant} were answered by different models: {counted}",
            record_command(measured.variant, len(measured.epochs)) + " --fresh",
        )


# --- commands ----------------------------------------------------------------------------------


def record_command(variant: Variant, epochs: int, only: Sequence[str] = ()) -> str:
    """The command that records the missing answers of `variant`."""
    chosen = [word for name in only for word in ("--only", name)]
    if variant.model == REFERENCE:
        return _command("reference", variant, *chosen)
    model = ("--engine", "extractive") if variant.drafts else ("--model", variant.model)
    words = (*model, "--epochs", str(epochs), *_mode(variant), *chosen)
    return _command("record", variant, *words)


def accept_command(variant: Variant, epochs: int | None = None) -> str:
    """The command that makes `variant` the baseline, with as many epochs as accepted by default."""
    chosen = ("--epochs", str(epochs)) if epochs else ()
    words = ("--model", variant.model, *chosen, *_mode(variant))
    return _command("accept", variant, *words)


def run_command(variant: Variant, case: str | None = None) -> str:
    """The command that compares `variant` with the baseline, in all cases or in one."""
    words = ("--model", variant.model, *_mode(variant), *(("--only", case) if case else ()))
    return _command("run", variant, *words)


def _command(name: str, variant: Variant, *words: str) -> str:
    folder = variant.folder
    suite = () if folder.path == DEFAULT else ("--suite", str(folder.path))
    group, usual = ("reader",) if folder.of_reader else (), NAME if folder.of_reader else "rewrite"
    prompt = () if variant.prompt_name == usual else ("--prompt", variant.prompt_name)
    return shlex.join(("rewriter", "regress", *group, name, *suite, *prompt, *words))


def _mode(variant: Variant) -> tuple[str, ...]:
    return ("--repairs",) if variant.repairs else ()


def _only(measured: MeasuredVariant, suite: Suite) -> list[str]:
    """The cases for `--only`; none where many are missing: the command then records all of them."""
    few = len(measured.gaps) <= _MOST_NAMED and len(measured.gaps) < len(suite.cases)
    return list(measured.gaps) if few else []


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return shown if more <= 0 else f"{shown} and {more} more"
