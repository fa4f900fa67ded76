"""Deterministic checks of a rewrite: pure functions from values to findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rewriter.article import Finding, Passage, Rewrite, Source
from rewriter.checks.grounding import (
    Evidence,
    ground,
    ground_headline,
    ground_labels,
    ground_rewrite,
    leaked,
)
from rewriter.checks.structure.labels import check_labels, labels_of
from rewriter.checks.structure.repetition import check_repetition
from rewriter.checks.structure.sections import check_headline as check_headline_form
from rewriter.checks.structure.sections import check_source, check_structure
from rewriter.checks.structure.sentiment import check_sentiment
from rewriter.rules import Rules

__all__ = ["Evidence", "check_headline", "check_rewrite", "check_source", "downgrade_for_draft"]


def check_rewrite(
    rewrite: Rewrite,
    source: Source,
    rules: Rules,
    evidence: Evidence | None = None,
    *,
    instructions: str = "",
) -> Iterator[Finding]:
    """Yield every finding of every check on `rewrite`.

    `evidence` is the index of `source`, for callers that check more than once. `instructions` is
    the prompt's own text, none of which may show up in the rewrite.
    """
    evidence = evidence or Evidence(source)
    labels = tuple(labels_of(rewrite, rules))
    yield from check_structure(rewrite, source, rules)
    yield from check_labels(rewrite, evidence, rules)
    yield from check_sentiment(rewrite, evidence)
    yield from check_repetition(rewrite, source, rules)
    yield from ground_labels(labels, evidence, rules.grounding, instructions)
    yield from ground_rewrite(rewrite.passages(), evidence, rules.grounding, instructions)


def check_headline(
    headline: str,
    rules: Rules,
    evidence: Evidence,
    *,
    is_original: bool = False,
    instructions: str = "",
) -> Iterator[Finding]:
    """Yield every finding against a headline, the source's own or the model's.

    With `is_original` it must not be the source's. `instructions` is the prompt's own text, for a
    headline of the model's.
    """
    yield from check_headline_form(headline, rules, evidence.source)
    passage = Passage("headline", "", headline)
    yield from ground([passage], evidence, rules.grounding)
    if is_original:
        yield from ground_headline(passage, evidence, rules.grounding)
    if instructions:
        yield from leaked([passage], evidence, rules.grounding, instructions)


def downgrade_for_draft(findings: Iterable[Finding]) -> list[Finding]:
    """The findings on a draft; that it copies, restates and pads is no mistake of its own."""
    return [
        finding.model_copy(update={"severity": "info"})
        if finding.code.startswith(("C1", "K103", "K108", "S115", "S116"))
        else finding
        for finding in findings
    ]
