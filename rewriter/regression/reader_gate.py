"""The gate of a second reader's prompt or model: measured from recordings, against the accepted."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rewriter.article import Usage, digest
from rewriter.checks.reader import Dropped, ReaderReport, source_sentences
from rewriter.completion import Completion
from rewriter.completion.asking import Asker, Asking, Backend, drive
from rewriter.errors import (
    AnswerError,
    ConfigurationError,
    NotRecordedError,
    RewriterError,
    highest_exit_code,
)
from rewriter.escaping import counted
from rewriter.files import atomic
from rewriter.prompting import reader_prompt
from rewriter.prompting.reader_prompt import Reader
from rewriter.regression import baseline as pins
from rewriter.regression import prompts_lock
from rewriter.regression.accepting import NO_REASONS, Reasons, refuse_worse
from rewriter.regression.baseline import Baseline, PinnedCase
from rewriter.regression.cases import with_plain_line_ends
from rewriter.regression.labelled_pairs import LabelledPair
from rewriter.regression.reader_scores import (
    PairScore,
    ReaderChange,
    changes,
    score_pair,
    verdict_of,
)
from rewriter.regression.recordings import REFERENCE, Recordings, replayed
from rewriter.regression.suite_folder import DEFAULT, SuiteFolder
from rewriter.regression.verdict import Verdict
from rewriter.rules import GroundingRules
from rewriter.runs.concurrency import Permit, run_bounded
from rewriter.second_reading import reading
from rewriter.state.ledger import Entry, FileLedger, Key

_NOTHING_IGNORED = GroundingRules()


@dataclass(frozen=True)
class MeasuredReader:
    """What a reader found in all pairs whose answers are recorded; `missing` are the others.

    `named` is the value of `--prompt` that names its prompt. `answers` has the digest of each
    pair's answer. An answer that stayed useless finds nothing.
    """

    reader: Reader
    named: str
    scores: tuple[PairScore, ...]
    answers: dict[str, str]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        """Names the reader, and people where they wrote the answers."""
        prompt, model = self.reader.prompt, self.reader.model
        people = " (answers written by people)" if model == REFERENCE else ""
        return f"{prompt.name} v{prompt.version}@{model}{people}"


@dataclass(frozen=True)
class ReaderComparison:
    """A reader, the accepted one, and the verdict; `blockers` say why there is none."""

    after: MeasuredReader
    before: MeasuredReader | None
    changes: tuple[ReaderChange, ...]
    blockers: tuple[str, ...]
    verdict: Verdict


def measure(
    pairs: Sequence[LabelledPair], reader: Reader, folder: SuiteFolder, named: str
) -> MeasuredReader:
    """Score the recorded answers of `reader` to all pairs."""
    recordings = Recordings(folder.recordings)
    scores: list[PairScore] = []
    answers: dict[str, str] = {}
    missing: list[str] = []
    for pair in pairs:
        try:
            report, answers[pair.name] = replayed(_asking(pair, reader), 1, recordings)
        except NotRecordedError:
            missing.append(pair.name)
            continue
        except AnswerError as error:
            answers[pair.name] = digest(str(error))
            report = ReaderReport((), 0, Dropped(), reader.model)
        scores.append(score_pair(pair, report))
    return MeasuredReader(reader, named, tuple(scores), answers, tuple(missing))


def _asking(pair: LabelledPair, reader: Reader) -> Asking[ReaderReport]:
    lang = pair.source.lang
    return reading(pair.passages, pair.source, reader, _NOTHING_IGNORED, lang)


def compare(
    pairs: Sequence[LabelledPair],
    reader: Reader,
    folder: SuiteFolder,
    named: str = reader_prompt.NAME,
) -> ReaderComparison:
    """Compare `reader` with the accepted one, on the same pairs; `named` is its `--prompt`.

    Raises `ConfigurationError` for a baseline or an accepted prompt that was changed by hand.
    """
    after = measure(pairs, reader, folder, named)
    baseline = pins.load(folder.reader_baseline(reader.prompt.name))
    before = _measured_accepted(pairs, folder, baseline, reader) if baseline else None
    blockers = tuple(_blockers(pairs, after, before, baseline, folder))
    if blockers or before is None:
        status: Verdict = "STALE" if before else "INCOMPLETE"
        return ReaderComparison(after, before, (), blockers, status)
    found = tuple(changes(before.scores, after.scores))
    return ReaderComparison(after, before, found, (), verdict_of(found))


def unchanged(
    pairs: Sequence[LabelledPair], reader: Reader, folder: SuiteFolder
) -> list[LabelledPair]:
    """The pairs that are as they were when the reader of the same prompt was accepted."""
    baseline = pins.load(folder.reader_baseline(reader.prompt.name))
    if baseline is None:
        return []
    before = _measured_accepted(pairs, folder, baseline, reader)
    known = [pair for pair in pairs if pair.name in before.answers]
    return [pair for pair in known if _pin(pair, before) == baseline.cases.get(pair.name)]


def _measured_accepted(
    pairs: Sequence[LabelledPair], folder: SuiteFolder, baseline: Baseline, reader: Reader
) -> MeasuredReader:
    path = folder.accepted_reader(reader.prompt.name)
    pins.require_prompt(path, baseline)
    accepted = Reader(reader_prompt.load(name=str(path)), baseline.model)
    return measure(pairs, accepted, folder, str(path))


def _blockers(
    pairs: Sequence[LabelledPair],
    after: MeasuredReader,
    before: MeasuredReader | None,
    baseline: Baseline | None,
    folder: SuiteFolder,
) -> list[str]:
    lock = prompts_lock.load(folder.prompts_lock)
    locked = prompts_lock.violation(after.reader.prompt, lock)
    blockers = [locked] if locked else []
    if before is None:
        command = _command("accept", after, folder)
        blockers.append(f"nothing was accepted yet, so there is no baseline: run '{command}'")
    elif _is_unread(before.reader, after.reader):
        return [*blockers, _unread(before, after, folder)]
    measured = [one for one in (after, before) if one]
    blockers += [_not_recorded(one, folder) for one in measured if one.missing]
    if before and baseline and not before.missing:
        pinned = {pair.name: _pin(pair, before) for pair in pairs}
        names = sorted(pinned if folder.accepted_in else {*pinned, *baseline.cases})
        changed = [name for name in names if pinned.get(name) != baseline.cases.get(name)]
        if changed:
            blockers.append(
                f"{counted(len(changed), 'pair')} not as accepted, such as {changed[0]}: "
                f"run '{_command('accept', after, folder)}'"
            )
    return blockers


def _not_recorded(measured: MeasuredReader, folder: SuiteFolder) -> str:
    does = "reference" if measured.reader.model == REFERENCE else "record"
    return (
        f"{measured}: {counted(len(measured.missing), 'answer')} not recorded, such as that to "
        f"{measured.missing[0]}: run '{_command(does, measured, folder)}'"
    )


def _is_unread(accepted: Reader, candidate: Reader) -> bool:
    """Whether people wrote the accepted answers, and prompt or model is another one now."""
    same = candidate.model == REFERENCE and candidate.prompt.digest() == accepted.prompt.digest()
    return accepted.model == REFERENCE and not same


def _unread(accepted: MeasuredReader, candidate: MeasuredReader, folder: SuiteFolder) -> str:
    reader = candidate.reader
    model = "MODEL" if reader.model == REFERENCE else reader.model
    changed = reader.prompt.digest() != accepted.reader.prompt.digest()
    named = accepted.named if changed else candidate.named
    first = replace(candidate, named=named, reader=replace(reader, model=model))
    record, accept = (_command(name, first, folder) for name in ("record", "accept"))
    return (
        "people wrote the accepted answers and did not read the prompt, so these cannot judge "
        f"{'the changed prompt' if changed else f'model {model}'}: run '{record} && {accept} "
        "--first'"
    )


def _command(name: str, measured: MeasuredReader, folder: SuiteFolder) -> str:
    suite = () if folder.path == DEFAULT else ("--suite", str(folder.path))
    prompt = () if measured.named == reader_prompt.NAME else ("--prompt", measured.named)
    model = () if name == "reference" else ("--model", measured.reader.model)
    return shlex.join(("rewriter", "regress", "reader", name, *suite, *prompt, *model))


def accept(
    comparison: ReaderComparison,
    pairs: Sequence[LabelledPair],
    prompt: Path,
    folder: SuiteFolder,
    reasons: Reasons = NO_REASONS,
) -> None:
    """Make the reader of `comparison` the accepted one: its prompt file is `prompt`.

    Raises `ConfigurationError` for missing answers, a locked version with other content, and,
    without `reasons`, a reader that is not shown to be as good.
    """
    after = comparison.after
    if after.missing:
        raise ConfigurationError(_not_recorded(after, folder))
    if before := comparison.before:
        by_model = before.reader.model != REFERENCE
        refuse_worse(reasons, comparison.verdict, after, before, by_model=by_model)
    prompts_lock.save(folder.prompts_lock, after.reader.prompt)
    text = with_plain_line_ends(prompt.read_bytes())
    atomic.write(folder.accepted_reader(after.reader.prompt.name), text)
    pinned = Baseline(
        prompt=hashlib.sha256(text).hexdigest(),
        model=after.reader.model,
        epochs=1,
        reason=reasons.even_worse,
        cases={pair.name: _pin(pair, after) for pair in pairs},
    )
    pins.save(folder.reader_baseline(after.reader.prompt.name), pinned)


def _pin(pair: LabelledPair, measured: MeasuredReader) -> PinnedCase:
    reader = measured.reader
    return PinnedCase(
        article=digest(list(source_sentences(pair.source))),
        request=reader.prompt.request(pair.source, pair.sentences, reader.model).digest(),
        expectations=pair.labels_digest,
        answers=(measured.answers[pair.name],),
    )


# --- recording -----------------------------------------------------------------------------------


async def write_references(
    pairs: Sequence[LabelledPair], reader: Reader, folder: SuiteFolder
) -> None:
    """Record the labels of all pairs as answers of people, who wrote them.

    They show that the labels are anchored and counted. They measure no model.
    """
    ledger = FileLedger(folder.recordings)
    for pair in pairs:
        request = reader.prompt.request(pair.source, pair.sentences, REFERENCE)
        completion = Completion(text=pair.answer, model=REFERENCE)
        entry = Entry(request=request, completion=completion, author="reference")
        await ledger.put(Key(request.digest(), epoch=1), entry)


@dataclass(frozen=True)
class RecordedReadings:
    """How many pairs were answered, what that cost, and the errors of the others by pair."""

    answered: int
    paid: Usage
    failures: dict[str, RewriterError]

    @property
    def exit_code(self) -> int:
        """The highest exit code of the failures."""
        return highest_exit_code(*(error.exit_code for error in self.failures.values()))


async def record(
    pairs: Sequence[LabelledPair], backend: Backend, concurrency: int
) -> RecordedReadings:
    """Ask the reader of `backend` about the pairs whose answers its ledger does not have."""
    failures: dict[str, RewriterError] = {}
    paid = Usage()
    work = partial(_recorded, backend=backend)
    async for name, usage, error in run_bounded(pairs, work, concurrency=concurrency):
        paid += usage
        if error:
            failures[name] = error
    return RecordedReadings(len(pairs) - len(failures), paid, failures)


async def _recorded(
    pair: LabelledPair, _: Permit, *, backend: Backend
) -> tuple[str, Usage, RewriterError | None]:
    asker, reader = Asker(backend), backend.reader
    if reader is None:
        raise RuntimeError("a recording of readings needs a reader")
    try:
        await drive(_asking(pair, reader), asker.answer)
    except AnswerError:
        pass  # a useless answer is recorded like all others: it is what the model says
    except RewriterError as error:
        return pair.name, asker.spending.total.paid, error
    return pair.name, asker.spending.total.paid, None
