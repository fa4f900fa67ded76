"""Which sentences of the source a sentence of a rewrite stands on."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from rewriter.checks.evidence.index import MOST_SHARED, Evidence
from rewriter.checks.evidence.reading import Statement

# Sentences kept as evidence: a rewrite merges two or three source sentences into one.
_KEPT = 3


class Support(NamedTuple):
    """The best supporting statements, best first, and the share of content words each holds.

    `share` is what the first holds, `together` what all of them hold, both weighted by rarity.
    """

    statements: tuple[int, ...]
    share: float
    together: float


def support_of(statement: Statement, evidence: Evidence) -> Support:
    """Find the source statements that share most of a sentence's content.

    The score is the sum of inverse document frequencies of the shared stems (Spärck Jones, 1972);
    a stem the source does not have at all weighs as much as its rarest.
    """
    return evidence.kept(("support", statement.text), lambda: _best(statement, evidence))


def _best(statement: Statement, evidence: Evidence) -> Support:
    # In the order of the text: a sum of fractions depends on its order, which no set keeps.
    weights = {
        stem: evidence.weights.get(stem, evidence.rarest) for stem in statement.stems if stem
    }
    total = sum(weights.values())
    scores: dict[int, float] = defaultdict(float)
    for stem, weight in weights.items():
        for index in evidence.postings.get(stem, ())[:MOST_SHARED]:
            scores[index] += weight
    best = sorted(scores, key=lambda index: (-scores[index], index))[:_KEPT]
    if not best or not total:
        return Support((), 0.0, 0.0)
    held = set().union(*(evidence.statements[index].content for index in best))
    together = sum(weight for stem, weight in weights.items() if stem in held)
    return Support(tuple(best), scores[best[0]] / total, together / total)
