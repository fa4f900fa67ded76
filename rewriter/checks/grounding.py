"""Grounding: is everything in a rewrite supported by its cleaned source?

    evidence = Evidence(source)
    findings = ground(rewrite.passages(), evidence, rules.grounding)

`ground` judges any text by its sentences; `ground_rewrite` adds what only makes sense for a whole
rewrite: copying, padding, language, coverage, and contradictions inside the source. All checks are
deterministic, need no model and no network, and are linear in both texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from rewriter.article import Finding, Passage, Severity, Value, count_words
from rewriter.checks.catalogue import CATALOGUE
from rewriter.checks.evidence.addresses import lies_in, links_in
from rewriter.checks.evidence.eastern import check_days, check_hours
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.support import support_of
from rewriter.checks.facts.dates import check_dates
from rewriter.checks.facts.disagreement import check_source
from rewriter.checks.facts.links import check_links
from rewriter.checks.facts.misplaced_dates import check_placement
from rewriter.checks.facts.numbers import check_numbers
from rewriter.checks.facts.removed import check_taken_over, from_removed
from rewriter.checks.facts.replaced import check_replaced
from rewriter.checks.lexicon import has_phrases, pattern
from rewriter.checks.names.actors import check_actors
from rewriter.checks.names.exchanged_names import check_exchanged_names
from rewriter.checks.names.han import check_han_names
from rewriter.checks.names.nationality import check_nationality
from rewriter.checks.names.offices import check_ranks, check_roles
from rewriter.checks.names.portfolios import check_portfolio
from rewriter.checks.names.presence import check_names
from rewriter.checks.names.spellings import check_spellings
from rewriter.checks.sentences.advice import check_advice
from rewriter.checks.sentences.borrowed import check_borrowed
from rewriter.checks.sentences.calls import check_accusations, check_calls
from rewriter.checks.sentences.claims import check_claims, check_legal
from rewriter.checks.sentences.contradictions import check_sentence
from rewriter.checks.sentences.counsel import check_counsel
from rewriter.checks.sentences.quotes import check_quotes
from rewriter.checks.structure.conduct import check_leaks, language_of, stray_language, tally
from rewriter.checks.structure.copying import copied, is_same_headline
from rewriter.checks.structure.coverage import Coverage, coverage_of
from rewriter.rules import GroundingRules
from rewriter.text.quantities import LANGUAGES

__all__ = [
    "Coverage",
    "Evidence",
    "Supported",
    "coverage",
    "ground",
    "ground_headline",
    "ground_labels",
    "ground_rewrite",
    "leaked",
    "supports",
    "unchecked",
]

# The sections that comment on the news. In plain text they are told by their headings.
_COMMENTS = frozenset({"from_author", "impact"})
# What is asked of every sentence, of one in the text of a section, and of one that only says what
# sentences of the source say.
_OF_ANY = (
    *(check_numbers, check_dates, check_hours, check_days, check_taken_over),
    *(check_han_names, check_spellings, check_advice),
)
_OF_PROSE = (check_roles, check_ranks)
_OF_NEWS = (
    *(check_claims, check_sentence),
    *(check_actors, check_exchanged_names, check_nationality, check_portfolio),
)
# Of what a rewrite leaves out; more make a line that nobody reads.
_MOST_NAMED = 5


class Supported(Value):
    """A sentence of a rewrite and the ids of the source sentences it stands on, best first."""

    section: str
    place: str
    text: str
    sources: tuple[str, ...]
    share: float


class _Read(NamedTuple):
    passage: Passage
    statements: tuple[Statement, ...]


def ground(
    passages: Iterable[Passage], evidence: Evidence, rules: GroundingRules
) -> tuple[Finding, ...]:
    """Every finding about facts, names, quotes, dates, links and sentences, in reading order."""
    return tuple(
        chain.from_iterable(_ground(read, evidence, rules) for read in _read(passages, evidence))
    )


def ground_headline(
    headline: Passage, evidence: Evidence, rules: GroundingRules
) -> tuple[Finding, ...]:
    """C103 for a headline that is the source's."""
    if not is_same_headline(headline.text, evidence.source.title, evidence.lang):
        return ()
    flag = Flag(
        "C103",
        0,
        len(headline.text),
        "the headline is the source's; write one of its own",
        evidence.source.title,
    )
    return tuple(_findings([flag], headline, rules))


def ground_rewrite(
    passages: Iterable[Passage], evidence: Evidence, rules: GroundingRules, instructions: str = ""
) -> tuple[Finding, ...]:
    """The findings of `ground` and those about the rewrite, and its source, as a whole.

    `instructions` is the prompt's own text, none of which may show up in the rewrite.
    """
    reads = list(_read(passages, evidence))
    findings = list(chain.from_iterable(_ground(read, evidence, rules) for read in reads))
    findings += leaked((read.passage for read in reads), evidence, rules, instructions)
    findings += _whole(reads, evidence, rules)
    title = Passage("source", "", evidence.source.title)
    return (*findings, *_findings(check_source(evidence), title, rules))


def ground_labels(
    labels: Iterable[Passage], evidence: Evidence, rules: GroundingRules, instructions: str = ""
) -> Iterator[Finding]:
    """The findings against tags and category: what they must not say, whatever their words."""
    for label, statements in _read(labels, evidence):
        flags = chain(
            chain.from_iterable(check_numbers(statement, evidence) for statement in statements),
            chain.from_iterable(check_advice(statement, evidence) for statement in statements),
            chain.from_iterable(check_taken_over(statement, evidence) for statement in statements),
            chain.from_iterable(
                check_legal(statement, evidence, label.text) for statement in statements
            ),
            check_calls(label, statements, evidence),
            check_accusations(label, evidence),
            check_leaks(label.text, instructions, evidence),
        )
        yield from _findings(flags, label, rules)


def leaked(
    passages: Iterable[Passage], evidence: Evidence, rules: GroundingRules, instructions: str
) -> Iterator[Finding]:
    """K101 for passages that speak of the task or repeat `instructions`, the prompt's own text."""
    for passage in passages:
        yield from _findings(check_leaks(passage.text, instructions, evidence), passage, rules)


def supports(passages: Iterable[Passage], evidence: Evidence) -> tuple[Supported, ...]:
    """For every sentence outside From author the source sentences it stands on, for the record."""
    return tuple(
        Supported(
            section=passage.section,
            place=passage.place,
            text=statement.text,
            sources=tuple(evidence.statements[i].id for i in support.statements),
            share=round(support.together, 3),
        )
        for passage, statements in _read(passages, evidence)
        if passage.section != "from_author"
        for statement in statements
        for support in [support_of(statement, evidence)]
    )


def unchecked(lang: str) -> tuple[str, ...]:
    """What is not checked, or only in part, in a language; for the record."""
    lang = lang.split("-")[0].lower()
    missing = []
    if lang not in LANGUAGES:
        missing.append("numbers and dates other than in English notation")
    if lang not in CAPITALISED:
        missing.append("names without a capital inside the word")
    elif lang != "en":
        missing.append("names at the beginning of a sentence")
    if lang not in LANGUAGES:
        missing.append("negations, advice and leaked instructions")
    elif not has_phrases(lang):
        missing.append("advice and leaked instructions")
    if lang != "en":
        missing.append("contraries other than rising and falling")
    return tuple(missing)


def coverage(passages: Iterable[Passage], evidence: Evidence) -> Coverage:
    """How much of the source's key figures and names a rewrite keeps, for the record."""
    reads = _read(passages, evidence)
    return coverage_of(chain.from_iterable(read.statements for read in reads), evidence)


def _read(passages: Iterable[Passage], evidence: Evidence) -> Iterator[_Read]:
    return (_Read(p, evidence.read(p.text)) for p in passages)


def _ground(read: _Read, evidence: Evidence, rules: GroundingRules) -> list[Finding]:
    # A repair or a fix leaves most passages as they were: these are not checked again.
    flags = evidence.kept(
        ("flags", read.passage),
        lambda: sorted(_flags(read, evidence), key=lambda flag: (flag.start, flag.code)),
    )
    return _findings(flags, read.passage, rules)


def _flags(read: _Read, evidence: Evidence) -> Iterator[Flag]:
    """The flags of one passage, offsets into its text; what is in an address is no fact."""
    passage, statements = read
    links = links_in(passage.text)
    spans = sorted((link.start, link.end) for link in links)
    comments = passage.section in _COMMENTS
    for statement in statements:
        if statement.heading:
            comments = bool(pattern("commentary").match(statement.text))
        for flag in _statement_flags(passage, statement, evidence, comments=comments):
            start, end = flag.start + statement.offset, flag.end + statement.offset
            if not lies_in(start, end, spans):
                yield from_removed(flag, statement, evidence)._replace(start=start, end=end)
    yield from check_quotes(passage.text, statements, evidence)
    if links:  # the source is searched for addresses only where there is one to compare
        yield from check_links(passage.text, links, evidence.links)
    yield from check_calls(passage, statements, evidence)
    yield from check_accusations(passage, evidence)


def _statement_flags(
    passage: Passage, statement: Statement, evidence: Evidence, *, comments: bool
) -> list[Flag]:
    heading = passage.place == "heading" or passage.section == "headline"
    flags = [flag for check in _OF_ANY for flag in check(statement, evidence)]
    if comments:
        flags = [_as_comment(flag, statement) for flag in flags]
    flags += check_names(statement, evidence, heading=heading, comments=comments)
    flags += check_counsel(passage, statement, evidence)
    flags += check_borrowed(passage, statement, evidence)
    flags += check_legal(statement, evidence, passage.text)
    if passage.place == "heading" or passage.place.startswith("question"):
        return flags
    taken = {flag.start for flag in flags}
    placed = check_placement(statement, evidence)
    flags += [flag for flag in placed if flag.start not in taken]
    flags += [flag for of_prose in _OF_PROSE for flag in of_prose(statement, evidence)]
    if passage.section != "from_author":
        if passage.section != "headline":  # a headline sums up several sentences
            flags += check_replaced(statement, evidence)
        flags += [flag for of_news in _OF_NEWS for flag in of_news(statement, evidence)]
    return flags


def _as_comment(flag: Flag, statement: Statement) -> Flag:
    """A flag; a month alone may only be a time of the year: "what wins in November"."""
    alone = flag.code == "G401" and statement.written(flag).isalpha()
    return flag._replace(unsure=True) if alone else flag


def _whole(reads: list[_Read], evidence: Evidence, rules: GroundingRules) -> Iterator[Finding]:
    passages = [read.passage for read in reads]
    statements = [statement for read in reads for statement in read.statements]
    yield from _copying(passages, evidence, rules)
    yield from _language(reads, evidence, rules)
    words = sum(count_words(passage.text) for passage in passages)
    facts = _distinct_facts(statements)
    sees_names = evidence.lang in CAPITALISED
    if sees_names and words > rules.words_per_fact * max(facts, 1):
        yield from _about_all("K103", f"spends {words} words on {facts} facts", rules)
    coverage = coverage_of(statements, evidence)
    if coverage.share < rules.coverage:
        kept = f"keeps {coverage.share:.0%} of the source's key figures and names"
        missing = ", ".join(coverage.missing[:_MOST_NAMED])
        yield from _about_all("V101", f"{kept}; missing: {missing}", rules)


def _language(reads: list[_Read], evidence: Evidence, rules: GroundingRules) -> Iterator[Finding]:
    asked = evidence.lang.split("-")[0]
    if asked not in LANGUAGES:
        return
    tallies = [tally(read.statements) for read in reads]
    if (language := language_of(sum(tallies, Counter()))) not in (None, asked):
        yield from _about_all("K102", f"is written in {language!r}, not in {asked!r}", rules)
        return
    for (passage, _), counts in zip(reads, tallies, strict=True):
        if language := stray_language(passage.text, counts, asked, evidence):
            message = f"this passage is written in {language!r}, not in {asked!r}"
            yield from _findings([Flag("K102", 0, len(passage.text), message)], passage, rules)


def _copying(
    passages: list[Passage], evidence: Evidence, rules: GroundingRules
) -> Iterator[Finding]:
    overlap = copied(passages, evidence)
    if overlap.passage and overlap.longest > rules.copied_run:
        message = (
            f"{overlap.longest} consecutive words are the source's (at most {rules.copied_run})"
        )
        flag = Flag("C101", overlap.start, overlap.end, message)
        yield from _findings([flag], overlap.passage, rules)
    if overlap.share > rules.copied_share:
        message = (
            f"{overlap.share:.0%} of the wording is the source's (at most {rules.copied_share:.0%})"
        )
        yield from _about_all("C102", message, rules)


def _distinct_facts(statements: list[Statement]) -> int:
    """The number of different figures, dates and names in a text."""
    figures = {(q.kind, q.unit, q.value) for s in statements for q in s.facts.quantities}
    dates = {m[2:] for s in statements for m in s.facts.moments}
    names = {t.lower for s in statements for mention in s.mentions for t in mention[-1:]}
    return len(figures) + len(dates) + len(names)


def _about_all(code: str, message: str, rules: GroundingRules) -> list[Finding]:
    return _findings([Flag(code, 0, 0, message)], Passage("overview", "", ""), rules)


def _severity(flag: Flag) -> Severity:
    """That of the code; a warning for what may be right where the code is an error."""
    severity = CATALOGUE[flag.code].severity
    return "warning" if flag.unsure and severity == "error" else severity


def _findings(flags: Iterable[Flag], passage: Passage, rules: GroundingRules) -> list[Finding]:
    return [
        Finding(
            code=flag.code,
            severity=rules.severity.get(flag.code) or _severity(flag),
            section=passage.section,
            place=passage.place,
            span=(flag.start, flag.end) if flag.end > flag.start else None,
            message=flag.message,
            evidence=flag.evidence,
        )
        for flag in flags
        if flag.code not in rules.ignore
    ]
