"""A suite: the cases with their cleaned sources, and the cache of their scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.article import Source
from rewriter.regression.caching import Cache
from rewriter.regression.cases import Case
from rewriter.regression.recordings import Answered
from rewriter.regression.scoring import Judge, Score, score
from rewriter.regression.variants import CaseEpoch, Measured, Variant
from rewriter.rules import Rules


@dataclass(frozen=True)
class Suite:
    """The cases with their cleaned sources, and the cache of scores: shared by all variants."""

    cases: Sequence[Case]
    sources: Mapping[str, Source]
    scores: Cache

    def measure(self, variant: Variant, epochs: range) -> Measured:
        """Look up the answers of `variant` to every case in `epochs`."""
        answers: dict[CaseEpoch, Answered] = {}
        requests: dict[str, str] = {}
        gaps: dict[str, tuple[int, ...]] = {}
        for case in self.cases:
            source = self.sources[case.name]
            request = variant.prompt.request(source, variant.model)
            requests[case.name] = request.digest()
            found = {epoch: variant.answer(source, request, epoch) for epoch in epochs}
            answers |= {(case.name, epoch): given for epoch, given in found.items() if given}
            if missing := tuple(epoch for epoch, given in found.items() if given is None):
                gaps[case.name] = missing
        return Measured(variant, epochs, answers, requests, gaps)

    def score(self, measured: Measured, rules: Rules) -> dict[CaseEpoch, Score]:
        """The score of each answer."""
        scores: dict[CaseEpoch, Score] = {}
        for case in self.cases:
            judge = Judge(self.sources[case.name], rules)
            for epoch in measured.epochs:
                if given := measured.answers.get((case.name, epoch)):
                    scores[case.name, epoch] = score(given, case, judge, self.scores)
        return scores

    @property
    def clusters(self) -> dict[str, str]:
        """The article that each case was made from."""
        return {case.name: case.cluster for case in self.cases}


def read_suite(cases: Sequence[Case], cache: Path) -> Suite:
    """The suite of `cases`; an article that was cleaned before is not cleaned again.

    Raises `SourceError` that names the case whose article cannot be read.
    """
    kept = Cache(cache, "sources")
    sources = dict(_sources(cases, kept))
    kept.save()
    return Suite(cases, sources, Cache(cache, "scores"))


def _sources(cases: Sequence[Case], kept: Cache) -> Iterator[tuple[str, Source]]:
    for case in cases:
        key = f"{case.article_digest}{case.article.suffix}"
        known = kept.get(key)
        if known is not None:
            yield case.name, Source.model_validate(known)
            continue
        source = _cleaned(case)
        kept.put(key, source.model_dump(mode="json"))
        yield case.name, source


def _cleaned(case: Case) -> Source:
    from rewriter.cleaning import clean  # late: a warm cache needs no cleaner
    from rewriter.errors import SourceError

    try:
        return clean(case.data, name=case.article.name)
    except SourceError as error:
        raise SourceError(f"{case.article}: {error}") from error
