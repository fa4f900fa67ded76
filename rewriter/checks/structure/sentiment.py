"""S116: does the sentiment fit the direction of the news?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from rewriter.article import ORDER, Finding, Rewrite
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Statement
from rewriter.checks.lexicon import pattern, sentiment_words, word_set

# Sentences in which news says what it is about, and different words of one kind, with none of the
# other, that make it clear.
_LEAD = 2
_CLEAR = 2
# Languages of the words for good and bad news.
_KNOWN = frozenset({"en", "de", "es", "fr", "pt", "it", "ru", "tr"})
_MOOD = pattern("mood")
_OF_NEWS = pattern("of_news")
_LIFTING = word_set("lifting")


def check_sentiment(rewrite: Rewrite, evidence: Evidence) -> Iterator[Finding]:
    """Yield S116 where title and first sentences are clearly bad news and the sentiment is good.

    Also the reverse, and where they have no word for the sentiment, but an order has, or a
    paragraph of something else that speaks of news. NEUTRAL fits all news.
    """
    contrary = {"POSITIVE": "bad", "NEGATIVE": "good"}.get(rewrite.sentiment)
    if contrary is None:
        return
    words = _unlifted((evidence.title, *evidence.statements[:_LEAD]))
    told = {kind: _of_kind(words, kind) for kind in ("bad", "good")}
    other = "good" if contrary == "bad" else "bad"
    if evidence.lang in _KNOWN and not told[other] and _is_ordered(evidence):
        yield _finding(f"title and first sentences have no word for {rewrite.sentiment}")
        return
    if len(told[contrary]) >= _CLEAR and not told[other]:
        named = ", ".join(sorted(told[contrary])[:_CLEAR])
        yield _finding(f"{rewrite.sentiment} does not fit the news ({named})")


def _is_ordered(evidence: Evidence) -> bool:
    orders = (text for reason, text in evidence.removed if reason == ORDER)
    strange = filter(_OF_NEWS.search, evidence.strangers.texts)
    return any(map(_MOOD.search, (*orders, *strange)))


def _finding(told: str) -> Finding:
    return Finding(
        code="S116", severity="error", section="sentiment", message=f"{told}; NEUTRAL fits all news"
    )


def _unlifted(statements: Iterable[Statement]) -> list[str]:
    """The words of statements but those that a word before them lifts: "no damage"."""
    words = [word for statement in statements for word in statement.wording]
    return [word for before, word in pairwise(["", *words]) if before not in _LIFTING]


def _of_kind(words: list[str], kind: str) -> set[str]:
    known, beginnings = sentiment_words(kind)
    return {word for word in words if word in known or word.startswith(beginnings)}
