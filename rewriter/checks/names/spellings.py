"""G202: is a name spelled as the source spells it, or as one sentence of the source asks?

Somebody may want another spelling published: "her name is really spelled so". A spelling that
stands once, in a sentence about names, is another one of a name that stands elsewhere. Two people
whose names are nearly alike stand in one sentence with their first names. A spelling that stands
once in another sentence is the source's own, and news agencies often have both. A name of which
only sentences about names have both parts is compared as a whole.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain, islice, pairwise, permutations, takewhile
from typing import NamedTuple

from rewriter.checks.evidence.index import Evidence, of_source
from rewriter.checks.evidence.mentions import CAPITALISED
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.evidence.variants import name_key, unaccented
from rewriter.checks.lexicon import first_names, pattern, regions
from rewriter.checks.lexicon.common import is_common
from rewriter.text.tokens import Token

# A shorter name has too many neighbours; letters that differ at most in a short and in a long one.
_LETTERS, _LONG, _APART = 4, 6, (1, 2)
# Letters in which two whole names differ, and the names that are compared.
_WHOLE_APART, _MOST_WHOLE = 3, 200
# Letters that a case changes at the end of a name, in the languages in which names have cases.
_CASE, _DECLINED = 3, frozenset({"ru", "pl", "uk", "cs"})
_DOUBLED = re.compile(r"(.)\1")
_NAMING = pattern("naming")
# Names beside the same word that are compared: more are a list.
_MOST = 20

_Beside = Mapping[str, Mapping[str, str]]


class _Spellings(NamedTuple):
    """The rank of each word of a name, and the words beside it as they are written.

    The rank is how often the source has the word, and then how early. Those `asked` for stand only
    in sentences about names, and are as rare as a word that stands once.
    """

    ranks: Mapping[str, tuple[int, int]]
    asked: frozenset[str]
    behind: _Beside
    before: _Beside

    def usual(self, word: str, others: Mapping[str, str], evidence: Evidence) -> str | None:
        """Of some names the one that `word`, which stands once, is another spelling of."""
        rank = self.ranks.get(word)
        if rank is None or word not in self.asked:
            return None
        for usual, written in islice(others.items(), _MOST):
            if (
                rank < self.ranks[usual]
                and _is_spelling(word, usual, evidence.lang)
                and not any(
                    _are_two(word, usual, s) for s in (evidence.title, *evidence.statements)
                )
            ):
                return written
        return None

    def usual_whole(self, first: str, last: str) -> str | None:
        """The name that another, of which both parts are asked for, is another spelling of."""
        if not {first, last} <= self.asked:
            return None
        for one, others in islice(self.behind.items(), _MOST_WHOLE):
            for other, written in others.items():
                alike = (one[0], other[0]) == (first[0], last[0]) and not {one, other} & self.asked
                if alike and 0 < _apart(f"{first} {last}", f"{one} {other}") <= _WHOLE_APART:
                    return written
        return None


def check_spellings(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G202 for each name of two words that the source spells otherwise, and more often."""
    for one, other in chain.from_iterable(map(pairwise, statement.names)):
        known = _spellings(evidence)
        first, last = _plain(one), _plain(other)
        if (
            evidence.lang not in CAPITALISED and not {first, one.lower} & first_names()
        ):  # every noun has a capital
            continue
        usual, token = known.usual(last, known.behind.get(first, {}), evidence), other
        if not usual:
            usual, token = known.usual(first, known.before.get(last, {}), evidence), one
        if not usual:
            usual, token = known.usual_whole(first, last), other
        if usual:
            message = f"{token.text!r} stands once in the source, otherwise it has {usual!r}"
            yield Flag("G202", token.start, token.end, message)


@of_source
def _spellings(evidence: Evidence) -> _Spellings:
    behind, before = (defaultdict[str, dict[str, str]](dict) for _ in range(2))
    times, plainly = Counter[str](), 0
    for statement in sorted((evidence.title, *evidence.statements), key=_speaks_of_names):
        # A counter keeps the order in which it meets its words.
        naming = _speaks_of_names(statement)
        # Of such a sentence each word with a capital may be the name: "... with b: Tobar".
        words = statement.tokens if naming else chain.from_iterable(statement.names)
        times.update(_plain(token) for token in words if not naming or token.text[0].isupper())
        plainly = plainly if naming else len(times)
        for one, other in chain.from_iterable(map(pairwise, statement.names)):
            behind[_plain(one)][_plain(other)] = other.text
            before[_plain(other)][_plain(one)] = one.text
    asked = frozenset(islice(times, plainly, None))
    ranks = {
        word: (1 if word in asked else times[word], -place) for place, word in enumerate(times)
    }
    return _Spellings(ranks, asked, behind, before)


def _speaks_of_names(statement: Statement) -> bool:
    return _NAMING.search(statement.text) is not None


def _are_two(word: str, usual: str, statement: Statement) -> bool:
    """Whether a sentence has two whole names, one with each of the words."""
    whole = [{*map(_plain, name)} for name in statement.names if len(name) > 1]
    return any(word in one and usual in other for one, other in permutations(whole[:_MOST], 2))


def _is_spelling(rare: str, usual: str, lang: str) -> bool:
    """Whether two words beside the same name are one word in two spellings, and no two words.

    Another letter at the end of the rare one is no ending: it is asked for.
    """
    one, other = unaccented(rare), unaccented(usual)
    short, long = sorted((len(one), len(other)))
    known = first_names() | regions()
    if short < _LETTERS or one[0] != other[0] or {rare, usual} <= known:
        return False
    if _DOUBLED.sub(r"\1", one) == _DOUBLED.sub(r"\1", other):
        return True
    same = len(list(takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))))
    least = _CASE if lang in _DECLINED else 1
    ends = lang in _DECLINED or one.rstrip("s") == other.rstrip("s")
    if ends and (short - same <= 1 or long - same <= least):
        return False
    if lang == "en" and is_common(rare) and is_common(usual):
        return False
    return _apart(one, other) <= _APART[short >= _LONG]


def _apart(one: str, other: str) -> int:
    """How many letters are put in, left out or exchanged (Levenshtein's distance)."""
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row, above = [at], row
        for n, with_letter in enumerate(other, 1):
            row.append(min(above[n] + 1, row[-1] + 1, above[n - 1] + (letter != with_letter)))
    return row[-1]


def _plain(token: Token) -> str:
    """A word of a name without what an apostrophe joins to it, and its plural."""
    word, mark, _ = token.lower.replace("’", "'").partition("'")
    return word if mark and len(word) >= _LETTERS else name_key(token)
