"""A suite: cases, what is asked about each, and how an answer to it is scored."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from rewriter.article import Source
from rewriter.completion import Request
from rewriter.completion.answer import read_rewrite
from rewriter.completion.asking import Asker, drive, usable
from rewriter.prompting.prompt import Prompt
from rewriter.regression.caching import Cache
from rewriter.regression.cases import Case
from rewriter.regression.labelled_pairs import AnyCase
from rewriter.regression.recordings import RecordedAnswer, answer, repaired
from rewriter.regression.scoring import METRICS, Metric, Score, Scorer, score
from rewriter.regression.variants import CaseEpoch, MeasuredVariant, Variant


@dataclass(frozen=True)
class Suite(ABC):
    """Cases of one kind: articles for the rewriter, or labelled pairs for the second reader."""

    cases: Sequence[AnyCase]
    metrics: ClassVar[tuple[Metric, ...]]

    @abstractmethod
    def request(self, case: AnyCase, variant: Variant) -> Request:
        """The first request about a case."""

    @abstractmethod
    def answer(
        self, case: AnyCase, variant: Variant, request: Request, epoch: int
    ) -> RecordedAnswer | None:
        """The recorded answer to `request`; None where a part is not recorded."""

    @abstractmethod
    async def ask(self, case: AnyCase, variant: Variant, asker: Asker) -> None:
        """Have `asker` answer every request that the replay of a case will make."""

    @abstractmethod
    def scorer(self, case: AnyCase, judge: Variant) -> Callable[[RecordedAnswer], Score]:
        """What scores an answer to a case by the rules of the variant `judge`."""

    def save(self) -> None:  # noqa: B027 - labelled pairs are scored in milliseconds
        """Keep the scores for the next run."""

    def measure(self, variant: Variant, epochs: range) -> MeasuredVariant:
        """Look up the recorded answers of `variant` to every case. Raises `FileError`."""
        answers: dict[CaseEpoch, RecordedAnswer] = {}
        requests: dict[str, str] = {}
        gaps: dict[str, tuple[int, ...]] = {}
        for case in self.cases:
            request = self.request(case, variant)
            requests[case.name] = request.digest()
            found = {epoch: self.answer(case, variant, request, epoch) for epoch in epochs}
            answers |= {(case.name, epoch): given for epoch, given in found.items() if given}
            if missing := tuple(epoch for epoch, given in found.items() if given is None):
                gaps[case.name] = missing
        return MeasuredVariant(variant, epochs, answers, requests, gaps)

    def score(self, measured: MeasuredVariant, judge: Variant) -> dict[CaseEpoch, Score]:
        """The score of each answer by case and epoch, by the rules of the variant `judge`."""
        scores: dict[CaseEpoch, Score] = {}
        for case in self.cases:
            scored = self.scorer(case, judge)
            for epoch in measured.epochs:
                if given := measured.answers.get((case.name, epoch)):
                    scores[case.name, epoch] = scored(given)
        return scores

    @property
    def clusters(self) -> dict[str, str]:
        """The cluster of each case: cases made from one article share it."""
        return {case.name: case.cluster for case in self.cases}


@dataclass(frozen=True)
class ArticleSuite(Suite):
    """Cases of the rewriter, with their cleaned sources and the cache of scores."""

    cases: Sequence[Case]
    sources: Mapping[str, Source]
    scores: Cache
    metrics: ClassVar[tuple[Metric, ...]] = METRICS

    def request(self, case: AnyCase, variant: Variant) -> Request:
        """The request for a rewrite."""
        return _prompt(variant).request(self.sources[case.name], variant.model)

    def answer(
        self, case: AnyCase, variant: Variant, request: Request, epoch: int
    ) -> RecordedAnswer | None:
        """The recorded rewrite, repaired where the variant says so."""
        if not variant.repairs:
            return answer(request, epoch, variant.recordings)
        source = self.sources[case.name]
        return repaired(_prompt(variant), source, variant.model, epoch, variant.recordings)

    async def ask(self, case: AnyCase, variant: Variant, asker: Asker) -> None:
        """Ask for a rewrite, and for its repairs where the variant has them."""
        from rewriter.pipeline import rewrite  # late: it loads every check

        if variant.repairs:
            await rewrite(self.sources[case.name], _prompt(variant), asker)
        # A source that is too short for production is a case too.
        if not asker.spending.total.attempts:
            await drive(usable(self.request(case, variant), read_rewrite), asker.answer)

    def scorer(self, case: AnyCase, judge: Variant) -> Callable[[RecordedAnswer], Score]:
        """What runs the checks of production."""
        assert isinstance(case, Case)  # noqa: S101 - this suite has no other cases
        scorer = Scorer(self.sources[case.name], _prompt(judge).rules)
        return partial(score, case=case, scorer=scorer, cache=self.scores)

    def save(self) -> None:
        """Keep the scores in the folder's cache."""
        self.scores.save()

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


def _prompt(variant: Variant) -> Prompt:
    assert isinstance(variant.prompt, Prompt)  # noqa: S101 - others have a suite of their own
    return variant.prompt


def read_suite(cases: Sequence[Case], cache: Path) -> ArticleSuite:
    """The suite of `cases`; cleaned sources are cached in the folder `cache`.

    Raises `SourceError` that names the article that cannot be cleaned.
    """
    kept = Cache(cache, "sources")
    sources = dict(_sources(cases, kept))
    kept.save()
    return ArticleSuite(cases, sources, Cache(cache, "scores"))


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
