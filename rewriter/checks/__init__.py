"""Deterministic checks of a rewrite: pure functions from values to findings."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.article import Finding, Rewrite, Source
from rewriter.checks import structure
from rewriter.checks.repetition import check_repetition
from rewriter.checks.structure import check_source, check_structure
from rewriter.rules import Rules

__all__ = ["check_headline", "check_rewrite", "check_source"]


def check_rewrite(rewrite: Rewrite, source: Source, rules: Rules) -> Iterator[Finding]:
    """Yield every finding of every check on `rewrite`."""
    yield from check_structure(rewrite, source, rules)
    yield from check_repetition(rewrite, source, rules)


def check_headline(headline: str, source: Source, rules: Rules) -> Iterator[Finding]:
    """Yield every finding against a headline, the source's own or the model's."""
    yield from structure.check_headline(headline, rules)
