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
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from rewriter.cleaning.language import detect_language
from rewriter.cleaning.orders.disguises import folded
from rewriter.cleaning.orders.lone import ADDRESS, FENCE, LABEL, forms_of, is_fence, is_labelled
from rewriter.cleaning.orders.patterns import one_of
from rewriter.cleaning.orders.requests import CASELESS, brings_in, is_reported
from rewriter.cleaning.orders.scoring import QUOTED, SENTENCE, without_speech
from rewriter.cleaning.orders.tables import read_lists
from rewriter.remembering import remembered

# A text of up to so many words is one passage. A longer text is split into sentences.
_WORDS = 60
# What a sentence of prose has at least; an article has at least so many passages of prose.
_LOWER_WORDS, _PASSAGES = 4, 5
# A passage is unrelated if it shares at most so many words with the rest of its article, or at most
# this part of its own words.
_SHARED, _SHARED_PART = 1, 0.2
# A request in two words may share so many.
_SHARED_BY_REQUESTS = 3
# A form that one passage has is no manner of the article's, nor a label or a fence that two have. A
# short passage may share a little more.
_ALONE, _SHORT = {LABEL: 2, FENCE: 2}, 30
# In German every noun has a capital: two in a row are a name, and so are capitals.
_NAME_OR_FIGURE = re.compile(
    r"\d|[A-ZÄÖÜ]{2}|(?<!\w)(?!(?:De[mnr]|Die(?:se\w?)?|Das|[MSDK]?[Ee]ine?[mnrs]?|Jede[mnrs]?"
    r"|Alle|Viele|Im|In|Am|Auf|Für|Mit|Nach|Von|Bei|Zum|Zur|Aus|Laut)\b)"
    r"[A-ZÄÖÜ]\w{2,} (?:von |der )?[A-ZÄÖÜ]\w+"
)
_SHARED_LOOSELY, _SHARED_PART_LOOSELY = 2, 0.34
# Words with fewer letters than these are no subject; the first letters tell a word from others.
_CONTENT = re.compile(r"[^\W\d_]{4,}")
_STEM = 5
_LOWER = re.compile(r"(?<![^\s\"'«„“(\[])[a-zà-ÿа-яё]{2,}")
_LABEL = re.compile(r"^\W*((?:[^\W\d][\w'’.-]*[ /]){0,4}?[^\W\d][\w'’.()-]*)\s?[:：]\s+\S")
# A key, an element that is none of HTML's, an address with a sentence in it.
_DATA = re.compile(
    r"[\"'“]\w+[\"'”]\s*:\s*[\"'“\[{\w]|[a-z]_[a-z]+\s*[:=]|(?:%20\w+){3}"
    r"|<(?!(?:font|[abipu]|em|br|t[dhr]|h\d|[ou]?li?|div|span|strong|table|script)\b)"
    r"([a-z]\w{0,40})\b[^<>]{0,200}>.{0,300}</\1"
)
_ENDED = re.compile(r"[.!?…]\W*$")
# Articles in other languages quote it without a word; a sentence in one of these looks like
# another.
_QUOTED_EVERYWHERE = "en"
_ALIKE = ({"ru", "uk"}, {"es", "pt", "it"})
# The most words of an answer to a question; a line of a dialogue, and one that asks.
_ANSWER_WORDS = 9
_SPOKEN, _ASKED = re.compile(r"\s*[—–-]\s"), re.compile(r"\s*[—–-]\s[^?？]+[?？]\W*$")
# More parts of data, lines of a dialogue or questions than these are the article's own.
_SHOWN = 3
# At most so many unrelated passages are looked at, which bounds the time.
_LOOKED_AT = 200


class Aside(NamedTuple):
    """A passage: the number of its text, and where it begins and ends in that."""

    at: int
    start: int
    end: int


class _Passage(NamedTuple):
    """A passage, and where it begins in its text and in the article."""

    text: str
    at: int
    start: int
    whole_start: int


def asides(texts: Sequence[str]) -> Iterator[Aside]:
    """The passages of an article's texts that are asides which ask for something."""
    passages = [one for one in _passages(texts) if _is_prose(one.text)]
    if len(passages) < _PASSAGES:
        return
    article = "\n".join(texts)
    lang = detect_language(article)
    subjects = [_subjects(one.text, lang) for one in passages]
    times = Counter(word for words in subjects for word in words)
    shown = sum(_DATA.search(one.text) is not None for one in passages) > _SHOWN
    spoken = sum(_SPOKEN.match(text) is not None for text in texts) <= _SHOWN
    asked = sum("?" in one.text for one in passages) <= _SHOWN
    forms = [_forms(one, texts, lang) for one in passages]
    had = Counter(form for own in forms for form in own)
    looked_at = 0
    for one, words, own in zip(passages, subjects, forms, strict=True):
        shared = sum(times[word] > 1 for word in words)
        unrelated = shared <= max(_SHARED, _SHARED_PART * len(words))
        alone = _is_alone(own, had, len(one.text.split()), shared, len(words))
        if looked_at >= _LOOKED_AT or not (alone or unrelated or shared <= _SHARED_BY_REQUESTS):
            continue
        looked_at += 1
        if not brings_in(article, one.whole_start, one.whole_start + len(one.text)):
            continue
        above = texts[one.at - 1] if one.at else ""
        answers = spoken and _SPOKEN.match(one.text) and _ASKED.match(above)
        data = _DATA.search(one.text) and not shown
        named = lang != "de" or _NAME_OR_FIGURE.search(one.text)
        if (
            alone
            and named
            and (FENCE in own or not is_reported(folded(without_speech(one.text)), lang))
        ):
            yield Aside(one.at, one.start, one.start + len(one.text))
        elif (unrelated and (answers or data or (asked and _answers_itself(one.text)))) or _asks(
            one.text, lang, unrelated
        ):
            yield Aside(one.at, one.start, one.start + len(one.text))


def _forms(one: _Passage, texts: Sequence[str], lang: str | None) -> frozenset[int]:
    """The forms of a passage in its own words; only what begins a text has a label or a fence."""
    own = forms_of(QUOTED.sub(_left_out, one.text), lang)
    if one.start:
        return own - {LABEL}
    beside = (*texts[max(one.at - 1, 0) : one.at], *texts[one.at + 1 : one.at + 2])
    return own | {FENCE} if any(map(is_fence, beside)) else own


def _left_out(quotation: re.Match[str]) -> str:
    return '""'.ljust(len(quotation[0]))


def _is_alone(
    own: frozenset[int], had: Mapping[int, int], length: int, shared: int, words: int
) -> bool:
    """Whether a passage has a form that (nearly) no other of its article has.

    A short passage that speaks to somebody needs no more; the others have little or nothing in
    common with the article.
    """
    if length > _SHORT:
        return False
    if shared <= max(_SHARED, _SHARED_PART * words):
        return any(had[form] <= _ALONE.get(form, 1) for form in own)
    if ADDRESS in own and had[ADDRESS] == 1:
        return True
    loosely = shared <= max(_SHARED_LOOSELY, _SHARED_PART_LOOSELY * words)
    return loosely and any(had[form] == 1 for form in own & {LABEL, FENCE})


def _passages(texts: Sequence[str]) -> Iterator[_Passage]:
    begin = 0
    for at, text in enumerate(texts):
        if len(text.split()) <= _WORDS:
            yield _Passage(text, at, 0, begin)
        else:
            for found in SENTENCE.finditer(text):
                yield _Passage(found[0], at, found.start(), begin + found.start())
        begin += len(text) + 1


def _is_prose(text: str) -> bool:
    if CASELESS.search(text):
        return False
    special = _DATA.search(text) or _SPOKEN.match(text) or is_labelled(text)
    return bool(special) or len(_LOWER.findall(text)) >= _LOWER_WORDS


def _asks(text: str, lang: str | None, unrelated: bool) -> bool:
    """Whether a passage reports nobody and asks for something."""
    own_words = without_speech(text)
    if is_reported(folded(own_words)):
        return False
    own = detect_language(text) if unrelated and _ENDED.search(text) else lang
    if unrelated and _is_foreign(own, lang):
        return True
    return any(_sentence_asks(folded(one), own, unrelated) for one in _sentences(own_words))


def _is_foreign(own: str | None, lang: str | None) -> bool:
    if own in (None, lang, _QUOTED_EVERYWHERE):
        return False
    return not any({own, lang} <= alike for alike in _ALIKE)


def _answers_itself(text: str) -> bool:
    """Whether a passage is a question and its short answer, and reports nobody."""
    own_words = without_speech(text)
    match _sentences(own_words):
        case [question, answer] if "?" in question[-4:] and "?" not in answer:
            return len(answer.split()) <= _ANSWER_WORDS and not is_reported(folded(own_words))
        case _:
            return False


def _sentences(text: str) -> list[str]:
    return [found[0] for found in SENTENCE.finditer(text) if found[0].strip()]


def _sentence_asks(sentence: str, lang: str | None, unrelated: bool) -> bool:
    """Whether a folded sentence says what is to be done and speaks of what is written.

    Of one that has a label the words for one of them are enough, with some in the label.
    """
    mood, text, sure = _patterns(lang)
    moods, writes = ([one.span() for one in words.finditer(sentence)] for words in (mood, text))
    if sure.search(sentence) or any(
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
    return {
        word[:_STEM]
        for word in _CONTENT.findall(folded(text))
        if word not in _stops() and not _is_of_writing(word, lang)
    }


@remembered(1 << 14)
def _is_of_writing(word: str, lang: str | None) -> bool:
    return any(pattern.fullmatch(word) for pattern in _patterns(lang))


@cache
def _patterns(lang: str | None) -> tuple[re.Pattern[str], ...]:
    """What finds the words of each class; nothing in a language without a table."""
    lists = _lists().get(lang or "", {})
    return tuple(
        re.compile(rf"(?<!\w){one_of(lists.get(name, ['(?!)']))}(?!\w)")
        for name in ("mood", "text", "sure")
    )


@cache
def _stops() -> frozenset[str]:
    return frozenset(str(_lists()["stops"]).split())


@cache
def _lists() -> dict[str, Any]:
    return read_lists("asides.toml")
