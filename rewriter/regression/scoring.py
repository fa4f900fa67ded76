"""The score of one recorded answer: the checks of production, as metrics and invariants.

The rules of the prompt under test apply to both variants.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from rewriter.article import Finding, Rewrite, Source, digest
from rewriter.regression.caching import Cache
from rewriter.regression.cases import Case, must_not_say, must_say
from rewriter.regression.recordings import RecordedAnswer
from rewriter.rules import Rules

if TYPE_CHECKING:
    from rewriter.checks import Evidence


@dataclass(frozen=True)
class Metric:
    """One metric of an answer.

    A `share` (0 to 1) and a `count` are compared by their difference, a `ratio` (a positive amount)
    by the logarithm of the quotient. `margin` is the largest change that does not matter, in the
    same terms.
    """

    name: str
    kind: Literal["share", "count", "ratio"]
    higher_is_better: bool
    margin: float
    meaning: str


# The margin of shares is three points: one fact in thirty, or one sentence in two articles of 15
# sentences. With 40 cases of 3 answers a smaller margin would leave most comparisons of a prompt
# with itself inconclusive (benchmarks/regress_power.py). Tokens and cost differ by some per cent
# with the wording, and latency by a quarter with the time of day.
# An answer in less than a tenth of a second comes from a cache or from a server that plays a model:
# its latency measures the machine.
_SLOWEST_MACHINE = 0.1
METRICS = (
    Metric(
        "coverage", "share", True, 0.03, "share of the source's key figures and names that are kept"
    ),
    Metric("supported", "share", True, 0.03, "share of sentences without an unsupported fact"),
    Metric("copying", "share", False, 0.03, "share of the wording that is the source's"),
    Metric("repetition", "share", False, 0.03, "share of sentences that say something again"),
    Metric("length", "share", True, 0.03, "share of pieces within the prompt's bounds"),
    Metric("tokens", "ratio", False, math.log(1.10), "tokens in and out, all attempts"),
    Metric("cost", "ratio", False, math.log(1.10), "US dollars, all attempts"),
    Metric("latency", "ratio", False, math.log(1.25), "seconds, all attempts"),
)

_TOO_LONG_OR_SHORT = frozenset({"S102", "S103", "S104", "S105"})


@dataclass(frozen=True)
class Score:
    """The score of one answer to one case.

    `values` has the value of each metric, None where it was not measured. `broken` names the
    invariants that the answer breaks.
    """

    values: Mapping[str, float | None]
    broken: tuple[str, ...]
    findings: tuple[Finding, ...]


class Scorer:
    """Runs the checks of production on answers to one article; loads them when first needed."""

    def __init__(self, source: Source, rules: Rules) -> None:
        self.source = source
        self._rules = rules
        self.key = digest([source.model_dump(mode="json"), rules.model_dump(mode="json")])

    def findings(self, rewrite: Rewrite) -> Iterator[Finding]:
        """The findings of production in `rewrite`, before any repair."""
        from rewriter.checks import check_headline, check_rewrite  # late: a warm cache needs none

        yield from check_rewrite(rewrite, self.source, self._rules, self._evidence)
        yield from check_headline(rewrite.headline, self._rules, self._evidence)

    def shares(self, rewrite: Rewrite, findings: Sequence[Finding]) -> dict[str, float]:
        """The value of each metric of the kind `share`."""
        from rewriter.checks.evidence.reading import read_passage
        from rewriter.checks.structure.copying import copied
        from rewriter.checks.structure.coverage import coverage_of

        passages = [p for p in rewrite.passages() if p.text]
        statements = [s for p in passages for s in read_passage(p.text, self.source.lang)]
        wrong = {(f.section, f.place) for f in findings if f.code in _TOO_LONG_OR_SHORT}
        return {
            "coverage": coverage_of(statements, self._evidence).share,
            "supported": 1 - _flawed("G", findings, len(statements)),
            "copying": copied(passages, self._evidence).share,
            "repetition": _flawed("S2", findings, len(statements)),
            "length": 1 - min(1.0, len(wrong) / max(1, len(passages))),
        }

    @cached_property
    def _evidence(self) -> Evidence:
        from rewriter.checks import Evidence

        return Evidence(self.source)


def score(answered: RecordedAnswer, case: Case, scorer: Scorer, cache: Cache) -> Score:
    """The score of one answer. What depends on its text alone is cached."""
    amounts = {
        "tokens": _positive(answered.usage.input_tokens + answered.usage.output_tokens),
        "cost": _positive(answered.usage.cost or 0.0),
        "latency": answered.latency if answered.latency > _SLOWEST_MACHINE else None,
    }
    if answered.rewrite is None:
        return Score(_WORST | amounts, (f"usable answer ({answered.failure})",), ())
    key = digest([answered.text, case.expectations_digest, scorer.key])
    kept = cache.get(key)
    if kept is None:
        kept = _judged(answered.rewrite, case, scorer)
        cache.put(key, kept)
    findings = tuple(Finding.model_validate(finding) for finding in kept["findings"])
    return Score(kept["values"] | amounts, tuple(kept["broken"]), findings)


# An answer that cannot be used has the worst value of each share.
_WORST: dict[str, float | None] = {
    metric.name: 0.0 if metric.higher_is_better else 1.0
    for metric in METRICS
    if metric.kind == "share"
}


def _positive(amount: float) -> float | None:
    return amount if amount > 0 else None


def _judged(rewrite: Rewrite, case: Case, scorer: Scorer) -> dict[str, Any]:
    findings = tuple(scorer.findings(rewrite))
    text = "\n".join((rewrite.headline, *(passage.text for passage in rewrite.passages())))
    missing, forbidden = case.missing(text), case.forbidden(text)
    return {
        "values": scorer.shares(rewrite, findings),
        "broken": list(_broken(findings, missing, forbidden)),
        "findings": [finding.model_dump(mode="json") for finding in findings],
    }


def _broken(
    findings: Sequence[Finding], missing: Sequence[str], forbidden: Sequence[str]
) -> Iterator[str]:
    errors = {(f.code, f.section) for f in findings if f.severity == "error"}
    yield from (f"{code} in {section}" for code, section in sorted(errors))
    yield from map(must_say, missing)
    yield from map(must_not_say, forbidden)


def _flawed(codes: str, findings: Sequence[Finding], sentences: int) -> float:
    """The share of sentences with a finding of these codes, without severity `info`."""
    places = {
        (f.section, f.place, f.span)
        for f in findings
        if f.code.startswith(codes) and f.severity != "info"
    }
    return min(1.0, len(places) / max(1, sentences))
