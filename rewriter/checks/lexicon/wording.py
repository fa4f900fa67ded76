"""Patterns of many words, searched only in a text that has words which every match has.

A search tries each alternative at each place of a text, and most texts have none. So the words,
or beginnings of words, that a match cannot do without are worked out once for each pattern, as RE2
does ("required literals"), and compared with those of the text as two sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from typing import Any

from rewriter.remembering import looked_up

# Letters of beginnings of words. Two are in many texts: they count for ten words.
_LEAST, _MOST, _COMMON = 2, 4, 10
# Texts that a part of a pattern is spelled out to, and letters of a set that are.
_MOST_TEXTS, _MOST_LETTERS = 64, 4
# A longer text has all kinds of words. It is searched as it is.
_LONGEST = 20_000
# Stands for any sign that is no part of a word, and for the place before or behind a word.
_GAP = "\b"
_BEGINNING = re.compile(rf"(?<=\W)(\w{{{_LEAST},}})(\W?)")
# From here on characters are words by themselves.
_DENSE = re.compile("[\u2e80-\U0010ffff]")
_WORD = re.compile(r"\w+")
# Letters that `re` takes for others, whatever their case.
_ALIKE = str.maketrans("ſıİ", "sii")
_Needed = frozenset[str] | None

_parser: Any
try:  # Python has no public parser of patterns
    _parser, ops = import_module("re._parser"), import_module("re._constants")
except ImportError:  # in a Python that has moved them every text is searched, which is slower
    _parser = None


class Wording:
    """A pattern that ignores case, with words and beginnings of which each match has one."""

    def __init__(self, pattern: str) -> None:
        self.pattern = re.compile(pattern, re.IGNORECASE)
        parts = _parser.parse(pattern, re.IGNORECASE) if _parser else None
        self.needed = _read(parts, {""})[1] if parts else None

    def search(self, text: str, within: str = "") -> re.Match[str] | None:
        """The first match in `text`. `within` is a text that it is a part of, if there is one."""
        return self.pattern.search(text) if self.may_be_in(within or text) else None

    def finditer(self, text: str, within: str = "") -> Iterator[re.Match[str]]:
        """All matches in `text`, in order."""
        return self.pattern.finditer(text) if self.may_be_in(within or text) else iter(())

    def may_be_in(self, text: str) -> bool:
        """False where `text` has no match for certain."""
        return _has_any(self.needed, text)


class Claims:
    """Kinds of claims: the name of each, the words that make it, and those that bear it out."""

    def __init__(self, table: Mapping[str, Mapping[str, str]]) -> None:
        self._kinds = tuple(
            (name, Wording(entry["found"]), re.compile(entry["borne"], re.IGNORECASE))
            for name, entry in table.items()
        )
        needed = [found.needed for _, found, _ in self._kinds]
        self._needed = frozenset[str]().union(*(n or () for n in needed)) if all(needed) else None

    def __iter__(self) -> Iterator[tuple[str, Wording, re.Pattern[str]]]:
        return iter(self._kinds)

    def that_may_be_in(self, text: str) -> Iterable[tuple[str, Wording, re.Pattern[str]]]:
        """All kinds, none where `text` has no match of any for certain."""
        return self._kinds if _has_any(self._needed, text) else ()


@looked_up(64, longest=3_000)  # a dozen patterns are searched in each text
def _beginnings(text: str) -> frozenset[str]:
    """The words of a text, how they begin in two to four letters, and its dense characters.

    A space marks a whole word: "con" is no beginning of "contract".
    """
    words = set(_WORD.findall(_plain(text)))
    found = {word + " " for word in words}
    for letters in range(_LEAST, _MOST + 1):
        found.update([word[:letters] for word in words])
    return frozenset(found if text.isascii() else found.union(_DENSE.findall(text)))


def _has_any(needed: _Needed, text: str) -> bool:
    if needed is None or len(text) > _LONGEST:
        return True
    return not needed.isdisjoint(_beginnings(text))


def _plain(text: str) -> str:
    return (text if text.isascii() else text.translate(_ALIKE)).lower()


def _read(nodes: Iterable[tuple[Any, Any]], run: set[str]) -> tuple[set[str] | None, _Needed]:
    """All texts that a part of a pattern matches, where they are few, and what each match needs.

    `run` are the texts that can stand right before it.
    """
    begun, whole, needed = run, True, None
    for op, value in nodes:
        texts = _texts(op, value)
        if texts is not None and len(run) * len(texts) <= _MOST_TEXTS:
            run = {before + text for before in run for text in texts}
            continue
        needed = _fewer(needed, _fewer(_of_each(run), _inside(op, value, run)))
        run, whole = texts or {""}, False
    return (run if whole and begun == {""} else None), _fewer(needed, _of_each(run))


def _texts(op: Any, value: Any) -> set[str] | None:
    """All texts that one element of a pattern matches, None where they are too many."""
    if op is ops.LITERAL:
        return {_plain(chr(value))}
    if op is ops.AT and value is not ops.AT_NON_BOUNDARY:
        return {_GAP}
    if op is ops.ASSERT_NOT and list(value[1]) == _word_sign():
        return {_GAP}
    if op in (ops.ASSERT, ops.ASSERT_NOT):
        return {""}
    if op is ops.IN:
        letters = {_plain(chr(one)) for kind, one in value if kind is ops.LITERAL}
        return letters if len(letters) == len(value) <= _MOST_LETTERS else None
    if op is ops.SUBPATTERN:
        return _read(value[-1], {""})[0]
    if op is ops.BRANCH:
        every = [_read(nodes, {""})[0] for nodes in value[1]]
        return set[str]().union(*(texts or () for texts in every)) if all(every) else None
    if op is ops.MAX_REPEAT and value[:2] == (0, 1):
        texts = _read(value[2], {""})[0]
        return texts and texts | {""}
    return None


def _word_sign() -> list[Any]:
    return [(ops.IN, [(ops.CATEGORY, ops.CATEGORY_WORD)])]


def _inside(op: Any, value: Any, run: set[str]) -> _Needed:
    """What each match of one element needs, with `run` before it."""
    if op is ops.SUBPATTERN:
        return _read(value[-1], run)[1]
    if op is ops.BRANCH:
        every = [_read(nodes, run)[1] for nodes in value[1]]
        return frozenset[str]().union(*(needed or () for needed in every)) if all(every) else None
    repeated = op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT) and value[0] > 0
    return _read(value[2], {""})[1] if repeated else None


def _of_each(texts: set[str]) -> _Needed:
    """The longest word in each of some texts, or how it begins, None where one has none."""
    words = (_BEGINNING.findall(text) for text in texts)
    longest = (max(found, key=lambda pair: len(pair[0]), default=("", "")) for found in words)
    found = [f"{word} " if sign else word[:_MOST] for word, sign in longest]
    dense = [_DENSE.findall(text)[:1] for text in texts]
    each = [beginning or "".join(sign) for beginning, sign in zip(found, dense, strict=True)]
    return frozenset(each) if all(each) else None


def _fewer(one: _Needed, other: _Needed) -> _Needed:
    """Of two needs the one that fewer texts have."""
    if one is None or other is None:
        return one if other is None else other
    return min(one, other, key=lambda n: sum(_COMMON if len(w) == _LEAST else 1 for w in n))
