"""G204: does a close restatement name the same people and bodies as its source sentence?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.mentions import CAPITALISED, Mention
from rewriter.checks.evidence.naming import Names
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement, stem
from rewriter.checks.evidence.support import support_of
from rewriter.checks.evidence.variants import name_key, names_of, singular
from rewriter.checks.lexicon import aliases, name_set, names_by, word_set
from rewriter.checks.lexicon.common import is_common
from rewriter.checks.names.known import knows, knows_mention
from rewriter.text.quotations import MARKS
from rewriter.text.tokens import Token

# Share of a sentence's content that one source sentence holds where it is a close restatement;
# chosen, like all thresholds of warnings, on summaries that people judged faithful
# (docs/reference/findings.md has the numbers).
_RESTATED = 0.6
# Tokens from a name to the content word beside it.
_NEXT = 3


def check_actors(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G204 where a close restatement names somebody else than its source sentence does."""
    support = support_of(statement, evidence)
    if support.share < _RESTATED or len(statement.tokens) > LONGEST_SENTENCE:
        return
    if statement.lang not in CAPITALISED or statement.heading or statement.is_title_case:
        return
    index = support.statements[0]
    best = evidence.statements[index]
    around = evidence.statements[max(0, index - 1) : index + 2]
    new = [name for name in _unknown(names_in(statement), around) if not _is_epithet(name)]
    new = [name for name in new if not _says_quote(name, statement)]
    # G201 tells of a name that stands nowhere in the source.
    new = [name for name in new if all(knows(token, evidence.names) for token in name)]
    lost = _unknown(names_in(best), (statement,)) if new else []
    lost = [name for name in lost if _is_of(name, best) <= _is_of(new[0], statement)]
    lost = [name for name in lost if _in_place_of(new[0], statement, name, best)]
    lost = [name for name in lost if not _lives_in(new[0], name, statement.lang)]
    if new and lost:
        start, end = new[0][0].start, new[0][-1].end
        other = best.text[lost[0][0].start : lost[0][-1].end]
        message = f"{statement.text[start:end]!r} stands where the source has {other!r}"
        yield Flag("G204", start, end, message, best.text)


def _in_place_of(new: Mention, here: Statement, lost: Mention, there: Statement) -> bool:
    """Whether two names stand beside the same word: "lent to Norvik", "lent to Baltic"."""
    own, other = _beside(new, here), _beside(lost, there)
    return any(word and word == known for word, known in zip(own, other, strict=True))


def _lives_in(one: Mention, other: Mention, lang: str) -> bool:
    """Whether one of two names is a town, and the other says who lives there."""
    town, people = sorted((one[-1].lower, other[-1].lower), key=len)
    endings = names_by("areas").get(lang, ())
    return people.startswith(town) and people.removeprefix(town) in endings


def _beside(mention: Mention, statement: Statement) -> tuple[str, str]:
    """The stems of the content words before a name and behind it, "" where there is none near."""
    first = statement.place_at(mention[0].start)
    last = statement.place_at(mention[-1].start)
    before = [stem for stem in statement.stems[max(0, first - _NEXT) : first] if stem]
    behind = [stem for stem in statement.stems[last + 1 : last + 1 + _NEXT] if stem]
    return (before or [""])[-1], (behind or [""])[0]


def _is_epithet(mention: Mention) -> bool:
    """Whether a name only says of which party somebody is: "the Ohio Democrat"."""
    return name_key(mention[-1]) in word_set("parties")


def _says_quote(mention: Mention, statement: Statement) -> bool:
    """Whether a name is that of who says a quotation, which is checked by itself."""
    first = statement.place_at(mention[0].start)
    last = statement.place_at(mention[-1].start)
    beside = {*statement.plain[max(0, first - 1) : first], *statement.plain[last + 1 : last + 2]}
    quoted = any(mark in statement.text for mark in MARKS)
    return quoted and not beside.isdisjoint(word_set("speech"))


def _is_of(mention: Mention, statement: Statement) -> bool:
    """Whether a name only says whose or of what somebody is: "the head of the CNTC"."""
    at = statement.place_at(mention[0].start)
    before = {token.lower for token in statement.tokens[max(0, at - 2) : at]}
    return not before.isdisjoint(word_set("of_body"))


def _unknown(named: list[Mention], statements: Iterable[Statement]) -> list[Mention]:
    """The names of which some statements have no form."""
    statements = tuple(statements)
    there = [name for statement in statements for name in names_in(statement)]
    absent = [m for m in named if not any(is_same(m, other) for other in there)]
    names = Names(statements, statements[0].lang) if absent else None
    return [
        mention
        for mention in absent
        if names
        and not knows_mention(mention, names)
        and not all(knows(token, names) for token in mention)
        and not _opens_as_word(mention, statements)
    ]


def _opens_as_word(mention: Mention, statements: Iterable[Statement]) -> bool:
    """Whether a word has a capital only because it opens its sentence: "Gusts" of "gusting"."""
    root = stem(mention[0].lower)
    return mention[0].start == 0 and any(root in statement.content for statement in statements)


def names_in(statement: Statement) -> list[Mention]:
    """The names of a sentence that tell who is meant: no dates, titles or common words."""
    return [mention for mention in statement.names if any(map(tells, mention))]


def tells(token: Token) -> bool:
    """Whether a word of a name tells who is meant: no title, body, letter or common word."""
    word = singular(token.lower)
    if word in name_set("titles") or word in name_set("institutions") or len(word) == 1:
        return False
    return word in aliases() or not is_common(word)


def is_same(one: Mention, other: Mention) -> bool:
    """Whether two names share a word, or one is an alias or the initials of the other."""
    return bool(names_of(one) & names_of(other))
