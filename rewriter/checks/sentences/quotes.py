"""G3xx: is text in quotation marks verbatim in the source, and said by the same speaker?"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from rewriter.checks.evidence.index import Evidence, evened_words, runs
from rewriter.checks.evidence.links import lies_in
from rewriter.checks.evidence.mentions import Mention
from rewriter.checks.evidence.reading import LONGEST_SENTENCE, Flag, Statement, read_statement, stem
from rewriter.checks.evidence.variants import names_of, singular
from rewriter.checks.lexicon import word_set
from rewriter.text.tokens import Token, tokenize

_PAIRS = {"“": "”", '"': '"', "«": "»", "„": "“”", "「": "」", "『": "』", "‹": "›"}
_OPENING = re.compile("[" + "".join(_PAIRS) + "]")
# A letter that an editor changed to fit the sentence: "[T]he board".
_EDITED = re.compile(r"\[(\w)\](?=\w)")
# Longer than any quote in an article, in characters: it bounds the search for the closing mark.
_LONGEST = 3000
_WORDS = frozenset({"word", "number", "han"})
# A run of this many words that is in the source identifies the passage a longer quote came from.
_GRAM = 5
# Up to two words in quotation marks are a term ("digital gold"), not what somebody said.
_TERM_WORDS = 2
# Letters at least that the inflected forms of a word have in common.
_ROOT = 4
# Share of the pairs of words that the source has in an altered quote; below it is an invented one.
_ALTERED_SHARE = 0.5
_SPEECH = word_set("speech")
# Words that turn from one speaker to another within a sentence.
_TURNS = frozenset({"while", "whereas", "but", "although", "though"})
_PRONOUNS = frozenset(
    ["she", "he", "ella", "él", "elle", "il", "ela", "ele", "sie", "er", "она", "он", "lei", "lui"]
)
# Places of a quote that are looked at.
_MOST = 50
# Sentences on each side of a quote in which its speaker may be named.
_NEARBY = 2


class Quote(NamedTuple):
    """Quoted words and where they stand, quotation marks excluded."""

    start: int
    end: int
    words: list[str]


def check_quotes(
    text: str, lang: str, statements: tuple[Statement, ...], evidence: Evidence
) -> Iterator[Flag]:
    """Yield G301 to G304 for the quotes of a passage; offsets are into the passage."""
    for quote in quotes_in(text, lang):
        if not quote.words:
            continue
        flag = _check(quote, text, evidence)
        if flag:
            yield flag
        else:
            yield from _speaker(quote, statements, evidence)


def quotes_in(text: str, lang: str) -> Iterator[Quote]:
    """The quotes of a text, in order; a mark that is not closed in reach opens none."""
    at = 0
    # Up to where each closing mark is known to be missing.
    missing = dict.fromkeys("".join(_PAIRS.values()), 0)
    while found := _OPENING.search(text, at):
        begin = found.start()
        reach = begin + 1 + _LONGEST
        end = -1
        for closer in _PAIRS[text[begin]]:
            place = text.find(closer, max(begin + 1, missing[closer]), reach)
            if place < 0:
                missing[closer] = max(missing[closer], reach)
            elif end < 0 or place < end:
                end = place
        at = begin + 1 if end < 0 else end + 1
        if end >= 0:
            tokens = tokenize(_EDITED.sub(r"\1", text[begin + 1 : end]), lang)
            yield Quote(begin + 1, end, [t.lower for t in tokens if t.kind in _WORDS])


def _check(quote: Quote, text: str, evidence: Evidence) -> Flag | None:
    written = text[quote.start : quote.end]
    if _is_verbatim(quote.words, evidence) or _differs_in_notation(written, evidence):
        return None
    if len(quote.words) <= _TERM_WORDS:
        if _is_inflected(quote.words, evidence):
            return None
        message = f"the term {written!r} is in quotation marks but not in the source"
        return Flag("G304", quote.start, quote.end, message)
    pairs = list(runs(quote.words, 2))
    held = sum(pair in evidence.grams(2) for pair in pairs)
    nearest = evidence.about(_stems(quote, text, evidence))
    if held >= _ALTERED_SHARE * len(pairs):
        message = f"the quote {written!r} is not verbatim in the source"
        return Flag("G302", quote.start, quote.end, message, nearest.text if nearest else None)
    message = f"the quote {written!r} is not in the source"
    return Flag("G301", quote.start, quote.end, message, nearest.text if nearest else None)


def _is_inflected(words: list[str], evidence: Evidence) -> bool:
    """Whether the source has the words of a term in another case or number."""
    known = evidence.names.stems | evidence.names.prefixes
    return all(stem(word) in known or word[: max(_ROOT, len(word) - 2)] in known for word in words)


def _stems(quote: Quote, text: str, evidence: Evidence) -> set[str]:
    return read_statement(text[quote.start : quote.end], evidence.lang).content


def _is_verbatim(words: list[str], evidence: Evidence) -> bool:
    size = min(len(words), _GRAM)
    grams = evidence.grams(size)
    return all(run in grams for run in runs(words, size))


def _differs_in_notation(written: str, evidence: Evidence) -> bool:
    """Whether only figures are written otherwise: house style may make "twenty days" 20 days."""
    statement = read_statement(written, evidence.lang)
    if not statement.facts.quantities:
        return False
    words = list(evened_words(statement))
    size = min(len(words), _GRAM)
    return all(run in evidence.evened_grams(size) for run in runs(words, size))


def _speaker(quote: Quote, statements: tuple[Statement, ...], evidence: Evidence) -> Iterator[Flag]:
    """The quote is verbatim; is the one who says it near it in the source?"""
    speaker = _said_by(quote, statements)
    if speaker is None:
        return
    places, last = _places_of(quote, evidence), speaker[-1]
    yield from _other_half(last, quote, places, evidence)
    if len(places) == 1 and len(quote.words) >= _GRAM:
        other = _owner(places[0], evidence)
        if other and not names_of(speaker) & _named_in(evidence.statements[places[0]], other):
            yield _misattributed(quote, last, other[-1], evidence.statements[places[0]])
            return
    if not places or names_of(speaker) & _names_near(places, evidence):
        return
    if singular(last.lower) not in evidence.names.capitals:
        return
    others = [m for place in places for m in [_speaker_of(evidence.statements[place], None)] if m]
    if others:
        yield _misattributed(quote, last, others[0][-1], evidence.statements[places[0]])


def _said_by(quote: Quote, statements: tuple[Statement, ...]) -> Mention | None:
    """Who says a quote in the rewrite, None for a term and where that cannot be told."""
    if len(quote.words) <= _TERM_WORDS or not statements:
        return None
    at = bisect_right(statements, quote.start, key=lambda statement: statement.offset) - 1
    statement = statements[max(at, 0)]
    return None if len(statement.tokens) > LONGEST_SENTENCE else _speaker_of(statement, quote)


def _owner(place: int, evidence: Evidence) -> Mention | None:
    """Who says what stands in a sentence of the source, None where that is not clear.

    That is the name beside its verb of saying; where there is only a pronoun, the one person whom
    the nearest sentence before names.
    """
    source = evidence.statements[place]
    quoted = [(quote.start, quote.end) for quote in quotes_in(source.text, evidence.lang)]
    bare = [m for m in source.mentions if not lies_in(m[0].start, m[-1].end, quoted)]
    if bare or not (_SPEECH & source.words and _PRONOUNS & source.words):
        return None
    for before in evidence.statements[max(0, place - _NEARBY) : place][::-1]:
        people = {singular(m[-1].lower): m for m in before.names if singular(m[-1].lower)}
        if people:
            return next(iter(people.values())) if len(people) == 1 else None
    return None


def _named_in(source: Statement, owner: Mention) -> set[str]:
    """The words of a sentence and of its speaker, as names are compared."""
    return {singular(token.lower) for token in source.tokens} | names_of(owner)


def _places_of(quote: Quote, evidence: Evidence) -> list[int]:
    """The statements of the source in which a quote begins."""
    rarest = min((evidence.openings.get(word, []) for word in quote.words[:_GRAM]), key=len)
    return [place for place in rarest[:_MOST] if _holds(evidence.statements[place], quote)]


def _names_near(places: list[int], evidence: Evidence) -> set[str]:
    """The words around a quote in the source, as names are compared."""
    return {
        singular(token.lower)
        for place in places
        for near in evidence.statements[max(0, place - _NEARBY) : place + _NEARBY + 1]
        for token in near.tokens
    }


def _misattributed(quote: Quote, speaker: Token, other: Token, source: Statement) -> Flag:
    message = f"the quote is given to {speaker.text}, in the source {other.text} says it"
    return Flag("G303", quote.start, quote.end, message, source.text)


def _other_half(
    speaker: Token, quote: Quote, places: list[int], evidence: Evidence
) -> Iterator[Flag]:
    """One sentence of the source quotes somebody and then, after "while", names the speaker."""
    for place in places:
        source = evidence.statements[place]
        words = [token.lower for token in source.tokens]
        at = words.index(quote.words[0])
        named = [i for i, token in enumerate(source.tokens) if token.text == speaker.text]
        if not named or min(named) < at:
            return
        turned = _TURNS & set(words[at : min(named)])
        before = [m for m in source.mentions if m[-1].end <= source.tokens[at].start]
        if turned and before:
            yield _misattributed(quote, speaker, before[-1][-1], source)
            return


def _speaker_of(statement: Statement, quote: Quote | None) -> Mention | None:
    """The name beside a verb of saying, outside the quote; a letter ("vitamin D") is none."""
    tokens = statement.tokens
    verbs = [i for i, t in enumerate(tokens) if t.lower in _SPEECH]
    if not verbs:
        return None
    names = [
        mention
        for mention in statement.mentions
        if len(mention[-1].text) > 1
        and (quote is None or not quote.start <= statement.offset + mention[0].start < quote.end)
    ]
    places = {id(token): index for index, token in enumerate(tokens)}
    return min(
        names,
        key=lambda mention: min(abs(places[id(mention[-1])] - verb) for verb in verbs),
        default=None,
    )


def _holds(statement: Statement, quote: Quote) -> bool:
    words = [t.lower for t in statement.tokens if t.kind in _WORDS]
    head = quote.words[:_GRAM]
    return any(words[i : i + len(head)] == head for i in range(len(words) - len(head) + 1))
