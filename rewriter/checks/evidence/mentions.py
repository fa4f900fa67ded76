"""Finding the names of a sentence: runs of capitalised words."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.checks.lexicon import name_set, people, word_set
from rewriter.checks.lexicon.common import is_common, is_common_plural
from rewriter.text.quotations import MARKS, SINGLE_MARKS
from rewriter.text.tokens import Token, glued

STOP_WORDS = word_set("stop_words")
# Languages in which a capital marks a name, and those in which a first name has cases.
CAPITALISED = frozenset(
    {"en", "es", "fr", "pt", "ru", "it", "tr", "nl", "pl", "sv", "da", "no", "nb", "ro", "cs", "uk"}
)
DECLINED = frozenset({"ru", "pl", "uk", "cs"})
_LINKS = word_set("name_links")
# Tokens between two parts of a name at most: "Ana de la Cruz".
_MOST_LINKS = 2
# Units that stand apart from their number, too.
_UNITS = frozenset(
    {"MP", "KB", "MB", "GB", "TB", "Hz", "MHz", "GHz", "KW", "MW", "GW", "HP", "RPM"}
)
_OPENERS = frozenset(f".!?:*•…([{MARKS}")

Mention = list[Token]


def mentions_in(tokens: list[Token], capitals: list[int], lang: str) -> Iterator[Mention]:
    """The names of a sentence: runs of capitalised words, joined by "of", "de", "van" and the like.

    `capitals` are the places of the words with a capital. A common word that only stands at the
    beginning of a sentence is left out.
    """
    run: list[int] = []
    for index in capitals:
        if _opens_with_common(tokens, index, lang):
            continue
        between = range(run[-1] + 1, index) if run else ()
        if not all(at - run[-1] <= _MOST_LINKS and is_link(tokens, at) for at in between):
            yield [tokens[i] for i in run]
            run = []
        run.append(index)
    if run:
        yield [tokens[i] for i in run]


def name_runs(tokens: list[Token], places: list[int]) -> Iterator[list[Token]]:
    """The runs of capitalised words at `places`, with the links and "and" inside them."""
    capital, count, behind = set(places), len(tokens), 0
    for place in places:
        if place < behind:
            continue
        behind = place + 1
        while behind < count and (behind in capital or _is_inside(tokens, behind)):
            behind += 1
        yield tokens[place:behind]


def _is_inside(tokens: list[Token], index: int) -> bool:
    """Whether a token links two capitalised words, "and" included ("Securities and Exchange")."""
    if not 0 < index < len(tokens) - 1 or not is_capital(tokens[index - 1]):
        return False
    both = tokens[index].lower in ("and", "for") and is_capital(tokens[index + 1])
    return both or is_link(tokens, index)


def capital_places(tokens: list[Token]) -> list[int]:
    """The places of the words with a capital anywhere that are no unit: "50MP", "128 GB"."""
    named = enumerate(tokens)
    places = [at for at, (kind, text, low, _, _) in named if kind == "word" and text != low]
    return [at for at in places if not (at and _is_unit(tokens, at))]


def _is_unit(tokens: list[Token], at: int) -> bool:
    """Whether a word with a capital belongs to the number before it."""
    behind = tokens[at - 1].kind == "number"
    return behind and (glued(tokens, at) or tokens[at].text in _UNITS)


def is_capital(token: Token) -> bool:
    """Whether a word has a capital anywhere."""
    return token.kind == "word" and token.text != token.lower


def is_link(tokens: list[Token], index: int) -> bool:
    """Whether a token joins the capitalised words around it into one name."""
    if tokens[index].lower not in _LINKS or index + 1 >= len(tokens):
        return False
    if tokens[index].text in ".'":
        initial = len(tokens[index - 1].text) <= 2 and tokens[index - 1].end == tokens[index].start
        return initial and is_capital(tokens[index + 1])
    return is_capital(tokens[index + 1]) or tokens[index + 1].lower in _LINKS


def opens(tokens: list[Token], index: int) -> bool:
    """Whether a sentence begins at `index`; the point of "Mr." ends none."""
    if index == 0:
        return True
    if tokens[index - 1].text == "." and index > 1:
        before = tokens[index - 2]
        letter = len(before.text) == 1 and before.end == tokens[index - 1].start
        if before.lower in name_set("titles") or (letter and len(tokens[index].text) == 1):
            return False
        if letter and is_capital(before) and index > 2 and is_capital(tokens[index - 3]):
            return tokens[index].lower in STOP_WORDS  # "George W. Bush"
    if tokens[index - 1].text in SINGLE_MARKS:
        # Not behind "the players' Union", nor in the title 'Digital India'.
        name = index + 1 < len(tokens) and is_capital(tokens[index + 1])
        return glued(tokens, index) and not glued(tokens, index - 1) and not name
    return tokens[index - 1].text in _OPENERS


def _opens_with_common(tokens: list[Token], index: int, lang: str) -> bool:
    token = tokens[index]
    if not opens(tokens, index):
        return False
    if len(token.text) > 1 and token.text[1:] != token.text[1:].lower():
        return False
    if token.lower in people() and index + 1 < len(tokens) and is_capital(tokens[index + 1]):
        return False
    if lang != "en" or token.lower in STOP_WORDS:
        return True
    return is_common(token.lower) or is_common_plural(token.lower)
