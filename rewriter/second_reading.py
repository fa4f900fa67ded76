"""The second reading: ask a reader about a rewrite, and apply the fixes that it proposes.

`reading` is a generator like `pipeline.rewriting`, which uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from rewriter.article import Finding, Passage, QuestionAnswer, Rewrite, Section, Source
from rewriter.checks.reader import (
    Dropped,
    ReaderFinding,
    ReaderReport,
    incomplete,
    judge,
    sentences_of,
)
from rewriter.completion.answer import read_reading
from rewriter.completion.asking import Asking, usable
from rewriter.prompting.reader_prompt import Reader
from rewriter.rules import GroundingRules


def reading(
    passages: Iterable[Passage],
    source: Source,
    reader: Reader,
    grounding: GroundingRules,
    lang: str,
) -> Asking[ReaderReport]:
    """Have `passages` of a rewrite in language `lang` read against `source`.

    Raises `AnswerError` where no usable answer came.
    """
    sentences = sentences_of(passages, lang)
    request = reader.prompt.request(source, sentences, reader.model)
    (answer, left_out), completion = yield from usable(request, read_reading)
    rules = reader.prompt.rules
    found, dropped = judge(answer, sentences, source, rules, grounding)
    return ReaderReport(
        found,
        len(answer.faults) + len(left_out),
        dropped + Dropped(malformed=len(left_out)),
        completion.model,
        incomplete(rules, left_out),
    )


def corrected(
    rewrite: Rewrite, found: Sequence[ReaderFinding], passes: Callable[[Rewrite], bool]
) -> tuple[Rewrite, tuple[ReaderFinding, ...]]:
    """`rewrite` with fixes of the errors among `found`, and the findings whose fixes it has.

    A fix is applied where `passes` accepts the rewrite with it.
    """
    errors = [one for one in found if one.finding.severity == "error" and one.fix]
    done: list[ReaderFinding] = []
    for _, group in groupby(errors, key=lambda one: (one.finding.section, one.finding.place)):
        # Where the fix behind begins: they are applied from the last to the first.
        before: int | None = None
        for one in sorted(group, key=_begin, reverse=True):
            candidate = _with_fix(rewrite, one.finding, one.fix, before)
            if candidate is not None and passes(candidate):
                rewrite, before = candidate, _begin(one)
                done.append(one)
    return rewrite, tuple(done)


def _begin(one: ReaderFinding) -> int:
    return one.finding.span[0] if one.finding.span else 0


def _with_fix(rewrite: Rewrite, finding: Finding, fix: str, before: int | None) -> Rewrite | None:
    if finding.span is None or (before is not None and finding.span[1] > before):
        return None
    start, end = finding.span
    return replaced(
        rewrite, finding.section, finding.place, lambda text: text[:start] + fix + text[end:]
    )


def replaced(
    rewrite: Rewrite, section: Section, place: str, change: Callable[[str], str]
) -> Rewrite:
    """`rewrite` with one piece of prose changed; `place` is that of its `Passage`."""
    kind, _, number = place.partition(" ")
    at = int(number or 1) - 1
    details, impact = rewrite.details, rewrite.impact
    match section:
        case "headline":
            update: dict[str, object] = {"headline": change(rewrite.headline)}
        case "overview":
            update = {"overview": change(rewrite.overview)}
        case "details":
            texts = _changed(details.paragraphs, at, change)
            update = {"details": details.model_copy(update={"paragraphs": texts})}
        case "from_author":
            update = {"from_author": _changed(rewrite.from_author, at, change)}
        case "impact":
            texts = _changed(impact.bullets, at, change)
            update = {"impact": impact.model_copy(update={"bullets": texts})}
        case _:
            update = {"qa": tuple(_asked(rewrite.qa, at, kind, change))}
    return rewrite.model_copy(update=update)


def _changed(texts: Sequence[str], at: int, change: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(change(text) if n == at else text for n, text in enumerate(texts))


def _asked(
    pairs: Sequence[QuestionAnswer], at: int, kind: str, change: Callable[[str], str]
) -> Iterator[QuestionAnswer]:
    for n, pair in enumerate(pairs):
        if n != at:
            yield pair
        else:
            yield pair.model_copy(update={kind: change(getattr(pair, kind))})
