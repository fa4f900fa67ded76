"""G2xx: is every person, organisation, product, ticker and place in the source?

Scripts without capitals and German, which capitalises every noun, show names only where a word has
a capital inside ("USDC", "iPhone"); elsewhere there a name is not checked, which `unchecked` says.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.checks.evidence import Evidence
from rewriter.checks.lexicon import institutions, is_common, people, titles
from rewriter.checks.naming import Mention, is_title_case, mentions, singular
from rewriter.checks.reading import Flag, Statement
from rewriter.tokens import Token

# Languages in which a capital marks a name.
CAPITALISED = frozenset({"en", "es", "fr", "pt", "ru"})


def check_names(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G201 to G203 for the names of one sentence."""
    heading = is_title_case(statement)
    dated = [(moment.start, moment.end) for moment in statement.facts.moments]
    dated += [(q.start, q.end) for q in statement.facts.quantities]
    for mention in mentions(statement):
        name = [t for t in mention if not any(start <= t.start < end for start, end in dated)]
        if name:
            yield from _check(name, statement, evidence, heading)


def _check(
    mention: Mention, statement: Statement, evidence: Evidence, heading: bool
) -> Iterator[Flag]:
    names = evidence.names
    unknown = [t for t in mention if not _is_known(t, evidence)]
    if not unknown and not heading:
        unknown = [t for t in mention if _is_new_name(t, statement, evidence)]
    if not unknown or names.knows_mention(mention):
        yield from _first_names(mention, statement, evidence)
        yield from _numbered(mention[-1], statement, evidence)
        return
    common = all(is_common(token.lower) for token in unknown)
    if common and heading:
        return
    start, end = mention[0].start, mention[-1].end
    written = statement.text[start:end]
    general = all(token.lower.removesuffix("'s") in institutions() for token in unknown)
    code = "G203" if general else "G201"
    source = _namesake(mention, evidence)
    yield Flag(code, start, end, f"{written!r} is not in the source", source)


def _is_known(token: Token, evidence: Evidence) -> bool:
    word = token.lower.removesuffix("'s")
    if word in titles() or len(word) == 1:
        return True
    if evidence.lang not in CAPITALISED and token.text[1:] == token.text[1:].lower():
        return True
    return evidence.names.knows(token, evidence.lang)


def _is_new_name(token: Token, statement: Statement, evidence: Evidence) -> bool:
    """Whether the source has a person's name only as the common word that it is, too ("will")."""
    word = singular(token.lower)
    names = evidence.names
    if word not in people() or word in names.capitals or names.has_alias(word):
        return False
    return token.start > 0


def _first_names(mention: Mention, statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    for first, last in zip(mention, mention[1:], strict=False):
        others = (
            evidence.names.other_first_names(first, last) if first.end + 1 == last.start else set()
        )
        if others:
            written = statement.text[first.start : last.end]
            message = f"{written!r} is called {sorted(others)[0].title()} {last.text} in the source"
            yield Flag("G202", first.start, last.end, message, _namesake([last], evidence))


def _numbered(last: Token, statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """The number that a name carries behind a hyphen ("GPT-4", "SARS-CoV-2") belongs to it."""
    at = next(i for i, token in enumerate(statement.tokens) if token.start == last.start)
    tail = statement.tokens[at + 1 : at + 3]
    if len(tail) < 2 or tail[0].text != "-" or tail[1].kind != "number":
        return
    if tail[0].start != last.end or tail[1].start != tail[0].end:
        return
    pair = last.lower, tail[1].lower
    known = pair in evidence.grams(2) or "".join(pair) in evidence.names.words
    if not known and not evidence.names.has_alias("-".join(pair)):
        written = statement.text[last.start : tail[1].end]
        message = f"{written!r} is not in the source"
        yield Flag("G201", last.start, tail[1].end, message, _namesake([last], evidence))


def _namesake(mention: Mention, evidence: Evidence) -> str | None:
    """The source sentence that has a part of the name."""
    for token in reversed(mention):
        word = token.lower.removesuffix("'s")
        for statement in evidence.statements:
            if any(t.lower == word and t.text != t.lower for t in statement.tokens):
                return statement.text
    return None
