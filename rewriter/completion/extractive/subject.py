"""What an article is about, found without a model: topic, field, category and tags.

The article's own metadata comes first, then what its title and its body both name; without any, a
plain word for "news" is used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rewriter.article import Source, count_words
from rewriter.rules import Rules

_PLAIN = {
    "en": "News",
    "es": "Noticia",
    "de": "Nachricht",
    "fr": "Actualité",
    "pt": "Notícia",
    "ru": "Новость",
    "zh": "新闻",
}
# Completes "Impact on ...".
_CONCERNED = {
    "en": "those concerned",
    "ar": "المعنيين",
    "cs": "zúčastněné",
    "de": "die Beteiligten",
    "el": "τους ενδιαφερομένους",
    "es": "los afectados",
    "fr": "les personnes concernées",
    "he": "הנוגעים בדבר",
    "hi": "संबंधित लोगों",
    "id": "pihak terkait",
    "it": "gli interessati",
    "ja": "関係者",
    "ko": "관계자",
    "nl": "de betrokkenen",
    "pl": "zainteresowanych",
    "pt": "os envolvidos",
    "ru": "участников",
    "sv": "de berörda",
    "tr": "ilgililer",
    "uk": "учасників",
    "vi": "những người liên quan",
    "zh": "各方",
}
_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w&'’-]*(?: [A-ZÀ-ÖØ-ÞА-ЯЁ][\w&'’-]*){0,5}")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_WORD = re.compile(r"[^\W\d_]{5,}")  # shorter words are mostly grammar
# Words of any news, which say nothing of its subject.
_GENERIC = frozenset(
    {"market", "billion", "million", "percent", "report", "month", "after", "euro", "dollar"}
    | {"millionen", "milliarden", "prozent", "millones", "milhões", "milliard"}
)
# Named once may be chance; the body of an article repeats what it is about.
_LEAST_MENTIONS = 2
_MAX_TAG_CHARACTERS = 40  # the bound of the answer's schema


class Subject(NamedTuple):
    """What an article is about; `category` and `tags` are empty where the article shows none."""

    topic: str
    field: str
    category: str
    tags: tuple[str, ...]


def subject_of(source: Source, rules: Rules) -> Subject:
    """The subject of `source`, within the lengths that `rules` allow."""
    plain = _PLAIN.get(source.lang.split("-")[0], _PLAIN["en"])
    category = _text(source.metadata.get("category"))
    terms = [*_names(source), *_words(source)]
    fitting = [
        term for term in (*terms, category, plain) if 0 < count_words(term) <= rules.topic_words[1]
    ]
    return Subject(
        topic=fitting[0],
        field=_CONCERNED.get(source.lang.split("-")[0], _CONCERNED["en"]),
        category=category[:_MAX_TAG_CHARACTERS],
        tags=_tags(source, [*terms, category], rules),
    )


def _tags(source: Source, terms: list[str], rules: Rules) -> tuple[str, ...]:
    given = source.metadata.get("tags")
    own = [_text(tag) for tag in given] if isinstance(given, list | tuple) else []
    tags = dict.fromkeys(tag.upper() for tag in own + terms if 0 < len(tag) <= _MAX_TAG_CHARACTERS)
    return tuple(tags)[: min(rules.tags[1], len(own) or 4)]


def _names(source: Source) -> list[str]:
    """Names that the title and the body share, the body's most frequent first."""
    counts: Counter[str] = Counter()
    for name in dict.fromkeys(_candidates(source.title)):
        if _HAN.match(name):
            mentions = source.body.count(name)
        else:  # inside a sentence a capital letter means a name; at its start it may mean nothing
            mentions = len(re.findall(rf"(?<=[\w,;:(] ){re.escape(name)}(?!\w)", source.body))
        generic = any(_stem(word) in _GENERIC for word in name.split(" "))
        if mentions >= _LEAST_MENTIONS and not generic:
            counts[name] = mentions * len(name)
    return list(_distinct(counts))


def _words(source: Source) -> list[str]:
    """Long words that the title and the body share, the body's most frequent first."""
    body = Counter(_stem(word) for word in _WORD.findall(source.body))
    counts: Counter[str] = Counter()
    for word in _WORD.findall(source.title):
        if body[_stem(word)] > _LEAST_MENTIONS and _stem(word) not in _GENERIC:
            counts[word.capitalize()] = body[_stem(word)]
    return list(_distinct(counts))


def _stem(word: str) -> str:
    return word.lower().removesuffix("s")


def _distinct(counts: Counter[str]) -> Iterator[str]:
    """The most frequent first, without what is a part of a name before it."""
    chosen: list[str] = []
    for name, _ in counts.most_common():
        if not any(name in other or other in name for other in chosen):
            chosen.append(name)
            yield name


def _candidates(title: str) -> Iterator[str]:
    for run in _NAME.findall(title):
        words = run.split(" ")
        for size in range(min(3, len(words)), 0, -1):
            yield from (" ".join(words[i : i + size]) for i in range(len(words) - size + 1))
    for run in _HAN.findall(title):
        for size in (4, 3, 2):
            yield from (run[i : i + size] for i in range(len(run) - size + 1))


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
