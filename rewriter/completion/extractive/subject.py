"""What an article is about, told without a model: topic, field, category and tags.

Only what the article's own metadata says or what its title and body both name; a plain word for
"news" where neither says anything.
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
_NAME = re.compile(r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w&'’-]*(?: [A-ZÀ-ÖØ-ÞА-ЯЁ][\w&'’-]*){0,5}")
# Long enough to be none of the function words of the languages that write with spaces.
_WORD = re.compile(r"[^\W\d_]{6,}")
_THEME_REPEATS = 3
_HAN = re.compile(r"[\u3400-\u9fff]+")
_MAX_TAG_CHARACTERS = 40  # the bound of the answer's schema


class Subject(NamedTuple):
    """What an article is about."""

    topic: str
    field: str
    category: str
    tags: tuple[str, ...]


def subject_of(source: Source, rules: Rules) -> Subject:
    """The subject of `source`, within the lengths that `rules` allow."""
    names = _named(source)
    category = _text(source.metadata.get("category"))
    plain = _PLAIN.get(source.lang.split("-")[0], _PLAIN["en"])
    most = rules.topic_words[1]
    known = (*names, category, _theme(source))
    topic = next((name for name in known if name and count_words(name) <= most), plain)
    field = category if category and count_words(category) <= most else topic
    return Subject(topic, field, category[:_MAX_TAG_CHARACTERS], _tags(source, names, rules))


def _theme(source: Source) -> str:
    """The title's word that the body repeats most, capitalised; empty where it repeats none."""
    words = Counter(_WORD.findall(source.body.lower()))
    told = {word: words[word] for word in _WORD.findall(source.title.lower())}
    theme = max(told, key=told.__getitem__, default="")
    return theme.capitalize() if told.get(theme, 0) >= _THEME_REPEATS else ""


def _tags(source: Source, names: list[str], rules: Rules) -> tuple[str, ...]:
    given = source.metadata.get("tags")
    own = [_text(tag) for tag in given] if isinstance(given, list | tuple) else []
    wanted = own or [*names, _text(source.metadata.get("category"))]
    tags = dict.fromkeys(tag.upper() for tag in wanted if 0 < len(tag) <= _MAX_TAG_CHARACTERS)
    return tuple(tags)[: rules.tags[1]]


def _named(source: Source) -> list[str]:
    """Names that the title and the body share, the body's most frequent first."""
    counts: Counter[str] = Counter()
    for name in dict.fromkeys(_candidates(source.title)):
        # Inside a sentence a capital letter means a name; at its start it may mean nothing.
        inside = len(re.findall(rf"(?<=[\w,;:(] ){re.escape(name)}(?!\w)", source.body))
        han = source.body.count(name) if _HAN.match(name) else 0
        if inside + han >= 2:
            counts[name] = (inside + han) * (1 + name.count(" ") + len(name) * bool(han))
    chosen: list[str] = []
    for name, _ in counts.most_common():
        if not any(name in other or other in name for other in chosen):
            chosen.append(name)
    return chosen


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
