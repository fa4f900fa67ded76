"""A suite: the cases with their cleaned sources, and the cache of their scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rewriter.article import Source
from rewriter.regression.caching import Cache
from rewriter.regression.cases import Case
from rewriter.regression.recordings import RecordedAnswer
from rewriter.regression.scoring import Score, Scorer, score
from rewriter.regression.variants import CaseEpoch, MeasuredVariant, Variant
from rewriter.rules import Rules


@dataclass(frozen=True)
class Suite:
    """The cases with their cleaned sources, and the cache of scores that all variants share."""

    cases: Sequence[Case]
    sources: Mapping[str, Source]
    scores: Cache

    def measure(self, variant: Variant, epochs: range) -> MeasuredVariant:
        """Look up the recorded answers of `variant` to every case. Raises `FileError`."""
        answers: dict[CaseEpoch, RecordedAnswer] = {}
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
        return MeasuredVariant(variant, epochs, answers, requests, gaps)

    def score(self, measured: MeasuredVariant, rules: Rules) -> dict[CaseEpoch, Score]:
        """The score of each answer by case and epoch."""
        scores: dict[CaseEpoch, Score] = {}
        for case in self.cases:
            scorer = Scorer(self.sources[case.name], rules)
            for epoch in measured.epochs:
                if given := measured.answers.get((case.name, epoch)):
                    scores[case.name, epoch] = score(given, case, scorer, self.scores)
        return scores

    def unsayable(self) -> Iterator[str]:
        """A mistake for each entry of a `must` that is not in its article."""
        for case in self.cases:
            source = self.sources[case.name]
            said = "\n".join((source.everything, source.publisher or "", source.author or ""))
            missing = case.missing(said)
            for number, alternatives in enumerate(case.expectations.must):
                if alternatives[0] in missing:
                    yield (
                        f"{case.file}:{case.line_of('must', number)}: must.{number}: "
                        f'{case.article.name} does not say "{alternatives[0]}" after cleaning, so '
                        "no rewrite can; write the article's own words, or a list with them and "
                        "others"
                    )

    @property
    def clusters(self) -> dict[str, str]:
        """The cluster of each case: cases made from one article share it."""
        return {case.name: case.cluster for case in self.cases}


def read_suite(cases: Sequence[Case], cache: Path) -> Suite:
    """The suite of `cases`; cleaned sources are cached in the folder `cache`.

    Raises `SourceError` that names the article that cannot be cleaned.
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
