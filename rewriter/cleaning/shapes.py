"""What a block looks like, without knowing what it says: headline, prose, fragment."""

from __future__ import annotations

import re

from rewriter.article import count_words
from rewriter.remembering import looked_up
from rewriter.text.forms import normalized

# Titles of the articles studied have 8 to 20 words; a longer line without a full stop is prose.
HEADLINE_WORDS = 30
# A subheading is shorter than a title: the longest seen has 12 words.
SUBHEADING_WORDS = 14
# Below this a terminated line may be a caption or a slogan, above it is a sentence of an article.
PROSE_WORDS = 8
# An unterminated block this long is a paragraph whose full stop got lost.
LONG_WORDS = 25

_CLOSERS = "\"'”’»)]*_"
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_ASCII_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}


def is_terminated(text: str) -> bool:
    """True where the text ends like a sentence, closing quotes and brackets aside."""
    return text.rstrip(_CLOSERS).endswith((".", "!", "?", "…", "。", "！", "？", "؟"))


def is_question(text: str) -> bool:
    """True where the text ends with a question mark."""
    return text.rstrip(_CLOSERS).endswith(("?", "？", "؟"))


def is_headline(text: str) -> bool:
    """True for a short line without a full stop at its end that does not start in mid-sentence."""
    starts_inside = text[:1].islower() and not text[1:2].isupper()  # "eBay" does not
    if starts_inside or count_words(text) > HEADLINE_WORDS:
        return False
    return is_question(text) or not text.rstrip(_CLOSERS).endswith(
        (".", ",", ";", ":", "。", "，", "：")
    )


def is_prose(text: str) -> bool:
    """True for a paragraph of an article, as opposed to a headline, caption or fragment."""
    words = count_words(text)
    ends = is_terminated(text) or text.endswith((":", "："))
    return words >= LONG_WORDS or (words >= PROSE_WORDS and ends)


@looked_up(4096, longest=2_000)
def key(text: str) -> str:
    """`text` reduced to its letters and digits: equal for texts that read the same."""
    if text.isascii():
        return text.lower().translate(_ASCII_SIGNS)
    return _NOT_ALPHANUMERIC.sub("", normalized(text, "NFKC").casefold())


def spelled(text: str) -> str:
    """`text` as the tables in `phrases` spell it: case folded, outer punctuation off."""
    return " ".join(text.casefold().replace("’", "'").strip(" .:;!?…*_#>-–—|[]()»«：。、").split())


# Ten stages ask about the same blocks, page after page.
phrase = looked_up(2048, longest=2_000)(spelled)
