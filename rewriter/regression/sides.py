"""What is compared: a prompt and a model, and the answers that are recorded for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rewriter.article import Source
from rewriter.prompting.prompt import Prompt
from rewriter.regression.caching import Cache
from rewriter.regression.cases import Case
from rewriter.regression.recordings import REFERENCE, Answered, Recordings, answer, repaired
from rewriter.regression.scoring import Judge, Score, score
from rewriter.regression.suite import RECORDINGS
from rewriter.request import Request
from rewriter.rules import Rules

Place = tuple[str, int]  # case and epoch


@dataclass(frozen=True)
class Side:
    """One side of a comparison. `prompt_name` is what `--prompt` would have to say for it.

    Without `repairs` its first answers are judged, with them what production makes of those.
    """

    prompt: Prompt
    prompt_name: str
    model: str
    recordings: Recordings
    repairs: bool = False

    def __str__(self) -> str:
        where = "" if self.recordings.folder.name == RECORDINGS else f", {self.recordings.folder}"
        who = "author: reference" if self.model == REFERENCE else self.model
        repaired = ", repaired" if self.repairs else ""
        return f"{self.prompt.name} v{self.prompt.version}, {who}{repaired}{where}"

    @property
    def drafts(self) -> bool:
        """Whether the extractive engine answered, whose drafts production never repairs."""
        return self.model == "extractive"

    def answer(self, source: Source, request: Request, epoch: int) -> Answered | None:
        """What is recorded about `source`, which `request` asks for; None where a part is not."""
        if self.repairs:
            return repaired(self.prompt, source, self.model, epoch, self.recordings)
        return answer(request, epoch, self.recordings)


@dataclass(frozen=True)
class Measured:
    """The recorded answers of one side; `gaps` are the epochs that are not recorded, by case."""

    side: Side
    epochs: range
    answers: Mapping[Place, Answered]
    requests: Mapping[str, str]
    gaps: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def models(self) -> tuple[str, ...]:
        """Every model that answered."""
        return tuple(sorted({answered.model for answered in self.answers.values()}))


@dataclass(frozen=True)
class Bench:
    """The cases with their cleaned sources, and the cache of scores: shared by all sides."""

    cases: Sequence[Case]
    sources: Mapping[str, Source]
    scores: Cache

    def measure(self, side: Side, epochs: range) -> Measured:
        """Look up the answers of `side` to every case in `epochs`."""
        answers: dict[Place, Answered] = {}
        requests: dict[str, str] = {}
        gaps: dict[str, tuple[int, ...]] = {}
        for case in self.cases:
            source = self.sources[case.name]
            request = side.prompt.request(source, side.model)
            requests[case.name] = request.digest()
            found = {epoch: side.answer(source, request, epoch) for epoch in epochs}
            answers |= {(case.name, epoch): given for epoch, given in found.items() if given}
            if missing := tuple(epoch for epoch, given in found.items() if given is None):
                gaps[case.name] = missing
        return Measured(side, epochs, answers, requests, gaps)

    def score(self, measured: Measured, rules: Rules) -> dict[Place, Score]:
        """The score of each answer."""
        scores: dict[Place, Score] = {}
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


def bench(cases: Sequence[Case], cache: Path) -> Bench:
    """The bench for `cases`; an article that was cleaned before is not cleaned again.

    Raises `SourceError` that names the case whose article cannot be read.
    """
    kept = Cache(cache, "sources")
    sources = dict(_sources(cases, kept))
    kept.save()
    return Bench(cases, sources, Cache(cache, "scores"))


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
