"""G3xx: is text in quotation marks verbatim in the source, and said by the same speaker?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import combinations

from rewriter.checks.evidence.index import Evidence, evened_words, of_source, runs
from rewriter.checks.evidence.reading import Flag, Statement, read_statement, stem
from rewriter.checks.evidence.variants import case_root, spelling, unaccented
from rewriter.checks.lexicon import word_set
from rewriter.checks.sentences.han_speakers import check_han_speaker
from rewriter.checks.sentences.speakers import check_speaker
from rewriter.text.quotations import TERM_WORDS, Quote, quotes_in, words_in

# A run of this many words that is in the source identifies the passage a longer quote came from.
_GRAM = 5
# Languages with cases, into which a writer puts a short quote; the words of a phrase at most, and
# the letters that a case leaves and changes.
_DECLINING = frozenset({"ru", "uk", "pl", "cs", "sk", "bg", "fi", "hu", "tr", "de"})
_PHRASE, _MIN_ROOT, _CASE = 6, 2, 3
# Letters by which a foreign name is told.
_MIN_NAME = 4
# Languages that put the names of firms into quotation marks and spell foreign ones their own way.
_CYRILLIC = frozenset({"ru", "uk", "bg"})
# Share of the pairs of words that the source has in an altered quote; below it is an invented one.
_ALTERED_SHARE = 0.5
_SPEECH = word_set("speech")
# What an editor left out of a quote, or put into it.
_CUT = re.compile(r"\[[^\[\]]{2,60}\]|\(\.{2,3}\)|\(…\)|\.{3,}|…")
# Where the words of the person who quotes may begin and end inside a quote, and how many they are.
# English does not write "I think, he said, so" within one pair of marks.
_ASIDE = re.compile(r",? ?[—–],? ?|,? - |, ")
_DASHES = re.compile(r",? ?[—–],? ?|,? - ")
# With a verb of saying there may be more, an apposition among them. Marks that are tried.
_LONGEST_ASIDE, _LONGEST_SAYING, _MOST_MARKS = 6, 12, 12
_WORDS = re.compile(r"[^\W_]+")
# Subjects behind their verb: "estime-t-elle", "dit-il".
_INVERTED = frozenset({"elle", "elles", "ils"})
# Words of an aside of which one is the verb: "ha detto Lind".
_VERB_WITHIN = 3

# The marks around a sentence that is a quote.
_MARKS = 3


def check_quotes(
    text: str, statements: tuple[Statement, ...], evidence: Evidence
) -> Iterator[Flag]:
    """Yield G301 to G304 for the quotes of a passage; offsets are into the passage."""
    for quote in evidence.quotes(text):
        if not quote.words:
            continue
        flag = _check(quote, text, evidence)
        if flag:
            yield flag
        else:
            yield from check_speaker(quote, statements, evidence)
            yield from check_han_speaker(quote, statements, evidence)


def _check(quote: Quote, text: str, evidence: Evidence) -> Flag | None:
    written = text[quote.start : quote.end]
    if _is_verbatim(quote.words, evidence) or _differs_in_notation(written, evidence):
        return None
    if _is_interrupted(written, evidence) or _has_letters(quote.words, evidence):
        return None
    if _is_put_together(quote.words, evidence):
        return None
    cut = _cut_through(written, evidence.lang, evidence)
    if cut == "said":
        return None
    if len(quote.words) <= _PHRASE and _is_declined(quote.words, evidence):
        return None
    if len(quote.words) <= TERM_WORDS:
        if _is_inflected(quote.words, evidence):
            return None
        message = f"the term {written!r} is in quotation marks but not in the source"
        return Flag("G304", quote.start, quote.end, message)
    pairs = list(runs(quote.words, 2))
    held = sum(pair in evidence.grams(2) for pair in pairs)
    nearest = evidence.about(_stems(quote, text, evidence))
    if held >= _ALTERED_SHARE * len(pairs):
        message = f"the quote {written!r} is not verbatim in the source"
        where = nearest.text if nearest else None
        return Flag("G302", quote.start, quote.end, message, where, unsure=bool(cut))
    message = f"the quote {written!r} is not in the source"
    return Flag("G301", quote.start, quote.end, message, nearest.text if nearest else None)


def _is_inflected(words: list[str], evidence: Evidence) -> bool:
    """Whether the source has the words of a term in another case or number."""
    names = evidence.names
    return all(
        stem(word) in names.stems
        or names.has_beginning(case_root(word))
        or (evidence.lang in _CYRILLIC and _is_spelled_like(word, evidence))
        for word in words
    )


def _is_spelled_like(word: str, evidence: Evidence) -> bool:
    """Whether a name of the source begins like a word in another script: "Honda", «Хонде»."""
    root = spelling(word)
    return evidence.names.has_name_like(root[: max(_MIN_NAME, len(word) - 2)])


def _is_declined(words: list[str], evidence: Evidence) -> bool:
    """Whether the source has the same words in a row in other cases: «о новом плане»."""
    if evidence.lang not in _DECLINING:
        return False
    roots = [unaccented(word)[: max(_MIN_ROOT, len(word) - _CASE)] for word in words]
    return evidence.names.has_beginnings(roots)


def _stems(quote: Quote, text: str, evidence: Evidence) -> set[str]:
    return read_statement(text[quote.start : quote.end], evidence.lang).content


def _is_verbatim(words: list[str], evidence: Evidence) -> bool:
    size = min(len(words), _GRAM)
    grams = evidence.grams(size)
    return all(run in grams for run in runs(words, size))


def _has_letters(words: list[str], evidence: Evidence) -> bool:
    """Whether only white space and marks differ: a source may have run two words together.

    It may also have a mark as an entity that was escaped twice: "&amp;#8211;".
    """
    letters = "".join(filter(str.isalnum, "".join(words)))
    return len(words) > TERM_WORDS and letters in _letters(evidence)


@of_source
def _letters(evidence: Evidence) -> str:
    return "".join(filter(str.isalnum, unescape(unescape(evidence.text)).lower()))


def _differs_in_notation(written: str, evidence: Evidence) -> bool:
    """Whether only figures are written otherwise: house style may make "twenty days" 20 days."""
    statement = read_statement(written, evidence.lang)
    if not statement.facts.quantities:
        return False
    words = list(evened_words(statement))
    size = min(len(words), _GRAM)
    return all(run in evidence.evened_grams(size) for run in runs(words, size))


def _is_interrupted(written: str, evidence: Evidence) -> bool:
    """Whether a quote is verbatim apart from cuts, or who says it: "I think, he said, so"."""
    parts = [part for piece in _CUT.split(written) for part in _said(piece, evidence.lang)]
    words = [words_in(part, evidence.lang) for part in parts]
    words = [part for part in words if part]
    return len(parts) > 1 and bool(words) and all(_is_verbatim(part, evidence) for part in words)


def _is_put_together(words: list[str], evidence: Evidence) -> bool:
    """Whether a quote is verbatim except for who says it in the midst of it in the source."""
    size = min(len(words), _GRAM)
    known = evidence.once((_runs_said, size), lambda: frozenset(_runs_said(size, evidence)))
    return all(run in known for run in runs(words, size))


def _runs_said(size: int, evidence: Evidence) -> Iterator[tuple[str, ...]]:
    """The runs of words that each sentence of the source quotes, without what stands between.

    A sentence that is a quote goes on with the one before: "Yes," said Lind. "So be it."
    """
    before: list[str] = []
    for statement in evidence.statements:
        quotes = list(quotes_in(statement.text, evidence.lang))
        written = (statement.written(quote) for quote in quotes)
        parts = (part for piece in written for part in _said(piece, evidence.lang))
        words = [word for part in parts for word in words_in(part, evidence.lang)]
        goes_on = sum(quote.end - quote.start for quote in quotes) >= len(statement.text) - _MARKS
        yield from runs([*before, *words] if goes_on else words, size)
        before = words


def _cut_through(written: str, lang: str, evidence: Evidence) -> str:
    """What stands between two marks in a quote that is verbatim without it.

    "said" for a verb of saying or what stands between dashes, "" for nothing. English closes the
    quote before who says it.
    """
    found = list(_ASIDE.finditer(written))[:_MOST_MARKS] if lang != "en" else []
    for one, other in combinations(found, 2):
        aside = _WORDS.findall(written[one.end() : other.start()].lower())
        said = not (_SPEECH | _INVERTED).isdisjoint(aside[:_VERB_WITHIN])
        if len(aside) > (_LONGEST_SAYING if said else _LONGEST_ASIDE):
            continue
        parts = (words_in(part, lang) for part in (written[: one.start()], written[other.end() :]))
        if all(words and _is_verbatim(words, evidence) for words in parts):
            dashes = all(_DASHES.fullmatch(mark.group()) for mark in (one, other))
            return "said" if said or dashes else "other"
    return ""


def _said(piece: str, lang: str) -> Iterator[str]:
    """A piece of a quote without what is said inside it about its speaker."""
    begin = at = 0
    aside_ends = _DASHES if lang == "en" else _ASIDE
    for mark in [*aside_ends.finditer(piece), None]:
        end = mark.start() if mark else len(piece)
        aside = _WORDS.findall(piece[at:end].lower())
        if begin < at and len(aside) <= _LONGEST_ASIDE and _SPEECH & {*aside[:_VERB_WITHIN]}:
            yield piece[begin:at]
            begin = end
        at = mark.end() if mark else end
    yield piece[begin:]
