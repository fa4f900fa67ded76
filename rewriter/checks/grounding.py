"""Grounding: is everything in a rewrite supported by its cleaned source?

    evidence = Evidence(source)
    findings = ground(rewrite.passages(), evidence, rules.grounding)

The checks are deterministic, need no model and no network, and are linear in both texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rewriter.article import Finding, Passage
from rewriter.checks.catalogue import CATALOGUE
from rewriter.checks.dates import check_dates
from rewriter.checks.evidence import Evidence
from rewriter.checks.links import check_links
from rewriter.checks.names import check_names
from rewriter.checks.numbers import check_numbers
from rewriter.checks.quotes import check_quotes
from rewriter.checks.reading import Flag, Statement, read_passage
from rewriter.rules import GroundingRules

__all__ = ["Evidence", "ground"]


def ground(
    passages: Iterable[Passage], evidence: Evidence, rules: GroundingRules
) -> tuple[Finding, ...]:
    """Every finding of every check, in reading order."""
    findings: list[Finding] = []
    for passage in passages:
        statements = list(read_passage(passage.text, evidence.lang))
        flags = _flags(passage, statements, evidence)
        for flag in sorted(flags, key=lambda flag: (flag.start, flag.code)):
            finding = _finding(flag, passage, rules)
            if finding:
                findings.append(finding)
    return tuple(findings)


def _flags(passage: Passage, statements: list[Statement], evidence: Evidence) -> Iterator[Flag]:
    """The flags of one passage, offsets into its text."""
    for statement in statements:
        for check in (check_numbers, check_names, check_dates):
            for flag in check(statement, evidence):
                yield flag._replace(
                    start=flag.start + statement.offset, end=flag.end + statement.offset
                )
    yield from check_quotes(passage.text, evidence.lang, statements, evidence)
    yield from check_links(passage.text, evidence.links)


def _finding(flag: Flag, passage: Passage, rules: GroundingRules) -> Finding | None:
    if flag.code in rules.ignore:
        return None
    return Finding(
        code=flag.code,
        severity=rules.severity.get(flag.code, CATALOGUE[flag.code].severity),
        section=passage.section,
        place=passage.place,
        span=(flag.start, flag.end),
        message=flag.message,
        evidence=flag.evidence,
    )
