"""G7xx: does the source contradict itself? Reported to the editor; the rewrite is not to blame."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.checks.evidence.figures import keys_of
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag
from rewriter.checks.facts.supporting import supporting_figures

# Two sentences say the same of two different figures when this share of the words around the one
# stands around the other, and these words are rare enough to weigh this much together.
_SAME = 0.8
_MIN_WEIGHT = 8.0


def check_source(evidence: Evidence) -> Iterator[Flag]:
    """Yield G701 for a figure of the title that the body lacks, G702 for figures that disagree."""
    yield from _title(evidence)
    yield from _body(evidence)


def _title(evidence: Evidence) -> Iterator[Flag]:
    title = evidence.title
    for quantity in title.facts.quantities:
        if quantity.spelled or quantity.label:
            continue
        if supporting_figures(quantity._replace(bound="about"), evidence):  # a title rounds
            continue
        written = title.written(quantity)
        key = keys_of(quantity)[0]
        rival = evidence.rival(key.family, key.value, title.content)
        yield Flag(
            "G701",
            quantity.start,
            quantity.end,
            f"the title says {written!r}, the body does not",
            evidence.statements[rival.statement].text if rival else None,
        )


def _body(evidence: Evidence) -> Iterator[Flag]:
    seen: set[frozenset[tuple[str, object]]] = set()
    for placed in evidence.placements.placed:
        if placed.family.startswith("date"):
            continue
        weight = sum(evidence.weights.get(w, 0.0) * share for w, share in placed.around.items())
        if weight < _MIN_WEIGHT:
            continue
        for score, other in evidence.placements.matches(placed).values():
            pair = frozenset({(placed.family, placed.value), (other.family, other.value)})
            apart = other.statement != placed.statement and len(pair) == 2
            if apart and score >= _SAME * weight and pair not in seen:
                seen.add(pair)
                there = evidence.statements[other.statement].text
                here = evidence.statements[placed.statement].written(placed)
                message = f"says {here!r} and elsewhere {there[other.start : other.end]!r}"
                yield Flag("G702", placed.start, placed.end, message, there)
