"""Pages that are held: bot checks, paywalls, errors and the like, and mere beginnings of articles.

A line of a page that is no article is known by how its sentences begin. An article about such pages
speaks of them within its sentences, so it passes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_prose, is_terminated, phrase
from rewriter.items.fields import without_more
from rewriter.remembering import looked_up

# The code of the finding that holds a page that is no article.
NO_ARTICLE = "S122"
# With less prose beside it, such a line is what the page is about; the shortest brief has 50 words.
_ARTICLE_WORDS = 40
# Text that is shorter and has a paywall beside it is the beginning of an article.
_STUB_WORDS = 250
# A longer paragraph inside the text is no offer.
_OFFER_WORDS = 30
# A longer paragraph is not read; the longest of a consent wall has 150 words.
_MAX_WORDS = 200
_MAX_CHARACTERS = _MAX_WORDS * 20
# This many lines of a consent wall make its other paragraphs known by what they speak of.
_CONSENT_LINES = 2
# A notice that opens with two or three words goes on with a few more.
_NOTICE_WORDS = 8
_NOTICES = ("bot_checks", "errors", "placeholders")
# A longer opening is at least that part of its sentence, and no article opens with so many words.
_OPENING_PART = 3
_WHOLE_OPENING = 7
# Share of a placeholder's words in a paragraph, and of such paragraphs in a page.
_LATIN_SHARE = 0.3
_PLACEHOLDER_SHARE = 0.2

_NAMES = {
    "bot_checks": "a check for robots",
    "consent_walls": "a consent wall",
    "paywalls": "a paywall",
    "offers": "a paywall",
    "errors": "an error page",
    "logins": "a login page",
    "placeholders": "a placeholder text",
    "scripts_off": "a page that asks for JavaScript or another browser",
}
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")
_PUBLISHER = re.compile(r"\s[|–—-]\s")
_WORD = re.compile(r"[^\W\d_]+")
_ASKS = re.compile(phrases.pattern("asks"))
_CONSENT = re.compile(phrases.pattern("consent"))
_ADDRESSED = re.compile(phrases.pattern("addressed"))
_LATIN = phrases.words("latin")


def cut_offers(page: Page) -> Page:
    """Cut the lines inside the text that offer a subscription or ask for JavaScript."""
    return page.cut_where(lambda block: Reason.BARRIER if _is_offer(block.text) else None)


def hold_barriers(page: Page) -> Page:
    """Hold what is a barrier and no article, the beginning of an article, or a placeholder."""
    prose = [block for _, block in page.kept() if is_prose(block.text)]
    if _is_placeholder(prose):
        return page.held_for(
            NO_ARTICLE, "the input is a placeholder text (“lorem ipsum”), no article"
        )
    found = Counter(_barriers(page))
    if not found:
        return page
    consent = found["consent_walls"] >= _CONSENT_LINES
    words = sum(
        count_words(block.text) for block in prose if not _speaks_of_barrier(block.text, consent)
    )
    kind = found.most_common(1)[0][0]
    if words < _ARTICLE_WORDS:
        return page.held_for(NO_ARTICLE, f"the input is {_NAMES[kind]} and no article")
    if found["paywalls"] and words < _STUB_WORDS:
        return page.held_for(NO_ARTICLE, "the text ends at a paywall; give the whole article")
    return page


def _barriers(page: Page) -> Iterator[str]:
    """The kinds of the barriers that the title and the lines of the page are, cut lines too."""
    title = page.facts.title or ""
    if (kind := barrier_of(title)) and _is_title_of(kind, title):
        yield kind
    for block in page.blocks:
        if block.kind != "title" and (kind := barrier_of(block.text)):
            yield kind


def _is_offer(text: str) -> bool:
    return (
        count_words(text) <= _OFFER_WORDS
        and barrier_of(text) in ("paywalls", "offers", "scripts_off")
        and _ASKS.search(text.casefold()) is not None
    )


def _speaks_of_barrier(text: str, consent: bool) -> bool:
    folded = text.casefold()
    asks = consent and _CONSENT.search(folded) and _ADDRESSED.search(folded)
    return bool(asks) or barrier_of(text) is not None


@looked_up(1024, longest=2_000)  # two stages ask about the same blocks
def barrier_of(text: str) -> str | None:
    """The kind of barrier of which most of the text's sentences are; None for an article's text."""
    if len(text) > _MAX_CHARACTERS or count_words(text) > _MAX_WORDS:
        return None
    sentences = _SENTENCE_END.split(text)
    if not any(map(phrases.may_be_barrier, sentences)):
        return None
    words: Counter[str] = Counter()
    total = 0
    for sentence in sentences:
        length = max(count_words(sentence), 1)
        total += length
        for kind, openings in phrases.BARRIERS.items():
            opening = openings.match(phrase(sentence))
            if opening and not _goes_on(kind, opening[0], length):
                words[kind] += length
                break
    for kind, most in words.most_common(1):
        return kind if most * 2 >= total else None
    return None


def _goes_on(kind: str, opening: str, words: int) -> bool:
    """True for "Just a moment later ...": a few words may open any long sentence."""
    if kind not in _NOTICES or words <= _NOTICE_WORDS:
        return False
    length = count_words(opening)
    return length in (2, 3) or (length < _WHOLE_OPENING and length * _OPENING_PART < words)


def _is_title_of(kind: str, title: str) -> bool:
    """False for "404 page not found is now a museum piece": there an article begins."""
    name = phrase(_PUBLISHER.split(title, maxsplit=1)[0])
    opening = phrases.BARRIERS[kind].match(name)
    return opening is None or count_words(opening[0]) * 2 > count_words(name)


def _is_placeholder(prose: Sequence[Block]) -> bool:
    """True where a good part of the text is made of the words of "lorem ipsum"."""
    total = latin = 0
    likely = (not _LATIN.isdisjoint(block.text.casefold().split()) for block in prose)
    for block in prose if any(likely) else ():
        words = _WORD.findall(block.text.casefold())
        known = sum(map(_LATIN.__contains__, words))
        total += len(words)
        latin += len(words) if known > len(words) * _LATIN_SHARE else 0
    return latin > total * _PLACEHOLDER_SHARE


# --- excerpts ------------------------------------------------------------------------------------

# The code of the finding that holds an excerpt.
EXCERPT = "S121"
_COUNTED = re.compile(r"\[\s?\+?\s?\d[\d,.]*\s(?:more\s)?char(?:acter)?s?\s?\]\s*\Z", re.IGNORECASE)
# A shorter last line may be a label or a name.
_SENTENCE_WORDS = 8
# Excerpts are cut at some hundred characters. A longer article may end in a line without a stop
# (a credit, a call, the end of a list): there the line must begin with a whole sentence, and break
# off at a small word.
_SHORT_WORDS = 200
# Some writers set no stops, but in this many words one would have come.
_LONG_SENTENCE = 25
_OPEN_END = re.compile(r"[\w,;–—-]\Z")
_BROKEN_OFF = re.compile(r"[.!?…]\W{0,3}\s[^.!?…|:()]*\s[^\W\d_A-Z][^\W\dA-Z]*[,;–—-]?\Z")
_CREDIT = re.compile(
    r"(?:additional |with )?(?:report|writ|edit|translat|photo|image|source|follow|credit)",
    re.IGNORECASE,
)
# Thai ends sentences without a mark.
_UNMARKED = re.compile("[\u0e00-\u0e7f]")


def hold_excerpts(page: Page) -> Page:
    """Hold the page where its text ends in "[+2410 chars]", or an item's amid a sentence."""
    if page.defects:
        return page
    texts = [block.text for _, block in page.kept() if block.kind in ("text", "item")]
    last = without_more(texts[-1].rstrip()) if texts else ""
    if _COUNTED.search(last):
        return page.held_for(EXCERPT, f"the text is cut off: “… {last[-60:]}”")
    words = sum(map(count_words, texts))
    ended = words >= _LONG_SENTENCE or any(is_terminated(text) or ". " in text for text in texts)
    if page.kind in ("json", "xml") and ended and _breaks_off(last, words):
        return page.held_for(EXCERPT, f"the text ends amid a sentence: “… {last[-60:]}”")
    return page


def _breaks_off(line: str, words: int) -> bool:
    return (
        count_words(line) >= _SENTENCE_WORDS
        and _OPEN_END.search(line) is not None
        and not _CREDIT.match(line)
        and not _UNMARKED.search(line[-1:])
        and (words < _SHORT_WORDS or _BROKEN_OFF.search(line) is not None)
    )
