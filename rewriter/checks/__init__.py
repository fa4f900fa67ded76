"""Deterministic checks of a rewrite: pure functions from values to findings."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.article import Finding, Passage, Rewrite, Source
from rewriter.checks import structure
from rewriter.checks.grounding import Evidence, ground, ground_rewrite
from rewriter.checks.repetition import check_repetition
from rewriter.checks.structure import check_source, check_structure
from rewriter.rules import Rules

__all__ = ["Evidence", "check_headline", "check_rewrite", "check_source"]


def check_rewrite(
    rewrite: Rewrite, source: Source, rules: Rules, evidence: Evidence | None = None
) -> Iterator[Finding]:
    """Yield every finding of every check on `rewrite`.

    `evidence` is the index of `source`, for callers that check more than once.
    """
    yield from check_structure(rewrite, source, rules)
    yield from check_repetition(rewrite, source, rules)
    yield from ground_rewrite(rewrite.passages(), evidence or Evidence(source), rules.grounding)


def check_headline(headline: str, rules: Rules, evidence: Evidence) -> Iterator[Finding]:
    """Yield every finding against a headline, the source's own or the model's."""
    yield from structure.check_headline(headline, rules)
    yield from ground([Passage("headline", "", headline)], evidence, rules.grounding)
