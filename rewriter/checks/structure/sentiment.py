"""S116: does the sentiment fit the direction of the news?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from rewriter.article import Finding, Rewrite
from rewriter.checks.evidence.index import Evidence
from rewriter.checks.lexicon import sentiment_words

# Sentences in which news says what it is about, and different words of one kind, with none of the
# other, that make it clear.
_LEAD = 2
_CLEAR = 2
# Words that lift the one behind them: "no damage".
_LIFTING = frozenset(
    {"no", "without", "kein", "keine", "ohne", "sin", "sans", "sem", "senza", "без"}
)


def check_sentiment(rewrite: Rewrite, evidence: Evidence) -> Iterator[Finding]:
    """Yield S116 where title and first sentences are clearly bad news and the sentiment is good.

    Also the reverse. NEUTRAL fits all news.
    """
    contrary = {"POSITIVE": "bad", "NEGATIVE": "good"}.get(rewrite.sentiment)
    if contrary is None:
        return
    words = [w for s in (evidence.title, *evidence.statements[:_LEAD]) for w in s.wording]
    words = [word for before, word in pairwise(["", *words]) if before not in _LIFTING]
    told = {kind: _of_kind(words, kind) for kind in ("bad", "good")}
    other = "good" if contrary == "bad" else "bad"
    if len(told[contrary]) >= _CLEAR and not told[other]:
        named = ", ".join(sorted(told[contrary])[:_CLEAR])
        yield Finding(
            code="S116",
            severity="error",
            section="sentiment",
            message=f"{rewrite.sentiment} does not fit the news ({named}); NEUTRAL fits all news",
        )


def _of_kind(words: list[str], kind: str) -> set[str]:
    known, beginnings = sentiment_words(kind)
    return {word for word in words if word in known or word.startswith(beginnings)}
