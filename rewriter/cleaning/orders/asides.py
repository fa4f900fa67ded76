"""Passages that have nothing in common with their article, and yet bring a name or a figure in.

An order may be worded as no list foresees, but it speaks of the text and not of the article's
subject. So a passage that shares hardly a word with the rest of the article needs little to be one:
a word of what is to be done beside a word of what is written (`asides.toml`), a label in front of
such a word, an answer to its own question, a part of a data format, or another language. Two words
of a request are one in a passage that shares a few words, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import chain, islice, pairwise
from typing import Any, NamedTuple

from rewriter.cleaning.language import detect_language
from rewriter.cleaning.orders.disguises import folded
from rewriter.cleaning.orders.lone import (
    SHORT,
    Shared,
    is_credit,
    is_dialogue,
    is_quotation,
    lone_of,
    passages_of,
)
from rewriter.cleaning.orders.patterns import one_of
from rewriter.cleaning.orders.reports import CASELESS, brings_in, is_reported, is_unheeded
from rewriter.cleaning.orders.scoring import SENTENCE
from rewriter.cleaning.orders.signals import corrects
from rewriter.cleaning.orders.tables import read_lists
from rewriter.remembering import Lookup, looked_up
from rewriter.text.quotations import replace_quotes
from rewriter.text.tokens import DENSE, DENSE_LANGUAGES

# What a sentence of prose has at least; an article has at least so many passages of prose.
_LOWER_WORDS, _PASSAGES = 2, 5
# Words with fewer letters than these are no subject; the first letters tell a word from others.
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_STEM = 5
# Of scripts without spaces pairs of signs are compared; a passage has at least so many signs.
_DENSE_RUN, _DENSE_LETTERS = re.compile(f"[{DENSE}]+"), 8
# Words whose stems are kept, for each of so many languages.
_STEMS, _LANGUAGES = 1 << 14, 4
_LOWER = re.compile(r"(?<![^\s\"'«„“(\[])[a-zà-öø-ɏа-яё]{2,}")
_LABEL = re.compile(r"^\W*((?:[^\W\d][\w'’.-]*[ /]){0,4}?[^\W\d][\w'’.()-]*)\s?[:：]\s+\w")
# The endings of what was done, in languages in which words are listed by their stems.
_TOLD = {
    "es": r"(?!\w*(?:[^l]o|ron|d[oa]s?)\b)",
    "it": r"(?!\w*(?:[aiu]t[oa]|rono)\b)",
    "pt": r"(?!\w*(?:[aeiu]d[oa]s?|ou|eu|iu|ram)\b)",
}
# A key, an element that is none of HTML's, an address with a sentence in it.
_DATA = re.compile(
    r"[\"'“]\w+[\"'”]\s*:\s*[\"'“\[{\d]|[a-z]_[a-z]+\s*[:=]|(?:%20\w+){3}"
    r"|<(?!(?:font|[abipu]|em|br|t[dhr]|h\d|[ou]?li?|div|span|strong|table|script)\b)"
    r"([a-z]\w{0,40})\b[^<>]{0,200}>.{0,300}</\1"
)
# Of what each of these has one.
_DATA_SIGN = re.compile("[:=%<]")
_ENDED = re.compile(r"[.!?…]\W*$")
# A paragraph of its own: no heading, item, row, verse or source of something quoted.
_PARAGRAPH = re.compile(r"[¿¡]?[^\W\d_][^|\n]*[.!?…]")
# Articles in other languages quote it without a word; a sentence in one of these looks like
# another.
_QUOTED_EVERYWHERE, _NO_LANGUAGE = "en", "zxx"
_ALIKE = ({"ru", "uk"}, {"es", "pt", "it"})
# A line of a dialogue, and one that asks; the fewest letters around a quotation of somebody.
_SPEAKER = r"\s*(?:[—–-]|[^\W\d]\w{0,12}\s?[:：])\s"
SPOKEN, _ASKED = re.compile(_SPEAKER), re.compile(rf"{_SPEAKER}[^?？]+[?？]\W*$")
_SIGNS, _AROUND = re.compile(r"[\W_]"), 8
# More parts of data or lines of a dialogue than these are the article's own.
_SHOWN = 3
# At most so many unrelated passages are looked at, which bounds the time.
_LOOKED_AT = 200


class Aside(NamedTuple):
    """A passage: the number of its text, and where it begins and ends in that."""

    at: int
    start: int
    end: int


def asides(texts: Sequence[str], lang: str | None) -> Iterator[Aside]:
    """The passages of an article's texts, in the language `lang`, that ask for something."""
    every = [(one, _is_data(one.text)) for one in passages_of(texts)]
    every = [(one, data) for one, data in every if _is_prose(one.text, data)]
    passages = [one for one, _ in every]
    if len(passages) < _PASSAGES:
        return
    article = "\n".join(texts)
    subjects = [_subjects(one.text, lang) for one in passages]
    times = Counter(chain.from_iterable(subjects))
    again = {word for word, number in times.items() if number > 1}
    shown = sum(data for _, data in every) > _SHOWN
    spoken = sum(SPOKEN.match(text) is not None for text in texts) <= _SHOWN
    common = [Shared(len(words & again), len(words)) for words in subjects]
    alone = lone_of(passages, common, lang)
    looked_at, sure = 0, _patterns(lang)[2]
    for n, ((one, is_data), shared) in enumerate(zip(every, common, strict=True)):
        begin, end = one.whole_start, one.whole_start + len(one.text)
        if is_unheeded(article, begin, end) and corrects(folded(one.text), wrong=True):
            yield Aside(one.at, one.start, one.start + len(one.text))
            continue
        unrelated = shared.little
        near = shared.some if lang in DENSE_LANGUAGES else shared.few
        if looked_at >= _LOOKED_AT or not (n in alone or near or sure.search(folded(one.text))):
            continue
        looked_at += 1
        new = brings_in(article, begin, end)
        above = texts[one.at - 1] if one.at else ""
        answers = spoken and SPOKEN.match(one.text) and _ASKED.match(above)
        odd = unrelated and (answers or (is_data and not shown) or _is_about_text(above, lang))
        if (new and (n in alone or odd)) or _asks(one.text, lang, shared, new):
            yield Aside(one.at, one.start, one.start + len(one.text))


def _is_about_text(question: str, lang: str | None) -> bool:
    """Whether a text ends with a question about what is written: "What is the headline?"."""
    asked = _sentences(question)[-1] if question.endswith(("?", "？")) else ""
    return _patterns(lang)[1].search(folded(asked)) is not None


def _is_data(text: str) -> bool:
    return _DATA_SIGN.search(text) is not None and _DATA.search(text) is not None


def _is_prose(text: str, data: bool) -> bool:
    if CASELESS.search(text):
        return len(text) >= _DENSE_LETTERS
    special = data or SPOKEN.match(text) is not None or is_dialogue(text)
    return special or any(islice(_LOWER.finditer(text), _LOWER_WORDS - 1, None))


def _asks(text: str, lang: str | None, shared: Shared, new: bool) -> bool:
    """Whether a passage reports nobody and asks for something.

    One in another language does where it brings in something `new`, and so does a short one that
    speaks of the text to be written.
    """
    around = replace_quotes(text, lambda _: " “” ")
    own_words = around if len(_SIGNS.sub("", around)) >= _AROUND else text
    if is_reported(folded(own_words)):
        return False
    strange = shared.little and not is_quotation(text)
    own = detect_language(text) if strange and _ENDED.search(text) else lang
    # A verse in another script is quoted; an order in one is known by its words.
    strange = strange and 2 * len(CASELESS.findall(text)) < len(text)
    strange = strange and _PARAGRAPH.fullmatch(text) is not None
    if strange and new and _is_foreign(own, lang):
        return True
    told = [folded(one) for one in _sentences(own_words)]
    # What ends with a colon belongs to what it announces.
    whole = len(text.split()) <= SHORT and not text.endswith((":", "："))
    own_word = is_credit(text, lang) or corrects(folded(text))
    speaks = shared.some and new and whole and not own_word
    return any(_sentence_asks(one, own, shared.little, speaks) for one in told)


def asks_in_another(text: str, lang: str | None) -> bool:
    """Whether a text that was cut asks for something in another language than the article's."""
    told = [folded(one) for one in _sentences(replace_quotes(text, lambda _: " "))]
    asked = {name for name in _languages() if any(_sentence_asks(one, name) for one in told)}
    return bool(asked) and lang not in asked and detect_language(text) != lang


def _is_foreign(own: str | None, lang: str | None) -> bool:
    if own in (None, lang, _QUOTED_EVERYWHERE, _NO_LANGUAGE):
        return False
    return not any({own, lang} <= alike for alike in _ALIKE)


def _sentences(text: str) -> list[str]:
    return [found[0] for found in SENTENCE.finditer(text) if found[0].strip()]


def _sentence_asks(
    sentence: str, lang: str | None, unrelated: bool = False, speaks: bool = False
) -> bool:
    """Whether a folded sentence says what is to be done and speaks of the text to be written.

    A noun that also means something else in the world ("title", "copy") needs a second word. What
    others are to do is news. Of a sentence that has a label the words for one of them are enough,
    with some in the label. Where it `speaks` of the text alone, two words of that are.
    """
    mood, text, sure, noun, others = _patterns(lang)
    if sure.search(sentence):
        return True
    moods, texts, nouns = (
        [one.span() for one in words.finditer(sentence)] for words in (mood, text, noun)
    )
    nouns = [(n, m) for n, m in nouns if all(m <= begin or end <= n for begin, end in moods)]
    writes = texts + nouns
    duty = others.search(sentence)
    if duty and not any(end <= duty.end() for _, end in writes):
        return False
    if (
        speaks
        and texts
        and any(end <= begin or close <= start for start, end in texts for begin, close in writes)
    ):
        return True
    if (texts or len(nouns) > 1) and any(
        end <= begin or close <= start for start, end in moods for begin, close in writes
    ):
        return True
    label = _LABEL.match(sentence)
    if not label or not unrelated:
        return False
    within = [one for one in writes if one[1] <= label.end(1)]
    return bool(within) and (" " in label[1] or len(moods) + len(writes) > len(within))


def _subjects(text: str, lang: str | None) -> set[str]:
    """What a passage is about: its words, but for those of writing and of what is to be done."""
    if lang in DENSE_LANGUAGES:
        return {f"{one}{other}" for run in _DENSE_RUN.findall(text) for one, other in pairwise(run)}
    return set(map(_stems(lang).__getitem__, _CONTENT.findall(folded(text)))) - {""}


@lru_cache(maxsize=_LANGUAGES)
def _stems(lang: str | None) -> Lookup[str]:
    """For each word of a language its stem; nothing for a word that is no subject."""
    of_writing = re.compile("|".join(words.pattern for words in _patterns(lang)))

    @looked_up(_STEMS)
    def stem(word: str) -> str:
        return "" if word in _stops() or of_writing.fullmatch(word) else word[:_STEM]

    return stem


@cache
def _patterns(lang: str | None) -> tuple[re.Pattern[str], ...]:
    """What finds the words of each class; nothing in a language without a table."""
    lists = _lists().get(lang or "", {})
    begin, end = ("", "") if lang in DENSE_LANGUAGES else (r"(?<!\w)", r"(?!\w)")
    sources = [
        f"{begin}{one_of(lists.get(name, ['(?!)']))}{end}"
        for name in ("mood", "text", "sure", "noun", "others")
    ]
    sources[0] = f"{_TOLD.get(lang or '', '')}{sources[0]}"
    return tuple(map(re.compile, sources))


@cache
def _languages() -> tuple[str, ...]:
    return tuple(name for name, words in _lists().items() if isinstance(words, dict))


@cache
def _stops() -> frozenset[str]:
    return frozenset(str(_lists()["stops"]).split())


@cache
def _lists() -> dict[str, Any]:
    return read_lists("asides.toml")
